import type { mongo } from 'mongoose';

import type { MinorUnits } from '../kernel/money.ts';
import { awaitAll } from '../kernel/wait.ts';
import { hasOwnBookAlone } from './bookAmounts.ts';
import type { Entry } from './entry.ts';
import type { createLedgerStore } from './store.ts';

type Store = Pick<ReturnType<typeof createLedgerStore>, 'entries'>;

/** What was posted to an account, in `count` entries; `taken` is what numbered entries of its own book took of it. */
export type Sum = { account: string; total: MinorUnits; taken: MinorUnits; count: number };

/** Later than an instant of `insertedAt`, and no later than another; without either, ever. */
export type Written = { after?: Date; through?: Date };

/** Sums up what was posted to accounts by entries that were written then; an account with none is left out. */
export async function sumsWritten(store: Store, accounts: string[], written: Written = {}): Promise<Sum[]> {
  const { after, through } = written;
  const range = {
    ...(after === undefined ? {} : { $gt: after }),
    ...(through === undefined ? {} : { $lte: through }),
  };
  const when = Object.keys(range).length === 0 ? {} : { insertedAt: range };
  const own = accounts.filter(hasOwnBookAlone);
  const others = accounts.filter((account) => !hasOwnBookAlone(account));
  const sums = await awaitAll([
    ...(own.length === 0 ? [] : [store.entries.aggregate<Sum>(bookSumsPipeline(own, when)).toArray()]),
    ...(others.length === 0 ? [] : [sumsOf(store, others, when)]),
  ]);
  return sums.flat();
}

/** Sums up what was posted to accounts by entries that are `when`; an account with none is left out. */
export function sumsOf({ entries }: Store, accounts: string[], when: mongo.Filter<Entry> = {}): Promise<Sum[]> {
  const wanted = anyOf(accounts);
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

/** The same of accounts that only entries of their own book post to: reads the index of these and no entry. */
export function bookSumsPipeline(accounts: string[], when: mongo.Filter<Entry> = {}): mongo.Document[] {
  return [
    // Each has the amount, and what says so finds the index.
    { $match: { book: anyOf(accounts), ...when, bookAmount: { $gte: Number.MIN_SAFE_INTEGER } } },
    {
      $group: {
        _id: '$book',
        total: { $sum: '$bookAmount' },
        taken: { $sum: { $cond: [{ $gt: ['$guard', null] }, { $multiply: ['$bookAmount', -1] }, 0] } },
        count: { $sum: 1 },
      },
    },
    { $project: { _id: 0, account: '$_id', total: 1, taken: 1, count: 1 } },
  ];
}

function anyOf(accounts: string[]) {
  return accounts.length === 1 ? accounts[0] : { $in: accounts };
}
