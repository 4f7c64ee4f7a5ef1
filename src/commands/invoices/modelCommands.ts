import type { InvoiceView } from '../../invoicing/invoice.ts';
import { heldFor, restOf } from '../../invoicing/part.ts';
import { type MinorUnits, sum } from '../../kernel/money.ts';
import { commandButton } from '../../notices/messages/buttons.ts';
import { detailsButton, heldSentences, insufficientMessage, settleButtons } from '../../notices/messages/invoices.ts';
import { type Message, quoted, quotedEnd } from '../../notices/messages/message.ts';
import { owedSentences } from '../../notices/messages/orderWords.ts';
import type { Speech } from '../../texts/speech.ts';
import { thingsOf } from '../../texts/things.ts';
import { notFound } from '../core/answers.ts';
import type { Command, Question, Request } from '../core/command.ts';
import { dueOf, invoiceTable, invoiceTitle, stateOf } from '../core/invoiceWords.ts';
import { findInvoice, namesOfLines } from './findInvoice.ts';
import { invoiceButtons, invoiceMessage, isUnpaid } from './invoiceMessages.ts';
import { ownInvoices } from './suggestions.ts';

const PAGE = 5;

const invoicesCommand: Command = {
  name: 'invoices',
  arguments: '[AFTER]',
  roles: ['model'],
  description: 'commands.invoices.description',
  async run({ deps, account, display, speech, now, words: [after] }) {
    const { say } = speech;
    const page = await deps.invoices.list(
      { modelId: account.accountId, limit: PAGE, ...(after === undefined ? {} : { after }) },
      now,
    );
    if (page.items.length === 0) return noInvoices(speech, after);
    const label = say('invoiceCommands.list.olderButton');
    const older = page.next === null ? [] : [[{ label, command: `/invoices ${page.next}` }]];
    return {
      title: say(after === undefined ? 'invoiceCommands.list.title' : 'invoiceCommands.list.older'),
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
  description: 'commands.invoice.ofModel',
  suggest: (request, typed) => ownInvoices(request, typed, false),
  async run(request) {
    const { deps, speech, account, display, words } = request;
    const [id = ''] = words;
    const invoice = await findInvoice(request, id);
    if (invoice === null) return notFound(speech, 'invoice', id);
    const names = await namesOfLines(request, invoice);
    const toBalance = commandButton(speech.say, 'balance');
    if (!isUnpaid(invoice)) {
      const buttons = [[commandButton(speech.say, 'invoices'), toBalance]];
      return invoiceMessage(invoice, settledAdvice(speech, invoice), buttons, display, { names });
    }
    const balance = await deps.ledger.balance(`model:${account.accountId}`);
    const held = heldFor(invoice);
    const buttons = [[...settleButtons({ ...invoice, held, balance }, display), toBalance]];
    const advice = [...heldSentences({ ...invoice, held }, display), payAdvice(speech, restOf(invoice), balance)];
    return invoiceMessage(invoice, advice, buttons, display, { names });
  },
};

const payCommand: Command = {
  name: 'pay',
  arguments: '[ID]',
  thing: 'invoice',
  roles: ['model'],
  description: 'commands.pay.description',
  changes: true,
  asksOnceMore: { amount: toPay, question: whetherToPay },
  suggest: (request, typed) => ownInvoices(request, typed, true),
  async run(request) {
    const { deps, speech, actor, display, now, words } = request;
    const [id] = words;
    if (id === undefined) return whatToPay(request);
    const invoice = await findInvoice(request, id);
    if (invoice === null) return notFound(speech, 'invoice', id);
    const outcome = await deps.invoices.pay(invoice.invoiceId, { actor }, now);
    const { say, money, week } = speech;
    const { invoiceId } = invoice;
    switch (outcome.kind) {
      case 'not-found':
        return notFound(speech, 'invoice', id);
      case 'paid':
        return {
          state: 'done',
          title: say('invoiceCommands.pay.done.title', invoiceTitle(invoice, display)),
          paragraphs: [
            say('invoiceCommands.pay.done.what', {
              ...{ total: money(restOf(invoice)), week: week(invoice.week), balance: money(outcome.balance) },
            }),
          ],
          buttons: [[detailsButton(invoice, display), commandButton(say, 'balance')]],
        };
      case 'already-paid':
        return {
          state: 'done',
          title: say('invoiceCommands.pay.already.title', invoiceTitle(invoice, display)),
          paragraphs: [
            say('invoiceCommands.pay.already.what', {
              ...{ paid: stateOf(outcome.invoice, display).at, balance: money(outcome.balance) },
            }),
          ],
          buttons: [[detailsButton(invoice, display), commandButton(say, 'balance')]],
        };
      case 'insufficient': {
        const { balance, missing } = outcome;
        const { week, total, dueAt } = outcome.invoice;
        const held = heldFor(outcome.invoice);
        return insufficientMessage({ invoiceId, week, total, held, dueAt, balance, missing }, display);
      }
      case 'refused':
        return {
          state: 'info',
          title: say('invoiceCommands.pay.refused.title', invoiceTitle(invoice, display)),
          paragraphs: [...settledAdvice(speech, outcome.invoice), say('invoiceCommands.pay.refused.what')],
          buttons: [[detailsButton(invoice, display), commandButton(say, 'invoices')]],
        };
    }
  },
};

const balanceCommand: Command = {
  name: 'balance',
  arguments: '',
  roles: ['model'],
  description: 'commands.balance.description',
  async run({ deps, account, display, speech, now }) {
    const { say, money } = speech;
    const [balance, unpaid, owedForFans, corrected] = await Promise.all([
      deps.ledger.balance(`model:${account.accountId}`),
      deps.invoices.unpaid(account.accountId, now),
      deps.orders.owedBy([account.accountId]),
      adjustmentFacts({ deps, account, display, speech, now }),
    ]);
    const title = say('invoiceCommands.balance.title', { balance: money(balance) });
    const forFans = owedSentences(owedForFans.get(account.accountId) ?? 0, display);
    const [oldest] = unpaid;
    if (oldest === undefined) {
      const paragraphs = forFans.length === 0 ? [allPaid(speech)] : [say('invoiceCommands.allPaid'), ...forFans];
      const buttons = [[commandButton(say, 'invoices'), commandButton(say, 'myorders')]];
      return { title, paragraphs, ...corrected, buttons };
    }
    const owed = sum(unpaid.map(restOf));
    const count = unpaid.length;
    return {
      title,
      paragraphs: [
        say('invoiceCommands.balance.unpaid', { count, total: money(owed), ...dueOf(oldest, display) }),
        payAdvice(speech, owed, balance),
        ...forFans,
      ],
      table: invoiceTable(unpaid.slice(0, PAGE), display),
      ...corrected,
      buttons: unpaid.slice(0, PAGE).map((invoice) => invoiceButtons(invoice, display)),
    };
  },
};

export const modelInvoiceCommands: readonly Command[] = [invoicesCommand, invoiceCommand, payCommand, balanceCommand];

const ADJUSTMENTS_SHOWN = 2;
const ADJUSTMENT_DAYS = 56;

/** What was corrected by hand lately, the newest first (rules 6.8). */
async function adjustmentFacts({
  deps,
  account,
  display,
  speech: { money },
  now,
}: Pick<Request, 'deps' | 'account' | 'display' | 'speech' | 'now'>): Promise<Pick<Message, 'facts'>> {
  const book = `model:${account.accountId}`;
  const { items } = await deps.adjustments.list({ account: book, limit: ADJUSTMENTS_SHOWN });
  const lately = items.filter(({ at }) => now.getTime() - at.getTime() < ADJUSTMENT_DAYS * 86_400_000);
  if (lately.length === 0) return {};
  const things = thingsOf(display);
  return {
    facts: lately.map(({ at, amount, reason }) => [things.adjustment(at), `${money(amount)}, ${quoted(reason, 120)}`]),
  };
}

/** Nothing is asked where nothing can be debited: then the answer says why. */
async function toPay(request: Request): Promise<MinorUnits> {
  const invoice = await findInvoice(request, request.words[0] ?? '');
  return invoice === null ? 0 : restOf(invoice);
}

async function whetherToPay(request: Request): Promise<Question | null> {
  const { deps, account, display, words } = request;
  const { say, money, week } = request.speech;
  const [id = ''] = words;
  const [invoice, balance] = await Promise.all([
    findInvoice(request, id),
    deps.ledger.balance(`model:${account.accountId}`),
  ]);
  if (invoice === null || !isUnpaid(invoice) || balance < restOf(invoice)) return null;
  const { invoiceId } = invoice;
  const rest = restOf(invoice);
  const total = money(rest);
  return {
    about: thingsOf(display).invoice(invoice.week),
    words: [invoiceId],
    title: say('invoiceCommands.pay.ask.title', { total }),
    paragraphs: [
      say('invoiceCommands.pay.ask.what', {
        ...{ week: week(invoice.week), ...dueOf(invoice, display) },
        ...{ balance: money(balance), left: money(balance - rest) },
      }),
      say('invoiceCommands.pay.ask.final'),
    ],
    label: say('invoiceCommands.pay.ask.button', { total }),
    beside: detailsButton(invoice, display),
  };
}

async function whatToPay({ deps, account, display, speech, now }: Request): Promise<Message> {
  const unpaid = (await deps.invoices.unpaid(account.accountId, now)).slice(0, PAGE);
  if (unpaid.length === 0) {
    return { paragraphs: [allPaid(speech)], buttons: [[commandButton(speech.say, 'invoices')]] };
  }
  return {
    title: speech.say('arguments.which', { thing: 'other' }),
    paragraphs: [],
    table: invoiceTable(unpaid, display),
    buttons: unpaid.map((invoice) => invoiceButtons(invoice, display)),
  };
}

function allPaid({ say }: Speech): string {
  return `${say('invoiceCommands.allPaid')} ${say('common.nothingToDo')}`;
}

function noInvoices({ say }: Speech, after: string | undefined): Message {
  if (after === undefined) return { paragraphs: [say('invoiceCommands.list.none')], buttons: [] };
  return { paragraphs: [say('invoiceCommands.list.noneOlder')], buttons: [[commandButton(say, 'invoices')]] };
}

function payAdvice({ say, money }: Speech, total: MinorUnits, balance: MinorUnits): string {
  if (balance >= total) return say('invoiceCommands.advice.covered', { balance: money(balance) });
  return say('invoiceCommands.advice.missing', { balance: money(balance), missing: money(total - balance) });
}

function settledAdvice({ say }: Speech, invoice: InvoiceView): string[] {
  const { status, voidReason, writeOffReason, reference, total } = invoice;
  if (status === 'void') {
    return voidReason === undefined
      ? [say('invoiceCommands.advice.void')]
      : [say('invoiceCommands.advice.voidBecause', { reason: quoted(voidReason) })];
  }
  if (status === 'written_off') {
    return writeOffReason === undefined
      ? [say('invoiceCommands.advice.writtenOff')]
      : [say('invoiceCommands.advice.writtenOffBecause', { reason: quoted(writeOffReason) })];
  }
  if (reference !== undefined) {
    return [say('invoiceCommands.advice.paidOutside', { reference: quotedEnd(reference) })];
  }
  return [say(total < 0 ? 'invoiceCommands.advice.credit' : 'common.nothingToDo')];
}
