import { LRUCache } from 'lru-cache';

import type { Clock } from './clock.ts';

/**
 * What takes long to read is kept for a while: whoever asks within `freshMs` of the service's clock gets what was read then, and whoever
 * asks later gets it once more while it is read again behind the answer. What is older than `mostMs`, or of the future because the clock
 * was set back, is read before the answer; whoever asks meanwhile waits for the same read. Keeps the last `most` keys. Rejects as
 * `read` does, and what was kept stays.
 */
export function createReadLately<K extends string, T extends { asOf: Date }>({
  read,
  clock,
  freshMs,
  mostMs,
  most,
}: {
  read(key: K): Promise<T>;
  clock: Clock;
  freshMs: number;
  mostMs: number;
  most: number;
}): (key: K) => Promise<T> {
  const kept = new LRUCache<K, T>({
    ...{ max: most, ttl: freshMs, ttlResolution: 0, perf: { now: () => clock.now().getTime() } },
    ...{ allowStale: true, noDeleteOnFetchRejection: true },
    fetchMethod: read,
  });
  return async function readLately(key) {
    const now = clock.now().getTime();
    const asOf = kept.peek(key)?.asOf.getTime();
    const isOld = asOf !== undefined && (now - asOf > mostMs || asOf > now);
    return kept.forceFetch(key, isOld ? { forceRefresh: true, allowStale: false } : {});
  };
}
