import { formatInstant } from '../kernel/calendar.ts';
import { unreachable } from '../kernel/errors.ts';
import { formatMoney } from '../kernel/money.ts';
import { countOf, type Message } from '../notices/message.ts';
import { hindranceSentence } from '../notices/orders.ts';
import { ended, MY_ORDERS, ORDERS } from '../notices/orderWords.ts';
import type { FanVerdict } from '../orders/fan.ts';
import { type OrderReason, type OrderView, totalOf } from '../orders/order.ts';
import { orderReasonSentence } from '../orders/words.ts';
import { notFound, usage } from './answers.ts';
import type { Command, Request } from './command.ts';
import { howOrderStands, namesOf, ownOrder, termsOf } from './orderMessages.ts';
import { ownOrders } from './suggestions.ts';

const FANS_LOOKED_AT = 500;

/** `/why ID`: what became of an order, line by line, each with the rule behind it (contract 6). */
export const whyCommand: Command = {
  name: 'why',
  arguments: 'ID',
  roles: ['model', 'marketer'],
  description: 'What became of an order, step by step, and by which rule',
  suggest: ownOrders,
  async run(request): Promise<Message> {
    const [id] = request.words;
    if (!id) return usage(this, '/why ORDER');
    const order = await ownOrder(request, id);
    if (order === null) return notFound('order', id);
    const { account, reader } = request;
    const to = order.modelId === account.accountId ? 'client' : 'marketer';
    const nameOf = await namesOf(request, [order]);
    return {
      title: `Why order ${order.orderId} stands as it does`,
      paragraphs: howOrderStands(order, to, nameOf(order.modelId), reader),
      facts: [...orderStory(order, request, nameOf), ...(await fanFacts(request, order))],
      footer: 'The numbers in brackets are those of the rules.',
      buttons: [[to === 'client' ? MY_ORDERS : ORDERS]],
    };
  },
};

type Line = [label: string, value: string];

/** The story of an order in dated lines, the oldest first. */
export function orderStory(
  order: OrderView,
  { reader, now }: Pick<Request, 'reader' | 'now'>,
  nameOf: (accountId: string) => string,
): Line[] {
  const at = (instant: Date) => formatInstant(instant, reader.timeZone);
  const line = (instant: Date | null, text: string): Line[] => (instant === null ? [] : [[at(instant), text]]);
  const { marketerId, modelId, renewalOf, respondBy, acceptedAt, startedAt, endedAt } = order;
  const renews = renewalOf === null ? '' : `, to renew ${renewalOf} (rules 4.8)`;
  const waits = order.status === 'placed' && now < respondBy;
  return [
    ...line(
      order.placedAt,
      `${nameOf(modelId)} placed it with ${nameOf(marketerId)}${renews}: ${termsOf(order, reader)} (rules 4.1)`,
    ),
    ...line(waits ? respondBy : null, 'until then it can be accepted or rejected; then it expires (rules 4.2)'),
    ...line(acceptedAt, `${nameOf(marketerId)} accepted it${heldWords(order, reader.currency)}`),
    ...line(startedAt, 'it started: a place was free, and fans count from here on (rules 4.4, 4.5)'),
    ...line(endedAt, endWords(order, reader.currency)),
    ...line(order.renewedBy === null ? null : endedAt, `it was renewed by order ${order.renewedBy} (rules 4.8)`),
    ...line(
      order.notRenewedBecause.length === 0 ? null : endedAt,
      `it was not renewed: ${order.notRenewedBecause.map((one) => hindranceSentence(one, 'marketer', reader.currency)).join(' ')} (rules 4.8)`,
    ),
  ];
}

function heldWords(order: OrderView, currency: string): string {
  const { prepaid } = order;
  if (!prepaid) return ' (rules 4.2)';
  return `, and ${formatMoney(totalOf(order), currency)} of the client’s balance was held for it (rules 4.2, 4.3)`;
}

function endWords(order: OrderView, currency: string): string {
  const why = order.reasons.map((reason) => ended(orderReasonSentence(reason, currency))).join(' ');
  const rule = endRule(order.reasons[0]);
  if (order.status === 'completed') return 'every fan was there, and the rest was settled (rules 4.7)';
  if (order.status === 'stopped') return `it was stopped and settled at once. ${why} (rules ${rule})`;
  return `it ${order.status === 'expired' ? 'expired' : `was ${order.status}`}. ${why} (rules ${rule})`;
}

function endRule(reason: OrderReason | undefined): string {
  if (reason === undefined) return '4.9';
  switch (reason.kind) {
    case 'rejected':
    case 'not-answered':
      return '4.2';
    case 'cancelled':
      return '4.9';
    case 'guarantee-violated':
    case 'stopped-by-manager':
      return '4.7';
    case 'partnership-terminated':
      return '2.5, 4.7';
    case 'client-terminated':
      return '2.5';
    case 'client-blocked':
      return '2.2';
    case 'client-owes':
      return '4.6';
    default:
      return unreachable(reason);
  }
}

const NOT_COUNTED: readonly [FanVerdict, string][] = [
  ['surplus', 'came when all were there already'],
  ['not_running', 'came before the start or after a stop'],
  ['other_source', 'came for another model'],
  ['not_real', 'flagged as bot or fake'],
  ['returning', 'known to the model’s page before'],
];

/** Of the fans that came through its link: how many counted, and why others did not (rules 4.5). */
export async function fanFacts({ deps }: Pick<Request, 'deps'>, { orderId, delivered }: OrderView): Promise<Line[]> {
  const page = await deps.orders.fans(orderId, { limit: FANS_LOOKED_AT });
  if (page === null || page.items.length === 0) return [];
  const verdicts = new Map<FanVerdict, number>();
  for (const { verdict } of page.items) verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
  const others = NOT_COUNTED.flatMap(([verdict, words]): Line[] => {
    const count = verdicts.get(verdict) ?? 0;
    return count === 0 ? [] : [[`Not counted: ${countOf(count, 'fan')}`, `${words} (rules 4.5)`]];
  });
  const partly = page.next === null ? '' : `; of those not counted, the first ${FANS_LOOKED_AT} fans were looked at`;
  return [['Counted', `${countOf(delivered, 'fan')}${partly} (rules 4.5)`], ...others];
}
