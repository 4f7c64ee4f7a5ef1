import { LRUCache } from 'lru-cache';

import type { Clock } from './clock.ts';

/** What reads no more documents than so many is read for each answer. */
const MOST_WHEN_ASKED = 2_000;
const FRESH_MS = 60_000;

/**
 * What takes long to read is kept for a while (decision 45): whoever asks within a minute of the service's clock gets what was read then, and
 * whoever asks later gets it once more while it is read again behind the answer. What is older than `mostMs`, or of the future because the
 * clock was set back, is read before the answer; whoever asks meanwhile waits for the same read. Keeps the last `most` keys. `weight` says how
 * many documents a read takes, counted as far as it is told: what takes up to 2,000 is of now. Rejects as `read` does, and what was kept stays.
 */
export function createReadLately<K extends string, T extends { asOf: Date }>({
  read,
  weight,
  clock,
  mostMs,
  most,
}: {
  read(key: K): Promise<T>;
  weight(key: K, most: number): Promise<number>;
  clock: Clock;
  mostMs: number;
  most: number;
}): (key: K) => Promise<T> {
  const kept = new LRUCache<K, T>({
    ...{ max: most, ttl: FRESH_MS, ttlResolution: 0, perf: { now: () => clock.now().getTime() } },
    ...{ allowStale: true, noDeleteOnFetchRejection: true },
    fetchMethod: read,
  });
  return async function readLately(key) {
    if ((await weight(key, MOST_WHEN_ASKED + 1)) <= MOST_WHEN_ASKED) return read(key);
    const now = clock.now().getTime();
    const asOf = kept.peek(key)?.asOf.getTime();
    const isOld = asOf !== undefined && (now - asOf > mostMs || asOf > now);
    return kept.forceFetch(key, isOld ? { forceRefresh: true, allowStale: false } : {});
  };
}
