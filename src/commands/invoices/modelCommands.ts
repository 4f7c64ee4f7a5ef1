import type { InvoiceView } from '../../invoicing/invoice.ts';
import { formatWeek } from '../../kernel/calendar.ts';
import { formatMoney, type MinorUnits, sum } from '../../kernel/money.ts';
import { commandButton } from '../../notices/messages/buttons.ts';
import { detailsButton, insufficientMessage, payButton } from '../../notices/messages/invoices.ts';
import { countOf, type Message, quoted } from '../../notices/messages/message.ts';
import { owedSentences } from '../../notices/messages/orderWords.ts';
import { notFound } from '../core/answers.ts';
import type { Command, Question, Request } from '../core/command.ts';
import { invoiceState, invoiceTable } from '../core/invoiceWords.ts';
import { findInvoice } from './findInvoice.ts';
import { invoiceButtons, invoiceMessage, isUnpaid } from './invoiceMessages.ts';
import { ownInvoices } from './suggestions.ts';

const PAGE = 5;
const BALANCE = { label: 'Balance', command: '/balance' };
const INVOICES = { label: 'Invoices', command: '/invoices' };

const invoicesCommand: Command = {
  name: 'invoices',
  arguments: '[AFTER]',
  roles: ['model'],
  description: 'Your invoices, newest first',
  async run({ deps, account, display, now, words: [after] }) {
    const page = await deps.invoices.list(
      { modelId: account.accountId, limit: PAGE, ...(after === undefined ? {} : { after }) },
      now,
    );
    if (page.items.length === 0) return noInvoices(after);
    const older = page.next === null ? [] : [[{ label: 'Invoices: older', command: `/invoices ${page.next}` }]];
    return {
      title: after === undefined ? 'Your invoices' : 'Your older invoices',
      paragraphs: [],
      table: invoiceTable(page.items, display),
      buttons: [...page.items.map((invoice) => invoiceButtons(invoice, display)), ...older],
    };
  },
};

const invoiceCommand: Command = {
  name: 'invoice',
  arguments: 'ID',
  thing: 'invoice',
  roles: ['model'],
  description: 'One invoice with its lines',
  suggest: (request, typed) => ownInvoices(request, typed, false),
  async run(request) {
    const { deps, account, display, words } = request;
    const [id = ''] = words;
    const invoice = await findInvoice(request, id);
    if (invoice === null) return notFound('invoice', id);
    if (!isUnpaid(invoice)) return invoiceMessage(invoice, settledAdvice(invoice), [[INVOICES, BALANCE]], display);
    const balance = await deps.ledger.balance(`model:${account.accountId}`);
    const buttons = [[payButton(invoice, display), BALANCE]];
    return invoiceMessage(invoice, [payAdvice(invoice.total, balance, display.currency)], buttons, display);
  },
};

const payCommand: Command = {
  name: 'pay',
  arguments: '[ID]',
  thing: 'invoice',
  roles: ['model'],
  description: 'Pay an invoice from your balance',
  changes: true,
  asksOnceMore: { amount: toPay, question: whetherToPay },
  suggest: (request, typed) => ownInvoices(request, typed, true),
  async run(request) {
    const { deps, actor, display, now, words } = request;
    const [id] = words;
    if (id === undefined) return whatToPay(request);
    const invoice = await findInvoice(request, id);
    if (invoice === null) return notFound('invoice', id);
    const outcome = await deps.invoices.pay(invoice.invoiceId, { actor }, now);
    switch (outcome.kind) {
      case 'not-found':
        return notFound('invoice', id);
      case 'paid':
        return {
          title: `Invoice ${invoice.invoiceId} is paid`,
          paragraphs: [
            `${formatMoney(outcome.invoice.total, display.currency)} for the week ${formatWeek(invoice.week)} was debited from your balance, which is now ${formatMoney(outcome.balance, display.currency)}. Nothing else to do.`,
          ],
          buttons: [[detailsButton(invoice, display), BALANCE]],
        };
      case 'already-paid':
        return {
          title: `Invoice ${invoice.invoiceId} is paid already`,
          paragraphs: [
            `It was ${invoiceState(outcome.invoice, display)}, and nothing was debited again. Your balance is ${formatMoney(outcome.balance, display.currency)}.`,
          ],
          buttons: [[detailsButton(invoice, display), BALANCE]],
        };
      case 'insufficient': {
        const { balance, missing } = outcome;
        const { invoiceId, week, total, dueAt } = outcome.invoice;
        return insufficientMessage({ invoiceId, week, total, dueAt, balance, missing }, display);
      }
      case 'refused':
        return {
          title: `Invoice ${invoice.invoiceId} has nothing to pay`,
          paragraphs: [...settledAdvice(outcome.invoice), 'Nothing was debited.'],
          buttons: [[detailsButton(invoice, display), INVOICES]],
        };
    }
  },
};

const balanceCommand: Command = {
  name: 'balance',
  arguments: '',
  roles: ['model'],
  description: 'Your balance and what is unpaid',
  async run({ deps, account, display, now }) {
    const money = (amount: MinorUnits) => formatMoney(amount, display.currency);
    const [balance, unpaid, owedForFans] = await Promise.all([
      deps.ledger.balance(`model:${account.accountId}`),
      deps.invoices.unpaid(account.accountId, now),
      deps.orders.owedBy([account.accountId]),
    ]);
    const title = `Your balance: ${money(balance)}`;
    const forFans = owedSentences(owedForFans.get(account.accountId) ?? 0, display);
    if (unpaid.length === 0) {
      const todo = forFans.length === 0 ? [' Nothing to do.'] : [];
      const paragraphs = [['All your invoices are paid.', ...todo].join(''), ...forFans];
      return { title, paragraphs, buttons: [[INVOICES, commandButton('myorders', display)]] };
    }
    const owed = sum(unpaid.map((invoice) => invoice.total));
    return {
      title,
      paragraphs: [
        `${countOf(unpaid.length, 'invoice')} unpaid, ${money(owed)} in all; the oldest is ${firstDue(unpaid, display)}.`,
        payAdvice(owed, balance, display.currency),
        ...forFans,
      ],
      table: invoiceTable(unpaid.slice(0, PAGE), display),
      buttons: unpaid.slice(0, PAGE).map((invoice) => invoiceButtons(invoice, display)),
    };
  },
};

export const modelInvoiceCommands: readonly Command[] = [invoicesCommand, invoiceCommand, payCommand, balanceCommand];

/** Nothing is asked where nothing can be debited: then the answer says why. */
async function toPay(request: Request): Promise<MinorUnits> {
  return (await findInvoice(request, request.words[0] ?? ''))?.total ?? 0;
}

async function whetherToPay(request: Request): Promise<Question | null> {
  const { deps, account, display, words } = request;
  const [id = ''] = words;
  const [invoice, balance] = await Promise.all([
    findInvoice(request, id),
    deps.ledger.balance(`model:${account.accountId}`),
  ]);
  if (invoice === null || !isUnpaid(invoice) || balance < invoice.total) return null;
  const { invoiceId, week, total } = invoice;
  const [amount, before, after] = [total, balance, balance - total].map((one) => formatMoney(one, display.currency));
  return {
    about: `invoice ${invoiceId}`,
    words: [invoiceId],
    title: `Pay ${amount} from your balance?`,
    paragraphs: [
      `It is for invoice ${invoiceId}, the week ${formatWeek(week)}, ${invoiceState(invoice, display)}. Your balance is ${before}; ${after} is left.`,
      'A payment cannot be taken back.',
    ],
    label: `Pay ${amount} now`,
    beside: detailsButton(invoice, display),
  };
}

async function whatToPay({ deps, account, display, now }: Request): Promise<Message> {
  const unpaid = (await deps.invoices.unpaid(account.accountId, now)).slice(0, PAGE);
  if (unpaid.length === 0) return { paragraphs: ['All your invoices are paid. Nothing to do.'], buttons: [[INVOICES]] };
  return {
    title: 'Which one?',
    paragraphs: [],
    table: invoiceTable(unpaid, display),
    buttons: unpaid.map((invoice) => invoiceButtons(invoice, display)),
  };
}

function noInvoices(after: string | undefined): Message {
  const text =
    after === undefined
      ? 'You have no invoices yet. The first comes on the Monday after the first week in which a campaign of yours brings in payments.'
      : 'There are no older invoices.';
  return { paragraphs: [text], buttons: after === undefined ? [] : [[INVOICES]] };
}

function firstDue([first]: InvoiceView[], display: Request['display']): string {
  return first === undefined ? 'none' : invoiceState(first, display);
}

function payAdvice(total: MinorUnits, balance: MinorUnits, currency: string): string {
  if (balance >= total) return `Your balance of ${formatMoney(balance, currency)} covers it: press Pay.`;
  const missing = formatMoney(total - balance, currency);
  return `Your balance is ${formatMoney(balance, currency)}, so ${missing} is missing. Top up your balance, and what it covers is debited by itself; nothing else to do.`;
}

function settledAdvice(invoice: InvoiceView): string[] {
  if (invoice.status === 'void') {
    return [
      `It was taken back${invoice.voidReason === undefined ? '' : `: ${quoted(invoice.voidReason)}`}. You owe nothing for it.`,
    ];
  }
  if (invoice.total < 0) {
    return [
      'Refunds came to more than the new costs: the difference is your credit and comes off what follows. Nothing to do.',
    ];
  }
  return ['Nothing to do.'];
}
