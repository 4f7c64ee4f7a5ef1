import { durable } from '../../database/durable.ts';
import type { JobResult } from '../../kernel/activity.ts';
import type { Calendar } from '../../kernel/calendar.ts';
import { isDuplicateKey } from '../../kernel/errors.ts';
import { groupBy } from '../../kernel/group.ts';
import type { Ledger } from '../../ledger/journal.ts';
import type { SubscriptionHistory } from '../../sales/histories.ts';
import type { Sales } from '../../sales/sales.ts';
import type { Announcements } from '../announcements.ts';
import { commissionEntry, owedOf } from '../entries.ts';
import type { CycleAssignment } from '../payouts/cycleAssignment.ts';
import type { PayoutGeneration } from '../payouts/payoutGeneration.ts';
import { versionsByProgram } from '../program.ts';
import type { AffiliateStore, StoredCommission } from '../store.ts';
import { type CommissionPolicy, subscriptionState } from './commission.ts';
import { type Change, changesOf } from './commissionChange.ts';
import { documentOf, updateOf } from './commissionDocument.ts';

const BATCH = 1_000;

export type Commissions = ReturnType<typeof createCommissions>;

/**
 * Commissions as the facts of their subscriptions make them (rules 5). A change of a commission is one conditional
 * update; what follows from it (ledger, webhook, notice) is marked on it and finished before anything else changes it.
 */
export function createCommissions(deps: {
  store: AffiliateStore;
  sales: Pick<Sales, 'histories' | 'programVersions' | 'subscriptionsOf'>;
  cycleAssignment: CycleAssignment;
  payoutGeneration: Pick<PayoutGeneration, 'settle'>;
  ledger: Pick<Ledger, 'append'>;
  announcements: Announcements;
  calendar: Pick<Calendar, 'dayOf'>;
  policy: CommissionPolicy;
}) {
  const { store, sales, cycleAssignment } = deps;
  const { commissions } = store;

  /** Brings the commissions of these subscriptions to what their facts say now. Idempotent. */
  async function recompute(subscriptionIds: string[], now: Date): Promise<void> {
    let left = [...new Set(subscriptionIds)];
    while (left.length > 0) {
      const histories = await sales.histories(left);
      if (histories.length === 0) return;
      left = await decide(histories, now);
    }
  }

  /** The same, for the subscriptions of some payments. */
  async function recomputeForPayments(paymentIds: string[], now: Date): Promise<void> {
    await recompute(await sales.subscriptionsOf(paymentIds), now);
  }

  /** New versions of programs: what is pending may be worth something else (rules 1.3 for rates). */
  async function recomputeForPrograms(programIds: string[], now: Date): Promise<void> {
    const pending = await commissions.distinct('subscriptionId', { programId: { $in: programIds }, state: 'pending' });
    for (let from = 0; from < pending.length; from += BATCH) await recompute(pending.slice(from, from + BATCH), now);
  }

  /** Answers the subscriptions that have to be looked at again: somebody was faster, or something was undone. */
  async function decide(histories: SubscriptionHistory[], now: Date): Promise<string[]> {
    const ids = histories.map(({ subscriptionId }) => subscriptionId);
    const stored = await commissions.find({ subscriptionId: { $in: ids } }).toArray();
    const unfinished = stored.filter(({ effectsPending }) => effectsPending === true);
    if (unfinished.length > 0) {
      await finish(unfinished, now);
      return ids;
    }
    const { paidOut, moved } = await deps.payoutGeneration.settle(stored);
    if (moved) return ids;
    const programIds = histories.map(({ programId }) => programId);
    const told = await sales.programVersions(programIds);
    const versions = versionsByProgram(told);
    const bySubscription = groupBy(stored, ({ subscriptionId }) => subscriptionId);
    const changes = histories.flatMap((history): [SubscriptionHistory, Change][] => {
      const state = subscriptionState(history, versions.get(history.programId) ?? [], deps.policy, now);
      const earnedCommissions = state.kind === 'charged' ? state.earnedCommissions : [];
      const mine = bySubscription.get(history.subscriptionId) ?? [];
      return changesOf(earnedCommissions, mine, paidOut, now).map((change) => [history, change]);
    });
    if (changes.length === 0) return [];
    const again = await write(changes, now);
    // Who took in a version meanwhile has looked for commissions of its program before these were there.
    return (await sales.programVersions(programIds)).length === told.length ? again : ids;
  }

  async function write(changes: [SubscriptionHistory, Change][], now: Date): Promise<string[]> {
    const begun = await cycleAssignment.through();
    const inserts: StoredCommission[] = [];
    const updates: { filter: { _id: string; revision: number }; set: Partial<StoredCommission>; unset: string[] }[] =
      [];
    for (const [history, change] of changes) {
      const context = { begun, now, cycleFor: cycleAssignment.cycleFor, dayOf: deps.calendar.dayOf };
      if (change.kind === 'update') updates.push(updateOf(change, context));
      else inserts.push(documentOf(history, change, context));
    }
    const missed = (await insertNew(inserts)) || (await updateKnown(updates));
    const ids = [...inserts.map(({ _id }) => _id), ...updates.map(({ filter }) => filter._id)];
    const fresh = await commissions.find({ _id: { $in: ids }, effectsPending: true }).toArray();
    const undone = await finish(fresh, now);
    return missed || undone ? [...new Set(changes.map(([{ subscriptionId }]) => subscriptionId))] : [];
  }

  async function insertNew(documents: StoredCommission[]): Promise<boolean> {
    if (documents.length === 0) return false;
    try {
      await commissions.insertMany(documents, { ordered: false, ...durable(commissions) });
      return false;
    } catch (error) {
      if (isDuplicateKey(error)) return true;
      throw error;
    }
  }

  async function updateKnown(
    updates: { filter: { _id: string; revision: number }; set: Partial<StoredCommission>; unset: string[] }[],
  ): Promise<boolean> {
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

  /**
   * What follows from changes that were made: the ledger gets to know them, then the platform and the affiliate. A
   * change that lost against its payout is undone; true when there was one, and its subscription has to be looked at.
   */
  async function finish(changed: StoredCommission[], now: Date): Promise<boolean> {
    if (changed.length === 0) return false;
    // The change is there, so a cycle that begins from here on sees it; one that has begun may have been before it.
    const { paidOut, moved } = await deps.payoutGeneration.settle(changed);
    const ids = changed.map(({ _id }) => _id);
    const assigned = moved ? await commissions.find({ _id: { $in: ids }, effectsPending: true }).toArray() : changed;
    const lost = assigned.filter(({ _id }) => paidOut.has(_id));
    const good = assigned.filter(({ _id }) => !paidOut.has(_id));
    if (assigned.length === 0) return false;
    await deps.ledger.append(good.filter((one) => owedOf(one) !== one.posted).map(commissionEntry));
    await deps.announcements.announceCommissions(good, now);
    const done = good.map((one) => {
      const owed = owedOf(one);
      return {
        updateOne: {
          filter: { _id: one._id, revision: one.revision, effectsPending: true as const },
          update: {
            $set: { posted: owed, postings: one.postings + (owed === one.posted ? 0 : 1) },
            $unset: { effectsPending: '' as const },
          },
        },
      };
    });
    const undo = lost.map((one) => ({
      updateOne: {
        filter: { _id: one._id, revision: one.revision, effectsPending: true as const },
        update: {
          $set: { amount: paidOut.get(one._id) ?? one.posted, state: 'approved' as const },
          $inc: { revision: 1 },
          $unset: { effectsPending: '' as const, amountBefore: '' as const, reason: '' as const },
        },
      },
    }));
    await commissions.bulkWrite([...done, ...undo], { ordered: false });
    return lost.length > 0;
  }

  /** When the next commission is shown or approved, or null. */
  async function nextDue(): Promise<Date | null> {
    const [next] = await commissions
      .find({ nextStepAt: { $exists: true } }, { projection: { nextStepAt: 1 } })
      .sort({ nextStepAt: 1 })
      .limit(1)
      .toArray();
    return next?.nextStepAt ?? null;
  }

  /** Shows and approves what is due by `now`, all of it; each approval takes effect at its `holdUntil` (rules 5.5). */
  async function sweep(now: Date): Promise<JobResult> {
    for (let count = 0; ; ) {
      const due = await commissions
        .find({ nextStepAt: { $lte: now } })
        .sort({ nextStepAt: 1 })
        .limit(BATCH)
        .toArray();
      if (due.length === 0) return { count };
      await finishAndRecompute(
        due.filter(({ effectsPending }) => effectsPending === true),
        now,
      );
      const ids = due.map(({ _id }) => _id);
      const pending = {
        _id: { $in: ids },
        state: 'pending' as const,
        nextStepAt: { $lte: now },
        effectsPending: { $exists: false },
      };
      const revision = { $add: ['$revision', 1] };
      const approved = await commissions.updateMany({ ...pending, holdUntil: { $lte: now } }, [
        { $set: { state: 'approved', effectsPending: true, revision, changedAt: '$holdUntil' } },
        { $unset: ['nextStepAt', 'amountBefore'] },
      ]);
      count += approved.modifiedCount;
      await commissions.updateMany({ ...pending, holdUntil: { $gt: now } }, [
        { $set: { effectsPending: true, revision, nextStepAt: '$holdUntil' } },
      ]);
      await finishAndRecompute(await commissions.find({ _id: { $in: ids }, effectsPending: true }).toArray(), now);
    }
  }

  /** Finishes what a crash cut off after a change. */
  async function repair(now: Date): Promise<void> {
    for (;;) {
      const unfinished = await commissions.find({ effectsPending: true }).limit(BATCH).toArray();
      if (unfinished.length === 0) return;
      await finishAndRecompute(unfinished, now);
    }
  }

  async function finishAndRecompute(unfinished: StoredCommission[], now: Date): Promise<void> {
    if (!(await finish(unfinished, now))) return;
    await recompute(
      unfinished.map(({ subscriptionId }) => subscriptionId),
      now,
    );
  }

  return { recompute, recomputeForPayments, recomputeForPrograms, nextDue, sweep, repair };
}
