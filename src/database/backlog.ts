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
  const [sums, longest] = await Promise.all([
    collection
      .aggregate<{ count: number; amount: number }>([
        { $match: filter },
        { $group: { _id: null, count: { $sum: 1 }, amount: { $sum: amount ?? 0 } } },
      ])
      .next(),
    longestOf(collection, filter, since),
  ]);
  return { count: sums?.count ?? 0, amount: amount === undefined ? null : (sums?.amount ?? 0), ...longest };
}

/** What of a backlog has waited longest, for whoever sums it up in a way of their own. */
export async function longestOf<T extends mongo.Document & { _id: string }>(
  collection: mongo.Collection<T>,
  filter: mongo.Filter<T>,
  since: string,
): Promise<Pick<Backlog, 'oldest' | 'first'>> {
  const first = (await collection
    .find(filter, { projection: { since: `$${since}` } })
    .sort({ [since]: 1 })
    .limit(NAMED)
    .toArray()) as { _id: string; since?: Date }[];
  return { oldest: first[0]?.since ?? null, first: first.map(({ _id }) => _id) };
}
