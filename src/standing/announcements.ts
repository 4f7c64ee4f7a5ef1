import type { Accounts } from '../accounts/accounts.ts';
import { type Invoice, invoiceView, modelAccount } from '../invoicing/invoice.ts';
import type { RevshareStore } from '../invoicing/store.ts';
import type { Calendar } from '../kernel/calendar.ts';
import type { Ledger } from '../ledger/journal.ts';
import type { DisplayContext } from '../notices/messages/displayContext.ts';
import type { Notice, Notices } from '../notices/notices.ts';
import type { Outgoing, OutgoingMessage, OutgoingType } from '../outgoing/outgoing.ts';
import type { InvoiceStep } from './dunningSteps.ts';
import { forecast } from './forecast.ts';
import { cardNotice, changeNotices, invoiceSubject, stepNotice } from './notices.ts';
import { graceAt, type StandingPolicy } from './standing.ts';
import type { StandingChange } from './standingChange.ts';
import { type OrdersOf, standingFacts } from './standingFacts.ts';
import { standingView } from './standingWords.ts';

export type Announcements = ReturnType<typeof createAnnouncements>;

/** What the platform and the people are told of invoices and standing. Everything is keyed, so telling twice is once. */
export function createAnnouncements(deps: {
  store: RevshareStore;
  ledger: Pick<Ledger, 'balances'>;
  accounts: Pick<Accounts, 'getMany' | 'idsOfRole'>;
  notices: Pick<Notices, 'enqueue' | 'drop'>;
  outgoing: Pick<Outgoing, 'emit'>;
  ordersOf: OrdersOf;
  policy: StandingPolicy;
  calendar: Calendar;
  platform: DisplayContext;
}) {
  const { store, notices, outgoing } = deps;

  /** That invoices were issued, completed or voided; what was still to be said of an ended one as unpaid is dropped. */
  async function announceInvoices(invoices: Invoice[]): Promise<void> {
    const latest = invoices.reduce((at, invoice) => (endedAt(invoice) > at ? endedAt(invoice) : at), new Date(0));
    await outgoing.emit(invoices.flatMap(invoiceMessages), latest);
    const ended = invoices.filter(({ status }) => status !== 'open');
    await notices.drop(ended.map(({ invoiceId }) => invoiceSubject(invoiceId)));
    await notices.enqueue(ended.flatMap(cardOf), latest);
  }

  /** Steps that unpaid invoices have reached: the reminder, and to the platform that one went overdue. */
  async function announceSteps(reached: { invoice: Invoice; step: InvoiceStep; next: Date | null }[]): Promise<void> {
    const modelIds = [...new Set(reached.map(({ invoice }) => invoice.modelId))];
    const facts = await standingFacts(store, deps.ordersOf, modelIds);
    const balances = await deps.ledger.balances(modelIds.map(modelAccount));
    for (const one of reached) {
      const { invoice, step } = one;
      if (step.step === 'overdue') await outgoing.emit([invoiceMessage('invoice.overdue', invoice, step.at)], step.at);
      const mine = facts.get(invoice.modelId) ?? { invoices: [], orders: [], graces: [], decisions: [] };
      const ahead = forecast(mine, deps.policy, deps.calendar, step.at);
      const balance = balances.get(modelAccount(invoice.modelId)) ?? 0;
      const message = stepNotice(one, { balance, ahead, heldUntil: graceAt(mine.graces, step.at) });
      const card = step.step === 'overdue' ? [cardNotice(invoice, 'overdue', step.at)] : [];
      await notices.enqueue([...card, message], step.at);
    }
  }

  /** Changes of one model's standing. */
  async function announceChanges(changes: StandingChange[], now: Date): Promise<void> {
    const [first] = changes;
    if (first === undefined) return;
    await outgoing.emit(
      changes.map((change) => standingMessage(change, deps.platform)),
      now,
    );
    await notices.enqueue(await noticesOf(changes, first.modelId), now);
  }

  async function noticesOf(changes: StandingChange[], modelId: string): Promise<Notice[]> {
    const contractors = await store.campaigns.find({ 'versions.modelId': modelId }).toArray();
    const contractorIds = new Set(contractors.map(({ versions }) => versions.at(-1)?.contractorId ?? ''));
    const name = (await deps.accounts.getMany([modelId])).get(modelId)?.name ?? modelId;
    const managerIds = await deps.accounts.idsOfRole('manager');
    return changeNotices(changes, { name, contractorIds: [...contractorIds], managerIds });
  }

  return { announceInvoices, announceSteps, announceChanges };
}

/** The card of an invoice that was shown as open and has ended; one that was debited on issue was never shown so. */
function cardOf(invoice: Invoice): Notice[] {
  if (invoice.status === 'void') return [cardNotice(invoice, 'void', invoice.voidedAt)];
  if (invoice.status !== 'completed' || invoice.completedAt <= invoice.issuedAt) return [];
  return [cardNotice(invoice, 'completed', invoice.completedAt)];
}

function endedAt(invoice: Invoice): Date {
  if (invoice.status === 'completed') return invoice.completedAt;
  return invoice.status === 'void' ? invoice.voidedAt : invoice.issuedAt;
}

function invoiceMessages(invoice: Invoice): OutgoingMessage[] {
  const issued = invoiceMessage('invoice.issued', invoice, invoice.issuedAt);
  if (invoice.status === 'completed') {
    return [issued, invoiceMessage('invoice.completed', invoice, invoice.completedAt)];
  }
  return invoice.status === 'void' ? [issued, invoiceMessage('invoice.voided', invoice, invoice.voidedAt)] : [issued];
}

function invoiceMessage(type: OutgoingType, invoice: Invoice, at: Date): OutgoingMessage {
  const { lines, ...view } = invoiceView(invoice, at);
  return {
    key: `${type}:${invoice.invoiceId}`,
    subject: modelAccount(invoice.modelId),
    type,
    at,
    data: { ...view, lines },
  };
}

function standingMessage(
  { key, type, modelId, at, standing }: StandingChange,
  platform: DisplayContext,
): OutgoingMessage {
  return { key, subject: modelAccount(modelId), type, at, data: standingView(modelId, standing, platform) };
}
