import type { Accounts } from '../accounts/accounts.ts';
import type { Audit } from '../audit/audit.ts';
import { type Invoice, type InvoiceView, invoiceView, modelAccount } from '../invoicing/invoice.ts';
import { type RevshareStore, toInvoice } from '../invoicing/store.ts';
import type { Calendar } from '../kernel/calendar.ts';
import { isDuplicateKey } from '../kernel/errors.ts';
import type { Ledger } from '../ledger/journal.ts';
import type { Notice, Notices } from '../notices/notices.ts';
import { forecast } from './forecast.ts';
import { invoiceSubject } from './notices.ts';
import { graceAt, type StandingPolicy } from './standing.ts';
import { type OrdersOf, standingFacts } from './standingFacts.ts';

export type RemindOutcome =
  | { kind: 'reminded' | 'reminded-before' | 'no-chat'; invoice: InvoiceView }
  | { kind: 'refused'; state: InvoiceView['status']; invoice: InvoiceView }
  | { kind: 'not-found' };

export type ManualReminders = ReturnType<typeof createManualReminders>;

/** Reminders that a manager asks for, apart from the ladder of rules 3. */
export function createManualReminders(deps: {
  store: RevshareStore;
  ledger: Pick<Ledger, 'balances'>;
  accounts: Pick<Accounts, 'linksOf'>;
  notices: Pick<Notices, 'enqueue'>;
  audit: Pick<Audit, 'record'>;
  ordersOf: OrdersOf;
  policy: StandingPolicy;
  calendar: Calendar;
}) {
  const { store, calendar } = deps;

  /** Reminds a model of an unpaid invoice now, at most once per invoice and day of the platform's zone. */
  async function remind(invoiceId: string, { actor }: { actor: string }, now: Date): Promise<RemindOutcome> {
    const stored = await store.invoices.findOne({ _id: invoiceId, status: { $ne: 'skipped' } });
    if (stored === null) return { kind: 'not-found' };
    const found = toInvoice(stored);
    const invoice = invoiceView(found, now);
    if (found.status !== 'open') return { kind: 'refused', state: invoice.status, invoice };
    const reminder = { _id: `${invoiceId}:${calendar.dayOf(now)}`, invoiceId, actor, at: now };
    if ((await store.reminders.findOne({ _id: reminder._id })) !== null) return { kind: 'reminded-before', invoice };
    const links = await deps.accounts.linksOf([found.modelId]);
    if (links.every(({ unreachable }) => unreachable !== undefined)) return { kind: 'no-chat', invoice };
    // Told first, by a key: who is cut off after that and asks again tells nothing twice.
    await deps.notices.enqueue([await noticeOf(found, reminder._id, now)], now);
    const key = `invoice:${reminder._id}:remind`;
    await deps.audit.record({ key, actor, action: 'invoice.remind', subject: invoiceSubject(invoiceId), at: now });
    try {
      await store.reminders.insertOne(reminder);
      return { kind: 'reminded', invoice };
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      return { kind: 'reminded-before', invoice };
    }
  }

  async function noticeOf(invoice: Invoice, id: string, now: Date): Promise<Notice> {
    const { invoiceId, modelId, week, total, dueAt } = invoice;
    const facts = (await standingFacts(store, deps.ordersOf, [modelId])).get(modelId);
    const balance = (await deps.ledger.balances([modelAccount(modelId)])).get(modelAccount(modelId)) ?? 0;
    const ahead = facts === undefined ? [] : forecast(facts, deps.policy, calendar, now);
    return {
      key: `invoice:${id}:reminded`,
      accountId: modelId,
      subject: invoiceSubject(invoiceId),
      at: now,
      urgent: true,
      kind: 'invoice.reminded',
      data: {
        ...{ invoiceId, week, total, dueAt, balance },
        isOverdue: dueAt <= now,
        ahead: ahead.map(({ sanction, at, payment }) => ({ sanction, at, payment })),
        heldUntil: facts === undefined ? null : graceAt(facts.graces, now),
      },
    };
  }

  return { remind };
}
