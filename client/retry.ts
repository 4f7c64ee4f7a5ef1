import type { UnavailableError } from './errors.ts';

export type RetryOptions = {
  /** Tries in all, the first included; 8 by default. */
  attempts?: number | undefined;
  /** The first wait, which doubles with each try; 250 ms by default. */
  firstWaitMs?: number | undefined;
  /** No wait is longer: 30 s by default. A `Retry-After` beyond it ends the tries at once. */
  longestWaitMs?: number | undefined;
};

/** What a try came to: an end, or a reason to try again. */
export type Try<T> = { done: T } | { again: UnavailableError };

/** What waiting needs of the world, so that a test need not wait. */
export type Waiting = { wait(ms: number, signal: AbortSignal | undefined): Promise<void>; random(): number };

/**
 * Tries until there is an end: exponential, with jitter, and no sooner than `Retry-After` says. Throws the last reason to try again
 * when there were enough, and the signal's reason when it is aborted.
 */
export async function retrying<T>(
  attempt: () => Promise<Try<T>>,
  options: RetryOptions & { signal?: AbortSignal | undefined; waiting?: Waiting | undefined },
): Promise<T> {
  const { attempts = 8, firstWaitMs = 250, longestWaitMs = 30_000, signal, waiting = REAL } = options;
  for (let tried = 1; ; tried += 1) {
    signal?.throwIfAborted();
    const result = await attempt();
    if ('done' in result) return result.done;
    const { again } = result;
    const retryAfterMs = again.retryAfterMs ?? 0;
    if (tried >= attempts || retryAfterMs > longestWaitMs) throw again;
    const backoff = Math.min(longestWaitMs, firstWaitMs * 2 ** (tried - 1));
    // Half of it is chance: those who failed together do not come back together.
    const jittered = backoff * (0.5 + waiting.random() / 2);
    await waiting.wait(retryAfterMs > jittered ? retryAfterMs + jittered / 4 : jittered, signal);
  }
}

/** How long a `Retry-After` asks to wait, in seconds or as a date; undefined where it says nothing that can be read. */
export function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d{1,9}$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - nowMs;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

const REAL: Waiting = {
  random: Math.random,
  wait: (ms, signal) =>
    new Promise((resolve, reject) => {
      const onAbort = (): void => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, ms);
      signal?.addEventListener('abort', onAbort, { once: true });
    }),
};
