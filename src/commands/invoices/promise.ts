import type { InvoiceView } from '../../invoicing/invoice.ts';
import { heldFor, restOf } from '../../invoicing/part.ts';
import { createCalendar } from '../../kernel/calendar.ts';
import { chunksOf } from '../../kernel/group.ts';
import { commandButton } from '../../notices/messages/buttons.ts';
import { detailsButton, promiseButtons, settleButtons, topUpButtons } from '../../notices/messages/invoices.ts';
import type { Button, Message } from '../../notices/messages/message.ts';
import { promiseMade } from '../../notices/messages/promises.ts';
import type { PromiseOffer } from '../../notices/messages/sanctions.ts';
import type { MakeOutcome } from '../../promises/promises.ts';
import { refusalWords } from '../../texts/refusals.ts';
import { thingsOf } from '../../texts/things.ts';
import { notFound } from '../core/answers.ts';
import type { Command, Request } from '../core/command.ts';
import { invoiceTable } from '../core/invoiceWords.ts';
import { parsePromise } from '../core/parseArguments.ts';
import { findInvoice } from './findInvoice.ts';
import { ownInvoices } from './suggestions.ts';

const PAGE = 5;
const BUTTONS_IN_A_ROW = 2;

/** `/promise` of a model: what it may promise of an overdue invoice, and the press that binds (docs/chat.md, rules 2.11). */
export const promiseCommand: Command = {
  name: 'promise',
  arguments: '[ID] [WHEN]',
  thing: 'invoice',
  roles: ['model'],
  description: 'commands.promise.description',
  changes: true,
  suggest: (request, typed) => ownInvoices(request, typed, true),
  async run(request) {
    const { deps, speech, actor, account, now } = request;
    const [id, ...rest] = request.words;
    if (id === undefined) return whatToPromise(request);
    const invoice = await findInvoice(request, id);
    if (invoice === null) return notFound(speech, 'invoice', id);
    const terms = parsePromise(rest, createCalendar(account.timeZone ?? deps.platform.timeZone), now);
    if (rest.join('') === '' || terms === null) return offerMessage(request, invoice);
    return answerTo(request, await deps.promises.make(invoice.invoiceId, terms, { actor }, now), invoice);
  },
};

function answerTo(request: Request, outcome: MakeOutcome, asked: InvoiceView): Message {
  const { deps, display, speech } = request;
  const { say, money, instant } = speech;
  switch (outcome.kind) {
    case 'not-found':
      return notFound(speech, 'invoice', asked.invoiceId);
    case 'made': {
      const { promise, invoice, balance } = outcome;
      const { trust, promises } = deps.policy;
      return promiseMade(
        {
          ...{ invoiceId: invoice.invoiceId, week: invoice.week, total: invoice.total, rest: restOf(invoice), balance },
          ...{ until: promise.until, first: promise.parts?.first ?? null },
          ...{ trustLost: Math.max(0, -trust.promiseBroken), weeks: promises.perWeeks },
        },
        display,
      );
    }
    case 'already-made':
      return {
        state: 'open',
        title: say('promiseCommands.already.title', named(request, outcome.invoice)),
        paragraphs: [say('promiseCommands.already.what', { until: instant(outcome.promise.until) })],
        buttons: buttonsBeside(request, outcome.invoice, outcome.balance),
      };
    case 'insufficient': {
      const { invoice, first, balance, missing } = outcome;
      const { invoiceId, modelId: accountId } = invoice;
      const words = { first: money(first), balance: money(balance), missing: money(missing) };
      return {
        state: 'overdue',
        title: say('promiseCommands.short.title', named(request, invoice)),
        paragraphs: [say('promiseCommands.short.what', words)],
        buttons: [
          [...topUpButtons({ accountId, missing, invoiceId }, display), detailsButton(invoice, display)],
          [promiseButton(request, invoice)],
        ],
      };
    }
    case 'refused':
      return refusedMessage(request, outcome.invoice, outcome.reason, outcome.offer);
  }
}

/** Everything that may be promised of an invoice, each by a button. */
async function offerMessage(request: Request, invoice: InvoiceView): Promise<Message> {
  const { deps, display, speech, account, now } = request;
  const { say, day } = speech;
  const [promised, balance] = await Promise.all([
    deps.promises.latestOf([invoice.invoiceId], now),
    deps.ledger.balance(`model:${account.accountId}`),
  ]);
  const running = promised.get(invoice.invoiceId);
  if (running?.status === 'running') {
    return answerTo(request, { kind: 'already-made', promise: running, invoice, balance, postings: [] }, invoice);
  }
  const { offered } = await deps.promises.offerOf(invoice, now);
  if (offered.kind === 'refused') return refusedMessage(request, invoice, offered.reason, null);
  const { offer } = offered;
  const days = createCalendar(display.timeZone);
  const { invoiceId } = invoice;
  const dates = offer.untils.map((until) => ({
    label: say('invoices.buttons.promise', { day: day(until) }),
    command: `/promise ${invoiceId} ${days.dayOf(until)}`,
  }));
  const parts = promiseButtons({ invoiceId, offer }, display).slice(1);
  return {
    state: 'overdue',
    title: say('promiseCommands.offer.title', named(request, invoice)),
    paragraphs: [say('promiseCommands.offer.what')],
    buttons: [...chunksOf(dates.slice(-DATES), BUTTONS_IN_A_ROW), ...parts.map((button) => [button])],
  };
}

/** More days than a channel has room for are chosen by typing them. */
const DATES = 8;

function refusedMessage(
  request: Request,
  invoice: InvoiceView,
  reason: Extract<MakeOutcome, { kind: 'refused' }>['reason'],
  offer: PromiseOffer | null,
): Message {
  const { display, speech } = request;
  const { say, instant } = speech;
  const latest = offer?.untils.at(-1);
  const { invoiceId } = invoice;
  return {
    state: 'info',
    title: say('promiseCommands.refused.title', named(request, invoice)),
    paragraphs: [
      say('promiseCommands.refused.what', { why: refusalWords(reason, say) }),
      ...(latest === undefined ? [] : [say('promiseCommands.refused.latest', { until: instant(latest) })]),
    ],
    buttons: [
      ...promiseButtons({ invoiceId, ...(offer === null ? {} : { offer }) }, display).map((button) => [button]),
      [detailsButton(invoice, display), commandButton(say, 'standing')],
    ],
  };
}

/** Without an id: the invoices that are overdue, each with a button. */
async function whatToPromise(request: Request): Promise<Message> {
  const { deps, account, display, speech, now } = request;
  const unpaid = await deps.invoices.unpaid(account.accountId, now);
  const overdue = unpaid.filter(({ status }) => status === 'overdue').slice(0, PAGE);
  if (overdue.length === 0) {
    return {
      paragraphs: [speech.say('promiseCommands.list.none')],
      buttons: [[commandButton(speech.say, 'invoices')]],
    };
  }
  return {
    title: speech.say('arguments.which', { thing: 'invoice' }),
    paragraphs: [],
    table: invoiceTable(overdue, display),
    buttons: overdue.map((invoice) => [promiseButton(request, invoice)]),
  };
}

function promiseButton({ speech }: Request, invoice: InvoiceView): Button {
  const { say, money, weekDays } = speech;
  return {
    label: say('promiseCommands.list.button', { week: weekDays(invoice.week), total: money(restOf(invoice)) }),
    command: `/promise ${invoice.invoiceId}`,
  };
}

function buttonsBeside({ display, speech }: Request, invoice: InvoiceView, balance: number): Button[][] {
  return [
    [...settleButtons({ ...invoice, held: heldFor(invoice), balance }, display), detailsButton(invoice, display)],
    [commandButton(speech.say, 'standing')],
  ];
}

/** What the title of an answer has: what is still to be paid, and of which invoice. */
function named({ display, speech }: Request, invoice: InvoiceView) {
  return { rest: speech.money(restOf(invoice)), invoice: thingsOf(display).invoice(invoice.week) };
}
