import type { InvoiceView } from '../../invoicing/invoice.ts';
import type { Message } from '../../notices/messages/message.ts';
import { type DisplayContext, speechOf } from '../../texts/speech.ts';

/** Where an invoice stands, after a colon or in a table: the same words in every list and answer. */
export function invoiceState(invoice: InvoiceView, display: DisplayContext): string {
  return speechOf(display).say('invoiceState.is', stateOf(invoice, display));
}

/** Where an invoice stands, and since or until when, for sentences that say it; `other` is void. */
export function stateOf(invoice: InvoiceView, display: DisplayContext) {
  const { instant } = speechOf(display);
  switch (invoice.status) {
    case 'open':
    case 'overdue':
      return { state: invoice.status, at: instant(invoice.dueAt) };
    case 'completed':
      return { state: 'paid' as const, at: invoice.completedAt === null ? '' : instant(invoice.completedAt) };
    case 'credited':
      return { state: 'credited' as const, at: '' };
    case 'void':
      return { state: 'other' as const, at: '' };
  }
}

/** By when an unpaid invoice is due, or since when it is overdue, for sentences that say it. */
export function dueOf({ status, dueAt }: InvoiceView, display: DisplayContext) {
  return {
    due: status === 'overdue' ? ('overdue' as const) : ('other' as const),
    at: speechOf(display).instant(dueAt),
  };
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
