import { createCalendar } from '../../kernel/calendar.ts';
import { decimalMoney, type MinorUnits } from '../../kernel/money.ts';
import { fillPage } from '../../texts/pages.ts';
import { type DisplayContext, speechOf } from '../../texts/speech.ts';
import { thingsOf } from '../../texts/things.ts';
import { type Button, type Message, quotedEnd } from './message.ts';
import type { PromiseOffer } from './sanctions.ts';

/** An invoice as a notice speaks of it. Money in minor units. */
type InvoiceFacts = { invoiceId: string; week: string; total: MinorUnits };
/** What is held for it already, where parts of it were paid (rules 2.11). */
type Held = { held?: MinorUnits };

/** What notices about an invoice's issue and its end say (rules 1), as data. */
export type InvoiceContent =
  /** Issued, and the balance did not cover it. `late`: how many of its payments are from before its week. */
  | {
      kind: 'invoice.issued';
      data: InvoiceFacts & { dueAt: Date; balance: MinorUnits; discount: MinorUnits; credit: MinorUnits; late: number };
    }
  /** Issued and debited at once; `balance` is what is left. */
  | {
      kind: 'invoice.receipt';
      data: InvoiceFacts & {
        paidAt: Date;
        balance: MinorUnits;
        discount: MinorUnits;
        credit: MinorUnits;
        late: number;
      };
    }
  /** Issued with nothing to pay; `creditLeft` is what is held for the next one. */
  | { kind: 'invoice.credited'; data: InvoiceFacts & { credit: MinorUnits; creditLeft: MinorUnits } }
  /** Paid later: by a top-up's automatic debit, from a chat, by the platform for the person, or outside with a reference. */
  | {
      kind: 'invoice.paid';
      data: InvoiceFacts & { paidAt: Date; balance: MinorUnits } & (
          | { by: 'top-up' | 'chat' | 'platform' }
          | { by: 'outside'; reference: string }
        );
    }
  | { kind: 'invoice.voided'; data: InvoiceFacts & { reason: string; creditReturned: MinorUnits } }
  | { kind: 'invoice.written_off'; data: InvoiceFacts & { reason: string } }
  /** Money came in, and it is not enough yet. */
  | {
      kind: 'invoice.insufficient';
      data: InvoiceFacts & Held & { dueAt: Date; balance: MinorUnits; missing: MinorUnits };
    };

type DataOfKind<K extends InvoiceContent['kind']> = Extract<InvoiceContent, { kind: K }>['data'];

/** The words of a notice about an invoice's issue or its end. */
export function invoiceMessage(content: InvoiceContent, display: DisplayContext): Message {
  switch (content.kind) {
    case 'invoice.issued':
      return issued(content.data, display);
    case 'invoice.receipt':
      return receipt(content.data, display);
    case 'invoice.credited':
      return credited(content.data, display);
    case 'invoice.paid':
      return paid(content.data, display);
    case 'invoice.voided':
      return voided(content.data, display);
    case 'invoice.written_off':
      return writtenOff(content.data, display);
    case 'invoice.insufficient':
      return insufficientMessage(content.data, display);
  }
}

function issued(data: DataOfKind<'invoice.issued'>, display: DisplayContext): Message {
  const { say, money, instant } = speechOf(display);
  const [balance, missing] = [money(data.balance), money(data.total - data.balance)];
  return {
    state: 'open',
    title: say('invoices.titles.issued', invoiceWords(data, display)),
    paragraphs: [
      say('invoices.due', { due: instant(data.dueAt) }),
      ...composition(data, display),
      `${say('invoices.issued.missing', { balance, missing })} ${say('invoices.topUp')}`,
    ],
    buttons: [[...settleButtons(data, display), detailsButton(data, display)]],
  };
}

function receipt(data: DataOfKind<'invoice.receipt'>, display: DisplayContext): Message {
  const { say, money, instant } = speechOf(display);
  return {
    state: 'done',
    title: say('invoices.titles.paid', invoiceWords(data, display)),
    paragraphs: [
      say('invoices.receipt.what', { paid: instant(data.paidAt) }),
      ...composition(data, display),
      say('invoices.receipt.balance', { balance: money(data.balance) }),
    ],
    buttons: [[detailsButton(data, display)]],
  };
}

function credited(data: DataOfKind<'invoice.credited'>, display: DisplayContext): Message {
  const { say, money } = speechOf(display);
  const why =
    data.creditLeft > 0
      ? say('invoices.credited.left', { left: money(data.creditLeft) })
      : data.credit > 0
        ? say('invoices.credited.covered', { credit: money(data.credit) })
        : say('invoices.credited.cancelledOut');
  const { invoice, total } = invoiceWords(data, display);
  return {
    state: 'done',
    title: say('invoices.titles.credited', { invoice }),
    paragraphs: [`${say('invoices.credited.what', { total })} ${why}`],
    buttons: [[detailsButton(data, display)]],
  };
}

function paid(data: DataOfKind<'invoice.paid'>, display: DisplayContext): Message {
  const { say, money } = speechOf(display);
  return {
    state: 'done',
    title: say('invoices.titles.paid', invoiceWords(data, display)),
    paragraphs: [paidBy(data, display), say('invoices.paid.balance', { balance: money(data.balance) })],
    buttons: [[detailsButton(data, display)]],
  };
}

function paidBy(data: DataOfKind<'invoice.paid'>, display: DisplayContext): string {
  const { say, instant } = speechOf(display);
  const paidAt = instant(data.paidAt);
  if (data.by === 'outside') {
    return say('invoices.paid.outside', { paid: paidAt, reference: quotedEnd(data.reference, 300) });
  }
  const by = data.by === 'top-up' ? 'topUp' : data.by === 'chat' ? 'chat' : 'other';
  return say('invoices.paid.by', { by, paid: paidAt });
}

function voided(data: DataOfKind<'invoice.voided'>, display: DisplayContext): Message {
  const { say, money } = speechOf(display);
  return {
    state: 'info',
    title: say('invoices.titles.voided', invoiceWords(data, display)),
    paragraphs: [
      say('common.because', { reason: quotedEnd(data.reason, 1_000) }),
      data.creditReturned > 0
        ? say('invoices.voided.creditReturned', { credit: money(data.creditReturned) })
        : say('invoices.voided.owesNothing'),
    ],
    buttons: [[detailsButton(data, display)]],
  };
}

function writtenOff(data: DataOfKind<'invoice.written_off'>, display: DisplayContext): Message {
  const { say } = speechOf(display);
  return {
    state: 'info',
    title: say('invoices.titles.writtenOff', invoiceWords(data, display)),
    paragraphs: [
      say('common.because', { reason: quotedEnd(data.reason, 1_000) }),
      say('invoices.writtenOff.owesNothing'),
    ],
    buttons: [[detailsButton(data, display)]],
  };
}

/** Not enough balance for an invoice: how much is missing, and what happens after topping up. Also a command's answer. */
export function insufficientMessage(data: DataOfKind<'invoice.insufficient'>, display: DisplayContext): Message {
  const { say, money, instant } = speechOf(display);
  const [balance, missing] = [money(data.balance), money(data.missing)];
  return {
    state: 'open',
    title: say('invoices.titles.insufficient', invoiceWords(data, display)),
    paragraphs: [
      ...heldSentences(data, display),
      say('invoices.insufficient.what', { balance, missing }),
      say('invoices.due', { due: instant(data.dueAt) }),
      say('invoices.topUp'),
    ],
    buttons: [[...settleButtons(data, display), detailsButton(data, display)]],
  };
}

/** What the title of a message about an invoice has: its amount, and which one it is. */
export function invoiceWords({ week, total }: Pick<InvoiceFacts, 'week' | 'total'>, display: DisplayContext) {
  return { invoice: thingsOf(display).invoice(week), total: speechOf(display).money(total) };
}

/** What an amount is made of beside the week's own costs; nothing where it is just these. */
function composition(
  { discount, credit, late }: { discount: MinorUnits; credit: MinorUnits; late: number },
  display: DisplayContext,
): string[] {
  const { say, money } = speechOf(display);
  const off = { discount: money(discount), credit: money(credit) };
  const takenOff =
    discount > 0 && credit > 0
      ? [say('invoices.takenOff.both', off)]
      : discount > 0
        ? [say('invoices.takenOff.discount', off)]
        : credit > 0
          ? [say('invoices.takenOff.credit', off)]
          : [];
  const parts = [...takenOff, ...(late > 0 ? [say('invoices.late', { count: late })] : [])];
  return parts.length === 0 ? [] : [parts.join(' ')];
}

/** What settles an unpaid invoice: paying it, where the balance covers it, else the page for topping up, where there is one. */
export function settleButtons(
  invoice: InvoiceFacts & Held & { balance: MinorUnits },
  display: DisplayContext,
): Button[] {
  const { invoiceId, week, total, held = 0, balance } = invoice;
  const rest = total - held;
  if (balance >= rest) return [payButton({ invoiceId, total: rest }, display)];
  return topUpButtons({ accountId: invoiceId.slice(`${week}:`.length), missing: rest - balance, invoiceId }, display);
}

/** The button that pays an invoice. */
export function payButton(
  { invoiceId, total }: { invoiceId: string; total: MinorUnits },
  display: DisplayContext,
): Button {
  const { say, money } = speechOf(display);
  const label = say('invoices.buttons.pay', { total: money(total) });
  return { label, command: `/pay ${invoiceId}`, weight: 'main' };
}

/** What is paid of an invoice already, and what is left; nothing where it is all still to be paid. */
export function heldSentences({ total, held = 0 }: Held & { total: MinorUnits }, display: DisplayContext): string[] {
  if (held === 0) return [];
  const { say, money } = speechOf(display);
  return [say('invoices.partPaid', { held: money(held), rest: money(total - held) })];
}

/** Whether the balance covers what is still to be paid of an invoice, and what to do. */
export function balanceSentence(
  { total, held = 0, balance }: Held & { total: MinorUnits; balance: MinorUnits },
  display: DisplayContext,
): string {
  const { say, money } = speechOf(display);
  const rest = total - held;
  return balance >= rest
    ? say('sanctions.balance.covers', { balance: money(balance) })
    : say('sanctions.balance.short', { balance: money(balance), missing: money(rest - balance) });
}

/** What may be promised of an invoice, as late as it may be; one press binds. */
export function promiseButtons(
  { invoiceId, offer }: { invoiceId: string; offer?: PromiseOffer | undefined },
  display: DisplayContext,
): Button[] {
  const until = offer?.untils.at(-1);
  if (offer === undefined || until === undefined) return [];
  const { say, money, day } = speechOf(display);
  const date = createCalendar(display.timeZone).dayOf(until);
  const { parts } = offer;
  const whole = {
    label: say('invoices.buttons.promise', { day: day(until) }),
    command: `/promise ${invoiceId} ${date}`,
  };
  if (parts === null) return [whole];
  const words = { first: money(parts.first), rest: money(parts.rest), day: day(until) };
  return [
    whole,
    { label: say('invoices.buttons.promiseParts', words), command: `/promise ${invoiceId} parts ${date}` },
  ];
}

/** The page where somebody tops up what is missing, be it for an invoice or else; none where the deployment has no such page. */
export function topUpButtons(
  { accountId, missing, invoiceId = '' }: { accountId: string; missing: MinorUnits; invoiceId?: string },
  display: DisplayContext,
): Button[] {
  const template = display.pages?.topUp;
  if (template === undefined) return [];
  const { say, money, language } = speechOf(display);
  const url = fillPage(template, {
    ...{ accountId, amount: decimalMoney(missing, display.currency) },
    ...{ invoiceId, locale: display.locale ?? language },
  });
  return [{ label: say('invoices.buttons.topUp', { missing: money(missing) }), url }];
}

/** The button that shows an invoice. */
export function detailsButton(
  { invoiceId, week }: { invoiceId: string; week: string },
  display: DisplayContext,
): Button {
  const { say, weekDays } = speechOf(display);
  return { label: say('invoices.buttons.details', { week: weekDays(week) }), command: `/invoice ${invoiceId}` };
}
