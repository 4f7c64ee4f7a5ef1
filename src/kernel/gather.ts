/**
 * Work of which only one piece is under way at a time: what is asked for meanwhile goes together into the next. Answers
 * when the piece that has this item is done, and rejects as that one does.
 */
export function gather<T>(work: (items: T[]) => Promise<void>): (item: T) => Promise<void> {
  let next: { items: T[]; done: Promise<void> } | undefined;
  let last: Promise<void> = Promise.resolve();

  return function add(item) {
    if (next !== undefined) {
      next.items.push(item);
      return next.done;
    }
    const items = [item];
    const begin = (): Promise<void> => {
      next = undefined;
      return work(items);
    };
    last = last.then(begin, begin);
    next = { items, done: last };
    return last;
  };
}
