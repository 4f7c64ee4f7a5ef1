/** Waits for some milliseconds, or until `stopping` says so. */
export function pause(ms: number, stopping?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      stopping?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    stopping?.addEventListener('abort', end);
    if (stopping?.aborted) end();
  });
}

/** Waits for work, and no longer than some milliseconds; leaves no timer behind. Rejects as the work does. */
export async function waitAtMost(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, over]).finally(() => clearTimeout(timer));
}

/** The answer of some work; rejects with `tooLate` when it takes longer than some milliseconds. Leaves no timer behind. */
export async function withTimeout<T>(ms: number, work: Promise<T>, tooLate: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(tooLate)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** The answers of work that goes on side by side, when all of it has ended; rejects as the first of it that failed. */
export async function awaitAll<T>(work: Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(work);
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

/**
 * Work that goes on behind other work, one piece at a time: `start` waits for the piece before, not for its own. It and
 * `done` reject as the last piece did.
 */
export function createSerialQueue() {
  let last: Promise<void> = Promise.resolve();

  async function start(work: () => Promise<void>): Promise<void> {
    await last;
    last = work();
    // Whoever starts the next piece, or asks whether this one is done, hears of it.
    last.catch(() => undefined);
  }

  return { start, done: (): Promise<void> => last };
}
