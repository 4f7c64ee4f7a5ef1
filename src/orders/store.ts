import { type Connection, Schema } from 'mongoose';
import { driverCollection } from '../database/collection.ts';
import { BrokenInvariant, unreachable } from '../kernel/errors.ts';
import type { MinorUnits } from '../kernel/money.ts';
import { SEALED_INDEX } from '../seals/source.ts';
import type { FanVerdict } from './fans/fan.ts';
import type { Order, OrderReason, OrderState, OrderStatus, OrderTerms, Renewal, StopCause } from './order.ts';

/** A change of an order whose effects and announcements are pending. `key` is unique in it. */
export type PendingEffect = {
  key: string;
  kind:
    | 'placed'
    | 'accepted'
    | 'rejected'
    | 'expired'
    | 'refused'
    | 'cancelled'
    | 'started'
    | 'progress'
    | 'completed'
    | 'stopped';
  at: Date;
  /** The progress step that was reached. */
  percent?: number;
  actor?: string;
  reason?: string;
};

/** An intent to stop an order, until it is carried out. `afterFan`: only if no fan has counted after that number. */
export type Stopping = {
  cause: StopCause;
  reason: string;
  actor: string;
  at: Date;
  /** For how many days it was idle, where that is the cause. */
  days?: number;
  afterFan?: number;
  /** The platform's event that asks for it. */
  eventId?: string;
};

/**
 * How a running order is watched for idleness (rules 4.10): by a policy of so many `days`, no fan having counted since
 * `since` or later; at `stepAt` there is something to look at. `isWarned`: both sides were told that none does.
 */
export type Idleness = { days: number; since: Date; stepAt: Date; isWarned?: true };

/** An order; `_id` is its id. What is null outside is absent here. */
export type StoredOrder = Omit<OrderTerms, 'orderId' | 'chunkSize' | 'renewalOf'> & {
  _id: string;
  /** The hash of what was placed: the same id with other content is refused. */
  hash: string;
  /** Real time when it was written; those from before there were seals have none. */
  insertedAt?: Date;
  /** The event that placed it; none placed a renewal. */
  eventId?: string;
  chunkSize?: number;
  renewalOf?: string;
  status: OrderStatus;
  acceptedAt?: Date;
  campaignId?: string;
  /** Numbers the acceptances of a marketer without a gap. */
  acceptanceNumber?: number;
  /** The place that it took where the marketer's capacity is limited, while it runs: two never have the same. */
  slot?: number;
  startedAt?: Date;
  /** Its first fan came before a place was free. */
  startedByFan?: true;
  /** While it runs, unless the policy never stops idle orders. */
  idle?: Idleness;
  endedAt?: Date;
  /** The event that cancelled it, or told that a guarantee was violated. */
  endedByEvent?: string;
  reasons?: OrderReason[];
  /** Final once the order is over; while it runs, the number of its last fan is current. */
  delivered: number;
  /** How many fans the amounts that fell due pay for. */
  settled: number;
  /** The last progress step that was reached, in percent. */
  progress: number;
  stopping?: Stopping;
  renewal?: Renewal;
  pendingEffects?: PendingEffect[];
  /** An acceptance was refused for too little balance, and nobody has heard since that it would be covered. */
  awaitingFunds?: true;
  /** When its next reminder or its expiry is due, while it waits for an answer. */
  nextStepAt?: Date;
};

/**
 * A fan that came through an order's campaign; `_id` is the subscription's id. `number` is there when it counts: unique
 * within the order and without a gap, so that the insert is what makes a fan count. The end of a stopped order takes the
 * number after its last fan (`_id` by `endIdOf`): no fan can count after it.
 */
export type StoredFan = {
  _id: string;
  /** Real time when it was written; those from before there were seals have none. */
  insertedAt?: Date;
  orderId: string;
  fanId: string;
  startedAt: Date;
  judgedAt: Date;
  verdict: FanVerdict | 'end';
  number?: number;
  /**
   * Set when it counts, too: a fan counts for a model once, whichever orders and processes it comes through at once.
   */
  modelId?: string;
};

/**
 * An amount that fell due, `_id` is order and number. `due`: not tried yet. `owed`: the client's balance did not cover
 * it. Prepaid ones are paid when they fall due.
 */
export type StoredAmount = {
  _id: string;
  /** Real time when it was written; those from before there were seals have none. */
  insertedAt?: Date;
  orderId: string;
  modelId: string;
  marketerId: string;
  number: number;
  fans: number;
  amount: MinorUnits;
  fellDueAt: Date;
  status: 'due' | 'owed' | 'paid';
  paidAt?: Date;
  /** It was owed at some time; the clock may stand still from then until it is paid. */
  wasOwed?: true;
  /** Whether the notice that it is owed, or paid, is pending. */
  notificationPending?: true;
};

const id = { type: String, required: true } as const;
const mixed = Schema.Types.Mixed;

const orderSchema = new Schema<StoredOrder>(
  {
    _id: id,
    hash: String,
    insertedAt: Date,
    eventId: String,
    modelId: String,
    marketerId: String,
    offerId: String,
    quantity: Number,
    pricePerFan: Number,
    prepaid: Boolean,
    chunkSize: Number,
    autoRenew: Boolean,
    placedAt: Date,
    respondBy: Date,
    renewalOf: String,
    status: String,
    acceptedAt: Date,
    campaignId: String,
    acceptanceNumber: Number,
    slot: Number,
    startedAt: Date,
    startedByFan: Boolean,
    idle: mixed,
    endedAt: Date,
    endedByEvent: String,
    reasons: { type: [mixed], default: undefined },
    delivered: Number,
    settled: Number,
    progress: Number,
    stopping: mixed,
    renewal: mixed,
    pendingEffects: { type: [mixed], default: undefined },
    awaitingFunds: Boolean,
    nextStepAt: Date,
  },
  { versionKey: false, collection: 'orders' },
);
orderSchema.index({ placedAt: -1, _id: -1 });
orderSchema.index({ modelId: 1, placedAt: -1, _id: -1 });
orderSchema.index({ marketerId: 1, placedAt: -1, _id: -1 });
orderSchema.index({ status: 1, placedAt: -1, _id: -1 });
orderSchema.index({ modelId: 1, status: 1 });
orderSchema.index({ marketerId: 1, status: 1, acceptanceNumber: 1 });
orderSchema.index({ marketerId: 1, status: 1, placedAt: 1, _id: 1 });
orderSchema.index(
  { marketerId: 1, acceptanceNumber: -1 },
  { unique: true, partialFilterExpression: { acceptanceNumber: { $exists: true } } },
);
orderSchema.index({ marketerId: 1, slot: 1 }, { unique: true, partialFilterExpression: { slot: { $exists: true } } });
orderSchema.index({ campaignId: 1 }, { partialFilterExpression: { campaignId: { $exists: true } } });
// Which orders were not over at an instant of the past.
orderSchema.index({ endedAt: 1 }, { partialFilterExpression: { endedAt: { $exists: true } } });
orderSchema.index({ respondBy: 1 }, { partialFilterExpression: { status: 'placed' } });
orderSchema.index({ 'idle.since': 1 }, { partialFilterExpression: { 'idle.isWarned': true } });
orderSchema.index({ nextStepAt: 1 }, { partialFilterExpression: { nextStepAt: { $exists: true } } });
orderSchema.index({ 'idle.stepAt': 1, _id: 1 }, { partialFilterExpression: { 'idle.stepAt': { $exists: true } } });
orderSchema.index(
  { 'pendingEffects.key': 1 },
  { partialFilterExpression: { 'pendingEffects.key': { $exists: true } } },
);
// In the order in which they were written, to be sealed.
orderSchema.index(...SEALED_INDEX);
orderSchema.index({ 'stopping.at': 1 }, { partialFilterExpression: { 'stopping.at': { $exists: true } } });

const fanSchema = new Schema<StoredFan>(
  {
    _id: id,
    orderId: String,
    fanId: String,
    startedAt: Date,
    judgedAt: Date,
    verdict: String,
    number: Number,
    modelId: String,
    insertedAt: Date,
  },
  { versionKey: false, collection: 'order_fans' },
);
fanSchema.index({ orderId: 1, number: -1 }, { unique: true, partialFilterExpression: { number: { $exists: true } } });
fanSchema.index({ modelId: 1, fanId: 1 }, { unique: true, partialFilterExpression: { modelId: { $exists: true } } });
fanSchema.index({ orderId: 1, _id: 1 });
// The fans of a day.
fanSchema.index({ judgedAt: 1 });
// In the order in which they were written, to be sealed.
fanSchema.index(...SEALED_INDEX);

const amountSchema = new Schema<StoredAmount>(
  {
    _id: id,
    orderId: String,
    modelId: String,
    marketerId: String,
    number: Number,
    fans: Number,
    amount: Number,
    fellDueAt: Date,
    status: String,
    paidAt: Date,
    wasOwed: Boolean,
    notificationPending: Boolean,
    insertedAt: Date,
  },
  { versionKey: false, collection: 'order_amounts' },
);
amountSchema.index({ orderId: 1, number: 1 });
// In the order in which they were written, to be sealed.
amountSchema.index(...SEALED_INDEX);
amountSchema.index({ modelId: 1, fellDueAt: 1 }, { partialFilterExpression: { status: { $in: ['due', 'owed'] } } });
amountSchema.index({ status: 1 }, { partialFilterExpression: { status: { $in: ['due', 'owed'] } } });
amountSchema.index({ notificationPending: 1 }, { partialFilterExpression: { notificationPending: true } });

export type OrderStore = ReturnType<typeof createOrderStore>;

export function createOrderStore(connection: Connection) {
  return {
    orders: driverCollection(connection.model<StoredOrder>('Order', orderSchema)),
    fans: driverCollection(connection.model<StoredFan>('OrderFan', fanSchema)),
    amounts: driverCollection(connection.model<StoredAmount>('OrderAmount', amountSchema)),
  };
}

/** Of statuses whose amount can still be paid; names the field as the partial index does. */
export const UNPAID = { status: { $in: ['due', 'owed'] as StoredAmount['status'][] } };

/** The id of what ends an order's fans; no subscription has a slash in its id. */
export function endIdOf(orderId: string): string {
  return `end/${orderId}`;
}

export function amountIdOf(orderId: string, number: number): string {
  return `${orderId}/${number}`;
}

/** A stored order as the business knows it. */
export function toOrder(stored: StoredOrder): Order {
  const { _id: orderId, chunkSize, renewalOf, renewal, delivered } = stored;
  const { modelId, marketerId, offerId, quantity, pricePerFan, prepaid, autoRenew, placedAt, respondBy } = stored;
  return {
    ...{ orderId, modelId, marketerId, offerId, quantity, pricePerFan, prepaid, autoRenew, placedAt, respondBy },
    chunkSize: chunkSize ?? null,
    renewalOf: renewalOf ?? null,
    renewal: renewal ?? null,
    delivered,
    ...stateOf(stored),
  };
}

function stateOf(stored: StoredOrder): OrderState {
  const { status, reasons = [] } = stored;
  switch (status) {
    case 'placed':
      return { status };
    case 'queued':
      return { status, acceptanceNumber: needed(stored, 'acceptanceNumber'), ...acceptedOf(stored) };
    case 'running':
      return {
        status,
        acceptanceNumber: needed(stored, 'acceptanceNumber'),
        startedAt: needed(stored, 'startedAt'),
        ...acceptedOf(stored),
      };
    case 'completed':
      return {
        status,
        startedAt: needed(stored, 'startedAt'),
        endedAt: needed(stored, 'endedAt'),
        ...acceptedOf(stored),
      };
    case 'stopped':
      return {
        status,
        startedAt: stored.startedAt ?? null,
        endedAt: needed(stored, 'endedAt'),
        reasons,
        ...acceptedOf(stored),
      };
    case 'rejected':
    case 'expired':
    case 'refused':
    case 'cancelled':
      return { status, endedAt: needed(stored, 'endedAt'), reasons };
    default:
      return unreachable(status);
  }
}

function acceptedOf(stored: StoredOrder) {
  return { acceptedAt: needed(stored, 'acceptedAt'), campaignId: needed(stored, 'campaignId') };
}

function needed<K extends keyof StoredOrder>(stored: StoredOrder, field: K): NonNullable<StoredOrder[K]> {
  const value = stored[field];
  if (value === undefined || value === null) throw new BrokenInvariant(`order ${stored._id} has no ${field}`);
  return value;
}

/** Why an order that is past its time for an answer expired: its marketer was not the one who kept it waiting, if money was. */
export function expiryReason({ awaitingFunds }: Pick<StoredOrder, 'awaitingFunds'>): OrderReason {
  return { kind: awaitingFunds === true ? 'not-funded' : 'not-answered' };
}
