import { inBatches } from '../../kernel/group.ts';
import type { MinorUnits } from '../../kernel/money.ts';
import type { Ledger } from '../../ledger/journal.ts';
import { affiliateAccount } from '../entries.ts';
import { HOLDING } from '../payouts/payoutMembers.ts';
import type { AffiliateStore } from '../store.ts';

const AFFILIATES_PER_BATCH = 500;

type Deps = { store: AffiliateStore; ledger: Pick<Ledger, 'balances'> };

/** What an affiliate has earned: all that is approved, and what of it the ledger was told of. */
type Earned = { _id: string; earned: MinorUnits; posted: MinorUnits };

/**
 * Answers a line for each affiliate of whom it does not hold that earned = paid out + balance, or whose ledger entries are
 * not of what is approved.
 */
export async function verifyCommissions(deps: Deps): Promise<string[]> {
  const { store } = deps;
  const paidOut = new Map<string, MinorUnits>();
  for await (const { accountId, parts } of store.payouts.find({ status: { $in: HOLDING } })) {
    paidOut.set(accountId, (paidOut.get(accountId) ?? 0) + (parts?.commissions ?? 0));
  }
  const rows = store.commissions.aggregate<Earned>([
    {
      $group: {
        _id: '$affiliateId',
        earned: { $sum: { $cond: [{ $in: ['$state', ['approved', 'paid']] }, '$amount', 0] } },
        posted: { $sum: '$posted' },
      },
    },
  ]);
  const differences: string[] = [];
  for await (const batch of inBatches(rows, AFFILIATES_PER_BATCH)) {
    differences.push(...(await verifyBalances(batch, paidOut, deps)));
  }
  return differences;
}

async function verifyBalances(batch: Earned[], paidOut: Map<string, MinorUnits>, { ledger }: Deps): Promise<string[]> {
  const balances = await ledger.balances(batch.map(({ _id }) => affiliateAccount(_id)));
  return batch.flatMap(({ _id, earned, posted }) => {
    const paid = paidOut.get(_id) ?? 0;
    const balance = balances.get(affiliateAccount(_id)) ?? 0;
    return [
      ...(earned === posted ? [] : [`affiliate ${_id}: earned ${earned}, but the ledger was told of ${posted}`]),
      ...(earned - paid === balance
        ? []
        : [`affiliate ${_id}: earned ${earned}, ${paid} of it is in payouts, but its balance is ${balance}`]),
    ];
  });
}
