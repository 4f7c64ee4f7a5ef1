import { unreachable } from '../../kernel/errors.ts';
import { formatMoney } from '../../kernel/money.ts';
import { commandButton } from '../../notices/messages/buttons.ts';
import { countOf, endSentence, quoted } from '../../notices/messages/message.ts';
import { blockerSentence } from '../../notices/messages/orders.ts';
import type { FanVerdict } from '../../orders/fans/fan.ts';
import type { IdleOutlook } from '../../orders/lifecycle/idleness.ts';
import { namesOf } from '../../orders/names.ts';
import { type OrderView, totalOf } from '../../orders/order.ts';
import { orderReasonSentence } from '../../orders/words.ts';
import type { DisplayContext } from '../../texts/speech.ts';
import type { Request } from '../core/command.ts';
import { type Explainer, explanationMessage, type Line, lineIf } from '../core/explanation.ts';
import { howOrderStands, orderButton, orderSentence, ownOrder, termsOf } from './orderMessages.ts';
import { anyOrders, ownOrders } from './suggestions.ts';

const FANS_LOOKED_AT = 500;

/** What became of an order (rules 4), for its client, its marketer, and managers. */
export const orderExplainer: Explainer = {
  thing: 'order',
  roles: ['model', 'marketer', 'manager'],
  async explain(request, id) {
    const { deps, account, display, now } = request;
    const isManager = account.role === 'manager';
    const order = isManager ? await deps.orders.get(id, now) : await ownOrder(request, id);
    if (order === null) return null;
    const nameOf = await namesOf(request.deps.accounts, [order]);
    const to = order.marketerId === account.accountId ? 'marketer' : 'client';
    const explanation = {
      title: `Why order ${order.orderId} stands as it does`,
      paragraphs: isManager
        ? [orderSentence(order, display)]
        : howOrderStands(order, to, nameOf(order.modelId), display),
      lines: explainOrder(order, request, nameOf, await deps.orders.idleOutlook(order.orderId)),
      more: await fanFacts(request, order),
      buttons: [
        [isManager ? orderButton(order.orderId) : commandButton(to === 'client' ? 'myorders' : 'orders', display)],
      ],
    };
    return explanationMessage(explanation, display, now);
  },
  suggest: (request, typed) =>
    request.account.role === 'manager' ? anyOrders(request, typed, false) : ownOrders(request, typed),
};

/** How an order came to stand as it does, in dated lines. */
export function explainOrder(
  order: OrderView,
  { display, now }: Pick<Request, 'display' | 'now'>,
  nameOf: (accountId: string) => string,
  idle: IdleOutlook | null,
): Line[] {
  const { marketerId, modelId, renewalOf, respondBy, acceptedAt, startedAt, endedAt } = order;
  const renews = renewalOf === null ? '' : `, to renew ${renewalOf}`;
  const notRenewed = order.notRenewedBecause.map((one) => blockerSentence(one, 'marketer', display));
  return [
    ...lineIf(
      order.placedAt,
      `${nameOf(modelId)} placed it with ${nameOf(marketerId)}${renews}: ${termsOf(order, display)}`,
      renewalOf === null ? '4.1' : '4.1, 4.8',
    ),
    ...lineIf(
      order.status === 'placed' && now < respondBy && respondBy,
      'until then it can be accepted or rejected; then it expires',
      '4.2',
    ),
    ...lineIf(
      acceptedAt,
      `${nameOf(marketerId)} accepted it${heldWords(order, display.currency)}; fans count from here on`,
      order.prepaid ? '4.2, 4.3, 4.5' : '4.2, 4.5',
    ),
    ...lineIf(startedAt, startWords(order), '4.4'),
    ...lineIf(idle?.stopsAt, 'if no other fan counts before, it is stopped and settled', '4.10'),
    ...lineIf(endedAt, endWords(order, display), endRule(order)),
    ...lineIf(order.renewedBy !== null && endedAt, `it was renewed by order ${order.renewedBy}`, '4.8'),
    ...lineIf(notRenewed.length > 0 && endedAt, `it was not renewed: ${notRenewed.join(' ')}`, '4.8'),
  ];
}

function startWords({ startedBy }: OrderView): string {
  switch (startedBy) {
    case 'fan':
      return 'its first fan started it, before a place was free';
    case 'place':
      return 'it started: a place was free';
    default:
      return 'it started at once';
  }
}

function heldWords(order: OrderView, currency: string): string {
  if (!order.prepaid) return '';
  return `, and ${formatMoney(totalOf(order), currency)} of the client’s balance was held for it`;
}

function endWords(order: OrderView, display: DisplayContext): string {
  const why = order.reasons.map((reason) => endSentence(orderReasonSentence(reason, display, quoted))).join(' ');
  if (order.status === 'completed') return 'every fan was there, and the rest was settled';
  if (order.status === 'stopped') return `it was stopped and settled at once. ${why}`;
  return `it ${order.status === 'expired' ? 'expired' : `was ${order.status}`}. ${why}`;
}

function endRule({ status, reasons: [reason] }: OrderView): string {
  if (reason === undefined) return status === 'completed' ? '4.7' : '4.9';
  switch (reason.kind) {
    case 'rejected':
    case 'not-answered':
      return '4.2';
    case 'not-funded':
      return '4.2, 4.3';
    case 'cancelled':
      return '4.9';
    case 'guarantee-violated':
    case 'stopped-by-manager':
      return '4.7';
    case 'idle':
      return '4.10, 4.7';
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
  ['not_running', 'came before the acceptance or after a stop'],
  ['other_source', 'came for another model'],
  ['not_real', 'flagged as bot or fake'],
  ['returning', 'known to the model’s page before'],
];

type Fact = [label: string, value: string];

/** Of the fans that came through its link: how many counted, and why others did not (rules 4.5). */
export async function fanFacts({ deps }: Pick<Request, 'deps'>, { orderId, delivered }: OrderView): Promise<Fact[]> {
  const page = await deps.orders.fans(orderId, { limit: FANS_LOOKED_AT });
  if (page === null || page.items.length === 0) return [];
  const verdicts = new Map<FanVerdict, number>();
  for (const { verdict } of page.items) verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
  const others = NOT_COUNTED.flatMap(([verdict, words]): Fact[] => {
    const count = verdicts.get(verdict) ?? 0;
    return count === 0 ? [] : [[`Not counted: ${countOf(count, 'fan')}`, `${words} (rules 4.5)`]];
  });
  const partly = page.next === null ? '' : `; of those not counted, the first ${FANS_LOOKED_AT} fans were looked at`;
  return [['Counted', `${countOf(delivered, 'fan')}${partly} (rules 4.5)`], ...others];
}
