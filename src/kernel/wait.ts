import { setTimeout as delay } from 'node:timers/promises';

/** Waits for some milliseconds, or until `stopping` says so. */
export async function pause(ms: number, stopping?: AbortSignal): Promise<void> {
  // It rejects when it is cut short, and for nothing else.
  await delay(ms, undefined, stopping === undefined ? {} : { signal: stopping }).catch(() => undefined);
}

/** How long to wait before looking again: a moment at first, and longer the longer nothing has happened. */
export function createPatience({ firstMs = 20, mostMs = 250 } = {}) {
  let ms = firstMs;

  function nextMs(): number {
    const waited = ms;
    ms = Math.min(mostMs, ms * 1.5);
    return waited;
  }

  function reset(): void {
    ms = firstMs;
  }

  return { nextMs, reset };
}

/** Waits for work, and no longer than some milliseconds; leaves no timer behind. Rejects as the work does. */
export async function waitAtMost(work: Promise<unknown>, ms: number): Promise<void> {
  await raced(work, ms);
}

/** The answer of some work; rejects with `tooLate` when it takes longer than some milliseconds. Leaves no timer behind. */
export async function withTimeout<T>(ms: number, work: Promise<T>, tooLate: string): Promise<T> {
  const answer = await raced(work, ms);
  if (answer === LATE) throw new Error(tooLate);
  return answer;
}

const LATE = Symbol('late');

/**
 * The first answer to a question that can be asked twice: once more when none has come after some milliseconds, because whoever was
 * asked may never answer. Rejects as the first try did, when both do, or when it does in time.
 */
export async function hedged<T>(afterMs: number, ask: () => Promise<T>): Promise<T> {
  const first = ask();
  const answer = await raced(first, afterMs);
  if (answer !== LATE) return answer;
  return Promise.any([first, ask()]).catch(() => first);
}

async function raced<T>(work: Promise<T>, ms: number): Promise<T | typeof LATE> {
  const isOver = new AbortController();
  const late = pause(ms, isOver.signal).then((): typeof LATE => LATE);
  return Promise.race([work, late]).finally(() => isOver.abort());
}

/** The answers of work that goes on side by side, when all of it has ended; rejects as the first of it that failed. */
export async function awaitAll<T>(work: Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(work);
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

/** The same of work that has still to begin: no more than `atOnce` pieces of it are under way at a time. */
export async function awaitAtMost<T>(atOnce: number, work: readonly (() => Promise<T>)[]): Promise<T[]> {
  const answers: T[] = [];
  const left = work.entries();

  async function workOff(): Promise<void> {
    for (const [index, begin] of left) answers[index] = await begin();
  }

  await awaitAll(Array.from({ length: atOnce }, workOff));
  return answers;
}

/**
 * Work that goes on behind other work, one piece at a time: `start` waits for the previous piece, not for its own. It
 * and `done` reject as the last piece did.
 */
export function createSerialQueue() {
  let last: Promise<void> = Promise.resolve();

  async function start(work: () => Promise<void>): Promise<void> {
    await last;
    last = work();
    // The failure reaches the caller that starts the next piece, or asks whether this one is done.
    last.catch(() => undefined);
  }

  return { start, done: (): Promise<void> => last };
}

/** Runs pieces of work one after the other, in the order of asking. Each answers, or fails, to its own caller alone. */
export function createTurns() {
  let last: Promise<unknown> = Promise.resolve();

  return function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work, work);
    last = turn;
    return turn;
  };
}
