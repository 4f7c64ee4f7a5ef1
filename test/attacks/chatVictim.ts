import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { createPlatform } from '../support/platform.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const API_KEY = 'ops-key-for-attacks-of-128-bits';
const READY_WITHIN_MS = 60_000;

export type ChatVictim = Awaited<ReturnType<typeof startChatVictim>>;

/** The built service on loopback with 256 MiB of heap and a database of its own; `environment` has it speak to stand-ins. */
export async function startChatVictim(cli: string, environment: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), 'settlebot-attacks-'));
  const child: ChildProcess = spawn(process.execPath, ['--max-old-space-size=256', cli, 'serve'], {
    cwd: folder,
    env: {
      ...{ PATH: process.env.PATH, HOME: process.env.HOME, MALLOC_ARENA_MAX: '2' },
      ...{ DATA_DIR: join(folder, 'data'), PORT: '0', LOG_LEVEL: 'info' },
      ...{ WEBHOOK_SECRETS: SECRET, API_KEYS: `ops:${API_KEY}`, ...environment },
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
    const url = await urlOf(child);
    const call = (method: string, path: string) =>
      fetch(new URL(path, url), { method, headers: { authorization: `Bearer ${API_KEY}` } });
    return {
      call,
      platform: createPlatform({ url, secret: SECRET }),
      /** A code that links a chat to an account, which must be known. */
      linkCode: async (accountId: string): Promise<string> => {
        const answer = await call('POST', `/v1/accounts/${accountId}/link-codes`);
        return ((await answer.json()) as { code: string }).code;
      },
      /** The most memory that it had resident, with the database engine, in MiB; infinite when it has died. */
      peakMebibytes: (): number => (hasEnded ? Number.POSITIVE_INFINITY : peakOf(child)),
      hasEnded: () => hasEnded,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function peakOf({ pid }: ChildProcess): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) / 1_024;
}

function urlOf({ stdout }: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('the service did not start')), READY_WITHIN_MS);
    if (stdout === null) return;
    createInterface({ input: stdout })
      .on('line', (line) => {
        const url = /listening on (http:\/\/[^\s,"]+)/.exec(line)?.[1];
        if (url === undefined) return;
        clearTimeout(late);
        resolve(url);
      })
      .on('close', () => reject(new Error('the service ended before it listened')));
  });
}
