import { modelButton } from '../../notices/messages/buttons.ts';
import { copyable } from '../../notices/messages/marks.ts';
import { type Button, becauseOf, type Message, quotedEnd, shorten } from '../../notices/messages/message.ts';
import { recordWords } from '../../notices/messages/orderWords.ts';
import { namesOf } from '../../orders/names.ts';
import { type OrderView, totalOf } from '../../orders/order.ts';
import type { OrderRefusal } from '../../orders/outcome.ts';
import { refusalWords } from '../../texts/refusals.ts';
import { notFound } from '../core/answers.ts';
import type { Command, Question, Request } from '../core/command.ts';
import { datedFacts, withRules } from '../core/explanation.ts';
import { modelName } from '../core/modelNames.ts';
import { parseText } from '../core/parseArguments.ts';
import { explainOrder, fanFacts } from './explainOrder.ts';
import { orderButton, orderSentence, orderTitle, signOf, termsOf } from './orderMessages.ts';
import { anyOrders } from './suggestions.ts';

/** What managers see of orders, and how they stop one (docs/chat.md, rules 4.7). */

const orderCommand: Command = {
  name: 'order',
  arguments: 'ID',
  thing: 'order',
  roles: ['manager'],
  scope: 'read',
  description: 'commands.order.description',
  suggest: (request, typed) => anyOrders(request, typed, false),
  async run(request): Promise<Message> {
    const { deps, speech, display, now } = request;
    const [id = ''] = request.words;
    const order = await deps.orders.get(id, now);
    if (order === null) return notFound(speech, 'order', id);
    const { say, money } = speech;
    const accounts = await deps.accounts.getMany([order.modelId, order.marketerId]);
    const nameOf = await namesOf(request.deps.accounts, [order]);
    const client = (await deps.orders.clientsOf([order], now)).get(order.orderId);
    const terms = termsOf(order, display);
    const stop = isStoppable(order) ? [say('orderCommands.one.toStop', { order: order.orderId })] : [];
    return {
      state: signOf(order),
      title: say('orderCommands.one.title', orderTitle(order, { to: 'manager', nameOf, display })),
      paragraphs: [orderSentence(order, display), ...stop],
      facts: [
        [say('answers.id'), copyable(order.orderId)],
        [say('orderCommands.one.client'), modelName(accounts.get(order.modelId), order.modelId)],
        ...(client === undefined || isOver(order)
          ? []
          : [
              [
                say('orderCommands.one.clientNow'),
                say('orderCommands.one.record', {
                  ...{ record: recordWords(client.record, display), covered: client.record.coveredFans },
                  count: order.quantity - order.delivered,
                }),
              ] as [string, string],
            ]),
        [say('orderCommands.one.marketer'), modelName(accounts.get(order.marketerId), order.marketerId)],
        [say('orderCommands.one.terms'), order.autoRenew ? say('orderCommands.one.termsRenewed', { terms }) : terms],
        [
          say('orderCommands.one.paid'),
          say('orderCommands.one.paidOf', { paid: money(order.paid), total: money(totalOf(order)) }),
        ],
        ...(order.owed > 0 ? [[say('orderCommands.one.owed'), money(order.owed)] as [string, string]] : []),
        ...(order.prepaid ? [[say('orderCommands.one.held'), money(order.escrow)] as [string, string]] : []),
        ...(order.link === null ? [] : [[say('orderCommands.one.link'), order.link] as [string, string]]),
        ...datedFacts(explainOrder(order, request, nameOf, await deps.orders.idleOutlook(order.orderId)), display, now),
        ...(await fanFacts(request, order)),
      ],
      ...withRules(display),
      buttons: [relatives(request, order), [modelButton(speech.say, order.modelId)]].filter((row) => row.length > 0),
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
function relatives({ speech }: Request, { renewalOf, renewedBy }: OrderView): Button[] {
  const { say } = speech;
  return [
    ...(renewalOf === null ? [] : [{ label: say('orderCommands.one.renewalOf'), command: `/order ${renewalOf}` }]),
    ...(renewedBy === null ? [] : [{ label: say('orderCommands.one.renewedBy'), command: `/order ${renewedBy}` }]),
  ];
}

const stopCommand: Command = {
  name: 'stop',
  arguments: 'ID REASON',
  thing: 'order',
  example: 'commands.stop.example',
  roles: ['manager'],
  scope: 'orders',
  description: 'commands.stop.description',
  changes: true,
  asksOnceMore: { always: true, question: whetherToStop },
  suggest: (request, typed) => anyOrders(request, typed, true),
  async run(request): Promise<Message> {
    const { deps, speech, actor, now } = request;
    const [id = '', ...rest] = request.words;
    const reason = parseText(rest);
    const outcome = await deps.orders.stop(id, { actor, reason }, now);
    switch (outcome.kind) {
      case 'not-found':
        return notFound(speech, 'order', id);
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
  const { deps, speech, display, now } = request;
  const [id = '', ...rest] = request.words;
  const order = await deps.orders.get(id, now);
  if (order === null) return notFound(speech, 'order', id);
  if (!isStoppable(order)) return notStopped(request, order);
  const nameOf = await namesOf(deps.accounts, [order]);
  const { say } = speech;
  const { orderId } = order;
  const [marketer, model] = [nameOf(order.marketerId), nameOf(order.modelId)];
  const named = orderTitle(order, { to: 'manager', nameOf, display });
  const reason = parseText(rest);
  return {
    about: named.order,
    words: [orderId, reason],
    title: say('orderCommands.stop.ask.title', named),
    paragraphs: [
      `${say('orderCommands.stop.ask.what', { marketer, model, terms: termsOf(order, display) })} ${orderSentence(order, display)}`,
      say('orderCommands.stop.ask.final', { reason: quotedEnd(reason) }),
    ],
    label: say('orderCommands.stop.ask.button', { order: shorten(named.order, 40) }),
    beside: orderButton(say, named.order, orderId),
  };
}

async function stopped({ deps, display, speech }: Request, order: OrderView, reason: string): Promise<Message> {
  const { say, money } = speech;
  const { orderId, delivered, quantity, paid, owed } = order;
  const nameOf = await namesOf(deps.accounts, [order]);
  const named = orderTitle(order, { to: 'manager', nameOf, display });
  return {
    state: 'stopped',
    title: say('orderCommands.stop.done.title', { paid: money(paid), order: named.order }),
    paragraphs: [
      [
        say('orderCommands.stop.done.delivered', { delivered, quantity, paid: money(paid) }),
        ...(owed > 0 ? [say('orderCommands.stop.done.owed', { owed: money(owed) })] : []),
        `${say('orderCommands.stop.done.told')}${becauseOf(reason, display)}`,
      ].join(' '),
    ],
    facts: [[say('answers.id'), copyable(orderId)]],
    buttons: [[orderButton(say, named.order, orderId), modelButton(say, order.modelId)]],
  };
}

async function notStopped(
  { deps, display, speech: { say } }: Request,
  order: OrderView,
  refusal?: OrderRefusal,
): Promise<Message> {
  const { orderId, status } = order;
  const isStopped = status === 'stopped';
  const nameOf = await namesOf(deps.accounts, [order]);
  const named = orderTitle(order, { to: 'manager', nameOf, display });
  const why =
    refusal === undefined ? [] : [say('orderCommands.stop.refused.why', { why: refusalWords(refusal.reason, say) })];
  return {
    title: say(isStopped ? 'orderCommands.stop.already' : 'orderCommands.stop.refused.title', named),
    paragraphs: [
      [
        ...[orderSentence(order, display), ...why, say('answers.nothingChangedNow')],
        ...(isStopped ? [] : [say('orderCommands.stop.refused.only')]),
      ].join(' '),
    ],
    facts: [[say('answers.id'), copyable(orderId)]],
    buttons: [[orderButton(say, named.order, orderId)]],
  };
}

export const managerOrderCommands: readonly Command[] = [orderCommand, stopCommand];
