import type { mongo } from 'mongoose';

/** What waits for somebody: how much of it, since when the oldest, and the ids of some that have waited longest. */
export type Backlog = { count: number; amount: number | null; oldest: Date | null; first: string[] };

/** So many are named. */
const NAMED = 10;

/**
 * Counts what a filter finds, which an index has to answer, and names what has waited longest by `since`. `amount` is what is summed
 * up, in minor units, where it is about money.
 */
export async function backlogOf<T extends mongo.Document & { _id: string }>(
  collection: mongo.Collection<T>,
  filter: mongo.Filter<T>,
  { since, amount }: { since: string; amount?: unknown },
): Promise<Backlog> {
  const [sums, first] = await Promise.all([
    collection
      .aggregate<{ count: number; amount: number }>([
        { $match: filter },
        { $group: { _id: null, count: { $sum: 1 }, amount: { $sum: amount ?? 0 } } },
      ])
      .next(),
    collection
      .find(filter, { projection: { since: `$${since}` } })
      .sort({ [since]: 1 })
      .limit(NAMED)
      .toArray() as Promise<{ _id: string; since?: Date }[]>,
  ]);
  return {
    count: sums?.count ?? 0,
    amount: amount === undefined ? null : (sums?.amount ?? 0),
    oldest: first[0]?.since ?? null,
    first: first.map(({ _id }) => _id),
  };
}
