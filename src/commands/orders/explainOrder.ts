import { unreachable } from '../../kernel/errors.ts';
import { commandButton } from '../../notices/messages/buttons.ts';
import { endSentence, quoted } from '../../notices/messages/message.ts';
import { type RuleSection, ruleWords } from '../../notices/messages/rules.ts';
import type { FanVerdict } from '../../orders/fans/fan.ts';
import type { IdleOutlook } from '../../orders/lifecycle/idleness.ts';
import { namesOf } from '../../orders/names.ts';
import { type OrderView, totalOf } from '../../orders/order.ts';
import { orderReasonWords } from '../../orders/words.ts';
import { type DisplayContext, speechOf } from '../../texts/speech.ts';
import type { Request } from '../core/command.ts';
import { type Explainer, explanationMessage, type Line, lineIf } from '../core/explanation.ts';
import { orderName } from '../core/orderNames.ts';
import { howOrderStands, orderButton, orderSentence, ownOrder, signOf, termsOf } from './orderMessages.ts';
import { anyOrders, ownOrders } from './suggestions.ts';

const FANS_LOOKED_AT = 500;

/** What became of an order (rules 4), for its client, its marketer, and managers. */
export const orderExplainer: Explainer = {
  thing: 'order',
  roles: ['model', 'marketer', 'manager'],
  async explain(request, id) {
    const { deps, speech, account, display, now } = request;
    const isManager = account.role === 'manager';
    const order = isManager ? await deps.orders.get(id, now) : await ownOrder(request, id);
    if (order === null) return null;
    const nameOf = await namesOf(request.deps.accounts, [order]);
    const to = order.marketerId === account.accountId ? 'marketer' : 'client';
    const explanation = {
      state: signOf(order),
      title: speech.say('explain.title', {
        amount: speech.money(totalOf(order)),
        thing: orderName(order, { to: isManager ? 'manager' : to, nameOf, display }),
      }),
      id: order.orderId,
      paragraphs: isManager
        ? [orderSentence(order, display)]
        : howOrderStands(order, to, nameOf(order.modelId), display),
      lines: explainOrder(order, request, nameOf, await deps.orders.idleOutlook(order.orderId)),
      more: await fanFacts(request, order),
      buttons: [
        [
          isManager
            ? orderButton(speech.say, orderName(order, { to: 'manager', nameOf, display }), order.orderId)
            : commandButton(speech.say, to === 'client' ? 'myorders' : 'orders'),
        ],
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
  const { say, money } = speechOf(display);
  const { renewalOf, respondBy, acceptedAt, startedAt, startedBy, endedAt, renewedBy } = order;
  const [client, marketer, terms] = [nameOf(order.modelId), nameOf(order.marketerId), termsOf(order, display)];
  const notRenewed = order.notRenewedBecause.map((one) => orderReasonWords(one, display));
  return [
    ...lineIf(
      order.placedAt,
      renewalOf === null
        ? say('explain.order.placed', { client, marketer, terms })
        : say('explain.order.placedAnew', { client, marketer, terms }),
      renewalOf === null ? ['4.1'] : ['4.1', '4.8'],
    ),
    ...lineIf(order.status === 'placed' && now < respondBy && respondBy, say('explain.order.open'), ['4.2']),
    ...lineIf(
      acceptedAt,
      order.prepaid
        ? say('explain.order.acceptedPrepaid', { marketer, total: money(totalOf(order)) })
        : say('explain.order.accepted', { marketer }),
      order.prepaid ? ['4.3', '4.5'] : ['4.5'],
    ),
    ...lineIf(
      startedAt,
      say('explain.order.started', { by: startedBy === 'fan' || startedBy === 'place' ? startedBy : 'other' }),
      ['4.4'],
    ),
    ...lineIf(idle?.stopsAt, say('explain.order.idle'), ['4.10']),
    ...lineIf(endedAt, endWords(order, display), endRules(order)),
    ...lineIf(renewedBy !== null && endedAt, say('explain.order.renewed'), ['4.8']),
    ...lineIf(notRenewed.length > 0 && endedAt, say('explain.order.notRenewed', { why: notRenewed.join(' ') }), [
      '4.8',
    ]),
  ];
}

function endWords({ status, reasons }: OrderView, display: DisplayContext): string {
  const { say } = speechOf(display);
  if (status === 'completed') return say('explain.order.completed');
  const how =
    status === 'stopped' || status === 'expired' || status === 'rejected' || status === 'refused' ? status : 'other';
  const why = reasons.map((reason) => endSentence(orderReasonWords(reason, display, quoted)));
  return [say('explain.order.ended', { how }), ...why].join(' ');
}

function endRules({ status, reasons: [reason] }: OrderView): RuleSection[] {
  if (reason === undefined) return [status === 'completed' ? '4.7' : '4.9'];
  switch (reason.kind) {
    case 'rejected':
    case 'not-answered':
      return ['4.2'];
    case 'not-funded':
      return ['4.2', '4.3'];
    case 'cancelled':
      return ['4.9'];
    case 'guarantee-violated':
    case 'stopped-by-manager':
      return ['4.7'];
    case 'idle':
      return ['4.10', '4.7'];
    case 'partnership-terminated':
      return ['2.5', '4.7'];
    case 'client-terminated':
      return ['2.5'];
    case 'client-blocked':
      return ['2.2'];
    case 'client-owes':
      return ['4.6'];
    default:
      return unreachable(reason);
  }
}

const NOT_COUNTED = ['surplus', 'not_running', 'other_source', 'not_real', 'returning'] as const;

type Fact = [label: string, value: string];

/** Of the fans that came through its link: how many counted, and why others did not (rules 4.5). */
export async function fanFacts(
  { deps, display, speech: { say } }: Pick<Request, 'deps' | 'display' | 'speech'>,
  { orderId, delivered }: OrderView,
): Promise<Fact[]> {
  const page = await deps.orders.fans(orderId, { limit: FANS_LOOKED_AT });
  if (page === null || page.items.length === 0) return [];
  const verdicts = new Map<FanVerdict, number>();
  for (const { verdict } of page.items) verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
  const others = NOT_COUNTED.flatMap((verdict): Fact[] => {
    const count = verdicts.get(verdict) ?? 0;
    const text = say('explain.fans.why', { verdict: verdict === 'returning' ? 'other' : verdict });
    return count === 0
      ? []
      : [
          [
            say('explain.fans.notCounted', { count }),
            say('explain.line', { text, rules: ruleWords(['4.5'], display) }),
          ],
        ];
  });
  const text =
    page.next === null
      ? say('explain.fans.count', { count: delivered })
      : say('explain.fans.countPartly', { count: delivered, first: FANS_LOOKED_AT });
  return [[say('explain.fans.counted'), say('explain.line', { text, rules: ruleWords(['4.5'], display) })], ...others];
}
