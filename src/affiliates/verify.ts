import { inBatches } from '../kernel/group.ts';
import { type MinorUnits, sum } from '../kernel/money.ts';
import { hashOfDraft } from '../ledger/entry.ts';
import type { Ledger } from '../ledger/journal.ts';
import { affiliateAccount, dueEntry, owedOf, payoutAccount } from './entries.ts';
import type { CycleAssignment } from './payouts/cycleAssignment.ts';
import { HOLDING } from './payouts/payoutMembers.ts';
import type { AffiliateStore, StoredPayout } from './store.ts';

const AFFILIATES_PER_BATCH = 500;

type Deps = {
  store: AffiliateStore;
  ledger: Pick<Ledger, 'balances' | 'outcome'>;
  cycleAssignment: Pick<CycleAssignment, 'through'>;
};

/** What an affiliate has earned: all that is approved, and what of it payouts hold. */
type Earned = { _id: string; earned: MinorUnits; posted: MinorUnits };

/**
 * Derives again what can be derived about commissions and payouts, and answers every difference as a line: earned = paid
 * + unpaid for each affiliate, the ledger has what is unpaid, each payout is the sum of its commissions and its amount
 * was taken, and each commission is in at most one payout that has not failed.
 */
export async function verifyAffiliates(deps: Deps): Promise<string[]> {
  const { store } = deps;
  const differences: string[] = [];
  const paidOut = new Map<string, MinorUnits>();
  for await (const payout of store.payouts.find({ status: { $in: HOLDING } })) {
    differences.push(...(await verifyPayout(payout, deps)));
    if (payout.role === 'affiliate') {
      paidOut.set(payout.accountId, (paidOut.get(payout.accountId) ?? 0) + payout.amount);
    }
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
  for await (const batch of inBatches(rows, AFFILIATES_PER_BATCH)) {
    differences.push(...(await verifyBalances(batch, paidOut, deps)));
  }
  differences.push(...(await verifyStates(deps)));
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

async function verifyPayout(payout: StoredPayout, { store, ledger }: Deps): Promise<string[]> {
  const name = `payout ${payout._id}`;
  const entry = dueEntry(payout);
  const written = await ledger.outcome(payoutAccount(payout), entry.outcome ?? '');
  const taken = written?._id === entry.entryId && written.hash === hashOfDraft(entry);
  const differences = taken ? [] : [`${name} is ${payout.status}, but its amount was not taken from the balance`];
  if (payout.role === 'marketer') return differences;
  let total = 0;
  let count = 0;
  for await (const { items } of store.members.find({ key: payout.membersKey })) {
    total = sum([total, ...items.map(({ amount }) => amount)]);
    count += items.length;
    const ids = items.map(({ commissionId }) => commissionId);
    const stored = await store.commissions.find({ _id: { $in: ids } }).toArray();
    const byId = new Map(stored.map((one) => [one._id, one]));
    for (const { commissionId, amount } of items) {
      const one = byId.get(commissionId);
      // A commission is booked for one cycle, so it is in one payout at most.
      const here = one?.cycle === payout.cycle && one.affiliateId === payout.accountId && owedOf(one) === amount;
      if (!here) differences.push(`${name} pays ${amount} for commission ${commissionId}, which says otherwise`);
    }
  }
  if (total !== payout.amount || count !== payout.count) {
    differences.push(`${name} is ${payout.amount} for ${payout.count}, but its ${count} commissions are ${total}`);
  }
  return differences;
}

/** Nothing that is unpaid is booked for a cycle that is over: it would never be paid. */
async function verifyStates({ store, cycleAssignment }: Deps): Promise<string[]> {
  const begun = await cycleAssignment.through();
  const differences: string[] = [];
  const rows = store.commissions.aggregate<{ _id: { cycle: string; affiliateId: string }; owed: MinorUnits }>([
    { $match: { cycle: { $lte: begun }, state: { $in: ['pending', 'approved', 'paid'] } } },
    { $group: { _id: { cycle: '$cycle', affiliateId: '$affiliateId' }, owed: { $sum: '$amount' } } },
  ]);
  for await (const { _id, owed } of rows) {
    const payoutId = `${_id.cycle}:${_id.affiliateId}`;
    const payout = await store.payouts.findOne({ _id: payoutId, status: { $in: HOLDING } });
    if (payout?.amount === owed) continue;
    differences.push(
      `cycle ${_id.cycle}: ${_id.affiliateId} has ${owed} booked for it, its payout is ${payout?.amount ?? 'missing'}`,
    );
  }
  return differences;
}
