import type { Invoice } from '../invoicing/invoice.ts';
import type { UnpaidInvoices } from '../invoicing/unpaidInvoices.ts';
import type { JobResult } from '../kernel/activity.ts';
import type { Calendar } from '../kernel/calendar.ts';
import type { Policy } from '../policy.ts';
import { type DunningStep, dunningSteps } from './dunningSteps.ts';
import type { Sanctions } from './sanctions.ts';
import type { StandingStore } from './store.ts';

const BATCH = 500;
/** Names the field, so that the index by it is used. */
const LONG_AGO = new Date(0);

export type Dunning = ReturnType<typeof createDunning>;

/** A step that an unpaid invoice has reached; `next` is when the following one is due. */
export type ReachedStep = { invoice: Invoice; step: DunningStep; next: Date | null };

/** What time does to unpaid invoices (rules 1.10, 2, 3): reminders, going overdue, and what follows for the model. */
export function createDunning(deps: {
  store: Pick<StandingStore, 'decisions' | 'unreached'>;
  unpaidInvoices: Pick<UnpaidInvoices, 'nextStepAt' | 'withDueSteps' | 'scheduleSteps'>;
  calendar: Calendar;
  policy: Policy['sanctions'];
  sanctions: Pick<Sanctions, 'refresh'>;
  /** Announces the issue of these invoices, where that is still pending: it comes before everything else about them. */
  finishIssue: (invoiceIds: string[], now: Date) => Promise<void>;
  /** Announces the steps that invoices have reached: a reminder each, and that they went overdue. */
  announceSteps: (reached: ReachedStep[]) => Promise<void>;
}) {
  const { calendar, policy, unpaidInvoices } = deps;
  const { decisions, unreached } = deps.store;

  /** When something is due next for an unpaid invoice or a grace, or null. */
  async function nextDue(): Promise<Date | null> {
    const running = { running: true as const, until: { $gt: LONG_AGO } };
    const [stepAt, grace, unwarned] = await Promise.all([
      unpaidInvoices.nextStepAt(),
      decisions.find(running).sort({ until: 1 }).limit(1).next(),
      unreached.find(running).sort({ until: 1 }).limit(1).next(),
    ]);
    const instants = [stepAt, grace?.until, unwarned?.until].filter((at) => at !== undefined && at !== null);
    return instants.length === 0 ? null : new Date(Math.min(...instants.map((at) => at.getTime())));
  }

  /** Does what is due at `now` or earlier, a batch; each step at most once, and only the last of several missed ones. */
  async function run(now: Date): Promise<JobResult> {
    const due = await unpaidInvoices.withDueSteps(now, BATCH);
    const ended = await decisions
      .find({ running: true, until: { $lte: now } })
      .limit(BATCH)
      .toArray();
    const unwarned = await unreached
      .find({ running: true, until: { $lte: now } })
      .limit(BATCH)
      .toArray();
    const dueIds = due.map(({ invoice }) => invoice.invoiceId);
    if (dueIds.length > 0) await deps.finishIssue(dueIds, now);
    await deps.announceSteps(due.flatMap((one) => reachedBy(one, now)));
    const modelIds = [...due.map(({ invoice }) => invoice), ...ended, ...unwarned].map(({ modelId }) => modelId);
    await deps.sanctions.refresh(modelIds, now);
    await decisions.updateMany({ _id: { $in: ended.map(({ _id }) => _id) } }, { $unset: { running: '' } });
    await unreached.updateMany({ _id: { $in: unwarned.map(({ _id }) => _id) } }, { $unset: { running: '' } });
    await unpaidInvoices.scheduleSteps(
      due.map(({ invoice, stepAt }) => ({ invoiceId: invoice.invoiceId, stepAt, next: nextStepOf(invoice, now) })),
    );
    return { count: due.length + ended.length };
  }

  /** The last message among the steps that an invoice reaches at `now`; that it went overdue is never skipped. */
  function reachedBy({ invoice, stepAt }: { invoice: Invoice; stepAt: Date }, now: Date): ReachedStep[] {
    if (invoice.status !== 'open') return [];
    const messages = dunningSteps(invoice, policy, calendar).filter(({ step }) => step !== 'standing');
    const reached = messages.filter(({ at }) => stepAt <= at && at <= now);
    const next = messages.find(({ at }) => at > now)?.at ?? null;
    return reached
      .filter(({ step }, index) => step === 'overdue' || index === reached.length - 1)
      .map((step) => ({ invoice, step, next }));
  }

  function nextStepOf(invoice: Invoice, now: Date): Date | null {
    if (invoice.status !== 'open') return null;
    return dunningSteps(invoice, policy, calendar).find(({ at }) => at > now)?.at ?? null;
  }

  return { nextDue, run };
}
