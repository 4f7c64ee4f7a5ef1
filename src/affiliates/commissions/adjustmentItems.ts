import { unlessDuplicate } from '../../database/duplicates.ts';
import { durable } from '../../database/durable.ts';
import type { MinorUnits } from '../../kernel/money.ts';
import { writtenNow } from '../../seals/source.ts';
import { itemOf } from '../items.ts';
import type { CycleAssignment } from '../payouts/cycleAssignment.ts';
import type { AffiliateStore, CycleDate } from '../store.ts';
import type { CompleteCommissions } from './completeCommissions.ts';

/** A correction of what an affiliate has, by hand: more, or less where `amount` is below zero (rules 6.8). */
export type AffiliateAdjustment = { adjustmentId: string; affiliateId: string; amount: MinorUnits; at: Date };

export type AdjustmentItems = ReturnType<typeof createAdjustmentItems>;

/** Corrections of affiliates' balances among their commissions, so that paydays, payouts and statements need no second way. */
export function createAdjustmentItems(deps: {
  store: Pick<AffiliateStore, 'commissions'>;
  cycleAssignment: CycleAssignment;
  completeCommissions: CompleteCommissions;
  /** Paydays that came with nothing due are over. */
  passPaydays: () => Promise<unknown>;
  /** The first cycle that may still take what lowers a payout, asked without a write. */
  peekOpen: () => Promise<CycleDate>;
}) {
  const { cycleAssignment } = deps;
  const { commissions } = deps.store;

  /**
   * Stores a correction and posts it to the ledger; however often, once. What lowers a payout is stored before the ledger has
   * it, so that no payday sums up more than the balance.
   */
  async function place({ adjustmentId, affiliateId, amount, at }: AffiliateAdjustment, now: Date): Promise<void> {
    if (amount < 0) await deps.passPaydays();
    const cycle = await cycleOf({ amount, at }, await cycleAssignment.through(), cycleAssignment.openCycle);
    const item = itemOf({ itemId: adjustmentId, kind: 'adjustment', affiliateId, amount, at, cycle });
    await unlessDuplicate(
      commissions.insertOne({ ...item, effectsPending: true, ...writtenNow() }, durable(commissions)),
    );
    await deps.completeCommissions(await commissions.find({ _id: adjustmentId, effectsPending: true }).toArray(), now);
  }

  /** The payday that a correction would fall in, asked without a write. */
  async function peekPayday(correction: Pick<AffiliateAdjustment, 'amount' | 'at'>): Promise<CycleDate> {
    return cycleOf(correction, await cycleAssignment.peekThrough(), deps.peekOpen);
  }

  /** The payday that takes each of these corrections, or has taken it; those that there are not, or that none takes, are not in it. */
  async function paydaysOf(adjustmentIds: string[]): Promise<Map<string, CycleDate>> {
    if (adjustmentIds.length === 0) return new Map();
    const found = await commissions.find({ _id: { $in: adjustmentIds } }, { projection: { cycle: 1 } }).toArray();
    return new Map(found.flatMap(({ _id, cycle }) => (cycle === null ? [] : [[_id, cycle]])));
  }

  /** As with what corrects a commission that was paid: less is in the first payout that is still to be generated. */
  async function cycleOf(
    { amount, at }: Pick<AffiliateAdjustment, 'amount' | 'at'>,
    begun: CycleDate,
    openAfter: (begun: CycleDate) => Promise<CycleDate>,
  ): Promise<CycleDate> {
    return amount < 0 ? openAfter(begun) : cycleAssignment.cycleFor({ approvedAt: at, knownAt: at }, begun);
  }

  return { place, peekPayday, paydaysOf };
}
