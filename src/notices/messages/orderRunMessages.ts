import { unreachable } from '../../kernel/errors.ts';
import { type DisplayContext, speechOf } from '../../texts/speech.ts';
import { commandButton } from './buttons.ts';
import { becauseOf, type Message } from './message.ts';
import type { ClientRecord, OrderContent, OrderFacts } from './orders.ts';
import {
  blockerAdvice,
  idleSentence,
  orderButtons,
  orderTerms,
  owedMore,
  paidByThen,
  paidSentence,
  progressBar,
  recordSentence,
} from './orderWords.ts';

type RunContent = Extract<
  OrderContent,
  {
    kind:
      | ('order.started' | 'order.progress' | 'order.card' | 'order.idle')
      | ('order.completed' | 'order.stopped' | 'order.not_renewed')
      | ('charge.owed' | 'charge.paid' | 'charge.insufficient');
  }
>;

type DataOfKind<K extends OrderContent['kind']> = Extract<OrderContent, { kind: K }>['data'];

/** The words of a notice about an order that runs or has run, and about its money. */
export function runMessage(content: RunContent, display: DisplayContext): Message {
  switch (content.kind) {
    case 'order.started':
      return card({ delivered: 0, paid: 0, owed: 0, ...content.data }, display);
    case 'order.progress':
      return card(content.data, display);
    case 'order.card':
      return content.data.status === 'running' ? card(content.data, display) : lastCard(content.data, display);
    case 'order.idle':
      return idle(content.data, display);
    case 'order.completed':
      return completed(content.data, display);
    case 'order.stopped':
      return stopped(content.data, display);
    case 'order.not_renewed':
      return notRenewed(content.data, display);
    case 'charge.owed':
      return owed(content.data, display);
    case 'charge.paid':
      return paid(content.data, display);
    case 'charge.insufficient':
      return insufficient(content.data, display);
    default:
      return unreachable(content);
  }
}

type Card = DataOfKind<'order.completed'> & { link: string; startedAt?: Date; record?: ClientRecord };

/** The living card: it appears when the order starts, and is changed as fans come in. */
function card(data: Card, display: DisplayContext): Message {
  const { to, orderId: order, client, delivered, quantity, link, startedAt, record } = data;
  const { say, instant } = speechOf(display);
  const isFull = delivered >= quantity;
  const since = startedAt === undefined ? [] : [say('orders.card.since', { since: instant(startedAt) })];
  return {
    title: isFull ? say('orders.card.full', { order }) : say('orders.card.title', { order }),
    paragraphs: [
      progressBar(data, display),
      [whatOf(data, display), ...since].join(' '),
      ...(delivered === 0 ? [] : [paidByThen(data, display)]),
      ...(record === undefined || isFull ? [] : [recordSentence(client, record, quantity - delivered, display)]),
      to === 'marketer' && !isFull ? say('orders.card.bring', { link }) : say('orders.card.link', { link }),
    ],
    buttons: orderButtons(data, display),
  };
}

/** With whom an order is, and its terms. */
function whatOf(data: OrderFacts, display: DisplayContext): string {
  const { to, client, marketer } = data;
  return speechOf(display).say(`orders.card.what.${to}`, { client, marketer, terms: orderTerms(data, display) });
}

/** The card of an order that is over: what came of it, with nothing left to bring. */
function lastCard(data: DataOfKind<'order.card'>, display: DisplayContext): Message {
  const { to, orderId: order, delivered, pricePerFan } = data;
  const { say } = speechOf(display);
  const status = data.status === 'completed' ? 'completed' : 'other';
  return {
    title: say('orders.card.over', { order, status }),
    paragraphs: [
      progressBar(data, display),
      whatOf(data, display),
      ...(delivered === 0 ? [] : [paidByThen({ ...data, total: delivered * pricePerFan }, display)]),
      ...(to === 'marketer' ? [say('orders.card.noMore')] : []),
    ],
    buttons: orderButtons(data, display),
  };
}

function idle(data: DataOfKind<'order.idle'>, display: DisplayContext): Message {
  const { to, orderId, marketer, quantity, delivered, prepaid, link } = data;
  const { say, instant } = speechOf(display);
  const at = instant(data.stopsAt);
  const isLast = quantity === delivered + 1;
  const bring = isLast ? say('orders.idle.bringLast', { link }) : say('orders.idle.bringNext', { link });
  return {
    title: say('orders.idle.title', { order: orderId, count: data.daysLeft }),
    paragraphs: [
      progressBar(data, display),
      `${whatOf(data, display)} ${say('orders.idle.since', { since: instant(data.since) })}`,
      prepaid && to === 'client' ? say('orders.idle.thenReturned', { at }) : say('orders.idle.then', { at }),
      to === 'marketer' ? bring : say('orders.idle.told', { marketer }),
    ],
    buttons: orderButtons(data, display),
  };
}

function completed(data: DataOfKind<'order.completed'>, display: DisplayContext): Message {
  const { to, orderId, client, marketer } = data;
  const { say } = speechOf(display);
  const done =
    to === 'client' ? say('orders.completed.client', { marketer }) : say('orders.completed.marketer', { client });
  const todo = to === 'client' && data.owed > 0 ? [] : [say('common.nothingToDo')];
  return {
    title: say('orders.completed.title', { order: orderId }),
    paragraphs: [progressBar(data, display), [done, paidSentence(data, display), ...todo].join(' ')],
    buttons: orderButtons(data, display),
  };
}

function stopped(data: DataOfKind<'order.stopped'>, display: DisplayContext): Message {
  const { to, orderId, returned } = data;
  const { say, money } = speechOf(display);
  const back = returned > 0 && to === 'client' ? [say('orders.stopped.returned', { returned: money(returned) })] : [];
  return {
    title: say('orders.stopped.title', { order: orderId }),
    paragraphs: [
      stopCause(data, display),
      progressBar(data, display),
      [...forFans(data, display), ...back].join(' '),
      ...(isOver(data) ? [] : [say(`orders.stopped.next.${to}`)]),
    ],
    buttons: orderButtons(data, display),
  };
}

/** Why an order was stopped. */
function stopCause(data: DataOfKind<'order.stopped'>, display: DisplayContext): string {
  const { to, cause, reason, client } = data;
  const { say } = speechOf(display);
  switch (cause) {
    case 'guarantee-violated':
      return `${say('orders.stopped.guarantee')}${becauseOf(reason, display)}`;
    case 'stopped-by-manager':
      return `${say('orders.stopped.byManager')}${becauseOf(reason, display)}`;
    case 'partnership-terminated':
      return to === 'client'
        ? say('orders.blockers.terminated.client')
        : say('orders.stopped.clientTerminated', { client });
    case 'idle':
      return idleSentence(data, display);
    default:
      return unreachable(cause);
  }
}

/** What was paid for the fans that were delivered by then, and what is owed. */
function forFans(data: DataOfKind<'order.stopped'>, display: DisplayContext): string[] {
  const { to, delivered, pricePerFan } = data;
  const { say, money } = speechOf(display);
  if (delivered === 0) return [say('orders.stopped.noFan')];
  const total = delivered * pricePerFan;
  const paid = { delivered, paid: money(data.paid), total: money(total) };
  return [
    data.paid === total ? say(`orders.stopped.all.${to}`, paid) : say(`orders.stopped.some.${to}`, paid),
    ...owedMore(data, display),
  ];
}

function isOver({ to, cause }: DataOfKind<'order.stopped'>): boolean {
  return to === 'client' && cause === 'partnership-terminated';
}

function notRenewed(data: DataOfKind<'order.not_renewed'>, display: DisplayContext): Message {
  const { say } = speechOf(display);
  const { why, todo } = blockerAdvice(data.because, data.to, display);
  const commands = ['standing', 'balance', 'myorders'] as const;
  return {
    title: say('orders.notRenewed.title', { order: data.orderId }),
    paragraphs: [`${say('orders.notRenewed.what')} ${why}`, todo],
    buttons:
      data.to === 'client'
        ? [commands.map((name) => commandButton(speechOf(display).say, name))]
        : orderButtons(data, display),
  };
}

function owed(data: DataOfKind<'charge.owed'>, display: DisplayContext): Message {
  const { to, orderId: order, client, marketer, fans } = data;
  const { say, money } = speechOf(display);
  const [amount, missing] = [money(data.amount), money(data.missing)];
  const [buttons = []] = orderButtons(data, display);
  return {
    title: say(`orders.owed.${to}.title`, { amount, order }),
    paragraphs: [
      say(`orders.owed.${to}.what`, { fans, client, marketer, missing }),
      to === 'client' ? say('orders.owed.client.next', { missing }) : say('orders.owed.marketer.next'),
    ],
    buttons: [to === 'client' ? [commandButton(speechOf(display).say, 'balance'), ...buttons] : buttons],
  };
}

function paid(data: DataOfKind<'charge.paid'>, display: DisplayContext): Message {
  const { to, orderId: order, client, fans } = data;
  const { say, money } = speechOf(display);
  return {
    title: say('orders.settled.title', { amount: money(data.amount), order }),
    paragraphs: [say(`orders.settled.${to}`, { client, fans })],
    buttons: orderButtons(data, display),
  };
}

function insufficient(data: DataOfKind<'charge.insufficient'>, display: DisplayContext): Message {
  const { say, money } = speechOf(display);
  const missing = money(data.missing);
  return {
    title: say('orders.insufficient.title', { amount: money(data.amount), order: data.orderId }),
    paragraphs: [
      say('orders.insufficient.what', { balance: money(data.balance), missing }),
      say('orders.insufficient.next', { missing }),
    ],
    buttons: [[commandButton(speechOf(display).say, 'balance'), commandButton(speechOf(display).say, 'myorders')]],
  };
}
