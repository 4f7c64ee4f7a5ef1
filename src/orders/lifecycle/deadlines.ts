import type { JobResult } from '../../kernel/activity.ts';
import type { OrderAnnouncements } from '../announcements.ts';
import type { OrderStore, StoredOrder } from '../store.ts';
import type { OrderAnswers } from './answers.ts';
import { type DeadlineStep, deadlineSteps } from './deadlineSteps.ts';

const BATCH = 500;

/** Deadlines of orders that wait for an answer (rules 3, 4.2): marketers are reminded, and at last orders expire. */
export function createDeadlines(deps: {
  store: OrderStore;
  orderAnswers: Pick<OrderAnswers, 'expire'>;
  announcements: Pick<OrderAnnouncements, 'announceNudges'>;
}) {
  const { orders } = deps.store;

  /** When something is due next for an order that waits, or null. */
  async function nextDue(): Promise<Date | null> {
    const next = await orders
      .find({ nextStepAt: { $exists: true } }, { projection: { nextStepAt: 1 } })
      .sort({ nextStepAt: 1 })
      .limit(1)
      .next();
    return next?.nextStepAt ?? null;
  }

  /** Does what is due at `now` or earlier, a batch; of several missed reminders only the last. */
  async function run(now: Date): Promise<JobResult> {
    const due = await orders
      .find({ nextStepAt: { $lte: now } })
      .sort({ nextStepAt: 1 })
      .limit(BATCH)
      .toArray();
    const waiting = due.filter(({ respondBy }) => now < respondBy);
    const nudged = waiting.flatMap((stored) => nudgeOf(stored, now));
    if (nudged.length > 0) await deps.announcements.announceNudges(nudged, now);
    for (const stored of due.filter(({ respondBy }) => respondBy <= now)) await deps.orderAnswers.expire(stored, now);
    if (waiting.length > 0) {
      await orders.bulkWrite(
        waiting.map((stored) => advance(stored, now)),
        { ordered: false },
      );
    }
    return { count: due.length };
  }

  return { nextDue, run };
}

function nudgeOf(stored: StoredOrder, now: Date): { stored: StoredOrder; step: DeadlineStep; next: Date }[] {
  const { nextStepAt = now, respondBy } = stored;
  const steps = deadlineSteps(stored);
  const step = steps.findLast(({ at }) => nextStepAt <= at && at <= now);
  const next = steps.find(({ at }) => at > now)?.at ?? respondBy;
  return step === undefined ? [] : [{ stored, step, next }];
}

function advance(stored: StoredOrder, now: Date) {
  const { _id, nextStepAt = now, respondBy } = stored;
  const next = deadlineSteps(stored).find(({ at }) => at > now)?.at ?? respondBy;
  return { updateOne: { filter: { _id, nextStepAt }, update: { $set: { nextStepAt: next } } } };
}
