import { mongo } from 'mongoose';

import type { Page } from '../kernel/page.ts';

/**
 * What one page may hold, as stored: far more than 500 of anything ordinary, and far less than 500 of the largest that a sender
 * may give us. In memory and as JSON a page is a small multiple of it.
 */
export const PAGE_BYTES = 4 * 1_024 * 1_024;

/**
 * A page of what a sorted query finds: at most `limit`, and fewer where these are large, so that no answer grows with what
 * senders store. At least one item; `next` goes on after the last. `weigh`: what an item brings along besides, in bytes.
 */
export function readPage<T extends mongo.Document>(
  found: mongo.FindCursor<T>,
  limit: number,
  cursorOf: (item: T) => string,
  weigh?: (item: T) => number,
): Promise<Page<T>> {
  return takePage(found.limit(limit + 1), limit, cursorOf, weigh);
}

/** The same of documents that come in order already. */
export async function takePage<T extends mongo.Document>(
  found: AsyncIterable<T>,
  limit: number,
  cursorOf: (item: T) => string,
  weigh: (item: T) => number = () => 0,
): Promise<Page<T>> {
  const items: T[] = [];
  let bytes = 0;
  for await (const item of found) {
    const last = items.at(-1);
    if (last !== undefined && (items.length === limit || bytes >= PAGE_BYTES)) return { items, next: cursorOf(last) };
    items.push(item);
    bytes += mongo.BSON.calculateObjectSize(item) + weigh(item);
  }
  return { items, next: null };
}
