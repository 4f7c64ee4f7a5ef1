import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import type { Target } from './attack.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const API_KEY = 'ops-key-for-attacks-of-128-bits';
const READY_WITHIN_MS = 60_000;

export type Victim = Awaited<ReturnType<typeof startVictim>>;

/** The built service on a free port of loopback, as in a small container: 256 MiB of heap, a database of its own. */
export async function startVictim(cli: string, environment: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'settlebot-attacks-'));
  const child: ChildProcess = spawn(process.execPath, ['--max-old-space-size=256', cli, 'serve'], {
    cwd: folder,
    env: {
      ...{ PATH: process.env.PATH, HOME: process.env.HOME, MALLOC_ARENA_MAX: '2' },
      ...{ DATA_DIR: join(folder, 'data'), PORT: '0', LOG_LEVEL: 'info' },
      ...{ WEBHOOK_SECRETS: SECRET, API_KEYS: `ops:${API_KEY}`, OWNER_API_KEYS: 'ops', ...environment },
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let hasEnded = false;
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => {
      hasEnded = true;
      resolve();
    });
  });

  async function stop(): Promise<void> {
    if (!hasEnded) child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }

  try {
    const port = await portOf(child);
    const target: Target = { host: '127.0.0.1', port, secret: SECRET, apiKey: API_KEY };
    /** The most memory that it had resident, with the database engine, in MiB; infinite when it has died. */
    const peakMebibytes = (): number => (hasEnded ? Number.POSITIVE_INFINITY : peakOf(child));
    return { target, peakMebibytes, hasEnded: () => hasEnded, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function peakOf({ pid }: ChildProcess): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) / 1_024;
}

function portOf({ stdout }: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('the service did not start')), READY_WITHIN_MS);
    if (stdout === null) return;
    createInterface({ input: stdout })
      .on('line', (line) => {
        const port = /listening on http:\/\/[^\s:]+:(\d+)/.exec(line)?.[1];
        if (port === undefined) return;
        clearTimeout(late);
        resolve(Number(port));
      })
      .on('close', () => reject(new Error('the service ended before it listened')));
  });
}
