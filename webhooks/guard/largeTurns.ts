import { createFairQueue } from '../../src/kernel/fairQueue.ts';

/** What is longer takes long enough to check that it waits for its turn. */
export const LARGE = 16 * 1024;

export type LargeTurns = ReturnType<typeof createLargeTurns>;

/**
 * Turns for large bodies, whose check takes milliseconds each: one at a time, in turns among their senders, with the
 * sockets looked at in between. While small ones come too, large ones have half of the time at most.
 */
export function createLargeTurns() {
  const waiting = createFairQueue<() => void>();
  let isRunning = false;
  let smallCame = false;
  let lasting: Promise<unknown> | undefined;

  /** Resolves when it is the turn of this body. */
  function turnOf(lane: string, bytes: number): Promise<void> {
    return new Promise((resolve) => {
      waiting.push(lane, resolve, bytes);
      if (isRunning) return;
      isRunning = true;
      setImmediate(next);
    });
  }

  function next(): void {
    const begin = waiting.take();
    if (begin === undefined) {
      isRunning = false;
      return;
    }
    const startedAt = performance.now();
    smallCame = false;
    lasting = undefined;
    begin();
    // What was waiting for the turn runs before this.
    setImmediate(() => {
      if (lasting !== undefined) lasting.then(next, next);
      else afterOthers(performance.now() - startedAt, next);
    });
  }

  function afterOthers(tookMs: number, goOn: () => void): void {
    if (smallCame) setTimeout(goOn, tookMs);
    else goOn();
    smallCame = false;
  }

  /**
   * What the turn of a body of so many bytes is for goes on in pieces, each with a `rest` after it: the next turn begins when all of
   * it is done, so that no more than one body is in hand. A small one has no turn.
   */
  function lastsFor(bytes: number, work: Promise<unknown>): void {
    if (bytes > LARGE) lasting = work;
  }

  /** Resolves when others have been looked at, after a piece of work that took so long. */
  function rest(tookMs: number): Promise<void> {
    return new Promise((resolve) => setImmediate(() => afterOthers(tookMs, resolve)));
  }

  return {
    turnOf,
    lastsFor,
    rest,
    noteSmall: (): void => {
      smallCame = true;
    },
  };
}
