import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';

import { runProgram } from '../../src/cli/program.ts';
import { TEST_KEY, TEST_SECRET } from '../support/service.ts';

/** The built command. */
export const CLI = fileURLToPath(new URL('../../dist/src/cli.js', import.meta.url));

export type Ended = { code: number | null; out: string; err: string };

/** A working directory of one test file, with no `.env` in it. */
export function workplace() {
  const folder = mkdtempSync(join(tmpdir(), 'settlebot-cli-'));
  const running = new Set<ChildProcess>();

  /** Starts the built `settlebot` as a person would; nothing of this process's environment but the path. */
  function start(words: string[], environment: Record<string, string> = {}): ChildProcess {
    const child = spawn(process.execPath, [CLI, ...words], {
      cwd: folder,
      env: {
        PATH: process.env.PATH ?? '',
        HOME: process.env.HOME ?? '',
        DATA_DIR: join(folder, 'data'),
        ...environment,
      },
    });
    running.add(child);
    child.once('exit', () => running.delete(child));
    return child;
  }

  /** Runs a command to its end in this process, which has loaded everything already; what it needs is in `environment`. */
  async function settlebot(words: string[], environment: Record<string, string> = {}): Promise<Ended> {
    const written = { out: '', err: '' };
    const from = process.cwd();
    const spies = (['stdout', 'stderr'] as const).map((name) =>
      vi.spyOn(process[name], 'write').mockImplementation((text) => {
        written[name === 'stdout' ? 'out' : 'err'] += text;
        return true;
      }),
    );
    process.chdir(folder);
    try {
      const code = await runProgram(words, () => ({ DATA_DIR: join(folder, 'data'), ...environment }));
      return { code: code ?? null, ...written };
    } finally {
      process.chdir(from);
      for (const spy of spies) spy.mockRestore();
    }
  }

  /** The same in a process of its own. */
  async function settlebotProcess(words: string[], environment: Record<string, string> = {}): Promise<Ended> {
    return ended(start(words, environment));
  }

  /** Starts the service on a free port, with a secret and a key that the tests know; `log` is what it said until then. */
  async function serve(
    environment: Record<string, string> = {},
  ): Promise<{ child: ChildProcess; url: string; log: string }> {
    const child = start(['serve'], {
      PORT: '0',
      WEBHOOK_SECRETS: TEST_SECRET,
      API_KEYS: `ops:${TEST_KEY}`,
      ...environment,
    });
    let out = '';
    const url = await new Promise<string>((resolve, reject) => {
      child.stdout?.on('data', (chunk) => {
        out += chunk;
        const found = /listening on (http:\/\/[^,]+),/.exec(out)?.[1];
        if (found !== undefined) resolve(found);
      });
      child.once('exit', () => reject(new Error(`the service did not start: ${out}`)));
    });
    return { child, url, log: out };
  }

  function close(): void {
    for (const child of running) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }

  return { folder, start, settlebot, settlebotProcess, serve, close };
}

/** What a process printed, and how it ended. */
export function ended(child: ChildProcess): Promise<Ended> {
  return new Promise((resolve) => {
    let out = '';
    let err = '';
    child.stdout?.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      err += chunk;
    });
    child.once('close', (code) => resolve({ code, out, err }));
  });
}
