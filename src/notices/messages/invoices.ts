import { formatInstant, formatWeek } from '../../kernel/calendar.ts';
import { formatMoney, type MinorUnits } from '../../kernel/money.ts';
import { type Button, type DisplayContext, type Message, quotedEnd } from './message.ts';

/** An invoice as a notice speaks of it. Money in minor units. */
type InvoiceFacts = { invoiceId: string; week: string; total: MinorUnits };

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
  /** Paid later: by a top-up's automatic debit, from a chat, or by the platform for the person. */
  | {
      kind: 'invoice.paid';
      data: InvoiceFacts & { paidAt: Date; balance: MinorUnits; by: 'top-up' | 'chat' | 'platform' };
    }
  | { kind: 'invoice.voided'; data: InvoiceFacts & { reason: string; creditReturned: MinorUnits } }
  /** Money came in, and it is not enough yet. */
  | { kind: 'invoice.insufficient'; data: InvoiceFacts & { dueAt: Date; balance: MinorUnits; missing: MinorUnits } };

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
    case 'invoice.insufficient':
      return insufficientMessage(content.data, display);
  }
}

function issued(data: DataOfKind<'invoice.issued'>, { timeZone, currency }: DisplayContext): Message {
  const money = (amount: MinorUnits) => formatMoney(amount, currency);
  return {
    title: `Invoice ${data.invoiceId}`,
    paragraphs: [
      `Your invoice for the week ${formatWeek(data.week)}: ${money(data.total)}. Due by ${formatInstant(data.dueAt, timeZone)}.`,
      ...composition(data, money),
      `Your balance is ${money(data.balance)}, so ${money(data.total - data.balance)} is missing. ${TOP_UP}`,
    ],
    buttons: [[payButton(data, currency), detailsButton(data)]],
  };
}

function receipt(data: DataOfKind<'invoice.receipt'>, { timeZone, currency }: DisplayContext): Message {
  const money = (amount: MinorUnits) => formatMoney(amount, currency);
  return {
    title: `Receipt for invoice ${data.invoiceId}`,
    paragraphs: [
      `Your invoice for the week ${formatWeek(data.week)}, ${money(data.total)}, was paid from your balance on ${formatInstant(data.paidAt, timeZone)}.`,
      ...composition(data, money),
      `Your balance is now ${money(data.balance)}. Nothing to do.`,
    ],
    buttons: [[detailsButton(data)]],
  };
}

function credited(data: DataOfKind<'invoice.credited'>, { currency }: DisplayContext): Message {
  const money = (amount: MinorUnits) => formatMoney(amount, currency);
  const why =
    data.creditLeft > 0
      ? `Refunds came to more than the new costs: ${money(data.creditLeft)} is held as your credit and taken off your next invoice.`
      : data.credit > 0
        ? `Your credit of ${money(data.credit)} covered it whole.`
        : 'Costs and refunds cancelled each other out.';
  return {
    title: `Invoice ${data.invoiceId}`,
    paragraphs: [
      `Your invoice for the week ${formatWeek(data.week)} comes to ${money(data.total)}: nothing to pay.`,
      why,
      'Nothing to do.',
    ],
    buttons: [[detailsButton(data)]],
  };
}

function paid(data: DataOfKind<'invoice.paid'>, { timeZone, currency }: DisplayContext): Message {
  const how = {
    'top-up': 'Your top-up arrived and covered it; the amount was debited by itself',
    chat: 'It was paid from your balance by a command in the chat',
    platform: 'The platform debited it from your balance',
  }[data.by];
  return {
    title: `Invoice ${data.invoiceId} is paid`,
    paragraphs: [
      `Your invoice for the week ${formatWeek(data.week)}, ${formatMoney(data.total, currency)}, is paid. ${how} on ${formatInstant(data.paidAt, timeZone)}.`,
      `Your balance is now ${formatMoney(data.balance, currency)}. Nothing to do.`,
    ],
    buttons: [[detailsButton(data)]],
  };
}

function voided(data: DataOfKind<'invoice.voided'>, { currency }: DisplayContext): Message {
  const returned =
    data.creditReturned > 0
      ? ` The ${formatMoney(data.creditReturned, currency)} of credit it used is yours again.`
      : '';
  return {
    title: `Invoice ${data.invoiceId} is void`,
    paragraphs: [
      `Your invoice for the week ${formatWeek(data.week)}, ${formatMoney(data.total, currency)}, was taken back. Reason: ${quotedEnd(data.reason, 1_000)}`,
      `You owe nothing for it.${returned} Its payments will be on your next invoice. Nothing to do.`,
    ],
    buttons: [[detailsButton(data)]],
  };
}

/** Not enough balance for an invoice: how much is missing, and what happens after topping up. Also a command's answer. */
export function insufficientMessage(
  data: DataOfKind<'invoice.insufficient'>,
  { timeZone, currency }: DisplayContext,
): Message {
  const money = (amount: MinorUnits) => formatMoney(amount, currency);
  return {
    title: `Invoice ${data.invoiceId} is not paid yet`,
    paragraphs: [
      `Your balance of ${money(data.balance)} does not cover the ${money(data.total)} for the week ${formatWeek(data.week)}: ${money(data.missing)} is missing.`,
      `Due by ${formatInstant(data.dueAt, timeZone)}. ${TOP_UP}`,
    ],
    buttons: [[payButton(data, currency), detailsButton(data)]],
  };
}

const TOP_UP = 'Top up your balance and the invoice is debited by itself; nothing else to do.';

const LATE_ONE = '1 payment or refund from before that week';
const LATE_MANY = 'payments or refunds from before that week';

function composition(
  data: { discount: MinorUnits; credit: MinorUnits; late: number },
  money: (amount: MinorUnits) => string,
): string[] {
  const off = [
    ...(data.discount > 0 ? [`discount of ${money(data.discount)}`] : []),
    ...(data.credit > 0 ? [`credit of ${money(data.credit)}`] : []),
  ];
  const parts = [
    ...(off.length > 0 ? [`Your ${off.join(' and your ')} ${off.length > 1 ? 'are' : 'is'} already taken off.`] : []),
    ...(data.late > 0 ? [`It includes ${data.late === 1 ? LATE_ONE : `${data.late} ${LATE_MANY}`}.`] : []),
  ];
  return parts.length === 0 ? [] : [parts.join(' ')];
}

/** The button that pays an invoice. */
export function payButton({ invoiceId, total }: { invoiceId: string; total: MinorUnits }, currency: string): Button {
  return { label: `Pay ${formatMoney(total, currency)}`, command: `/pay ${invoiceId}` };
}

/** The button that shows an invoice. */
export function detailsButton({ invoiceId, week }: { invoiceId: string; week: string }): Button {
  return { label: `Invoice ${week}`, command: `/invoice ${invoiceId}` };
}
