import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Piscina } from 'piscina';

import { waitAtMost } from '../kernel/wait.ts';
import type { DrawingTask } from './drawingTask.ts';

/** Too many documents are asked for at once; in a little while there is room again. */
export class DrawingBusy extends Error {
  override name = 'DrawingBusy';
}

export type Draw = (task: DrawingTask) => Promise<Uint8Array>;

export type DrawingThreads = ReturnType<typeof createDrawingThreads>;

/**
 * The threads that draw documents, so that a large one holds up nothing else. They start with the first document and end
 * when none was asked for in a while. How many draw at once, how many wait and how much memory one may take is bounded.
 */
export function createDrawingThreads({ threads = THREADS, mostWaiting = MOST_WAITING, graceMs = GRACE_MS } = {}) {
  let pool: Promise<Piscina<DrawingTask, Uint8Array>> | undefined;
  const waiting: (() => void)[] = [];
  const inHand = new Set<Promise<unknown>>();
  let taken = 0;
  let isClosed = false;

  /**
   * Does `work`, which reads what is to be drawn and has it drawn, when it is its turn: what waits takes no memory.
   * Throws `DrawingBusy` when too much waits already, or everything is about to stop.
   */
  async function inTurn<T>(work: (draw: Draw) => Promise<T>): Promise<T> {
    if (isClosed || waiting.length >= mostWaiting) throw new DrawingBusy('too many documents are being drawn');
    if (taken < threads) taken += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      if (isClosed) throw new DrawingBusy('the service is stopping');
      return await held(work(draw));
    } finally {
      const next = waiting.shift();
      // Whoever is next takes the place over, so that nobody comes in between.
      if (next === undefined) taken -= 1;
      else next();
    }
  }

  function held<T>(running: Promise<T>): Promise<T> {
    inHand.add(running);
    return running.finally(() => inHand.delete(running));
  }

  async function draw(task: DrawingTask): Promise<Uint8Array> {
    pool ??= createPool();
    try {
      return await (await pool).run(task, { signal: AbortSignal.timeout(LONGEST_MS) });
    } catch (error) {
      // What a stop cut off can be asked for again.
      throw isClosed ? new DrawingBusy('the service is stopping') : error;
    }
  }

  async function createPool(): Promise<Piscina<DrawingTask, Uint8Array>> {
    const { Piscina } = await import('piscina');
    return new Piscina({
      filename: THREAD,
      minThreads: 0,
      maxThreads: threads,
      idleTimeout: IDLE_MS,
      niceIncrement: NICE,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MEBIBYTES, maxYoungGenerationSizeMb: YOUNG_MEBIBYTES },
    });
  }

  /** Lets what is being drawn end, for `graceMs`, sends away what waits, and ends the threads. */
  async function close(): Promise<void> {
    isClosed = true;
    for (const wake of waiting.splice(0)) wake();
    await waitAtMost(Promise.allSettled(inHand), graceMs);
    await (await pool)?.destroy();
  }

  return { inTurn, close };
}

/** One core is left to everything else. */
const THREADS = Math.max(1, Math.min(2, availableParallelism() - 1));
const MOST_WAITING = 50;
const IDLE_MS = 30_000;
/** Where processors are short, everything else comes first. */
const NICE = 10;
/** What ten thousand lines take, twice over. */
const HEAP_MEBIBYTES = 128;
/** Small, as what one line needs is soon forgotten. */
const YOUNG_MEBIBYTES = 16;
/** A thread that hangs is ended, and its document fails. */
const LONGEST_MS = 300_000;
const GRACE_MS = 3_000;

/** Built as JavaScript, in tests as it is written. */
const THREAD = fileURLToPath(
  new URL(`./drawingThread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url),
);
