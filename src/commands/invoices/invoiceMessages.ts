import type { InvoiceView, Line } from '../../invoicing/invoice.ts';
import { restOf } from '../../invoicing/part.ts';
import { detailsButton, payButton } from '../../notices/messages/invoices.ts';
import { copyable } from '../../notices/messages/marks.ts';
import { type Button, type Message, shorten } from '../../notices/messages/message.ts';
import { type DisplayContext, type Speech, speechOf } from '../../texts/speech.ts';
import { invoiceState, invoiceTitle, signOf } from '../core/invoiceWords.ts';
import type { LineNames } from './findInvoice.ts';

/** More than a few parts of an answer nobody reads; the file has all. */
const LINES_SHOWN = 40;

/** An invoice with its lines and sums; `advice` says what it means for the reader. */
export function invoiceMessage(
  invoice: InvoiceView,
  advice: string[],
  buttons: Button[][],
  display: DisplayContext,
  { model, names }: { model?: string; names: LineNames },
): Message {
  const speech = speechOf(display);
  const { say, money, rate, week } = speech;
  const shown = invoice.lines.slice(0, LINES_SHOWN);
  const hidden = invoice.lines.length - shown.length;
  const [total, state] = [money(invoice.total), invoiceState(invoice, display)];
  const discount = say('invoiceCommands.one.discount', { rate: rate(invoice.discountBps) });
  return {
    state: signOf(invoice),
    title: say('invoiceCommands.one.title', invoiceTitle(invoice, display, model)),
    paragraphs: [say('invoiceCommands.one.what', { total, week: week(invoice.week), state }), ...advice],
    table: {
      header: [
        say('invoiceCommands.one.campaign'),
        say('invoiceCommands.one.contractor'),
        say('invoiceCommands.one.payments'),
        say('invoiceCommands.one.gross'),
        say('invoiceCommands.one.rate'),
        say('invoiceCommands.one.cost'),
      ],
      rows: shown.map((line) => lineRow(line, names, speech)),
      numbers: [3, 4, 5],
    },
    facts: [
      ...(model === undefined ? [] : [[say('answers.id'), copyable(invoice.invoiceId)] as [string, string]]),
      [say('invoiceCommands.one.subtotal'), money(invoice.subtotal)],
      ...optionalFact(invoice.discount > 0, discount, money(-invoice.discount)),
      ...optionalFact(invoice.credit > 0, say('invoiceCommands.one.credit'), money(-invoice.credit)),
      [say('invoiceCommands.one.total'), total],
    ],
    ...(hidden > 0 ? { footer: say('invoiceCommands.one.hidden', { count: hidden }) } : {}),
    buttons,
  };
}

/** The buttons of an invoice in a list; the week in their labels says which one is meant. */
export function invoiceButtons(invoice: InvoiceView, display: DisplayContext): Button[] {
  const { say, money, weekDays } = speechOf(display);
  const label = say('invoiceCommands.list.pay', { week: weekDays(invoice.week), total: money(restOf(invoice)) });
  return [...(isUnpaid(invoice) ? [{ ...payButton(invoice, display), label }] : []), detailsButton(invoice, display)];
}

export function isUnpaid({ status }: InvoiceView): boolean {
  return status === 'open' || status === 'overdue';
}

function lineRow(line: Line, { campaignOf, contractorOf }: LineNames, { say, money, rate }: Speech): string[] {
  const { type, count, late } = line;
  const payments = say('invoiceCommands.one.count', { type, count });
  return [
    shorten(campaignOf(line), 64),
    shorten(contractorOf(line), 64),
    late > 0 ? say('invoiceCommands.one.countLate', { payments, late: String(late) }) : payments,
    money(line.gross),
    rate(line.rateBps),
    money(line.cost),
  ];
}

function optionalFact(isThere: boolean, label: string, value: string): [string, string][] {
  return isThere ? [[label, value]] : [];
}
