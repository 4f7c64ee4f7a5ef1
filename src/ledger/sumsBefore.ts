import type { MinorUnits } from '../kernel/money.ts';
import type { createLedgerStore } from './store.ts';

/** What these accounts had together just before each of some instants, by the effective time of their entries. */
export async function sumsBefore(
  { entries }: Pick<ReturnType<typeof createLedgerStore>, 'entries'>,
  accounts: string[],
  instants: Date[],
): Promise<MinorUnits[]> {
  const wanted = { $in: accounts };
  const sums = instants.map((at, index) => [
    `at${index}`,
    { $sum: { $cond: [{ $lt: ['$effectiveAt', at] }, '$postings.amount', 0] } },
  ]);
  const [row] = await entries
    .aggregate<Record<string, number>>([
      { $match: { 'postings.account': wanted } },
      { $project: { _id: 0, postings: 1, effectiveAt: 1 } },
      { $unwind: '$postings' },
      { $match: { 'postings.account': wanted } },
      { $group: { _id: null, ...Object.fromEntries(sums) } },
    ])
    .toArray();
  return instants.map((_, index) => row?.[`at${index}`] ?? 0);
}
