import { LRUCache } from 'lru-cache';

/**
 * Remembers so many things at most, and forgets first what was not asked for for the longest. Room is made as it is
 * needed: told its `max`, the library would make all of it at once, which takes milliseconds and half a megabyte.
 */
export function createRemembered<K extends {}, V extends {}>(most: number): LRUCache<K, V> {
  return new LRUCache({ maxSize: most, sizeCalculation: () => 1 });
}
