import type { InvoiceView } from '../../invoicing/invoice.ts';
import { daysOfWeek } from '../../kernel/calendar.ts';
import { copyable } from '../../notices/messages/marks.ts';
import type { Message } from '../../notices/messages/message.ts';
import { monthHeadings } from '../../notices/messages/tables.ts';
import { type DisplayContext, speechOf } from '../../texts/speech.ts';
import { thingsOf } from '../../texts/things.ts';

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
      return { state: 'paid' as const, at: paidOn(invoice, display) };
    case 'credited':
      return { state: 'credited' as const, at: '' };
    case 'written_off':
      return { state: 'writtenOff' as const, at: '' };
    case 'void':
      return { state: 'other' as const, at: '' };
  }
}

/** When an invoice was paid: of one that was paid outside, when the money came. */
export function paidOn({ paidAt, completedAt }: InvoiceView, display: DisplayContext): string {
  const at = paidAt ?? completedAt;
  return at === null ? '' : speechOf(display).instant(at);
}

/** By when an unpaid invoice is due, or since when it is overdue, for sentences that say it. */
export function dueOf({ status, dueAt }: InvoiceView, display: DisplayContext) {
  return {
    due: status === 'overdue' ? ('overdue' as const) : ('other' as const),
    at: speechOf(display).instant(dueAt),
  };
}

/** A list of invoices of one model, month by month; `ids` says whether they are for a manager, who acts on them by their ids. */
export function invoiceTable(
  invoices: InvoiceView[],
  display: DisplayContext,
  { ids = false } = {},
): NonNullable<Message['table']> {
  const { say, money, weekDays } = speechOf(display);
  return {
    header: [
      say('invoiceState.table.week'),
      say('invoiceState.table.total'),
      say('invoiceState.table.state'),
      ...(ids ? [say('invoiceState.table.invoice')] : []),
    ],
    rows: invoices.map((invoice) => [
      weekDays(invoice.week),
      money(invoice.total),
      invoiceState(invoice, display),
      ...(ids ? [copyable(invoice.invoiceId)] : []),
    ]),
    numbers: [1],
    ...monthHeadings(
      invoices.map(({ week }) => daysOfWeek(week)[0]),
      display,
    ),
  };
}

/** The sign of where an invoice stands. */
export function signOf({ status }: InvoiceView): NonNullable<Message['state']> {
  return status === 'overdue' ? 'overdue' : status === 'open' ? 'open' : status === 'completed' ? 'done' : 'info';
}

/** `$104.94 — week 2–8 Mar`: what an invoice is called in a title; `model` where it may be anybody's. */
export function invoiceTitle({ total, week }: InvoiceView, display: DisplayContext, model?: string) {
  const things = thingsOf(display);
  const invoice = model === undefined ? things.invoice(week) : things.invoiceOf(model, week);
  return { total: speechOf(display).money(total), invoice };
}
