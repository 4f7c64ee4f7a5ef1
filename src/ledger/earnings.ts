import type { Connection } from 'mongoose';

import type { Cents } from '../kernel/money.ts';
import { createLedgerStore } from './store.ts';

export type Earnings = ReturnType<typeof createEarnings>;

/** What accounts have earned, by the entries of the ledger. The connection must be open. */
export function createEarnings(connection: Connection) {
  const { entries } = createLedgerStore(connection);

  /**
   * What an account has earned in each of some periods that follow one another: everything posted to it but its
   * payouts, by when it took effect. `bounds` are the starts of the periods and the end of the last, in order.
   */
  async function between(account: string, bounds: Date[]): Promise<Cents[]> {
    const [start, end] = [bounds[0], bounds.at(-1)];
    if (start === undefined || end === undefined) return [];
    const rows = await entries
      .aggregate<{ _id: Date; total: Cents }>([
        {
          $match: {
            'postings.account': { $eq: account, $ne: 'world:payouts' },
            effectiveAt: { $gte: start, $lt: end },
          },
        },
        { $unwind: '$postings' },
        { $match: { 'postings.account': account } },
        { $bucket: { groupBy: '$effectiveAt', boundaries: bounds, output: { total: { $sum: '$postings.amount' } } } },
      ])
      .toArray();
    const totals = new Map(rows.map(({ _id, total }) => [_id.getTime(), total]));
    return bounds.slice(0, -1).map((bound) => totals.get(bound.getTime()) ?? 0);
  }

  return { between };
}
