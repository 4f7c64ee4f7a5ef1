import type { JobResult } from '../../kernel/activity.ts';
import type { Unfinished } from '../../kernel/unfinished.ts';
import type { AffiliateStore, StoredCommission } from '../store.ts';
import type { CompleteCommissions } from './completeCommissions.ts';
import type { RecomputeCommissions } from './recomputeCommissions.ts';

const BATCH = 1_000;

/** What time does to commissions: they are shown when the trial is over, and approved when they are firm (rules 5). */
export function createApproveCommissions(deps: {
  store: Pick<AffiliateStore, 'commissions'>;
  completeCommissions: CompleteCommissions;
  recompute: RecomputeCommissions['recompute'];
}) {
  const { commissions } = deps.store;

  /** When the next commission is shown or approved, or null. */
  async function nextDue(): Promise<Date | null> {
    const [next] = await commissions
      .find({ nextStepAt: { $exists: true } }, { projection: { nextStepAt: 1 } })
      .sort({ nextStepAt: 1 })
      .limit(1)
      .toArray();
    return next?.nextStepAt ?? null;
  }

  /** Shows and approves what is due by `now`, all of it; each approval takes effect at its own instant (rules 5.5). */
  async function approve(now: Date): Promise<JobResult> {
    for (let count = 0; ; ) {
      const due = await commissions
        .find({ nextStepAt: { $lte: now } })
        .sort({ nextStepAt: 1 })
        .limit(BATCH)
        .toArray();
      if (due.length === 0) return { count };
      await complete(
        due.filter(({ effectsPending }) => effectsPending === true),
        now,
      );
      const ids = due.map(({ _id }) => _id);
      count += await takeStep(ids, now);
      await complete(await commissions.find({ _id: { $in: ids }, effectsPending: true }).toArray(), now);
    }
  }

  /** Answers how many were approved. */
  async function takeStep(ids: string[], now: Date): Promise<number> {
    const pending = {
      _id: { $in: ids },
      state: 'pending' as const,
      nextStepAt: { $lte: now },
      effectsPending: { $exists: false },
    };
    const revision = { $add: ['$revision', 1] };
    const approved = await commissions.updateMany({ ...pending, approvesAt: { $lte: now } }, [
      { $set: { state: 'approved', effectsPending: true, revision, changedAt: '$approvesAt' } },
      { $unset: ['nextStepAt', 'amountBefore', 'cause'] },
    ]);
    // Shown from now on; the next step is the approval, of which nothing is known while a refund is open.
    await commissions.updateMany({ ...pending, approvesAt: { $not: { $lte: now } } }, [
      { $set: { effectsPending: true, revision, nextStepAt: { $ifNull: ['$approvesAt', '$$REMOVE'] } } },
    ]);
    return approved.modifiedCount;
  }

  /** Finishes what a crash cut off after a change. */
  async function repair(now: Date): Promise<void> {
    for (;;) {
      const unfinished = await commissions.find({ effectsPending: true }).limit(BATCH).toArray();
      if (unfinished.length === 0) return;
      await complete(unfinished, now);
    }
  }

  async function complete(changed: StoredCommission[], now: Date): Promise<void> {
    await deps.recompute(await deps.completeCommissions(changed, now), now);
  }

  const unfinished: Unfinished = {
    kind: 'commissions',
    find: async (limit) => {
      const found = commissions.find({ effectsPending: true }, { projection: { changedAt: 1 } }).limit(limit);
      return (await found.toArray()).map(({ _id, changedAt }) => ({ id: _id, since: changedAt }));
    },
    finish: async (ids, now) =>
      complete(await commissions.find({ _id: { $in: ids }, effectsPending: true }).toArray(), now),
  };

  return { nextDue, approve, repair, unfinished };
}
