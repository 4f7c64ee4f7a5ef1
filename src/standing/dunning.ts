import type { Invoice } from '../invoicing/invoice.ts';
import { type RevshareStore, type StoredInvoice, toInvoice } from '../invoicing/store.ts';
import type { Calendar } from '../kernel/calendar.ts';
import type { Policy } from '../policy.ts';
import { type InvoiceStep, stepsOf } from './dunningSteps.ts';
import type { Sanctions } from './sanctions.ts';

const BATCH = 500;
/** Names the field, so that the index by it is used. */
const LONG_AGO = new Date(0);

export type Dunning = ReturnType<typeof createDunning>;

/** What time does to unpaid invoices (rules 1.10, 2, 3): reminders, going overdue, and what follows for the model. */
export function createDunning(deps: {
  store: RevshareStore;
  calendar: Calendar;
  policy: Policy['sanctions'];
  sanctions: Sanctions;
  /** Tells of the steps that invoices have reached: a reminder each, and that they went overdue. */
  announceSteps: (reached: { invoice: Invoice; step: InvoiceStep; next: Date | null }[]) => Promise<void>;
}) {
  const { store, calendar, policy } = deps;

  /** When something is due next for an unpaid invoice or a grace, or null. */
  async function nextDue(): Promise<Date | null> {
    const [invoice, grace] = await Promise.all([
      store.invoices
        .find({ nextStepAt: { $exists: true } })
        .sort({ nextStepAt: 1 })
        .limit(1)
        .next(),
      store.decisions
        .find({ running: true, until: { $gt: LONG_AGO } })
        .sort({ until: 1 })
        .limit(1)
        .next(),
    ]);
    const instants = [invoice?.nextStepAt, grace?.until].filter((at) => at !== undefined);
    return instants.length === 0 ? null : new Date(Math.min(...instants.map((at) => at.getTime())));
  }

  /** Does what is due at `now` or earlier, a batch; each step at most once, and only the last of several missed ones. */
  async function run(now: Date): Promise<void> {
    const due = await store.invoices
      .find({ nextStepAt: { $lte: now } })
      .sort({ nextStepAt: 1 })
      .limit(BATCH)
      .toArray();
    const ended = await store.decisions
      .find({ running: true, until: { $lte: now } })
      .limit(BATCH)
      .toArray();
    await deps.announceSteps(due.flatMap((stored) => reachedBy(stored, now)));
    await deps.sanctions.refresh(
      [...due, ...ended].map(({ modelId }) => modelId),
      now,
    );
    await store.decisions.updateMany({ _id: { $in: ended.map(({ _id }) => _id) } }, { $unset: { running: '' } });
    if (due.length > 0)
      await store.invoices.bulkWrite(
        due.map((stored) => advance(stored, now)),
        { ordered: false },
      );
  }

  /** The last message among the steps that an invoice reaches at `now`; that it went overdue is never skipped. */
  function reachedBy(stored: StoredInvoice, now: Date) {
    if (stored.status !== 'open') return [];
    const messages = stepsOf(stored, policy, calendar).filter(({ step }) => step !== 'standing');
    const reached = messages.filter(
      ({ at }) => stored.nextStepAt !== undefined && stored.nextStepAt <= at && at <= now,
    );
    const next = messages.find(({ at }) => at > now)?.at ?? null;
    return reached
      .filter(({ step }, index) => step === 'overdue' || index === reached.length - 1)
      .map((step) => ({ invoice: toInvoice(stored), step, next }));
  }

  function advance(stored: StoredInvoice, now: Date) {
    const next = stored.status === 'open' ? stepsOf(stored, policy, calendar).find(({ at }) => at > now) : undefined;
    return {
      updateOne: {
        filter: { _id: stored._id, nextStepAt: stored.nextStepAt ?? now },
        update: next === undefined ? { $unset: { nextStepAt: '' as const } } : { $set: { nextStepAt: next.at } },
      },
    };
  }

  return { nextDue, run };
}
