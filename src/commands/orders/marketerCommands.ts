import type { MinorUnits } from '../../kernel/money.ts';
import { commandButton } from '../../notices/messages/buttons.ts';
import { becauseOf, type Message, shorten } from '../../notices/messages/message.ts';
import { orderMessage } from '../../notices/messages/orderMessages.ts';
import type { OrderFacts } from '../../notices/messages/orders.ts';
import { recordSentence } from '../../notices/messages/orderWords.ts';
import { namesOf } from '../../orders/names.ts';
import { type OrderView, totalOf } from '../../orders/order.ts';
import type { OrderRefusal } from '../../orders/outcome.ts';
import { refusalWords } from '../../texts/refusals.ts';
import type { PlainKey } from '../../texts/speech.ts';
import { notFound } from '../core/answers.ts';
import type { Command, Question, Request } from '../core/command.ts';
import { whyButton } from '../core/explanation.ts';
import { parseText } from '../core/parseArguments.ts';
import { isNoReason, NO_REASON } from '../core/plainWords.ts';
import { ordersCommand } from './marketerOrders.ts';
import { howOrderStands, orderTitle, ownOrder, signOf, termsOf } from './orderMessages.ts';
import { ordersToAnswer } from './suggestions.ts';

/** How marketers answer their orders (docs/chat.md, rules 4.2 to 4.4). */

const acceptCommand: Command = {
  name: 'accept',
  arguments: 'ID',
  thing: 'order',
  roles: ['marketer'],
  description: 'commands.accept.description',
  changes: true,
  asksOnceMore: { amount: toHold, question: whetherToAccept },
  suggest: ordersToAnswer,
  async run(request): Promise<Message> {
    const { deps, speech, actor, display, now } = request;
    const [id = ''] = request.words;
    const order = await ownOrder(request, id);
    if (order === null) return notFound(speech, 'order', id);
    const outcome = await deps.orders.accept(order.orderId, { actor }, now);
    switch (outcome.kind) {
      case 'not-found':
        return notFound(speech, 'order', id);
      case 'accepted': {
        const data = { ...(await factsOf(request, outcome.order)), link: outcome.order.link ?? '' };
        return orderMessage({ kind: 'order.accepted', data: { ...data, position: outcome.order.position } }, display);
      }
      case 'insufficient': {
        const data = { ...(await factsOf(request, outcome.order)), missing: outcome.missing };
        return orderMessage({ kind: 'order.short', data: { ...data, respondBy: outcome.order.respondBy } }, display);
      }
      case 'already-accepted':
        return asItIs(request, outcome.order, 'orderCommands.accept.already');
      case 'refused':
        return refused(request, outcome, 'accept');
    }
  },
};

const rejectCommand: Command = {
  name: 'reject',
  arguments: 'ID [REASON]',
  thing: 'order',
  example: 'commands.reject.example',
  roles: ['marketer'],
  description: 'commands.reject.description',
  changes: true,
  suggest: ordersToAnswer,
  async run(request): Promise<Message> {
    const { deps, speech, actor, now } = request;
    const [id = '', ...rest] = request.words;
    const order = await ownOrder(request, id);
    if (order === null) return notFound(speech, 'order', id);
    const { say } = speech;
    const { orderId } = order;
    const said = parseText(rest);
    if (said === '' && order.status === 'placed') return askWhy(request, order);
    const reason = isNoReason(said) ? '' : said;
    const by = reason === '' ? { actor } : { actor, reason };
    const outcome = await deps.orders.reject(orderId, by, now);
    switch (outcome.kind) {
      case 'not-found':
        return notFound(speech, 'order', id);
      case 'rejected': {
        const nameOf = await namesOf(deps.accounts, [order]);
        const client = nameOf(order.modelId);
        const named = orderTitle(order, { to: 'marketer', nameOf, display: request.display });
        const why = becauseOf(reason, request.display);
        return {
          state: 'info',
          title: say('orderCommands.reject.done.title', named),
          paragraphs: [`${say('orderCommands.reject.done.what', { client })}${why} ${say('common.nothingToDo')}`],
          buttons: [[whyButton(orderId, speech), commandButton(say, 'orders')]],
        };
      }
      case 'already-rejected':
        return asItIs(request, outcome.order, 'orderCommands.reject.already');
      case 'refused':
        return refused(request, outcome, 'reject');
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
  const { say, money } = request.speech;
  const order = await ownOrder(request, request.words[0] ?? '');
  if (order?.status !== 'placed') return null;
  const [nameOf, clients] = await Promise.all([namesOf(deps.accounts, [order]), deps.orders.clientsOf([order], now)]);
  const { orderId, modelId, quantity } = order;
  const record = clients.get(orderId)?.record;
  const total = money(totalOf(order));
  const model = nameOf(modelId);
  const named = orderTitle(order, { to: 'marketer', nameOf, display });
  return {
    about: named.order,
    words: [orderId],
    title: say('orderCommands.accept.ask.title', named),
    paragraphs: [
      say('orderCommands.accept.ask.what', { model, terms: termsOf(order, display) }),
      ...(record === undefined ? [] : [recordSentence(model, record, quantity, display)]),
      order.prepaid ? say('orderCommands.accept.ask.commitPrepaid', { total }) : say('orderCommands.accept.ask.commit'),
    ],
    label: say('orderCommands.accept.ask.button', { order: shorten(named.order, 40), total }),
    beside: commandButton(say, 'orders'),
  };
}

const REASONS: PlainKey[] = [
  'orderCommands.reject.reasons.capacity',
  'orderCommands.reject.reasons.price',
  'orderCommands.reject.reasons.audience',
];

/** A rejection cannot be taken back, so the button of an order does not reject yet. What is pressed is told as it is read. */
async function askWhy({ deps, display, speech: { say } }: Request, order: OrderView): Promise<Message> {
  const { orderId } = order;
  const nameOf = await namesOf(deps.accounts, [order]);
  const named = orderTitle(order, { to: 'marketer', nameOf, display });
  const offered = [
    ...REASONS.map((key) => ({ reason: say(key), word: say(key) })),
    { reason: say('orderCommands.reject.reasons.none'), word: NO_REASON },
  ];
  return {
    title: say('orderCommands.reject.ask.title', named),
    paragraphs: [say('orderCommands.reject.ask.why', { order: orderId }), say('orderCommands.reject.ask.press')],
    buttons: offered.map(({ reason, word }) => [
      { label: say('orderCommands.reject.ask.button', { reason }), command: `/reject ${orderId} ${word}` },
    ]),
  };
}

/** Pressed twice, or by an old button: nothing is done, and the answer says how it stands. */
async function asItIs(
  request: Request,
  order: OrderView,
  title:
    | 'orderCommands.accept.already'
    | 'orderCommands.reject.already'
    | 'orderCommands.accept.refused'
    | 'orderCommands.reject.refused',
  why: string[] = [],
): Promise<Message> {
  const { deps, display, speech } = request;
  const { say } = speech;
  const nameOf = await namesOf(deps.accounts, [order]);
  const stands = howOrderStands(order, 'marketer', nameOf(order.modelId), display);
  return {
    state: signOf(order),
    title: say(title, orderTitle(order, { to: 'marketer', nameOf, display })),
    paragraphs: [[...why, say('answers.nothingChangedNow'), ...stands].join(' ')],
    buttons: [[whyButton(order.orderId, speech), commandButton(say, 'orders')]],
  };
}

function refused(request: Request, { order, reason }: OrderRefusal, act: 'accept' | 'reject'): Promise<Message> {
  const { say } = request.speech;
  const why = say('orderCommands.stop.refused.why', { why: refusalWords(reason, say) });
  return asItIs(request, order, `orderCommands.${act}.refused`, [why]);
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
