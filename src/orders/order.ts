import { unreachable } from '../kernel/errors.ts';
import { hashOf } from '../kernel/ids.ts';
import type { MinorUnits } from '../kernel/money.ts';
import type { RefusalCode, Refused } from '../kernel/refusals.ts';
import type { OrderBlocker } from '../notices/messages/orders.ts';

/** What was agreed, fixed from the start (rules 4.1). Money in minor units; `respondBy` is when the answer is due. */
export type OrderTerms = {
  orderId: string;
  modelId: string;
  marketerId: string;
  offerId: string;
  quantity: number;
  pricePerFan: MinorUnits;
  prepaid: boolean;
  /** Fans of one paid chunk; null: paid on completion or, prepaid, fan by fan. */
  chunkSize: number | null;
  autoRenew: boolean;
  placedAt: Date;
  respondBy: Date;
  /** The order that this one renews. */
  renewalOf: string | null;
};

/** Why an order ended without being completed. */
export type OrderReason =
  | OrderBlocker
  | { kind: 'rejected'; reason: string | null }
  | { kind: 'cancelled'; reason: string | null }
  | { kind: 'not-answered' }
  /** Its marketer wanted to accept it, and the client's balance did not cover it in time (rules 4.3). */
  | { kind: 'not-funded' }
  /** `days`: for how many it was idle, where it was; absent in what was stored before they were. */
  | { kind: StopCause; reason: string; days?: number };

/**
 * Why an accepted order is stopped early: a guarantee was violated, a manager did it, the client was terminated, or no
 * fan has counted for long (rules 4.7, 4.10).
 */
export type StopCause = 'guarantee-violated' | 'stopped-by-manager' | 'partnership-terminated' | 'idle';

type Accepted = { acceptedAt: Date; campaignId: string };

/** The states of rules 4.9. `acceptanceNumber` numbers a marketer's acceptances without a gap. */
export type OrderState =
  | { status: 'placed' }
  | ({ status: 'queued'; acceptanceNumber: number } & Accepted)
  | ({ status: 'running'; acceptanceNumber: number; startedAt: Date } & Accepted)
  | ({ status: 'completed'; startedAt: Date; endedAt: Date } & Accepted)
  | ({ status: 'stopped'; startedAt: Date | null; endedAt: Date; reasons: OrderReason[] } & Accepted)
  | { status: 'rejected' | 'expired' | 'refused' | 'cancelled'; endedAt: Date; reasons: OrderReason[] };

export type OrderStatus = OrderState['status'];

/** The outcome of renewing a completed order (rules 4.8). */
export type Renewal = { kind: 'renewed'; orderId: string } | { kind: 'not-renewed'; because: OrderBlocker[] };

export type Order = OrderTerms & OrderState & { delivered: number; renewal: Renewal | null };

/** What made an order start: its acceptance, a place that became free, or its first fan (rules 4.4). */
export type StartCause = 'acceptance' | 'place' | 'fan';

/** An order as the API shows it (docs/api.md). */
export type OrderView = Omit<OrderTerms, 'quantity'> & {
  status: OrderStatus;
  /** In the marketer's queue, 1 is next; null when it neither waits for a place nor for an answer. */
  position: number | null;
  delivered: number;
  quantity: number;
  /** Of the delivered fans: what the marketer was paid, and what fell due and the client's balance did not cover. */
  paid: MinorUnits;
  owed: MinorUnits;
  /** What is held of the client's money and not paid out or returned yet. */
  escrow: MinorUnits;
  campaignId: string | null;
  link: string | null;
  acceptedAt: Date | null;
  startedAt: Date | null;
  startedBy: StartCause | null;
  endedAt: Date | null;
  renewedBy: string | null;
  notRenewedBecause: OrderBlocker[];
  reasons: OrderReason[];
};

export type AnswerKind = 'accept' | 'reject' | 'cancel' | 'expire';

/** The decision about an answer to an order. `at`: its effective time. */
export type AnswerDecision =
  | { kind: 'answer'; at: Date }
  | { kind: 'already' }
  /** Nobody answered in time, and that is still to be stored. */
  | { kind: 'expire-first' }
  | Refused<OrderStatus>;

/** Whether an order can be answered so at `now`; from `respondBy` on it is expired (rules 4.2, 4.9). */
export function decideAnswer(order: Order, answer: AnswerKind, now: Date): AnswerDecision {
  if (order.status === 'placed') {
    if (answer === 'expire') {
      return now < order.respondBy
        ? { kind: 'refused', state: 'placed', reason: 'order_not_due' }
        : { kind: 'answer', at: order.respondBy };
    }
    return now < order.respondBy ? { kind: 'answer', at: now } : { kind: 'expire-first' };
  }
  if (isAnsweredSo(order.status, answer)) return { kind: 'already' };
  return { kind: 'refused', state: order.status, reason: stateCode(order.status) };
}

function isAnsweredSo(status: OrderStatus, answer: AnswerKind): boolean {
  switch (answer) {
    case 'accept':
      return status === 'queued' || status === 'running';
    case 'reject':
      return status === 'rejected';
    case 'cancel':
      return status === 'cancelled';
    case 'expire':
      return status === 'expired';
    default:
      return unreachable(answer);
  }
}

export type StopDecision = { kind: 'stop' } | { kind: 'already' } | Refused<OrderStatus>;

/**
 * Whether an order can be stopped for this cause: accepted ones alone. Terminating spares prepaid ones that run, and
 * what still waits in the queue is not idle.
 */
export function decideStop(order: Order, cause: StopCause): StopDecision {
  if (order.status === 'stopped') return { kind: 'already' };
  const spared =
    (cause === 'partnership-terminated' && order.prepaid && order.status === 'running') ||
    (cause === 'idle' && order.status === 'queued');
  if ((order.status === 'queued' || order.status === 'running') && !spared) return { kind: 'stop' };
  return { kind: 'refused', state: order.status, reason: stateCode(order.status) };
}

/** The status at `now`: a placed order that nobody answered is expired from `respondBy` on. */
export function statusAt(order: Pick<Order, 'status' | 'respondBy'>, now: Date): OrderStatus {
  return order.status === 'placed' && now >= order.respondBy ? 'expired' : order.status;
}

function stateCode(status: OrderStatus): RefusalCode {
  return status === 'placed' ? 'order_not_accepted' : `order_${status}`;
}

export function totalOf({ quantity, pricePerFan }: Pick<OrderTerms, 'quantity' | 'pricePerFan'>): MinorUnits {
  return quantity * pricePerFan;
}

const CAMPAIGN_PREFIX = 'cpl~';
/** Of an earlier version: ids of the platform's can begin so, too. */
const EARLIER_CAMPAIGN_PREFIX = 'cpl-';
const LONGEST_ID = 64;
const HASH_LENGTH = 22;

/** The campaign of an order: an id that the platform cannot give (it has a `~`), the same however often it is asked for. */
export function campaignIdOf(orderId: string): string {
  return shortened(`${CAMPAIGN_PREFIX}${orderId}`, orderId);
}

/** Whether this can be an order's campaign; the orders know whether it is one. */
export function isOrderCampaign(campaignId: string | undefined): campaignId is string {
  return campaignId?.startsWith(CAMPAIGN_PREFIX) === true || campaignId?.startsWith(EARLIER_CAMPAIGN_PREFIX) === true;
}

/** The order that renews another: `o1` is renewed by `o1~r2`, that by `o1~r3`. No order of the platform's has such an id. */
export function renewalIdOf(orderId: string): string {
  const [, first = orderId, number = '1'] = /^(.+)~r([1-9]\d{0,8})$/.exec(orderId) ?? [];
  return shortened(`${first}~r${Number(number) + 1}`, orderId);
}

function shortened(id: string, of: string): string {
  if (id.length <= LONGEST_ID) return id;
  return `${id.slice(0, LONGEST_ID - HASH_LENGTH - 1)}~${hashOf(of).slice(0, HASH_LENGTH)}`;
}
