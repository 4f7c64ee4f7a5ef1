import type { Notice, Notices } from '../notices/notices.ts';
import type { Outgoing, OutgoingMessage } from '../outgoing/outgoing.ts';
import { endedAt } from './ends.ts';
import { type Invoice, invoiceView, modelAccount } from './invoice.ts';
import { cardNotice, invoiceSubject } from './notices.ts';

/**
 * Announces that invoices were issued, or how they ended; what was still to be said of an ended one as unpaid is
 * dropped. Everything is keyed, so announcing twice is once.
 */
export async function announceInvoices(
  { notices, outgoing }: { notices: Pick<Notices, 'enqueue' | 'drop'>; outgoing: Pick<Outgoing, 'emit'> },
  invoices: Invoice[],
): Promise<void> {
  const changedAt = (invoice: Invoice) => endedAt(invoice) ?? invoice.issuedAt;
  const latest = invoices.reduce((at, invoice) => (changedAt(invoice) > at ? changedAt(invoice) : at), new Date(0));
  await outgoing.emit(invoices.flatMap(invoiceMessages), latest);
  const ended = invoices.filter(({ status }) => status !== 'open');
  await notices.drop(ended.map(({ invoiceId }) => invoiceSubject(invoiceId)));
  await notices.enqueue(ended.flatMap(cardOf), latest);
}

type InvoiceWebhook = `invoice.${'issued' | 'overdue' | 'completed' | 'voided' | 'written_off'}`;

/** What the platform is told of an invoice at an instant. */
function invoiceMessage(type: InvoiceWebhook, invoice: Invoice, at: Date): OutgoingMessage {
  const { lines, ...view } = invoiceView(invoice, at);
  return {
    key: `${type}:${invoice.invoiceId}`,
    subject: modelAccount(invoice.modelId),
    type,
    at,
    data: { ...view, lines },
  };
}

/** The card of an invoice that was shown as open and has ended; one that was debited on issue was never shown so. */
function cardOf(invoice: Invoice): Notice[] {
  const { status } = invoice;
  const at = endedAt(invoice);
  if (at === null || status === 'open' || status === 'credited') return [];
  return status === 'completed' && at <= invoice.issuedAt ? [] : [cardNotice(invoice, status, at)];
}

const END_WEBHOOKS = {
  completed: 'invoice.completed',
  void: 'invoice.voided',
  written_off: 'invoice.written_off',
} as const;

/** All that became of an invoice, in its order: whoever told of an earlier change may be slower than we are. */
function invoiceMessages(invoice: Invoice): OutgoingMessage[] {
  const { status } = invoice;
  const issued = invoiceMessage('invoice.issued', invoice, invoice.issuedAt);
  const at = endedAt(invoice);
  if (at === null || status === 'open' || status === 'credited') return [issued];
  return [issued, ...overdueMessages(invoice, at), invoiceMessage(END_WEBHOOKS[status], invoice, at)];
}

/** An invoice that ended after it was due was overdue before (rules 1.10), whether or not anybody came to say so. */
function overdueMessages(invoice: Invoice, at: Date): OutgoingMessage[] {
  return at > invoice.dueAt ? [overdueMessage(invoice)] : [];
}

/** That an invoice went overdue, as it was then. */
export function overdueMessage({ status: _status, ...issued }: Invoice): OutgoingMessage {
  return invoiceMessage('invoice.overdue', { ...issued, status: 'open' }, issued.dueAt);
}
