import { createFairQueue } from '../../src/kernel/fairQueue.ts';

/**
 * Turns for large bodies, whose check takes milliseconds each: one at a time, in turns among their senders, with the
 * sockets looked at in between. While small ones come too, large ones have half of the time at most.
 */
export function createLargeTurns() {
  const waiting = createFairQueue<() => void>();
  let isRunning = false;
  let smallCame = false;

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
    begin();
    // What was waiting for the turn runs before this.
    setImmediate(() => {
      const tookMs = performance.now() - startedAt;
      if (smallCame) setTimeout(next, tookMs);
      else next();
    });
  }

  return {
    turnOf,
    noteSmall: (): void => {
      smallCame = true;
    },
  };
}
