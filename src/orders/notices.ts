import type { NameOf } from '../accounts/names.ts';
import type { MinorUnits } from '../kernel/money.ts';
import { orderCardKey } from '../notices/messages/cards.ts';
import type { CardStatus, ClientRecord, OrderBlocker, OrderContent, OrderFacts } from '../notices/messages/orders.ts';
import type { Notice } from '../notices/notices.ts';
import type { Client } from './clientRecords.ts';
import type { DeadlineStep } from './lifecycle/deadlineSteps.ts';
import type { IdleWarning } from './lifecycle/idleness.ts';
import { type OrderReason, type OrderTerms, type OrderView, type StopCause, totalOf } from './order.ts';
import { returnedAt } from './settlement/settlement.ts';
import type { PendingEffect, StoredAmount } from './store.ts';

type Side = OrderFacts['to'];

/** The subject of notices about an order that waits for its answer: unsent ones are dropped once it is answered. */
export function answerSubject(orderId: string): string {
  return `order:${orderId}:answer`;
}

/** The warnings that no fan counts: what is still to be sent of them is dropped once one does, or the order is over. */
export function idleSubject(orderId: string): string {
  return `order:${orderId}:idle`;
}

/** What notices of an order are made with: the names of both and, where the marketer reads it, how the client stands. */
export type NoticeContext = { names: NameOf; client?: Client | undefined };

/** Notices to both sides of what became of an order. */
export function pendingEffectNotices(
  order: OrderView,
  pendingEffects: PendingEffect,
  context: NoticeContext,
): Notice[] {
  const { orderId } = order;
  const { key, kind, at, actor } = pendingEffects;
  // Its card says that it was accepted, too.
  if (kind === 'accepted' && startsAtOnce(order)) return [];
  const said = bothSides(order, (to) => ({
    key: noticeKey(orderId, key, to),
    at,
    ...(actor === undefined ? {} : { actor }),
    ...(kind === 'placed' ? { subject: answerSubject(orderId) } : {}),
    // The card that was shown when it started.
    ...(kind === 'progress' ? { replaces: orderCardKey(orderId, to) } : {}),
    ...contentOf(order, pendingEffects, factsOf(order, to, context.names), context.client),
  }));
  if (kind !== 'completed' && kind !== 'stopped') return said;
  const card = cardNotices(order, key, at, context);
  // That it is not renewed tells of its completion, too.
  const isNotRenewed = kind === 'completed' && order.notRenewedBecause.length > 0;
  return isNotRenewed ? [...card, ...notRenewedNotices(order, at, context.names)] : [...card, ...said];
}

/** The card of an order as it is now, replaced because of `cause`; none when it never started. */
export function cardNotices(order: OrderView, cause: string, at: Date, { names, client }: NoticeContext): Notice[] {
  const { orderId, startedAt, link, delivered, paid, owed } = order;
  const status = cardStatusOf(order);
  if (status === null || startedAt === null) return [];
  return bothSides(order, (to) => ({
    key: noticeKey(orderId, `card:${cause}`, to),
    at,
    replaces: orderCardKey(orderId, to),
    kind: 'order.card',
    data: { ...factsOf(order, to, names), ...recordFor(to, client), delivered, paid, owed, link: link ?? '', status },
  }));
}

function cardStatusOf({ status }: OrderView): CardStatus | null {
  return status === 'running' || status === 'completed' || status === 'stopped' ? status : null;
}

function contentOf(
  order: OrderView,
  pendingEffects: PendingEffect,
  facts: OrderFacts,
  client: Client | undefined,
): OrderContent {
  const { respondBy, position, delivered, paid, owed, renewalOf } = order;
  const reason = pendingEffects.reason ?? null;
  const link = order.link ?? '';
  const progress = { delivered, paid, owed };
  const record = recordFor(facts.to, client);
  switch (pendingEffects.kind) {
    case 'placed':
      return {
        kind: 'order.placed',
        data: { ...facts, ...record, respondBy, recommended: client?.recommended ?? null, renewalOf },
      };
    case 'accepted':
      return { kind: 'order.accepted', data: { ...facts, position, link } };
    case 'rejected':
      return { kind: 'order.rejected', data: { ...facts, reason } };
    case 'cancelled':
      return { kind: 'order.cancelled', data: { ...facts, reason } };
    case 'expired':
      return {
        kind: 'order.expired',
        data: { ...facts, respondBy, isFunded: !order.reasons.some((why) => why.kind === 'not-funded') },
      };
    case 'refused':
      return { kind: 'order.refused', data: { ...facts, because: order.reasons.filter(isOrderBlocker) } };
    case 'started':
      if (startsAtOnce(order)) {
        return {
          kind: 'order.accepted',
          data: { ...facts, ...record, position: null, link, startedAt: order.startedAt ?? pendingEffects.at },
        };
      }
      return {
        kind: 'order.started',
        data: { ...facts, ...progress, ...record, link, startedAt: order.startedAt ?? pendingEffects.at },
      };
    case 'progress':
      return {
        kind: 'order.progress',
        data: { ...facts, ...progress, ...record, link, percent: pendingEffects.percent ?? 0 },
      };
    case 'completed':
      return { kind: 'order.completed', data: { ...facts, ...progress } };
    case 'stopped': {
      const [why] = order.reasons;
      const { kind: cause, days } = why !== undefined && isStop(why) ? why : { kind: 'stopped-by-manager' as const };
      const returned = returnedAt(order, delivered);
      const idle = days === undefined ? {} : { days };
      return { kind: 'order.stopped', data: { ...facts, ...progress, cause, reason: reason ?? '', ...idle, returned } };
    }
  }
}

/** What is accepted and starts at the same instant is one thing, and one message. */
function startsAtOnce({ acceptedAt, startedAt }: OrderView): boolean {
  return acceptedAt !== null && acceptedAt.getTime() === startedAt?.getTime();
}

/** A completed order is not renewed, and why (rules 4.8). */
function notRenewedNotices(order: OrderView, at: Date, names: NameOf): Notice[] {
  const { delivered, paid, owed } = order;
  return bothSides(order, (to) => ({
    key: noticeKey(order.orderId, 'not-renewed', to),
    at,
    kind: 'order.not_renewed',
    data: {
      ...factsOf(order, to, names),
      ...{ because: order.notRenewedBecause, progress: { delivered, paid, owed } },
    },
  }));
}

/** The reminder that an answer is due (rules 3); moot once the next one is. */
export function nudgeNotice(
  order: OrderView,
  step: DeadlineStep,
  next: Date,
  { names, client }: NoticeContext,
): Notice {
  return {
    key: noticeKey(order.orderId, `nudge:${step.hoursLeft}`, 'marketer'),
    accountId: order.marketerId,
    urgent: true,
    at: step.at,
    subject: answerSubject(order.orderId),
    expiresAt: next,
    kind: 'order.nudge',
    data: {
      ...{ ...factsOf(order, 'marketer', names), ...recordFor('marketer', client) },
      ...{ respondBy: order.respondBy, hoursLeft: step.hoursLeft },
    },
  };
}

/** To both: no fan has counted for so long, and when the order is stopped for that; moot once the next step is due. */
export function idleNotices(order: OrderView, warning: IdleWarning, names: NameOf): Notice[] {
  const { orderId, paid, owed } = order;
  const { delivered, since, step, next, stopsAt } = warning;
  return bothSides(order, (to) => ({
    // A fan between two warnings makes them two.
    key: noticeKey(orderId, `idle:${delivered}:${step.daysLeft}`, to),
    at: step.at,
    subject: idleSubject(orderId),
    expiresAt: next,
    kind: 'order.idle',
    data: {
      ...{ ...factsOf(order, to, names), delivered, paid, owed, link: order.link ?? '' },
      ...{ since, stopsAt, daysLeft: step.daysLeft },
    },
  }));
}

/** What is missing for an order to be accepted; one notice for each amount. */
export function shortfallNotices(
  order: OrderView,
  missing: MinorUnits,
  actor: string,
  at: Date,
  names: NameOf,
): Notice[] {
  return bothSides(order, (to) => ({
    key: noticeKey(order.orderId, `short:${missing}`, to),
    urgent: true,
    at,
    actor,
    subject: answerSubject(order.orderId),
    kind: 'order.short',
    data: { ...factsOf(order, to, names), missing, respondBy: order.respondBy },
  }));
}

/** To the marketer: money came in, by `cause`, and covers the order that could not be accepted before (rules 4.3). */
export function fundedNotice(order: OrderView, cause: string, at: Date, { names, client }: NoticeContext): Notice {
  return {
    key: noticeKey(order.orderId, `acceptable:${cause}`, 'marketer'),
    accountId: order.marketerId,
    urgent: true,
    at,
    subject: answerSubject(order.orderId),
    expiresAt: order.respondBy,
    kind: 'order.acceptable',
    data: {
      ...{ ...factsOf(order, 'marketer', names), ...recordFor('marketer', client), respondBy: order.respondBy },
    },
  };
}

/** An amount became owed, or an owed one was paid. */
export function amountNotices(order: OrderView, amount: StoredAmount, balance: MinorUnits, names: NameOf): Notice[] {
  const { number, fans, amount: cents, fellDueAt, paidAt } = amount;
  const missing = Math.max(0, cents - balance);
  return bothSides(order, (to) => {
    const data = { ...factsOf(order, to, names), amount: cents, fans };
    return amount.status === 'paid'
      ? {
          key: noticeKey(order.orderId, `amount:${number}:paid`, to),
          at: paidAt ?? fellDueAt,
          kind: 'charge.paid',
          data,
        }
      : {
          key: noticeKey(order.orderId, `amount:${number}:owed`, to),
          at: fellDueAt,
          subject: `order:${order.orderId}:amount:${number}`,
          kind: 'charge.owed',
          data: { ...data, missing },
        };
  });
}

/** To the client: money came in, by `cause`, and does not cover an owed amount. */
export function insufficientNotice(
  order: OrderTerms,
  amount: StoredAmount,
  { balance, cause, at, names }: { balance: MinorUnits; cause: string; at: Date; names: NameOf },
): Notice {
  const { orderId, modelId, amount: cents } = amount;
  const { marketerId, quantity } = order;
  return {
    key: `topup:${cause}:short`,
    accountId: modelId,
    urgent: false,
    at,
    kind: 'charge.insufficient',
    data: {
      ...{ orderId, modelId, amount: cents, balance, missing: cents - balance },
      order: { modelId, marketerId, client: names(modelId), marketer: names(marketerId), quantity },
    },
  };
}

type OneSided = Omit<Notice, 'accountId' | 'urgent' | keyof OrderContent> & { urgent?: boolean } & OrderContent;

function bothSides(order: OrderView, of: (to: Side) => OneSided): Notice[] {
  return (['client', 'marketer'] as const).map((to) => ({ urgent: false, accountId: accountOf(order, to), ...of(to) }));
}

function noticeKey(orderId: string, key: string, to: Side): string {
  return `order:${orderId}:${key}:${to}`;
}

function accountOf({ modelId, marketerId }: OrderView, to: Side): string {
  return to === 'client' ? modelId : marketerId;
}

function factsOf(order: OrderView, to: Side, names: NameOf): OrderFacts {
  const { orderId, modelId, marketerId, quantity, pricePerFan, prepaid, chunkSize } = order;
  const people = { modelId, marketerId, client: names(modelId), marketer: names(marketerId) };
  return { to, orderId, ...people, quantity, pricePerFan, total: totalOf(order), prepaid, chunkSize };
}

function recordFor(to: Side, client: Client | undefined): { record?: ClientRecord } {
  return to === 'client' || client === undefined ? {} : { record: client.record };
}

function isOrderBlocker(reason: OrderView['reasons'][number]): reason is OrderBlocker {
  return reason.kind === 'client-terminated' || reason.kind === 'client-blocked' || reason.kind === 'client-owes';
}

function isStop(reason: OrderView['reasons'][number]): reason is Extract<OrderReason, { kind: StopCause }> {
  switch (reason.kind) {
    case 'guarantee-violated':
    case 'stopped-by-manager':
    case 'partnership-terminated':
    case 'idle':
      return true;
    default:
      return false;
  }
}
