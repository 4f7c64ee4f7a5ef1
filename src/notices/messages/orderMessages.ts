import { type DisplayContext, speechOf } from '../../texts/speech.ts';
import { commandButton } from './buttons.ts';
import { topUpButtons } from './invoices.ts';
import { type Button, becauseOf, type Message } from './message.ts';
import { runMessage } from './orderRunMessages.ts';
import type { ClientRecord, OrderContent, OrderFacts } from './orders.ts';
import {
  answerThisButtons,
  blockerAdvice,
  orderButtons,
  orderName,
  orderTerms,
  orderWords,
  recordSentence,
} from './orderWords.ts';

type DataOfKind<K extends OrderContent['kind']> = Extract<OrderContent, { kind: K }>['data'];

/** The words of a notice about an order: here until it is answered, the rest in `runMessage`. */
export function orderMessage(content: OrderContent, display: DisplayContext): Message {
  switch (content.kind) {
    case 'order.placed':
      return placed(content.data, display);
    case 'order.nudge':
      return nudge(content.data, display);
    case 'order.accepted':
      return accepted(content.data, display);
    case 'order.short':
      return short(content.data, display);
    case 'order.acceptable':
      return acceptable(content.data, display);
    case 'order.rejected':
      return rejected(content.data, display);
    case 'order.expired':
      return expired(content.data, display);
    case 'order.cancelled':
      return cancelled(content.data, display);
    case 'order.refused':
      return refused(content.data, display);
    default:
      return runMessage(content, display);
  }
}

function placed(data: DataOfKind<'order.placed'>, display: DisplayContext): Message {
  const { to, orderId, client, marketer, renewalOf } = data;
  const { say, instant } = speechOf(display);
  const by = instant(data.respondBy);
  const terms = orderTerms(data, display);
  const renews = renewalOf === null ? [] : [say('orders.placed.renews')];
  if (to === 'marketer') {
    return {
      state: 'open',
      title: say('orders.placed.marketer.title', orderWords(data, display)),
      paragraphs: [
        [say('orders.placed.marketer.what', { client, terms }), ...renews].join(' '),
        ...recordOf(data, display),
        say('orders.placed.marketer.answer', { by, client }),
        ...advice(data, display),
      ],
      buttons: toAnswer(orderId, display),
    };
  }
  return {
    state: 'open',
    title: say('orders.placed.client.title', orderWords(data, display)),
    paragraphs: [
      [say('orders.placed.client.what', { terms }), ...renews].join(' '),
      say('orders.placed.client.answer', { marketer, by }),
      ...holdSentences(data, display),
      ...advice(data, display),
    ],
    buttons: orderButtons(data, display),
  };
}

/** What the client of a prepaid order has to have ready (rules 4.3). */
function holdSentences({ prepaid, total }: OrderFacts, display: DisplayContext): string[] {
  const { say, money } = speechOf(display);
  return prepaid ? [say('orders.placed.client.hold', { total: money(total) })] : [];
}

/** While the client is new: how large an order we advise, and how this one compares (rules 2.7). */
function advice(
  { to, client, quantity, recommended: most }: DataOfKind<'order.placed'>,
  display: DisplayContext,
): string[] {
  if (most === null) return [];
  const { say } = speechOf(display);
  return [
    quantity > most
      ? say(`orders.advice.above.${to}`, { client, most, quantity })
      : say(`orders.advice.within.${to}`, { client, most }),
  ];
}

/** To the marketer: what is known of the client (rules 2.10). */
function recordOf(
  { client, quantity, record }: OrderFacts & { record?: ClientRecord },
  display: DisplayContext,
): string[] {
  return record === undefined ? [] : [recordSentence(client, record, quantity, display)];
}

function nudge(data: DataOfKind<'order.nudge'>, display: DisplayContext): Message {
  const { say, instant } = speechOf(display);
  const { orderId, client } = data;
  return {
    state: 'open',
    title: say('orders.nudge.title', { count: data.hoursLeft, ...orderWords(data, display) }),
    paragraphs: [
      say('orders.placed.marketer.what', { client, terms: orderTerms(data, display) }),
      ...recordOf(data, display),
      say('orders.answerBy', { by: instant(data.respondBy) }),
    ],
    buttons: toAnswer(orderId, display),
  };
}

function accepted(data: DataOfKind<'order.accepted'>, display: DisplayContext): Message {
  const { to, client, marketer, position, link } = data;
  const { say, money } = speechOf(display);
  const terms = orderTerms(data, display);
  const words = orderWords(data, display);
  const isRunning = data.startedAt !== undefined;
  const place =
    position !== null
      ? [say(`orders.accepted.queued.${to}`, { position, marketer })]
      : isRunning
        ? []
        : [say('orders.accepted.atOnce')];
  return {
    state: 'open',
    title: isRunning ? say('orders.accepted.running', words) : say('orders.accepted.title', words),
    paragraphs: [
      [say(`orders.accepted.${to}.what`, { client, marketer, terms }), ...place].join(' '),
      // Where the money of a prepaid order is (rules 4.3).
      ...(data.prepaid ? [say(`orders.accepted.${to}.held`, { total: money(data.total), client })] : []),
      ...recordOf(data, display),
      say(`orders.accepted.${to}.link`, { link }),
    ],
    buttons: orderButtons(data, display),
  };
}

function short(data: DataOfKind<'order.short'>, display: DisplayContext): Message {
  const { to, orderId, modelId: accountId, client, marketer, missing } = data;
  const { say, money, instant } = speechOf(display);
  const amounts = { total: money(data.total), missing: money(missing) };
  return {
    state: 'open',
    title: say(`orders.short.${to}.title`, { missing: amounts.missing, order: orderName(data, display) }),
    paragraphs: [
      say(`orders.short.${to}.what`, { ...amounts, client, marketer }),
      say(`orders.short.${to}.next`, { ...amounts, marketer, by: instant(data.respondBy) }),
    ],
    buttons:
      to === 'marketer'
        ? toAnswer(orderId, display)
        : [[...topUpButtons({ accountId, missing }, display), ...toTopUp(display)]],
  };
}

function acceptable(data: DataOfKind<'order.acceptable'>, display: DisplayContext): Message {
  const { orderId, client } = data;
  const { say, money, instant } = speechOf(display);
  return {
    state: 'open',
    title: say('orders.acceptable.title', orderWords(data, display)),
    paragraphs: [
      say('orders.acceptable.what', { total: money(data.total), client, terms: orderTerms(data, display) }),
      ...recordOf(data, display),
      say('orders.answerBy', { by: instant(data.respondBy) }),
    ],
    buttons: toAnswer(orderId, display),
  };
}

function rejected(data: DataOfKind<'order.rejected'>, display: DisplayContext): Message {
  const { say } = speechOf(display);
  const { to, client, marketer } = data;
  const what = to === 'client' ? say('orders.rejected.client', { marketer }) : say('orders.rejected.marketer');
  return {
    state: 'stopped',
    title: say('orders.rejected.title', orderWords(data, display)),
    paragraphs: [
      `${what}${becauseOf(data.reason, display)}`,
      to === 'client' ? say('orders.another') : say('orders.clientChooses', { client }),
    ],
    buttons: orderButtons(data, display),
  };
}

function expired(data: DataOfKind<'order.expired'>, display: DisplayContext): Message {
  if (data.isFunded === false) return expiredUnfunded(data, display);
  const { to, client, marketer } = data;
  const { say, instant } = speechOf(display);
  return {
    state: 'stopped',
    title: say('orders.expired.title', orderWords(data, display)),
    paragraphs: [
      say(`orders.expired.${to}`, { marketer, by: instant(data.respondBy) }),
      to === 'client' ? say('orders.another') : say('orders.clientChooses', { client }),
    ],
    buttons: orderButtons(data, display),
  };
}

/** The marketer wanted it, and is not to blame (rules 4.3). */
function expiredUnfunded(data: DataOfKind<'order.expired'>, display: DisplayContext): Message {
  const { to, client, marketer } = data;
  const { say, money, instant } = speechOf(display);
  const needed = { total: money(data.total), by: instant(data.respondBy) };
  return {
    state: 'stopped',
    title: say('orders.expired.title', orderWords(data, display)),
    paragraphs: [
      say(`orders.expired.unfunded.${to}`, { ...needed, client, marketer }),
      to === 'client' ? say('orders.expired.unfunded.topUp') : say('orders.expired.unfunded.clientTold', { client }),
    ],
    buttons: to === 'client' ? [toTopUp(display)] : orderButtons(data, display),
  };
}

function cancelled(data: DataOfKind<'order.cancelled'>, display: DisplayContext): Message {
  const { say } = speechOf(display);
  const { to, client } = data;
  const what = to === 'client' ? say('orders.cancelled.client') : say('orders.cancelled.marketer', { client });
  return {
    state: 'stopped',
    title: say('orders.cancelled.title', orderWords(data, display)),
    paragraphs: [`${what}${becauseOf(data.reason, display)} ${say('orders.cancelled.over')}`],
    buttons: orderButtons(data, display),
  };
}

function refused(data: DataOfKind<'order.refused'>, display: DisplayContext): Message {
  const { say } = speechOf(display);
  const { to, client, quantity } = data;
  const what = to === 'client' ? say('orders.refused.client') : say('orders.refused.marketer', { client, quantity });
  const { why, todo } = blockerAdvice(data.because, to, display);
  return {
    state: 'stopped',
    title: say('orders.refused.title', orderWords(data, display)),
    paragraphs: [`${what} ${why}`, todo],
    buttons:
      to === 'client'
        ? [[commandButton(speechOf(display).say, 'standing'), ...toTopUp(display)]]
        : [[commandButton(speechOf(display).say, 'orders')]],
  };
}

function toAnswer(orderId: string, display: DisplayContext): Button[][] {
  return [answerThisButtons(orderId, display), [commandButton(speechOf(display).say, 'orders')]];
}

function toTopUp(display: DisplayContext): Button[] {
  return [commandButton(speechOf(display).say, 'balance'), commandButton(speechOf(display).say, 'myorders')];
}
