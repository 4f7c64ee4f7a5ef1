import { unreachable } from '../../kernel/errors.ts';
import { type DisplayContext, speechOf } from '../../texts/speech.ts';
import { commandButton } from './buttons.ts';
import { topUpButtons } from './invoices.ts';
import { becauseOf, type Message } from './message.ts';
import type { ClientRecord, OrderContent, OrderFacts } from './orders.ts';
import {
  blockerAdvice,
  idleSentence,
  orderButtons,
  orderName,
  orderTerms,
  orderWords,
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
  const { to, client, delivered, quantity, link, startedAt, record } = data;
  const { say, instant } = speechOf(display);
  const isFull = delivered >= quantity;
  const since = startedAt === undefined ? [] : [say('orders.card.since', { since: instant(startedAt) })];
  const words = orderWords(data, display);
  return {
    state: isFull ? 'done' : 'open',
    title: isFull ? say('orders.card.full', words) : say('orders.card.title', words),
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
  const { to, delivered, pricePerFan } = data;
  const { say } = speechOf(display);
  return {
    ...(data.status === 'completed' ? completedTitle(data, display) : stoppedTitle(data, display)),
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
  const { to, marketer, quantity, delivered, prepaid, link } = data;
  const { say, instant } = speechOf(display);
  const at = instant(data.stopsAt);
  const isLast = quantity === delivered + 1;
  const bring = isLast ? say('orders.idle.bringLast', { link }) : say('orders.idle.bringNext', { link });
  return {
    state: 'overdue',
    title: say('orders.idle.title', { count: data.daysLeft, ...orderWords(data, display) }),
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
  return {
    ...completedTitle(data, display),
    paragraphs: [progressBar(data, display), `${doneSentence(data, display)} ${paidSentence(data, display)}`],
    buttons: orderButtons(data, display),
  };
}

/** How the order stands: the message and the card say the same. */
function completedTitle(data: OrderFacts, display: DisplayContext): Pick<Message, 'state' | 'title'> {
  return { state: 'done', title: speechOf(display).say('orders.completed.title', orderWords(data, display)) };
}

/** How the order stands, with what is paid or owed for its fans. */
function stoppedTitle(
  data: OrderFacts & { delivered: number },
  display: DisplayContext,
): Pick<Message, 'state' | 'title'> {
  const { say, money } = speechOf(display);
  const { delivered, pricePerFan } = data;
  const [earned, order] = [money(delivered * pricePerFan), orderName(data, display)];
  return { state: 'stopped', title: say('orders.stopped.title', { earned, delivered, order }) };
}

/** That every fan was brought. */
function doneSentence({ to, client, marketer }: OrderFacts, display: DisplayContext): string {
  const { say } = speechOf(display);
  return to === 'client' ? say('orders.completed.client', { marketer }) : say('orders.completed.marketer', { client });
}

function stopped(data: DataOfKind<'order.stopped'>, display: DisplayContext): Message {
  const { to, returned } = data;
  const { say, money } = speechOf(display);
  const back = returned > 0 && to === 'client' ? [say('orders.stopped.returned', { returned: money(returned) })] : [];
  return {
    ...stoppedTitle(data, display),
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
    state: 'info',
    title: say('orders.notRenewed.title', orderWords(data, display)),
    paragraphs: [...doneBefore(data, display), `${say('orders.notRenewed.what')} ${why}`, todo],
    buttons:
      data.to === 'client'
        ? [commands.map((name) => commandButton(speechOf(display).say, name))]
        : orderButtons(data, display),
  };
}

/** What came of the order that is not renewed; nothing where that was told in a message of its own, before it was told in one. */
function doneBefore(data: DataOfKind<'order.not_renewed'>, display: DisplayContext): string[] {
  const { progress } = data;
  if (progress === undefined) return [];
  const done = { ...data, ...progress };
  return [progressBar(done, display), `${doneSentence(data, display)} ${paidSentence(done, display)}`];
}

function owed(data: DataOfKind<'charge.owed'>, display: DisplayContext): Message {
  const { to, modelId: accountId, client, marketer, fans } = data;
  const { say, money } = speechOf(display);
  const [amount, missing] = [money(data.amount), money(data.missing)];
  const [buttons = []] = orderButtons(data, display);
  const topUp = topUpButtons({ accountId, missing: data.missing }, display);
  return {
    state: to === 'client' ? 'overdue' : 'open',
    title: say(`orders.owed.${to}.title`, { amount, order: orderName(data, display) }),
    paragraphs: [
      say(`orders.owed.${to}.what`, { fans, client, marketer, missing }),
      to === 'client' ? say('orders.owed.client.next', { missing }) : say('orders.owed.marketer.next'),
    ],
    buttons: [to === 'client' ? [...topUp, commandButton(say, 'balance'), ...buttons] : buttons],
  };
}

function paid(data: DataOfKind<'charge.paid'>, display: DisplayContext): Message {
  const { to, client, fans } = data;
  const { say, money } = speechOf(display);
  return {
    state: 'done',
    title: say('orders.settled.title', { amount: money(data.amount), order: orderName(data, display) }),
    paragraphs: [say(`orders.settled.${to}`, { client, fans })],
    buttons: orderButtons(data, display),
  };
}

function insufficient(data: DataOfKind<'charge.insufficient'>, display: DisplayContext): Message {
  const { say, money } = speechOf(display);
  const missing = money(data.missing);
  const { order, modelId: accountId } = data;
  return {
    state: 'overdue',
    title: say('orders.insufficient.title', {
      amount: money(data.amount),
      order: order === undefined ? data.orderId : orderName({ to: 'client', ...order }, display),
    }),
    paragraphs: [
      say('orders.insufficient.what', { balance: money(data.balance), missing }),
      say('orders.insufficient.next', { missing }),
    ],
    buttons: [
      [
        ...(accountId === undefined ? [] : topUpButtons({ accountId, missing: data.missing }, display)),
        ...[commandButton(say, 'balance'), commandButton(say, 'myorders')],
      ],
    ],
  };
}
