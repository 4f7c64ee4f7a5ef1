import { fileURLToPath } from 'node:url';
import type { Piscina } from 'piscina';

import type { MapResult, MapTask } from './mapThread.ts';
import { type Rule, stepsOf } from './rule.ts';

export type Mapper = ReturnType<typeof createMapper>;

/**
 * Maps bodies in a thread of its own, one after the other: whatever a map does, the service goes on. One that takes longer than
 * `longestMs`, or more memory than it may, ends with its thread, and the next body gets another.
 */
export function createMapper({ longestMs = LONGEST_MS, heapMebibytes = HEAP_MEBIBYTES } = {}) {
  let pool: Promise<Piscina<MapTask, MapResult>> | undefined;
  let before: Promise<unknown> = Promise.resolve();

  function map(rules: Rule[], body: string): Promise<MapResult> {
    const mine = before.then(() => mapNow(rules, body));
    before = mine.catch(() => undefined);
    return mine;
  }

  async function mapNow(rules: Rule[], body: string): Promise<MapResult> {
    pool ??= createPool();
    const at = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    const thread = await pool;
    const limit = AbortSignal.timeout(longestMs);
    try {
      return await thread.run({ map: rules, body, at }, { signal: limit });
    } catch (error) {
      const step = stepsOf(rules)[Atomics.load(at, 0)];
      if (step === undefined) throw error;
      if (limit.aborted) return { kind: 'fault', step, message: `it took longer than ${longestMs / 1_000} s` };
      if (isOutOfMemory(error)) return { kind: 'fault', step, message: `it took more than ${heapMebibytes} MiB` };
      throw error;
    }
  }

  async function createPool(): Promise<Piscina<MapTask, MapResult>> {
    const { Piscina } = await import('piscina');
    const made = new Piscina<MapTask, MapResult>({
      filename: THREAD,
      minThreads: 0,
      maxThreads: 1,
      idleTimeout: IDLE_MS,
      resourceLimits: { maxOldGenerationSizeMb: heapMebibytes, maxYoungGenerationSizeMb: YOUNG_MEBIBYTES },
    });
    // The task that was at work hears of it, too.
    made.on('error', () => {});
    // Starting a thread is no part of the time of the first body.
    await made.run({ map: [], body: 'null', at: new Int32Array(1) });
    return made;
  }

  async function close(): Promise<void> {
    await (await pool)?.destroy();
  }

  return { map, close };
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

/** Of all expressions of a map for one body. */
const LONGEST_MS = 3_000;
const HEAP_MEBIBYTES = 64;
const YOUNG_MEBIBYTES = 16;
const IDLE_MS = 30_000;

/** Built as JavaScript, in tests as it is written. */
const THREAD = fileURLToPath(new URL(`./mapThread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url));
