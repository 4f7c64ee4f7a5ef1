import { formatInstant } from '../../kernel/calendar.ts';
import { formatMoney, type MinorUnits } from '../../kernel/money.ts';
import { refusalWords } from '../../kernel/refusals.ts';
import { commandButton } from '../../notices/messages/buttons.ts';
import { type Button, becauseOf, type Message, shorten } from '../../notices/messages/message.ts';
import { orderMessage } from '../../notices/messages/orderMessages.ts';
import type { OrderFacts } from '../../notices/messages/orders.ts';
import { answerButtons, recordSentence, whyButton } from '../../notices/messages/orderWords.ts';
import { namesOf } from '../../orders/names.ts';
import { type OrderView, totalOf } from '../../orders/order.ts';
import type { MarketerQueue } from '../../orders/orders.ts';
import type { OrderRefusal } from '../../orders/outcome.ts';
import type { DisplayContext } from '../../texts/speech.ts';
import { notFound } from '../core/answers.ts';
import type { Command, Question, Request } from '../core/command.ts';
import { parseText } from '../core/parseArguments.ts';
import { howOrderStands, orderRow, ownOrder, termsOf } from './orderMessages.ts';
import { ordersToAnswer } from './suggestions.ts';

/** What marketers see of their orders, and how they answer them (docs/chat.md, rules 4.2 to 4.4). */

const PAGE = 5;
/** As far as one can page through what is in hand. */
const MOST = 500;

const SECTIONS = ['answer', 'queue', 'running'] as const;
type Section = (typeof SECTIONS)[number];
const LISTS = { answer: 'toAnswer', queue: 'queued', running: 'running' } as const satisfies Record<
  Section,
  keyof MarketerQueue
>;

const ordersCommand: Command = {
  name: 'orders',
  arguments: '[AFTER]',
  roles: ['marketer'],
  description: 'Your orders: to answer, in the queue, running',
  async run(request): Promise<Message> {
    const [part, after] = request.words;
    if (part === 'all') return allOrders(request, after);
    const name = SECTIONS.find((one) => one === part);
    return name === undefined ? inHand(request) : section(request, name, after);
  },
};

async function inHand(request: Request): Promise<Message> {
  const { deps, account, display, now } = request;
  const marketerQueue = await deps.orders.marketerQueue(account.accountId, PAGE + 1, now);
  const { toAnswer, queued, running } = marketerQueue;
  const shown = [toAnswer, queued, running].flatMap((list) => list.slice(0, PAGE));
  const [nameOf, records] = await Promise.all([
    namesOf(request.deps.accounts, shown),
    recordsOf(request, toAnswer.slice(0, PAGE)),
  ]);
  if (shown.length === 0) {
    return {
      title: 'Your orders',
      paragraphs: ['Nothing to answer, nothing in the queue, nothing running. New orders are told to you here.'],
      buttons: [[ALL, EARNINGS]],
    };
  }
  const more = SECTIONS.filter((name) => marketerQueue[LISTS[name]].length > PAGE).map(
    (name): Button => ({ label: MORE[name], command: `/orders ${name} ${PAGE}` }),
  );
  return {
    title: 'Your orders',
    paragraphs: [
      `${counted(toAnswer)} to answer, ${counted(queued)} in the queue, ${counted(running)} running.`,
      ...deadlineOf(toAnswer, display),
      ...records,
    ],
    table: { header: HEADER, rows: shown.map((order) => orderRow(order, nameOf(order.modelId), display)) },
    buttons: [
      ...shown.map((order) => buttonsOf(order, display)),
      ...(more.length === 0 ? [] : [more]),
      [ALL, EARNINGS],
    ],
  };
}

function counted(list: OrderView[]): string {
  return list.length > PAGE ? `more than ${PAGE}` : String(list.length);
}

function deadlineOf(toAnswer: OrderView[], { timeZone }: Request['display']): string[] {
  const [first] = toAnswer.map(({ respondBy }) => respondBy).sort((a, b) => a.getTime() - b.getTime());
  if (first === undefined) return [];
  return [`The first answer is due by ${formatInstant(first, timeZone)}; what is not answered by its time expires.`];
}

/** How the clients of offered orders stand, a paragraph each (rules 2.10). */
async function recordsOf(request: Request, offered: OrderView[]): Promise<string[]> {
  const { deps, display, now } = request;
  const [nameOf, clients] = await Promise.all([
    namesOf(request.deps.accounts, offered),
    deps.orders.clientsOf(offered, now),
  ]);
  return offered.flatMap(({ orderId, modelId, quantity }) => {
    const client = clients.get(orderId);
    return client === undefined
      ? []
      : [`${orderId}: ${recordSentence(nameOf(modelId), client.record, quantity, display)}`];
  });
}

async function section(request: Request, name: Section, after: string | undefined): Promise<Message> {
  const { deps, account, display, now } = request;
  const from = Math.min(MOST, /^\d{1,4}$/.test(after ?? '') ? Number(after) : 0);
  const marketerQueue = await deps.orders.marketerQueue(account.accountId, from + PAGE + 1, now);
  const rest = marketerQueue[LISTS[name]].slice(from);
  const shown = rest.slice(0, PAGE);
  if (shown.length === 0) return { paragraphs: ['There are no more.'], buttons: [[commandButton('orders', display)]] };
  const nameOf = await namesOf(request.deps.accounts, shown);
  const records = name === 'answer' ? await recordsOf(request, shown) : [];
  const more =
    rest.length > PAGE && from < MOST ? [{ label: MORE[name], command: `/orders ${name} ${from + PAGE}` }] : [];
  return {
    title: { answer: 'Orders to answer', queue: 'Orders in your queue', running: 'Orders that run' }[name],
    paragraphs: records,
    table: { header: HEADER, rows: shown.map((order) => orderRow(order, nameOf(order.modelId), display)) },
    buttons: [...shown.map((order) => buttonsOf(order, display)), [...more, commandButton('orders', display)]],
  };
}

async function allOrders(request: Request, after: string | undefined): Promise<Message> {
  const { deps, account, display, now } = request;
  const page = await deps.orders.list(
    { marketerId: account.accountId, limit: PAGE, ...(after === undefined ? {} : { after }) },
    now,
  );
  if (page.items.length === 0) {
    const text = after === undefined ? 'You have had no order yet.' : 'There are no older orders.';
    return { paragraphs: [text], buttons: [[commandButton('orders', display)]] };
  }
  const nameOf = await namesOf(request.deps.accounts, page.items);
  const older = page.next === null ? [] : [{ label: 'Orders: older', command: `/orders all ${page.next}` }];
  return {
    title: after === undefined ? 'All your orders, the newest first' : 'Your older orders',
    paragraphs: [],
    table: { header: HEADER, rows: page.items.map((order) => orderRow(order, nameOf(order.modelId), display)) },
    buttons: [...page.items.map((order) => buttonsOf(order, display)), [...older, commandButton('orders', display)]],
  };
}

const HEADER = ['Order', 'Client', 'What', 'State'];
const MORE: Record<Section, string> = {
  answer: 'Orders: more to answer',
  queue: 'Orders: more of the queue',
  running: 'Orders: more that run',
};
const ALL: Button = { label: 'Orders: all', command: '/orders all' };
const EARNINGS: Button = { label: 'Earnings', command: '/earnings' };

function buttonsOf(order: OrderView, display: DisplayContext): Button[] {
  return order.status === 'placed' ? answerButtons(order.orderId, display) : [whyButton(order.orderId, display)];
}

const acceptCommand: Command = {
  name: 'accept',
  arguments: 'ID',
  thing: 'order',
  roles: ['marketer'],
  description: 'Accept an order that was placed with you',
  changes: true,
  asksOnceMore: { amount: toHold, question: whetherToAccept },
  suggest: ordersToAnswer,
  async run(request): Promise<Message> {
    const { deps, actor, display, now } = request;
    const [id = ''] = request.words;
    const order = await ownOrder(request, id);
    if (order === null) return notFound('order', id);
    const outcome = await deps.orders.accept(order.orderId, { actor }, now);
    switch (outcome.kind) {
      case 'not-found':
        return notFound('order', id);
      case 'accepted': {
        const data = { ...(await factsOf(request, outcome.order)), link: outcome.order.link ?? '' };
        return orderMessage({ kind: 'order.accepted', data: { ...data, position: outcome.order.position } }, display);
      }
      case 'insufficient': {
        const data = { ...(await factsOf(request, outcome.order)), missing: outcome.missing };
        return orderMessage({ kind: 'order.short', data: { ...data, respondBy: outcome.order.respondBy } }, display);
      }
      case 'already-accepted':
        return asItIs(request, outcome.order, `Order ${order.orderId} is accepted already`);
      case 'refused':
        return refused(request, outcome, 'accepted');
    }
  },
};

const rejectCommand: Command = {
  name: 'reject',
  arguments: 'ID [REASON]',
  thing: 'order',
  example: 'no capacity this week',
  roles: ['marketer'],
  description: 'Reject an order; asks for the reason, which the client is told',
  changes: true,
  suggest: ordersToAnswer,
  async run(request): Promise<Message> {
    const { deps, actor, now } = request;
    const [id = '', ...rest] = request.words;
    const order = await ownOrder(request, id);
    if (order === null) return notFound('order', id);
    const said = parseText(rest);
    if (said === '' && order.status === 'placed') return askWhy(order.orderId);
    const reason = said.toLowerCase() === NO_REASON ? '' : said;
    const by = reason === '' ? { actor } : { actor, reason };
    const outcome = await deps.orders.reject(order.orderId, by, now);
    switch (outcome.kind) {
      case 'not-found':
        return notFound('order', id);
      case 'rejected': {
        const { client } = await factsOf(request, outcome.order);
        const why = becauseOf(reason, request.display);
        return {
          title: `Order ${order.orderId} is rejected`,
          paragraphs: [`${client} is told and can choose another marketer.${why} Nothing to do.`],
          buttons: [[whyButton(order.orderId, request.display), commandButton('orders', request.display)]],
        };
      }
      case 'already-rejected':
        return asItIs(request, outcome.order, `Order ${order.orderId} is rejected already`);
      case 'refused':
        return refused(request, outcome, 'rejected');
    }
  },
};

/** What an acceptance holds, or has the client owe in the end. */
async function toHold(request: Request): Promise<MinorUnits> {
  const order = await ownOrder(request, request.words[0] ?? '');
  return order === null ? 0 : totalOf(order);
}

async function whetherToAccept(request: Request): Promise<Question | null> {
  const { deps, display, now } = request;
  const order = await ownOrder(request, request.words[0] ?? '');
  if (order?.status !== 'placed') return null;
  const [nameOf, clients] = await Promise.all([namesOf(deps.accounts, [order]), deps.orders.clientsOf([order], now)]);
  const { orderId, modelId, quantity } = order;
  const record = clients.get(orderId)?.record;
  const total = formatMoney(totalOf(order), display.currency);
  return {
    about: `order ${orderId}`,
    words: [orderId],
    title: `Accept order ${orderId}?`,
    paragraphs: [
      `For ${nameOf(modelId)}: ${termsOf(order, display)}.`,
      ...(record === undefined ? [] : [recordSentence(nameOf(modelId), record, quantity, display)]),
      order.prepaid
        ? `You commit to bring the fans, and ${total} of the client's balance are held for them. An acceptance cannot be taken back.`
        : 'You commit to bring the fans. An acceptance cannot be taken back.',
    ],
    label: `Accept ${shorten(orderId, 30)}: ${total}`,
    beside: commandButton('orders', display),
  };
}

const NO_REASON = 'no reason';
const REASONS = ['no capacity', 'the price is too low', 'not my audience', NO_REASON];

/** A rejection cannot be taken back, so the button of an order does not reject yet. */
function askWhy(orderId: string): Message {
  return {
    title: `Reject order ${orderId}?`,
    paragraphs: [
      `This cannot be taken back. Why? The client is told. In your own words: /reject ${orderId} REASON`,
      'Nothing has happened yet. To reject it, press a reason; otherwise do nothing.',
    ],
    buttons: REASONS.map((reason) => [
      { label: `Reject ${shorten(orderId, 30)}: ${reason}`, command: `/reject ${orderId} ${reason}` },
    ]),
  };
}

/** Pressed twice, or by an old button: nothing is done, and the answer says how it stands. */
async function asItIs(request: Request, order: OrderView, title: string): Promise<Message> {
  const { client } = await factsOf(request, order);
  const stands = howOrderStands(order, 'marketer', client, request.display).join(' ');
  return {
    title,
    paragraphs: [`Nothing was changed now. ${stands}`],
    buttons: [[whyButton(order.orderId, request.display), commandButton('orders', request.display)]],
  };
}

function refused(request: Request, { order, reason }: OrderRefusal, wanted: string): Promise<Message> {
  return asItIs(request, order, `Order ${order.orderId} cannot be ${wanted}: ${refusalWords(reason)}`);
}

async function factsOf(request: Request, order: OrderView): Promise<OrderFacts> {
  const { orderId, modelId, marketerId, quantity, pricePerFan, prepaid, chunkSize } = order;
  const nameOf = await namesOf(request.deps.accounts, [order]);
  const people = { modelId, marketerId, client: nameOf(modelId), marketer: nameOf(marketerId) };
  return {
    ...{ to: 'marketer', orderId, ...people, quantity, pricePerFan },
    ...{ total: totalOf(order), prepaid, chunkSize },
  };
}

export const marketerOrderCommands: readonly Command[] = [ordersCommand, acceptCommand, rejectCommand];
