import { formatInstant } from '../../kernel/calendar.ts';
import { unreachable } from '../../kernel/errors.ts';
import { formatMoney } from '../../kernel/money.ts';
import { type Button, countOf, shorten } from '../../notices/messages/message.ts';
import { orderTerms, paidSentence, progressBar } from '../../notices/messages/orderWords.ts';
import { type OrderView, totalOf } from '../../orders/order.ts';
import type { DisplayContext } from '../../texts/speech.ts';
import type { Request } from '../core/command.ts';

/** How orders read in lists and answers, the same wherever they are shown. */

/** Where an order stands, in words that go on after its id. */
export function orderState(order: OrderView, display: DisplayContext): string {
  const { timeZone } = display;
  const { status, endedAt } = order;
  const since = endedAt === null ? '' : ` on ${formatInstant(endedAt, timeZone)}`;
  switch (status) {
    case 'placed':
      return `to be answered by ${formatInstant(order.respondBy, timeZone)}, ${queueState(order)}`;
    case 'queued':
      return queueState(order);
    case 'running':
      return progressBar(order, display);
    case 'completed':
      return `completed${since}`;
    case 'stopped':
      return `stopped${since}, with ${order.delivered} of ${countOf(order.quantity, 'fan')}`;
    case 'rejected':
    case 'expired':
    case 'refused':
    case 'cancelled':
      return `${status}${since}`;
    default:
      return unreachable(status);
  }
}

function queueState({ position }: OrderView): string {
  return position === null ? 'about to start' : `number ${position} in the queue`;
}

/** The same as a sentence of its own. */
export function orderSentence(order: OrderView, display: DisplayContext): string {
  const state = orderState(order, display);
  switch (order.status) {
    case 'placed':
    case 'queued':
      return `It is ${state}.`;
    case 'running':
      return `It runs: ${state}.`;
    case 'expired':
      return `It ${state}.`;
    case 'completed':
    case 'stopped':
    case 'rejected':
    case 'refused':
    case 'cancelled':
      return `It was ${state}.`;
    default:
      return unreachable(order.status);
  }
}

/** How it stands, with the money where some has moved or is owed. */
export function howOrderStands(
  order: OrderView,
  to: 'client' | 'marketer',
  client: string,
  display: DisplayContext,
): string[] {
  const { paid, owed, escrow } = order;
  const isMoneyOfInterest = order.acceptedAt !== null;
  const held =
    escrow > 0
      ? [`${formatMoney(escrow, display.currency)} is held for it${to === 'client' ? ' from your balance' : ''}.`]
      : [];
  return [
    orderSentence(order, display),
    ...(isMoneyOfInterest ? [paidSentence({ to, client, total: totalOf(order), paid, owed }, display)] : []),
    ...held,
  ];
}

export function termsOf(order: OrderView, display: DisplayContext): string {
  return orderTerms({ ...order, total: totalOf(order) }, display);
}

/** One line of a list of orders; `who` is the other side's name. */
export function orderRow(order: OrderView, who: string, display: DisplayContext): string[] {
  const { quantity, owed } = order;
  const total = formatMoney(totalOf(order), display.currency);
  const debt = owed > 0 ? `, ${formatMoney(owed, display.currency)} owed` : '';
  return [
    order.orderId,
    shorten(who, 60),
    `${countOf(quantity, 'fan')}, ${total}`,
    `${orderState(order, display)}${debt}`,
  ];
}

/** The order, if it is one of the person's; null both for somebody else's and for what does not exist. */
export async function ownOrder({ deps, account, now }: Request, id: string): Promise<OrderView | null> {
  const order = await deps.orders.get(id, now);
  const mine = order?.modelId === account.accountId || order?.marketerId === account.accountId;
  return mine ? order : null;
}

/** The button that shows an order to a manager. */
export function orderButton(orderId: string): Button {
  return { label: `Order ${shorten(orderId, 40)}`, command: `/order ${orderId}` };
}
