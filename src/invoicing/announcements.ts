import type { Notice, Notices } from '../notices/notices.ts';
import type { Outgoing, OutgoingMessage } from '../outgoing/outgoing.ts';
import { type Invoice, invoiceView, modelAccount } from './invoice.ts';
import { cardNotice, invoiceSubject } from './notices.ts';

/**
 * Announces that invoices were issued, completed or voided; what was still to be said of an ended one as unpaid is
 * dropped. Everything is keyed, so announcing twice is once.
 */
export async function announceInvoices(
  { notices, outgoing }: { notices: Pick<Notices, 'enqueue' | 'drop'>; outgoing: Pick<Outgoing, 'emit'> },
  invoices: Invoice[],
): Promise<void> {
  const latest = invoices.reduce((at, invoice) => (endedAt(invoice) > at ? endedAt(invoice) : at), new Date(0));
  await outgoing.emit(invoices.flatMap(invoiceMessages), latest);
  const ended = invoices.filter(({ status }) => status !== 'open');
  await notices.drop(ended.map(({ invoiceId }) => invoiceSubject(invoiceId)));
  await notices.enqueue(ended.flatMap(cardOf), latest);
}

type InvoiceWebhook = 'invoice.issued' | 'invoice.overdue' | 'invoice.completed' | 'invoice.voided';

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
  if (invoice.status === 'void') return [cardNotice(invoice, 'void', invoice.voidedAt)];
  if (invoice.status !== 'completed' || invoice.completedAt <= invoice.issuedAt) return [];
  return [cardNotice(invoice, 'completed', invoice.completedAt)];
}

function endedAt(invoice: Invoice): Date {
  if (invoice.status === 'completed') return invoice.completedAt;
  return invoice.status === 'void' ? invoice.voidedAt : invoice.issuedAt;
}

/** All that became of an invoice, in its order: whoever told of an earlier change may be slower than we are. */
function invoiceMessages(invoice: Invoice): OutgoingMessage[] {
  const issued = invoiceMessage('invoice.issued', invoice, invoice.issuedAt);
  if (invoice.status === 'completed') {
    const completed = invoiceMessage('invoice.completed', invoice, invoice.completedAt);
    return [issued, ...overdueMessages(invoice, invoice.completedAt), completed];
  }
  if (invoice.status === 'void') {
    const voided = invoiceMessage('invoice.voided', invoice, invoice.voidedAt);
    return [issued, ...overdueMessages(invoice, invoice.voidedAt), voided];
  }
  return [issued];
}

/** An invoice that ended after it was due was overdue before (rules 1.10), whether or not anybody came to say so. */
function overdueMessages(invoice: Invoice, endedAt: Date): OutgoingMessage[] {
  return endedAt > invoice.dueAt ? [overdueMessage(invoice)] : [];
}

/** That an invoice went overdue, as it was then. */
export function overdueMessage({ status: _status, ...issued }: Invoice): OutgoingMessage {
  return invoiceMessage('invoice.overdue', { ...issued, status: 'open' }, issued.dueAt);
}
