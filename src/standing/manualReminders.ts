import type { Accounts } from '../accounts/accounts.ts';
import type { Audit } from '../audit/audit.ts';
import { unlessDuplicate } from '../database/duplicates.ts';
import { type Invoice, type InvoiceView, invoiceView, modelAccount } from '../invoicing/invoice.ts';
import { invoiceSubject } from '../invoicing/notices.ts';
import { heldFor } from '../invoicing/part.ts';
import type { UnpaidInvoices } from '../invoicing/unpaidInvoices.ts';
import type { Calendar } from '../kernel/calendar.ts';
import type { Ledger } from '../ledger/journal.ts';
import type { Notice, Notices } from '../notices/notices.ts';
import { forecast } from './forecast.ts';
import { promisedUntil } from './promised.ts';
import { graceAt, type StandingPolicy, warnedOf } from './standing.ts';
import { type FactSources, loadStandingFacts, NO_FACTS } from './standingFacts.ts';
import type { StandingStore } from './store.ts';

export type RemindOutcome =
  | { kind: 'reminded' | 'reminded-before' | 'no-chat'; invoice: InvoiceView }
  | { kind: 'refused'; state: InvoiceView['status']; invoice: InvoiceView }
  | { kind: 'not-found' };

export type ManualReminders = ReturnType<typeof createManualReminders>;

/** Reminders that a manager asks for, apart from the ladder of rules 3. */
export function createManualReminders(
  deps: FactSources & {
    store: StandingStore;
    unpaidInvoices: Pick<UnpaidInvoices, 'find'>;
    ledger: Pick<Ledger, 'balances'>;
    accounts: Pick<Accounts, 'linksOf'>;
    notices: Pick<Notices, 'enqueue'>;
    audit: Pick<Audit, 'record'>;
    policy: StandingPolicy;
    calendar: Calendar;
  },
) {
  const { store, calendar } = deps;

  /** Reminds a model of an unpaid invoice now, at most once per invoice and day of the platform's zone. */
  async function remind(invoiceId: string, { actor }: { actor: string }, now: Date): Promise<RemindOutcome> {
    const found = await deps.unpaidInvoices.find(invoiceId);
    if (found === null) return { kind: 'not-found' };
    const invoice = invoiceView(found, now);
    if (found.status !== 'open') return { kind: 'refused', state: invoice.status, invoice };
    const reminder = { _id: `${invoiceId}:${calendar.dayOf(now)}`, invoiceId, actor, at: now };
    if ((await store.reminders.findOne({ _id: reminder._id })) !== null) return { kind: 'reminded-before', invoice };
    const links = await deps.accounts.linksOf([found.modelId]);
    if (links.every(({ unreachable }) => unreachable !== undefined)) return { kind: 'no-chat', invoice };
    // Enqueued first, under a key: whoever is cut off after that and asks again sends nothing twice.
    await deps.notices.enqueue([await noticeOf(found, reminder._id, now)], now);
    const key = `invoice:${reminder._id}:remind`;
    await deps.audit.record({ key, actor, action: 'invoice.remind', subject: invoiceSubject(invoiceId), at: now });
    const inserted = await unlessDuplicate(store.reminders.insertOne(reminder));
    return { kind: inserted === null ? 'reminded-before' : 'reminded', invoice };
  }

  async function noticeOf(invoice: Invoice, id: string, now: Date): Promise<Notice> {
    const { invoiceId, modelId, week, total, dueAt } = invoice;
    const facts = warnedOf((await loadStandingFacts(deps, [modelId])).get(modelId) ?? NO_FACTS, invoiceId, now);
    const balance = (await deps.ledger.balances([modelAccount(modelId)])).get(modelAccount(modelId)) ?? 0;
    const ahead = forecast(facts, deps.policy, calendar, now);
    const due = facts.invoices.find((one) => one.invoiceId === invoiceId);
    const until = due === undefined ? null : promisedUntil(due, now);
    const held = heldFor(invoice);
    return {
      key: `invoice:${id}:reminded`,
      accountId: modelId,
      subject: invoiceSubject(invoiceId),
      at: now,
      urgent: true,
      kind: 'invoice.reminded',
      data: {
        ...{ invoiceId, week, total, dueAt, balance },
        ...(held === 0 ? {} : { held }),
        ...(until === null ? {} : { promisedUntil: until }),
        isOverdue: dueAt <= now,
        ahead: ahead.map(({ sanction, at, payment }) => ({ sanction, at, payment })),
        heldUntil: graceAt(facts.graces, now),
      },
    };
  }

  /** When a manager last had each of these invoices reminded of; those without one are not in it. */
  async function lastOf(invoiceIds: string[]): Promise<Map<string, Date>> {
    const rows = store.reminders.aggregate<{ _id: string; at: Date }>([
      { $match: { invoiceId: { $in: invoiceIds } } },
      { $group: { _id: '$invoiceId', at: { $max: '$at' } } },
    ]);
    return new Map((await rows.toArray()).map(({ _id, at }) => [_id, at]));
  }

  return { remind, lastOf };
}
