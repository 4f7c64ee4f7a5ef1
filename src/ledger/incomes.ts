import type { Cents } from '../kernel/money.ts';
import type { createLedgerStore } from './store.ts';

/**
 * What an account got in one week for one thing: `kind` and `subject` as in the ids of entries, `order` and `o1` of
 * `order:o1:amount:3`. Also below zero, as by a corrected invoice.
 */
export type Income = { week: string; kind: string; subject: string; amount: Cents };

type Store = ReturnType<typeof createLedgerStore>;

/** What an account got from `since` on, by week of `timeZone` and by what for; the newest week first, then by subject. */
export async function incomesOf(
  store: Pick<Store, 'entries'>,
  { account, since, timeZone }: { account: string; since: Date; timeZone: string },
): Promise<Income[]> {
  return store.entries
    .aggregate<Income>([
      { $match: { 'postings.account': account, effectiveAt: { $gte: since } } },
      // What is paid out, or comes back from there, is no income.
      { $match: { 'postings.account': { $ne: 'world:payouts' } } },
      { $unwind: '$postings' },
      { $match: { 'postings.account': account } },
      {
        $project: {
          amount: '$postings.amount',
          week: { $dateToString: { date: '$effectiveAt', format: '%G-W%V', timezone: timeZone } },
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

/** Kind, subject, and what happened, which may be numbered. */
const CAUSE = '^([a-z]+):(.+?):[a-z_]+(?::[0-9]+)?$';
