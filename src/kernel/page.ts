/** One page of a list; `next` is the cursor to ask on with, or null at the end. */
export type Page<T> = { items: T[]; next: string | null };

/** What a caller may ask of a list: at most `limit` items, those that come after the cursor `after`. */
export type PageRequest = { limit: number; after?: string };

/** Cuts a page out of `limit + 1` fetched items: the extra one only shows that there is more. */
export function pageOf<T>(fetched: T[], limit: number, cursorOf: (item: T) => string): Page<T> {
  const items = fetched.slice(0, limit);
  const last = items.at(-1);
  return { items, next: fetched.length > limit && last !== undefined ? cursorOf(last) : null };
}
