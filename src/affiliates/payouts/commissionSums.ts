import type { MinorUnits } from '../../kernel/money.ts';
import type { AffiliateStore, PayoutMembers } from '../store.ts';
import type { CycleDate } from './payoutCycle.ts';

/** What an affiliate's commissions of a cycle add up to, which they are, and of which programs. */
export type CycleSum = { sum: MinorUnits; items: PayoutMembers['items']; programIds: string[] };

type Row = { _id: string; sum: MinorUnits; ids: string[]; amounts: MinorUnits[]; programIds: string[] };

/**
 * Sums up what is approved and booked for a cycle, affiliate by affiliate, as far as the ledger has it (rules 6.2). The
 * affiliates are neighbours in the order of their ids, or few.
 */
export async function sumCommissions(
  store: Pick<AffiliateStore, 'commissions'>,
  cycle: CycleDate,
  affiliateIds: string[],
): Promise<Map<string, CycleSum>> {
  const rows = store.commissions.aggregate<Row>([
    { $match: { cycle, affiliateId: { $in: affiliateIds }, state: 'approved', effectsPending: { $ne: true } } },
    {
      $group: {
        _id: '$affiliateId',
        sum: { $sum: '$amount' },
        ids: { $push: '$_id' },
        amounts: { $push: '$amount' },
        programIds: { $addToSet: '$programId' },
      },
    },
  ]);
  const sums = new Map<string, CycleSum>();
  for await (const { _id, sum, ids, amounts, programIds } of rows) {
    const items = ids.map((commissionId, index) => ({ commissionId, amount: amounts[index] ?? 0 }));
    sums.set(_id, { sum, items, programIds });
  }
  return sums;
}
