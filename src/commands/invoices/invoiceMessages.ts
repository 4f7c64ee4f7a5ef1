import type { InvoiceView, Line } from '../../invoicing/invoice.ts';
import { formatWeek } from '../../kernel/calendar.ts';
import { formatMoney, formatRate, type MinorUnits } from '../../kernel/money.ts';
import { detailsButton, payButton } from '../../notices/messages/invoices.ts';
import { type Button, countOf, type Message, shorten } from '../../notices/messages/message.ts';
import type { DisplayContext } from '../../texts/speech.ts';
import { invoiceState } from '../core/invoiceWords.ts';

const LINES_SHOWN = 15;

/** An invoice with its lines and sums; `advice` says what it means for the reader. */
export function invoiceMessage(
  invoice: InvoiceView,
  advice: string[],
  buttons: Button[][],
  display: DisplayContext,
): Message {
  const money = (amount: MinorUnits) => formatMoney(amount, display.currency);
  const shown = invoice.lines.slice(0, LINES_SHOWN);
  const hidden = invoice.lines.length - shown.length;
  return {
    title: `Invoice ${invoice.invoiceId}`,
    paragraphs: [
      `${money(invoice.total)} for the week ${formatWeek(invoice.week)}: ${invoiceState(invoice, display)}.`,
      ...advice,
    ],
    table: {
      header: ['Campaign', 'Contractor', 'What', 'Gross', 'Rate', 'Cost'],
      rows: shown.map((line) => lineRow(line, money)),
    },
    facts: [
      ['Subtotal', money(invoice.subtotal)],
      ...optionalFact(invoice.discount > 0, `Discount ${formatRate(invoice.discountBps)}`, money(-invoice.discount)),
      ...optionalFact(invoice.credit > 0, 'Your credit', money(-invoice.credit)),
      ['Total', money(invoice.total)],
    ],
    ...(hidden > 0 ? { footer: `${countOf(hidden, 'more line')} are in the invoice's file on the platform.` } : {}),
    buttons,
  };
}

/** The buttons of an invoice in a list; the week in their labels says which one is meant. */
export function invoiceButtons(invoice: InvoiceView, display: DisplayContext): Button[] {
  const pay = payButton(invoice, display);
  return [
    ...(isUnpaid(invoice)
      ? [{ ...pay, label: `Pay ${invoice.week}: ${formatMoney(invoice.total, display.currency)}` }]
      : []),
    detailsButton(invoice, display),
  ];
}

export function isUnpaid({ status }: InvoiceView): boolean {
  return status === 'open' || status === 'overdue';
}

function lineRow(line: Line, money: (amount: MinorUnits) => string): string[] {
  const late = line.late > 0 ? ` (${line.late} from earlier weeks)` : '';
  return [
    shorten(line.campaignId, 64),
    shorten(line.contractorId, 64),
    `${countOf(line.count, line.type === 'other' ? 'other payment' : line.type)}${late}`,
    money(line.gross),
    formatRate(line.rateBps),
    money(line.cost),
  ];
}

function optionalFact(isThere: boolean, label: string, value: string): [string, string][] {
  return isThere ? [[label, value]] : [];
}
