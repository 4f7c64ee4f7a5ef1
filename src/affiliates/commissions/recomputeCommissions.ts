import { durable } from '../../database/durable.ts';
import type { Calendar } from '../../kernel/calendar.ts';
import { isDuplicateKey } from '../../kernel/errors.ts';
import { groupBy } from '../../kernel/group.ts';
import type { ProgramVersion, SubscriptionHistory } from '../../sales/histories.ts';
import type { Sales } from '../../sales/sales.ts';
import { writtenNow } from '../../seals/source.ts';
import type { CycleAssignment } from '../payouts/cycleAssignment.ts';
import { nextCycle } from '../payouts/payoutCycle.ts';
import type { Settled } from '../payouts/releaseCommissions.ts';
import { versionsByProgram } from '../program.ts';
import type { AffiliateStore, StoredCommission } from '../store.ts';
import { type CommissionPolicy, subscriptionState } from './commission.ts';
import { type Change, changesOf } from './commissionChange.ts';
import { documentOf, updateOf } from './commissionDocument.ts';
import type { CompleteCommissions } from './completeCommissions.ts';

const BATCH = 1_000;

type Update = ReturnType<typeof updateOf>;

/** What the commissions of some subscriptions are decided on; `paidOut`: what payouts hold of them. */
type Known = {
  histories: SubscriptionHistory[];
  programs: ProgramVersion[];
  stored: StoredCommission[];
  paidOut: Map<string, number>;
};

export type RecomputeCommissions = ReturnType<typeof createRecomputeCommissions>;

/**
 * Brings commissions to what the facts of their subscriptions say (rules 5), in one way through: load, decide, save,
 * complete. A change of a commission is one conditional update; whoever was faster makes it begin again.
 */
export function createRecomputeCommissions(deps: {
  store: AffiliateStore;
  sales: Pick<Sales, 'histories' | 'programVersions' | 'subscriptionsOf'>;
  cycleAssignment: CycleAssignment;
  settle: (commissions: StoredCommission[]) => Promise<Settled>;
  completeCommissions: CompleteCommissions;
  /** Paydays that came with nothing due are over. */
  passPaydays: () => Promise<unknown>;
  calendar: Pick<Calendar, 'dayOf'>;
  policy: CommissionPolicy;
}) {
  const { sales, cycleAssignment } = deps;
  const { commissions } = deps.store;

  /** Brings the commissions of these subscriptions to what their facts say at `now`. Idempotent. */
  async function recompute(subscriptionIds: string[], now: Date): Promise<void> {
    const ids = [...new Set(subscriptionIds)];
    for (let from = 0; from < ids.length; from += BATCH) {
      for (let left = ids.slice(from, from + BATCH); left.length > 0; ) left = await recomputeOnce(left, now);
    }
  }

  /** Answers the subscriptions that have to be computed again: somebody was faster, or something was undone. */
  async function recomputeOnce(subscriptionIds: string[], now: Date): Promise<string[]> {
    const known = await load(subscriptionIds, now);
    const changes = decide(known, now);
    if (changes.length === 0) return [];
    const { changed, isMissed } = await save(changes, now);
    const undone = await deps.completeCommissions(changed, now);
    const ids = changes.map(([{ subscriptionId }]) => subscriptionId);
    // Who took in a version meanwhile has looked for commissions of its program before these were there.
    return isMissed || (await hasNewVersions(known)) ? [...new Set(ids)] : undone;
  }

  /** The facts, and the commissions with nothing unfinished about them. */
  async function load(subscriptionIds: string[], now: Date): Promise<Known> {
    const histories = await sales.histories(subscriptionIds);
    if (histories.length === 0) return { histories, programs: [], stored: [], paidOut: new Map() };
    const programs = await sales.programVersions(histories.map(({ programId }) => programId));
    for (;;) {
      const ids = histories.map(({ subscriptionId }) => subscriptionId);
      const stored = await commissions.find({ subscriptionId: { $in: ids } }).toArray();
      const unfinished = stored.filter(({ effectsPending }) => effectsPending === true);
      if (unfinished.length > 0) await deps.completeCommissions(unfinished, now);
      else {
        const { paidOut, moved } = await deps.settle(stored);
        if (!moved) return { histories, programs, stored, paidOut };
      }
    }
  }

  function decide({ histories, programs, stored, paidOut }: Known, now: Date): [SubscriptionHistory, Change][] {
    const versions = versionsByProgram(programs);
    const bySubscription = groupBy(stored, ({ subscriptionId }) => subscriptionId);
    return histories.flatMap((history): [SubscriptionHistory, Change][] => {
      const state = subscriptionState(history, versions.get(history.programId) ?? [], deps.policy, now);
      const earned = state.kind === 'charged' ? state.earnedCommissions : [];
      const mine = bySubscription.get(history.subscriptionId) ?? [];
      return changesOf(earned, mine, paidOut, now).map((change) => [history, change]);
    });
  }

  /** Answers what was changed and has effects, and whether anything was not changed because somebody was faster. */
  async function save(
    changes: [SubscriptionHistory, Change][],
    now: Date,
  ): Promise<{ changed: StoredCommission[]; isMissed: boolean }> {
    const lowers = changes.some(([, change]) => change.kind === 'reverse' && change.amount < 0);
    // What lowers a payout is in the next one that there is: paydays that are over are none.
    if (lowers) await deps.passPaydays();
    const begun = await cycleAssignment.through();
    const open = lowers ? await cycleAssignment.openCycle(begun) : nextCycle(begun);
    const context = { begun, open, now, cycleFor: cycleAssignment.cycleFor, dayOf: deps.calendar.dayOf };
    const inserts: StoredCommission[] = [];
    const updates: Update[] = [];
    for (const [history, change] of changes) {
      if (change.kind === 'update') updates.push(updateOf(history, change, context));
      else inserts.push(documentOf(history, change, context));
    }
    const isMissed = (await insertNew(inserts)) || (await updateKnown(updates));
    const ids = [...inserts.map(({ _id }) => _id), ...updates.map(({ filter }) => filter._id)];
    return { changed: await commissions.find({ _id: { $in: ids }, effectsPending: true }).toArray(), isMissed };
  }

  async function insertNew(documents: StoredCommission[]): Promise<boolean> {
    if (documents.length === 0) return false;
    try {
      await commissions.insertMany(
        documents.map((one) => ({ ...one, ...writtenNow() })),
        { ordered: false, ...durable(commissions) },
      );
      return false;
    } catch (error) {
      if (isDuplicateKey(error)) return true;
      throw error;
    }
  }

  async function updateKnown(updates: Update[]): Promise<boolean> {
    if (updates.length === 0) return false;
    const { matchedCount } = await commissions.bulkWrite(
      updates.map(({ filter, set, unset }) => ({
        updateOne: {
          filter: { ...filter, effectsPending: { $exists: false } },
          update: { $set: set, $inc: { revision: 1 }, $unset: Object.fromEntries(unset.map((field) => [field, ''])) },
        },
      })),
      { ordered: false, ...durable(commissions) },
    );
    return matchedCount < updates.length;
  }

  async function hasNewVersions({ histories, programs }: Known): Promise<boolean> {
    const now = await sales.programVersions(histories.map(({ programId }) => programId));
    return now.length !== programs.length;
  }

  /** The same, for the subscriptions of some payments. */
  async function recomputeForPayments(paymentIds: string[], now: Date): Promise<void> {
    await recompute(await sales.subscriptionsOf(paymentIds), now);
  }

  /** New versions of programs: what is pending may be worth something else (rules 1.3 for rates). */
  async function recomputeForPrograms(programIds: string[], now: Date): Promise<void> {
    const pending = { programId: { $in: programIds }, state: 'pending' as const };
    await recompute(await commissions.distinct('subscriptionId', pending), now);
  }

  /** Commissions that a payout held no more: what became known meanwhile counts for them now. */
  async function recomputeReleased(commissionIds: string[], now: Date): Promise<void> {
    await recompute(await commissions.distinct('subscriptionId', { _id: { $in: commissionIds } }), now);
  }

  /** Which of these subscriptions have a commission that is approved at `now`. */
  async function approvedAmong(subscriptionIds: string[], now: Date): Promise<Set<string>> {
    if (subscriptionIds.length === 0) return new Set();
    const isApproved = [
      { state: { $in: ['approved' as const, 'paid' as const] } },
      { state: 'pending' as const, approvesAt: { $lte: now } },
    ];
    const found = await commissions.distinct('subscriptionId', {
      subscriptionId: { $in: subscriptionIds },
      $or: isApproved,
    });
    return new Set(found);
  }

  return { recompute, recomputeForPayments, recomputeForPrograms, recomputeReleased, approvedAmong };
}
