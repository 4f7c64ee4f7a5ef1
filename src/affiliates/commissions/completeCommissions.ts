import type { MinorUnits } from '../../kernel/money.ts';
import type { Ledger } from '../../ledger/journal.ts';
import { commissionEntry, owedOf } from '../entries.ts';
import type { Settled } from '../payouts/releaseCommissions.ts';
import type { AffiliateStore, StoredCommission } from '../store.ts';
import type { AnnounceCommissions } from './announceCommissions.ts';

export type CompleteCommissions = ReturnType<typeof createCompleteCommissions>;

/**
 * Does what follows from changes of commissions that are stored: the ledger gets to know them, then the platform and the
 * affiliate. Until that is done a commission bears a mark, and there is no other change of it.
 */
export function createCompleteCommissions(deps: {
  store: Pick<AffiliateStore, 'commissions'>;
  settle: (commissions: StoredCommission[]) => Promise<Settled>;
  ledger: Pick<Ledger, 'append'>;
  announceCommissions: AnnounceCommissions;
}) {
  const { commissions } = deps.store;

  /**
   * Completes changed commissions. A change that lost against the payout of its cycle is undone: answers the
   * subscriptions of these, which have to be computed again.
   */
  return async function complete(changed: StoredCommission[], now: Date): Promise<string[]> {
    if (changed.length === 0) return [];
    // The change is stored, so a cycle that begins from here on sees it; one that has begun may have been before it.
    const { paidOut, moved } = await deps.settle(changed);
    const ids = changed.map(({ _id }) => _id);
    const current = moved ? await commissions.find({ _id: { $in: ids }, effectsPending: true }).toArray() : changed;
    const isLost = (one: StoredCommission) => paidOut.has(one._id) && !isPaidAs(one, paidOut.get(one._id));
    const kept = current.filter((one) => !isLost(one));
    const lost = current.filter(isLost);
    await deps.ledger.append(kept.filter((one) => owedOf(one) !== one.posted).map(commissionEntry));
    await deps.announceCommissions(kept, now);
    const updates = [
      ...kept.map((one) => updateOf(one, doneOf(one))),
      ...lost.map((one) => updateOf(one, undoneOf(one, paidOut.get(one._id) ?? one.posted))),
    ];
    if (updates.length > 0) await commissions.bulkWrite(updates, { ordered: false });
    return [...new Set(lost.map(({ subscriptionId }) => subscriptionId))];
  };
}

function updateOf({ _id, revision }: StoredCommission, update: object) {
  return { updateOne: { filter: { _id, revision, effectsPending: true as const }, update } };
}

/** A change that the payout has taken in: a new correction, which is part of it. */
function isPaidAs(one: StoredCommission, amount: MinorUnits | undefined): boolean {
  return owedOf(one) === amount && one.was === undefined;
}

function doneOf(one: StoredCommission) {
  const owed = owedOf(one);
  return {
    $set: { posted: owed, postings: one.postings + (owed === one.posted ? 0 : 1) },
    $unset: { effectsPending: '', was: '' },
  };
}

/** The commission as its payout pays it. */
function undoneOf({ was }: StoredCommission, amount: MinorUnits) {
  return {
    $set: { amount, state: 'approved', ...was },
    $inc: { revision: 1 },
    $unset: { effectsPending: '', amountBefore: '', reason: '', nextStepAt: '', cause: '', was: '' },
  };
}
