import type { InvoiceView } from '../../invoicing/invoice.ts';
import { formatInstant, formatWeek } from '../../kernel/calendar.ts';
import { formatMoney } from '../../kernel/money.ts';
import type { Message } from '../../notices/messages/message.ts';
import type { DisplayContext } from '../../texts/speech.ts';

/** Where an invoice stands, in one sentence: the same words in every list and answer. */
export function invoiceState(invoice: InvoiceView, { timeZone }: DisplayContext): string {
  switch (invoice.status) {
    case 'open':
      return `due by ${formatInstant(invoice.dueAt, timeZone)}`;
    case 'overdue':
      return `overdue since ${formatInstant(invoice.dueAt, timeZone)}`;
    case 'completed':
      return invoice.completedAt === null ? 'paid' : `paid on ${formatInstant(invoice.completedAt, timeZone)}`;
    case 'credited':
      return 'nothing to pay';
    case 'void':
      return 'void: taken back, nothing to pay';
  }
}

/** A list of invoices, a row each. */
export function invoiceTable(invoices: InvoiceView[], display: DisplayContext): NonNullable<Message['table']> {
  return {
    header: ['Invoice', 'Week', 'Total', 'State'],
    rows: invoices.map((invoice) => [
      invoice.invoiceId,
      formatWeek(invoice.week),
      formatMoney(invoice.total, display.currency),
      invoiceState(invoice, display),
    ]),
  };
}
