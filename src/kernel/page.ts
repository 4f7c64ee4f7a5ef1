/** One page of a list; `next` is the cursor to ask on with, or null at the end. */
export type Page<T> = { items: T[]; next: string | null };

/** What a caller may ask of a list: at most `limit` items, those that come after the cursor `after`. */
export type PageRequest = { limit: number; after?: string };
