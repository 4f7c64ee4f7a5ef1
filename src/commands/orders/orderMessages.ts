import { unreachable } from '../../kernel/errors.ts';
import { type Button, type State, shorten, type Table } from '../../notices/messages/message.ts';
import { orderTerms, paidSentence, progressBar } from '../../notices/messages/orderWords.ts';
import { monthHeadings } from '../../notices/messages/tables.ts';
import { type OrderView, totalOf } from '../../orders/order.ts';
import { type DisplayContext, type Say, speechOf } from '../../texts/speech.ts';
import type { Request } from '../core/command.ts';
import { type OrderReader, orderName } from '../core/orderNames.ts';

/** How orders read in lists and answers, the same wherever they are shown. */

/** Where an order stands, in words that go on after its id. */
export function orderState(order: OrderView, display: DisplayContext): string {
  return orderWords(order, 'state', display);
}

/** The same as a sentence of its own. */
export function orderSentence(order: OrderView, display: DisplayContext): string {
  return orderWords(order, 'stands', display);
}

function orderWords(order: OrderView, as: 'state' | 'stands', display: DisplayContext): string {
  const { say, instant } = speechOf(display);
  const { status, delivered, quantity } = order;
  const at = order.endedAt === null ? '' : instant(order.endedAt);
  switch (status) {
    case 'placed':
      return say(`orderCommands.${as}.placed`, { by: instant(order.respondBy), ...placeOf(order) });
    case 'queued':
      return say(`orderCommands.${as}.queued`, placeOf(order));
    case 'running': {
      const progress = progressBar(order, display);
      return as === 'state' ? progress : say('orderCommands.stands.running', { progress });
    }
    case 'stopped':
      return say(`orderCommands.${as}.stopped`, { at, delivered, quantity });
    case 'completed':
    case 'rejected':
    case 'expired':
    case 'refused':
      return say(`orderCommands.${as}.ended`, { how: status, at });
    case 'cancelled':
      return say(`orderCommands.${as}.ended`, { how: 'other', at });
    default:
      return unreachable(status);
  }
}

/** Its number in the queue; without one its turn has come. */
function placeOf({ position }: OrderView) {
  return { place: position === null ? ('next' as const) : ('other' as const), position: position ?? 0 };
}

/** How it stands, with the money where some has moved or is owed. */
export function howOrderStands(
  order: OrderView,
  to: 'client' | 'marketer',
  client: string,
  display: DisplayContext,
): string[] {
  const { say, money } = speechOf(display);
  const { paid, owed, escrow } = order;
  const isMoneyOfInterest = order.acceptedAt !== null;
  const held = { held: money(escrow) };
  return [
    orderSentence(order, display),
    ...(isMoneyOfInterest ? [paidSentence({ to, client, total: totalOf(order), paid, owed }, display)] : []),
    ...(escrow > 0
      ? [say(to === 'client' ? 'orderCommands.stands.heldOfYours' : 'orderCommands.stands.held', held)]
      : []),
  ];
}

export function termsOf(order: OrderView, display: DisplayContext): string {
  return orderTerms({ ...order, total: totalOf(order) }, display);
}

/** What it comes to and what it is called, as titles say it. */
export function orderTitle(order: OrderView, reader: OrderReader) {
  return { total: speechOf(reader.display).money(totalOf(order)), order: orderName(order, reader) };
}

/** The sign of where an order stands. */
export function signOf({ status }: OrderView): State {
  if (status === 'placed' || status === 'queued' || status === 'running') return 'open';
  return status === 'completed' ? 'done' : status === 'stopped' ? 'stopped' : 'info';
}

/** A list of orders, a row each; with `months`, which is for those that are in the order of their placement, month by month. */
export function orderTable(orders: OrderView[], reader: OrderReader, { months = false } = {}): Table {
  const { say, dayOf } = speechOf(reader.display);
  return {
    header: [say('orderCommands.table.order'), say('orderCommands.table.total'), say('orderCommands.table.state')],
    rows: orders.map((order) => orderRow(order, reader)),
    numbers: [1],
    ...(months
      ? monthHeadings(
          orders.map(({ placedAt }) => dayOf(placedAt)),
          reader.display,
        )
      : {}),
  };
}

function orderRow(order: OrderView, reader: OrderReader): string[] {
  const { say, money } = speechOf(reader.display);
  const { owed } = order;
  const state = orderState(order, reader.display);
  return [
    orderName(order, reader),
    money(totalOf(order)),
    owed > 0 ? say('orderCommands.state.owed', { state, owed: money(owed) }) : state,
  ];
}

/** The buttons of an order in a list; its name in their labels says which one is meant. */
export function listedOrderButtons(order: OrderView, reader: OrderReader): Button[] {
  const { say } = speechOf(reader.display);
  const [{ orderId }, name] = [order, shorten(orderName(order, reader), 40)];
  if (order.status !== 'placed' || reader.to !== 'marketer') {
    return [{ label: say('payoutCommands.buttons.whyOf', { id: name }), command: `/why ${orderId}` }];
  }
  return [
    { label: say('orderCommands.list.accept', { order: name }), command: `/accept ${orderId}`, weight: 'main' },
    { label: say('orderCommands.list.reject', { order: name }), command: `/reject ${orderId}`, weight: 'danger' },
  ];
}

/** The order, if it is one of the person's; null both for somebody else's and for what does not exist. */
export async function ownOrder({ deps, account, now }: Request, id: string): Promise<OrderView | null> {
  const order = await deps.orders.get(id, now);
  const mine = order?.modelId === account.accountId || order?.marketerId === account.accountId;
  return mine ? order : null;
}

/** The button that shows an order to a manager. */
export function orderButton(say: Say, name: string, orderId: string): Button {
  return { label: say('commands.order.button', { order: shorten(name, 40) }), command: `/order ${orderId}` };
}
