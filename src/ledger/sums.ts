import type { mongo } from 'mongoose';

import type { MinorUnits } from '../kernel/money.ts';
import type { Entry } from './entry.ts';
import type { createLedgerStore } from './store.ts';

/** What was posted to an account, in `count` entries; `taken` is what numbered entries of its own book took of it. */
export type Sum = { account: string; total: MinorUnits; taken: MinorUnits; count: number };

/** Sums up what was posted to accounts by entries that are `when`; an account with none is left out. */
export function sumsOf(
  { entries }: Pick<ReturnType<typeof createLedgerStore>, 'entries'>,
  accounts: string[],
  when: mongo.Filter<Entry> = {},
): Promise<Sum[]> {
  const wanted = accounts.length === 1 ? accounts[0] : { $in: accounts };
  return entries
    .aggregate<Sum>([
      { $match: { 'postings.account': wanted, ...when } },
      { $project: { _id: 0, postings: 1, book: 1, guard: 1 } },
      { $unwind: '$postings' },
      { $match: { 'postings.account': wanted } },
      {
        $group: {
          _id: '$postings.account',
          total: { $sum: '$postings.amount' },
          taken: { $sum: { $cond: [IS_NUMBERED, { $multiply: ['$postings.amount', -1] }, 0] } },
          count: { $sum: 1 },
        },
      },
      { $project: { _id: 0, account: '$_id', total: 1, taken: 1, count: 1 } },
    ])
    .toArray();
}

const IS_NUMBERED = { $and: [{ $gt: ['$guard', null] }, { $eq: ['$book', '$postings.account'] }] };
