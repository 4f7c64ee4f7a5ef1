import { takesLong } from '../../database/patience.ts';
import type { MinorUnits } from '../../kernel/money.ts';
import type { AffiliateStore, CycleDate, PayoutMembers } from '../store.ts';

/** What an affiliate's commissions of a cycle add up to, which they are, and of which programs. */
export type CycleSum = { sum: MinorUnits; items: PayoutMembers['items']; programIds: string[] };

type Row = { _id: string; sum: MinorUnits; ids: string[]; amounts: MinorUnits[]; programIds: string[] };

/**
 * Sums up what is approved and has a cycle, affiliate by affiliate (rules 6.2): as far as the ledger has it, and each
 * correction that takes something back, also where it is still to reach the ledger. The sum is never more than the
 * balance then. The affiliates are neighbours in the order of their ids, or few.
 */
export async function sumCommissions(
  store: Pick<AffiliateStore, 'commissions'>,
  cycle: CycleDate,
  affiliateIds: string[],
): Promise<Map<string, CycleSum>> {
  const rows = store.commissions.aggregate<Row>(sumsPipeline(cycle, affiliateIds), takesLong);
  const sums = new Map<string, CycleSum>();
  for await (const { _id, sum, ids, amounts, programIds } of rows) {
    const items = ids.map((commissionId, index) => ({ commissionId, amount: amounts[index] ?? 0 }));
    sums.set(_id, { sum, items, programIds });
  }
  return sums;
}

/** Reads the index of a payday and no document. */
export function sumsPipeline(cycle: CycleDate, affiliateIds: string[]) {
  return [
    { $match: { cycle, affiliateId: { $in: affiliateIds }, state: 'approved' } },
    // A condition on two fields at once is taken to the documents; a field that is made of them is not.
    { $set: { isTaken: { $or: [{ $ne: ['$effectsPending', true] }, { $lt: ['$amount', 0] }] } } },
    { $match: { isTaken: true } },
    {
      $group: {
        _id: '$affiliateId',
        sum: { $sum: '$amount' },
        ids: { $push: '$_id' },
        amounts: { $push: '$amount' },
        programIds: { $addToSet: '$programId' },
      },
    },
  ];
}
