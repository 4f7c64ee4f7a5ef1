import type { mongo } from 'mongoose';
import { weekOf } from '../database/weekOf.ts';
import type { MinorUnits } from '../kernel/money.ts';
import type { createLedgerStore } from './store.ts';

/**
 * What an account got in one week for one thing: `kind` and `subject` as in the ids of entries, `order` and `o1` of
 * `order:o1:amount:3`. Also below zero, as by a corrected invoice.
 */
export type Income = WeekIncome & { kind: string; subject: string };

/** What an account got in one week. */
export type WeekIncome = { week: string; amount: MinorUnits };

/** Whose income, from when on, and the zone whose weeks it is summed by. */
export type IncomeQuery = { account: string; since: Date; timeZone: string };

type Store = Pick<ReturnType<typeof createLedgerStore>, 'entries'>;

/** What an account got, by week and by what for; the newest week first, then by subject. */
export async function incomesOf(store: Store, query: IncomeQuery): Promise<Income[]> {
  return store.entries
    .aggregate<Income>([
      ...postingsOf(query),
      {
        $project: {
          amount: '$postings.amount',
          week: weekOf('$effectiveAt', query.timeZone),
          captures: { $getField: { field: 'captures', input: { $regexFind: { input: '$_id', regex: CAUSE } } } },
        },
      },
      {
        $group: {
          _id: {
            week: '$week',
            kind: { $arrayElemAt: ['$captures', 0] },
            subject: { $arrayElemAt: ['$captures', 1] },
          },
          amount: { $sum: '$amount' },
        },
      },
      { $sort: { '_id.week': -1, '_id.kind': 1, '_id.subject': 1 } },
      { $project: { _id: 0, week: '$_id.week', kind: '$_id.kind', subject: '$_id.subject', amount: 1 } },
    ])
    .toArray();
}

/** The same, by week alone, the newest first: for an account that gets something for very many things. */
export async function weekIncomesOf(store: Store, query: IncomeQuery): Promise<WeekIncome[]> {
  return store.entries
    .aggregate<WeekIncome>([
      ...postingsOf(query),
      { $group: { _id: weekOf('$effectiveAt', query.timeZone), amount: { $sum: '$postings.amount' } } },
      { $sort: { _id: -1 } },
      { $project: { _id: 0, week: '$_id', amount: 1 } },
    ])
    .toArray();
}

function postingsOf({ account, since }: IncomeQuery): mongo.Document[] {
  return [
    { $match: { 'postings.account': account, effectiveAt: { $gte: since } } },
    // What is paid out, or comes back from there, is no income.
    { $match: { 'postings.account': { $ne: 'world:payouts' } } },
    { $unwind: '$postings' },
    { $match: { 'postings.account': account } },
  ];
}

/** Kind, subject, and what happened, where the cause says it, which may be numbered. */
const CAUSE = '^([a-z]+):(.+?)(?::[a-z_]+(?::[0-9]+)?)?$';
