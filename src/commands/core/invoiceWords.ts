import type { InvoiceView } from '../../invoicing/invoice.ts';
import type { Message } from '../../notices/messages/message.ts';
import { type DisplayContext, speechOf } from '../../texts/speech.ts';

/** Where an invoice stands, in one sentence: the same words in every list and answer. */
export function invoiceState(invoice: InvoiceView, display: DisplayContext): string {
  const { say, instant } = speechOf(display);
  switch (invoice.status) {
    case 'open':
      return say('invoiceState.open', { due: instant(invoice.dueAt) });
    case 'overdue':
      return say('invoiceState.overdue', { due: instant(invoice.dueAt) });
    case 'completed':
      return invoice.completedAt === null
        ? say('invoiceState.paid')
        : say('invoiceState.paidOn', { paid: instant(invoice.completedAt) });
    case 'credited':
      return say('invoiceState.credited');
    case 'void':
      return say('invoiceState.void');
  }
}

/** A list of invoices, a row each. */
export function invoiceTable(invoices: InvoiceView[], display: DisplayContext): NonNullable<Message['table']> {
  const { say, money, week } = speechOf(display);
  return {
    header: [
      say('invoiceState.table.invoice'),
      say('invoiceState.table.week'),
      say('invoiceState.table.total'),
      say('invoiceState.table.state'),
    ],
    rows: invoices.map((invoice) => [
      invoice.invoiceId,
      week(invoice.week),
      money(invoice.total),
      invoiceState(invoice, display),
    ]),
  };
}
