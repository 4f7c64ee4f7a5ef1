import { createRemembered } from './remembered.ts';

/** `burst` at once, and one more each `refillMs`. */
export type BucketLimits = { burst: number; refillMs: number };

type Bucket = { tokens: number; at: number; isRefused: boolean };

/** Keys remembered at most, the latest: one that is forgotten starts with a full bucket. */
const REMEMBERED = 20_000;

/**
 * Limits how often each of many keys does something. Of those beyond the limit `one-too-many` is the first: whoever goes on
 * is `refused` quietly, until half of the burst is there again. Memory is bounded; `milliseconds` is real, monotonic time.
 */
export function createTokenBuckets({ burst, refillMs }: BucketLimits, milliseconds: () => number) {
  const buckets = createRemembered<string, Bucket>(REMEMBERED);

  function take(key: string): 'taken' | 'one-too-many' | 'refused' {
    const bucket = refilled(key);
    if (bucket.tokens >= 1) {
      bucket.tokens -= 1;
      if (bucket.tokens >= burst / 2) bucket.isRefused = false;
      return 'taken';
    }
    const isFirst = !bucket.isRefused;
    bucket.isRefused = true;
    return isFirst ? 'one-too-many' : 'refused';
  }

  /** Whether nothing was taken lately. */
  function isFull(key: string): boolean {
    const known = buckets.peek(key);
    return known === undefined || known.tokens + (milliseconds() - known.at) / refillMs >= burst;
  }

  /** What was taken last did not count. */
  function giveBack(key: string): void {
    const known = buckets.peek(key);
    if (known !== undefined) known.tokens = Math.min(burst, known.tokens + 1);
  }

  function refilled(key: string): Bucket {
    const now = milliseconds();
    const known = buckets.peek(key) ?? { tokens: burst, at: now, isRefused: false };
    known.tokens = Math.min(burst, known.tokens + (now - known.at) / refillMs);
    known.at = now;
    buckets.set(key, known);
    return known;
  }

  return { take, isFull, giveBack };
}
