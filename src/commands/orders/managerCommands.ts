import { formatMoney } from '../../kernel/money.ts';
import { refusalWords } from '../../kernel/refusals.ts';
import { type Button, becauseOf, countOf, type Message, quotedEnd, shorten } from '../../notices/messages/message.ts';
import { recordWords } from '../../notices/messages/orderWords.ts';
import { namesOf } from '../../orders/names.ts';
import { type OrderView, totalOf } from '../../orders/order.ts';
import type { OrderRefusal } from '../../orders/outcome.ts';
import { notFound } from '../core/answers.ts';
import type { Command, Question, Request } from '../core/command.ts';
import { datedFacts } from '../core/explanation.ts';
import { modelButton, modelName } from '../core/modelNames.ts';
import { parseText } from '../core/parseArguments.ts';
import { explainOrder, fanFacts } from './explainOrder.ts';
import { orderButton, orderSentence, termsOf } from './orderMessages.ts';
import { anyOrders } from './suggestions.ts';

/** What managers see of orders, and how they stop one (docs/chat.md, rules 4.7). */

const orderCommand: Command = {
  name: 'order',
  arguments: 'ID',
  thing: 'order',
  roles: ['manager'],
  description: 'Any CPL order: terms, progress, money, history',
  suggest: (request, typed) => anyOrders(request, typed, false),
  async run(request): Promise<Message> {
    const { deps, display, now } = request;
    const [id = ''] = request.words;
    const order = await deps.orders.get(id, now);
    if (order === null) return notFound('order', id);
    const money = (amount: number) => formatMoney(amount, display.currency);
    const accounts = await deps.accounts.getMany([order.modelId, order.marketerId]);
    const nameOf = await namesOf(request.deps.accounts, [order]);
    const client = (await deps.orders.clientsOf([order], now)).get(order.orderId);
    const stop = isStoppable(order) ? [`To stop it and settle it at once, send: /stop ${order.orderId} REASON`] : [];
    return {
      title: `Order ${order.orderId}`,
      paragraphs: [orderSentence(order, display), ...stop],
      facts: [
        ['Client', modelName(accounts.get(order.modelId), order.modelId)],
        ...(client === undefined || isOver(order)
          ? []
          : [
              [
                'Client now',
                `${recordWords(client.record, display)}, money for ${client.record.coveredFans} of ${countOf(order.quantity - order.delivered, 'fan')} to come`,
              ] as [string, string],
            ]),
        ['Marketer', modelName(accounts.get(order.marketerId), order.marketerId)],
        ['Terms', `${termsOf(order, display)}${order.autoRenew ? ', renewed by itself' : ''}`],
        ['Paid', `${money(order.paid)} of ${money(totalOf(order))}`],
        ...(order.owed > 0 ? [['Owed', money(order.owed)] as [string, string]] : []),
        ...(order.prepaid ? [['Held in escrow', money(order.escrow)] as [string, string]] : []),
        ...(order.link === null ? [] : [['Link', order.link] as [string, string]]),
        ...datedFacts(explainOrder(order, request, nameOf, await deps.orders.idleOutlook(order.orderId)), display, now),
        ...(await fanFacts(request, order)),
      ],
      buttons: [relatives(order), [modelButton(order.modelId)]].filter((row) => row.length > 0),
    };
  },
};

function isOver({ status }: OrderView): boolean {
  return status !== 'placed' && status !== 'queued' && status !== 'running';
}

function isStoppable({ status }: OrderView): boolean {
  return status === 'queued' || status === 'running';
}

/** The orders that this one renews, or that renew it. */
function relatives({ renewalOf, renewedBy }: OrderView): Button[] {
  return [renewalOf, renewedBy].flatMap((id) => (id === null ? [] : [orderButton(id)]));
}

const stopCommand: Command = {
  name: 'stop',
  arguments: 'ID REASON',
  thing: 'order',
  example: 'the fans are not real',
  roles: ['manager'],
  description: 'Stop an accepted order and settle it at once; asks once more',
  changes: true,
  asksOnceMore: { always: true, question: whetherToStop },
  suggest: (request, typed) => anyOrders(request, typed, true),
  async run(request): Promise<Message> {
    const { deps, actor, now } = request;
    const [id = '', ...rest] = request.words;
    const reason = parseText(rest);
    const outcome = await deps.orders.stop(id, { actor, reason }, now);
    switch (outcome.kind) {
      case 'not-found':
        return notFound('order', id);
      case 'stopped':
        return stopped(request, outcome.order, reason);
      case 'already-stopped':
        return notStopped(request, outcome.order);
      case 'refused':
        return notStopped(request, outcome.order, outcome);
    }
  },
};

async function whetherToStop(request: Request): Promise<Question | Message> {
  const { deps, display, now } = request;
  const [id = '', ...rest] = request.words;
  const order = await deps.orders.get(id, now);
  if (order === null) return notFound('order', id);
  if (!isStoppable(order)) return notStopped(request, order);
  const nameOf = await namesOf(deps.accounts, [order]);
  const { orderId, marketerId, modelId } = order;
  const reason = parseText(rest);
  return {
    about: `order ${orderId}`,
    words: [orderId, reason],
    title: `Stop order ${orderId}?`,
    paragraphs: [
      `${nameOf(marketerId)} for ${nameOf(modelId)}, ${termsOf(order, display)}. ${orderSentence(order, display)}`,
      `This ends it for good: the fans delivered so far are paid, what is left in escrow goes back, and no other fan counts. Both are told the reason: ${quotedEnd(reason)}`,
    ],
    label: `Stop ${shorten(orderId, 40)} for good`,
    beside: orderButton(orderId),
  };
}

function stopped({ display }: Request, order: OrderView, reason: string): Message {
  const money = (amount: number) => formatMoney(amount, display.currency);
  const owed = order.owed > 0 ? ` ${money(order.owed)} more is owed and is debited as soon as it is covered.` : '';
  return {
    title: `Order ${order.orderId} is stopped`,
    paragraphs: [
      `${order.delivered} of ${order.quantity} fans were delivered; ${money(order.paid)} is paid for them.${owed} Client, marketer and the platform are told.${becauseOf(reason, display)}`,
    ],
    buttons: [[orderButton(order.orderId), modelButton(order.modelId)]],
  };
}

function notStopped({ display }: Request, order: OrderView, refusal?: OrderRefusal): Message {
  const isStopped = order.status === 'stopped';
  const why = refusal === undefined ? '' : ` ${refusalWords(refusal.reason)}.`;
  return {
    title: isStopped ? `Order ${order.orderId} is stopped already` : `Order ${order.orderId} cannot be stopped`,
    paragraphs: [
      `${orderSentence(order, display)}${why} Nothing was changed now.${isStopped ? '' : ' Only accepted orders that are not over can be stopped.'}`,
    ],
    buttons: [[orderButton(order.orderId)]],
  };
}

export const managerOrderCommands: readonly Command[] = [orderCommand, stopCommand];
