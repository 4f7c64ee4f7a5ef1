import { unreachable } from '../../kernel/errors.ts';
import { type DisplayContext, speechOf } from '../../texts/speech.ts';
import { commandButton } from './buttons.ts';
import { topUpButtons } from './invoices.ts';
import type { Message } from './message.ts';
import type { OrderContent } from './orders.ts';
import { orderButtons, orderName } from './orderWords.ts';

export type ChargeContent = Extract<OrderContent, { kind: `charge.${string}` }>;

type DataOfKind<K extends ChargeContent['kind']> = Extract<ChargeContent, { kind: K }>['data'];

/** The words of a notice about the money of an order: what is owed for its fans, and what is paid of that. */
export function chargeMessage(content: ChargeContent, display: DisplayContext): Message {
  switch (content.kind) {
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
