import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';

import { readConfig } from '../../src/config.ts';
import { createCore } from '../../src/core.ts';
import { connectDatabase } from '../../src/database/connect.ts';
import { createServiceClock } from '../../src/kernel/clock.ts';
import { loadPayeeKeys } from '../../src/payeeKeys.ts';
import { loadSealKeys } from '../../src/sealKeys.ts';
import { eventually } from './eventually.ts';
import { createPlatform } from './platform.ts';
import { type ApiAnswer, TEST_KEY, TEST_SECRET } from './service.ts';

export type ServiceProcess = ReturnType<typeof launch>;

export type House = Awaited<ReturnType<typeof createHouse>>;

const CLI = fileURLToPath(new URL('../../dist/src/cli.js', import.meta.url));
const READY_WITHIN_MS = 120_000;

/**
 * A data directory and the processes of the built service on it, to be killed, frozen and started again. `environment`
 * holds for all of them; nothing of this process's own configuration reaches them.
 */
export async function createHouse(environment: Record<string, string> = {}) {
  if (!existsSync(CLI)) throw new Error(`${CLI} is missing: build the service first (npm run build)`);
  const folder = await mkdtemp(join(tmpdir(), 'settlebot-faults-'));
  const dataDir = join(folder, 'data');
  const processes: ServiceProcess[] = [];

  /** Starts a process and does not wait for it. */
  function begin(more: Record<string, string> = {}): ServiceProcess {
    const process = launch({ DATA_DIR: dataDir, ...DEFAULTS, ...environment, ...more }, folder);
    processes.push(process);
    return process;
  }

  /** Starts a process and waits until it is ready. */
  async function start(more: Record<string, string> = {}): Promise<ServiceProcess> {
    const process = begin(more);
    await process.ready();
    return process;
  }

  /** Where the engine of the process that has the data directory open is reached. */
  async function engineUri(): Promise<string> {
    return JSON.parse(await readFile(join(dataDir, 'engine.json'), 'utf8')).uri;
  }

  /** Looks into the database beside a running process, with the service's own parts. */
  async function inside<T>(look: (core: ReturnType<typeof createCore>) => Promise<T>): Promise<T> {
    const database = await connectDatabase({ dataDir, mongodbUri: await engineUri() });
    try {
      const result = readConfig({});
      if ('errors' in result) throw new Error(result.errors.join('\n'));
      const onError = (error: unknown) => pino().error(error);
      const seals = loadSealKeys({ ...result.config, DATA_DIR: dataDir }, { make: false });
      const { keys: payeeKeys } = loadPayeeKeys({ ...result.config, DATA_DIR: dataDir }, { make: false });
      const { config } = result;
      return await look(createCore({ database, config, clock: createServiceClock(), onError, seals, payeeKeys }));
    } finally {
      await database.close();
    }
  }

  /** Kills what still runs and removes everything. */
  async function remove(): Promise<void> {
    for (const process of processes) process.signal('SIGKILL');
    await Promise.all(processes.map((process) => process.ended));
    await rm(folder, { recursive: true, force: true });
  }

  return { dataDir, begin, start, engineUri, inside, verify: () => inside((core) => core.verify()), remove };
}

const DEFAULTS = {
  PORT: '0',
  TEST_CLOCK: '1',
  TEST_CLOCK_START: '2026-03-02T00:00:00Z',
  WEBHOOK_SECRETS: TEST_SECRET,
  API_KEYS: `ops:${TEST_KEY}`,
};

/** What a process needs of the machine; none of our own settings. */
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'XDG_CACHE_HOME', 'LANG'];

function launch(environment: Record<string, string>, cwd: string) {
  const inherited = INHERITED.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  const startedAt = performance.now();
  const child: ChildProcess = spawn(process.execPath, [CLI, 'serve'], {
    cwd,
    env: { ...Object.fromEntries(inherited), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const errors: string[] = [];
  collect(child.stdout, lines);
  collect(child.stderr, errors);
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  let hasEnded = false;
  ended.then(() => {
    hasEnded = true;
  });

  /** Its root address, once it said so. */
  function url(): string | undefined {
    for (const line of lines) {
      const found = /listening on (http:\/\/[^\s,"]+)/.exec(line)?.[1];
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Waits until `/readyz` says so; answers how long the start took, in milliseconds. */
  async function ready(): Promise<number> {
    await eventually(
      async () => {
        if (hasEnded) throw new Error(`the service ended before it was ready: ${errors.join('\n')}`);
        const root = url();
        return root !== undefined && (await fetch(new URL('/readyz', root))).status === 200;
      },
      { withinMs: READY_WITHIN_MS, what: 'the service to be ready' },
    );
    return performance.now() - startedAt;
  }

  function signal(name: NodeJS.Signals): void {
    if (!hasEnded) child.kill(name);
  }

  /** Kills it as a power cut would, and waits until it is gone. */
  async function kill(): Promise<void> {
    signal('SIGKILL');
    await ended;
  }

  /** How it ended, at the latest after so long; throws when it still runs then. */
  async function endedWithin(ms: number) {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('the process still runs')), ms);
    });
    return await Promise.race([ended, late]).finally(() => clearTimeout(timer));
  }

  /** A call of the API with the test's key. */
  async function api(
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<ApiAnswer> {
    const response = await fetch(new URL(path, url()), {
      method,
      headers: {
        authorization: `Bearer ${TEST_KEY}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, body: json ? JSON.parse(text) : text };
  }

  /** Everything of a list of the API, page by page. */
  // biome-ignore lint/suspicious/noExplicitAny: the shape is what the tests check
  async function list(path: string): Promise<any[]> {
    const items: unknown[] = [];
    for (let after: string | null = ''; after !== null; ) {
      const page = new URL(path, url());
      page.searchParams.set('limit', '500');
      if (after !== '') page.searchParams.set('after', after);
      const { status, body } = await api('GET', `${page.pathname}${page.search}`);
      if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
      items.push(...body.items);
      after = body.next;
    }
    return items;
  }

  async function settle(): Promise<void> {
    const { status, body } = await api('POST', '/test/settle');
    if (status !== 200) throw new Error(`settle: ${status} ${JSON.stringify(body)}`);
  }

  /** Its resident memory, in bytes. */
  async function memory(): Promise<number> {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
  }

  return {
    url,
    ready,
    signal,
    kill,
    ended,
    endedWithin,
    api,
    list,
    settle,
    memory,
    moveTo: (at: string) => api('POST', '/test/clock', { now: at }),
    platform: () => createPlatform({ url: url() ?? '', secret: TEST_SECRET }),
    /** What it wrote to its output, a JSON line each. */
    lines: () => [...lines],
    errors: () => [...errors],
  };
}

function collect(stream: NodeJS.ReadableStream | null, into: string[]): void {
  if (stream !== null) createInterface({ input: stream }).on('line', (line) => into.push(line));
}
