import type { mongo } from 'mongoose';
import { backlogOf } from '../database/backlog.ts';
import { readPage } from '../database/readPage.ts';
import { weekOf } from '../database/weekOf.ts';
import { groupBy, inBatches } from '../kernel/group.ts';
import { type MinorUnits, sum } from '../kernel/money.ts';
import type { Page, PageRequest } from '../kernel/page.ts';
import type { Ledger } from '../ledger/journal.ts';
import type { FanVerdict, FanView } from './fans/fan.ts';
import { queuePositions, type WaitingOrder } from './lifecycle/queue.ts';
import { type OrderStatus, type OrderView, type StartCause, statusAt } from './order.ts';
import { escrowAccount } from './settlement/entries.ts';
import { isPaidByFan } from './settlement/settlement.ts';
import { expiryReason, type OrderStore, type StoredFan, type StoredOrder, toOrder, UNPAID } from './store.ts';

/** `otherSide`: the accounts that the other side of a model's, or of a marketer's, orders is one of. */
export type OrderFilter = {
  modelId?: string;
  marketerId?: string;
  status?: OrderStatus;
  otherSide?: readonly string[];
};
/** `counted`: those that count, or those that do not. */
export type FanFilter = { verdict?: FanVerdict; counted?: boolean };

/** What a marketer has in hand: to be answered and queued, both by position, and running in order of acceptance. */
export type MarketerQueue = { toAnswer: OrderView[]; queued: OrderView[]; running: OrderView[] };

const ORDERS_PER_BATCH = 1_000;
/** How many fans of an order count; `countedAt`: when the last of them did, where no end follows it. */
export type LastFan = { delivered: number; isEnded: boolean; countedAt: Date | null };

export type OrderQueries = ReturnType<typeof createOrderQueries>;

/** Orders as the API shows them, in a fixed number of queries a page. `trackingLink` has `{campaignId}` in it. */
export function createOrderQueries(deps: {
  store: OrderStore;
  ledger: Pick<Ledger, 'balances'>;
  trackingLink: string;
}) {
  const { store } = deps;

  async function get(orderId: string, now: Date): Promise<OrderView | null> {
    const stored = await store.orders.findOne({ _id: orderId });
    return stored === null ? null : view(stored, now);
  }

  /** What is held in escrow for all orders that are accepted and not over. */
  async function inEscrow(): Promise<MinorUnits> {
    const open = { prepaid: true, status: { $in: ['queued', 'running'] satisfies OrderStatus[] } };
    let total = 0;
    for await (const batch of inBatches(store.orders.find(open, { projection: { _id: 1 } }), ORDERS_PER_BATCH)) {
      const held = await deps.ledger.balances(batch.map(({ _id }) => escrowAccount(_id)));
      total += sum(held.values());
    }
    return total;
  }

  /** How many fans began to count for a marketer in each week since an instant, by the weeks of a zone. */
  async function fansByWeek(marketerId: string, since: Date, timeZone: string): Promise<Map<string, number>> {
    const lasted = { marketerId, $or: [{ endedAt: { $exists: false } }, { endedAt: { $gte: since } }] };
    const counts = new Map<string, number>();
    for await (const batch of inBatches(store.orders.find(lasted, { projection: { _id: 1 } }), ORDERS_PER_BATCH)) {
      const rows = store.fans.aggregate<{ _id: string; count: number }>([
        { $match: { orderId: { $in: batch.map(({ _id }) => _id) }, number: { $exists: true }, verdict: 'counted' } },
        { $match: { startedAt: { $gte: since } } },
        {
          $group: {
            _id: weekOf('$startedAt', timeZone),
            count: { $sum: 1 },
          },
        },
      ]);
      for (const { _id, count } of await rows.toArray()) counts.set(_id, (counts.get(_id) ?? 0) + count);
    }
    return counts;
  }

  async function view(stored: StoredOrder, now: Date): Promise<OrderView> {
    const [one] = await views([stored], now);
    // One goes in, so one comes out.
    return one as OrderView;
  }

  async function views(stored: StoredOrder[], now: Date): Promise<OrderView[]> {
    if (stored.length === 0) return [];
    const escrowed = stored.filter(({ prepaid, acceptedAt }) => prepaid && acceptedAt !== undefined);
    const [delivered, amounts, escrows, positions] = await Promise.all([
      deliveredOf(stored),
      amountsOf(stored.map(({ _id }) => _id)),
      deps.ledger.balances(escrowed.map(({ _id }) => escrowAccount(_id))),
      positionsOf(stored, now),
    ]);
    return stored.map((one) => {
      const { _id } = one;
      const fans = delivered.get(_id) ?? one.delivered;
      const { paid = 0, owed = 0 } = amounts.get(_id) ?? {};
      return viewOf(one, now, {
        delivered: fans,
        paid: isPaidByFan(toOrder(one)) ? fans * one.pricePerFan : paid,
        owed,
        escrow: escrows.get(escrowAccount(_id)) ?? 0,
        position: positions.get(_id) ?? null,
      });
    });
  }

  /** How many fans count now, of each running order: the number of its last one. */
  async function deliveredOf(stored: Pick<StoredOrder, '_id' | 'status'>[]): Promise<Map<string, number>> {
    const running = stored.filter(({ status }) => status === 'running').map(({ _id }) => _id);
    const last = await lastFans(running);
    return new Map(running.map((orderId) => [orderId, last.get(orderId)?.delivered ?? 0]));
  }

  /** The last fan that counts of each of these orders, and whether an end follows it: then none can count any more. */
  async function lastFans(orderIds: string[]): Promise<Map<string, LastFan>> {
    if (orderIds.length === 0) return new Map();
    // One step along the index for each order, however many fans it has.
    const rows = await store.fans
      .aggregate<{ _id: string; number: number; verdict: string; judgedAt: Date }>([
        { $match: { orderId: { $in: orderIds }, number: { $gte: 1 } } },
        { $sort: { orderId: 1, number: -1 } },
        {
          $group: {
            ...{ _id: '$orderId', number: { $first: '$number' }, verdict: { $first: '$verdict' } },
            judgedAt: { $first: '$judgedAt' },
          },
        },
      ])
      .toArray();
    return new Map(
      rows.map(({ _id, number, verdict, judgedAt }): [string, LastFan] => [
        _id,
        verdict === 'end'
          ? { delivered: number - 1, isEnded: true, countedAt: null }
          : { delivered: number, isEnded: false, countedAt: judgedAt },
      ]),
    );
  }

  async function amountsOf(orderIds: string[]): Promise<Map<string, { paid: MinorUnits; owed: MinorUnits }>> {
    const rows = await store.amounts
      .aggregate<{ _id: { orderId: string; paid: boolean }; amount: MinorUnits }>([
        { $match: { orderId: { $in: orderIds } } },
        { $group: { _id: { orderId: '$orderId', paid: { $eq: ['$status', 'paid'] } }, amount: { $sum: '$amount' } } },
      ])
      .toArray();
    const sums = new Map<string, { paid: MinorUnits; owed: MinorUnits }>();
    for (const { _id, amount } of rows) {
      const { paid, owed } = sums.get(_id.orderId) ?? { paid: 0, owed: 0 };
      sums.set(_id.orderId, _id.paid ? { paid: amount, owed } : { paid, owed: amount });
    }
    return sums;
  }

  /** The places in their marketers' queues, from 1, of those that wait for a place or, still, for an answer. */
  async function positionsOf(stored: StoredOrder[], now: Date): Promise<Map<string, number>> {
    const marketers = new Set(
      stored.filter((order) => order.status === 'queued' || isOffered(order, now)).map(({ marketerId }) => marketerId),
    );
    if (marketers.size === 0) return new Map();
    const waiting = await store.orders
      .find(
        { marketerId: { $in: [...marketers] }, status: { $in: ['queued', 'placed'] } },
        { projection: { marketerId: 1, acceptanceNumber: 1, status: 1, placedAt: 1, respondBy: 1 } },
      )
      .toArray();
    const current = waiting.filter((order) => order.status === 'queued' || isOffered(order, now));
    const byMarketer = groupBy(current, ({ marketerId }) => marketerId);
    return new Map([...byMarketer.values()].flatMap((mine) => [...queuePositions(mine.map(waitingOrder))]));
  }

  function viewOf(
    stored: StoredOrder,
    now: Date,
    derived: Pick<OrderView, 'delivered' | 'paid' | 'owed' | 'escrow' | 'position'>,
  ): OrderView {
    const { renewal, status, delivered: _delivered, ...order } = toOrder(stored);
    const shown = statusAt({ status, respondBy: order.respondBy }, now);
    const hasExpired = shown === 'expired' && status === 'placed';
    const { orderId, modelId, marketerId, offerId, quantity, pricePerFan, prepaid, chunkSize, autoRenew } = order;
    const campaignId = stored.campaignId ?? null;
    return {
      ...{ orderId, modelId, marketerId, offerId, status: shown, quantity, ...derived },
      ...{ pricePerFan, prepaid, chunkSize, autoRenew },
      placedAt: order.placedAt,
      respondBy: order.respondBy,
      acceptedAt: stored.acceptedAt ?? null,
      startedAt: stored.startedAt ?? null,
      startedBy: startCauseOf(stored),
      endedAt: hasExpired ? order.respondBy : (stored.endedAt ?? null),
      campaignId,
      link: campaignId === null ? null : deps.trackingLink.replaceAll('{campaignId}', encodeURIComponent(campaignId)),
      renewalOf: order.renewalOf,
      renewedBy: renewal?.kind === 'renewed' ? renewal.orderId : null,
      notRenewedBecause: renewal?.kind === 'not-renewed' ? renewal.because : [],
      reasons: hasExpired ? [expiryReason(stored)] : (stored.reasons ?? []),
    };
  }

  /** Orders, the newest placed first. A cursor that no page answered finds nothing. */
  async function list(request: PageRequest & OrderFilter, now: Date): Promise<Page<OrderView>> {
    const { modelId, marketerId, status, otherSide, after, limit } = request;
    const also = [
      ...(status === undefined ? [] : [statusFilter(status, now)]),
      ...(otherSide === undefined ? [] : [{ [otherSideOf(request)]: { $in: otherSide } }]),
      ...(after === undefined ? [] : [older(after)]),
    ];
    const found = store.orders
      .find({
        ...(modelId === undefined ? {} : { modelId }),
        ...(marketerId === undefined ? {} : { marketerId }),
        ...(also.length === 0 ? {} : { $and: also }),
      })
      .sort({ placedAt: -1, _id: -1 });
    const { items, next } = await readPage(found, limit, ({ placedAt, _id }) => `${placedAt.getTime()}~${_id}`);
    return { items: await views(items, now), next };
  }

  /** Everybody that a model, or a marketer, has or had an order with. */
  async function otherSides(of: Pick<OrderFilter, 'modelId' | 'marketerId'>): Promise<string[]> {
    const { modelId, marketerId } = of;
    return store.orders.distinct(otherSideOf(of), {
      ...(modelId === undefined ? {} : { modelId }),
      ...(marketerId === undefined ? {} : { marketerId }),
    });
  }

  /** What a marketer has in hand at `now`, at most `limit` of each kind. */
  async function marketerQueue(marketerId: string, limit: number, now: Date): Promise<MarketerQueue> {
    const [toAnswer, queued, running] = await Promise.all([
      store.orders
        .find({ marketerId, status: 'placed', respondBy: { $gt: now } })
        .sort({ placedAt: 1, _id: 1 })
        .limit(limit)
        .toArray(),
      store.orders.find({ marketerId, status: 'queued' }).sort({ acceptanceNumber: 1 }).limit(limit).toArray(),
      store.orders.find({ marketerId, status: 'running' }).sort({ acceptanceNumber: 1 }).limit(limit).toArray(),
    ]);
    return {
      toAnswer: await views(toAnswer, now),
      queued: await views(queued, now),
      running: await views(running, now),
    };
  }

  /** How many orders of each kind `marketerQueue` chooses from. */
  async function queueCounts(marketerId: string, now: Date): Promise<Record<keyof MarketerQueue, number>> {
    const [toAnswer, queued, running] = await Promise.all([
      store.orders.countDocuments({ marketerId, status: 'placed', respondBy: { $gt: now } }),
      store.orders.countDocuments({ marketerId, status: 'queued' }),
      store.orders.countDocuments({ marketerId, status: 'running' }),
    ]);
    return { toAnswer, queued, running };
  }

  /** Each fan that came through an order's campaign, with its verdict, by subscription id; null: no such order. */
  async function fans(
    orderId: string,
    { limit, after, ...filter }: PageRequest & FanFilter,
  ): Promise<Page<FanView> | null> {
    if ((await store.orders.findOne({ _id: orderId }, { projection: { _id: 1 } })) === null) return null;
    const found = store.fans
      .find({ orderId, $and: verdictsOf(filter), ...(after === undefined ? {} : { _id: { $gt: after } }) })
      .sort({ _id: 1 });
    const { items, next } = await readPage(found, limit, ({ _id }) => _id);
    const shown = items.flatMap(({ _id, fanId, startedAt, judgedAt, verdict, number = null }) =>
      verdict === 'end' ? [] : [{ subscriptionId: _id, fanId, startedAt, judgedAt, verdict, number }],
    );
    return { items: shown, next };
  }

  /** What clients owe: amounts that fell due and were not covered. */
  async function owedBy(modelIds: string[]): Promise<Map<string, MinorUnits>> {
    const rows = await store.amounts
      .aggregate<{ _id: string; amount: MinorUnits }>([
        { $match: { modelId: { $in: modelIds }, ...UNPAID } },
        { $group: { _id: '$modelId', amount: { $sum: '$amount' } } },
      ])
      .toArray();
    return new Map(rows.map(({ _id, amount }) => [_id, amount]));
  }

  /** The order that a fan's subscription was judged for, or null. */
  async function orderOfFan(subscriptionId: string): Promise<string | null> {
    const fan = await store.fans.findOne({ _id: subscriptionId }, { projection: { orderId: 1 } });
    return fan?.orderId ?? null;
  }

  /** The ids of what fell due of an order. */
  async function amountIds(orderId: string): Promise<string[]> {
    const found = await store.amounts.find({ orderId }, { projection: { _id: 1 }, sort: { number: 1 } }).toArray();
    return found.map(({ _id }) => _id);
  }

  /** What managers look at: orders whose answer is due from `now` until `by`, and those that were warned of being idle. */
  const backlogs = {
    unanswered: (now: Date, by: Date) =>
      backlogOf(store.orders, { status: 'placed', respondBy: { $gt: now, $lte: by } }, { since: 'respondBy' }),
    // By the field that its index is of, too.
    idle: () =>
      backlogOf(store.orders, { 'idle.isWarned': true, 'idle.since': { $gte: new Date(0) } }, { since: 'idle.since' }),
  };

  return {
    backlogs,
    ...{
      get,
      inEscrow,
      view,
      views,
      list,
      otherSides,
      marketerQueue,
      queueCounts,
      fans,
      lastFans,
      deliveredOf,
      owedBy,
    },
    ...{ orderOfFan, amountIds, fansByWeek },
  };
}

/** Whether it waits for its answer: past the deadline it is expired, whether or not that is stored. */
function isOffered({ status, respondBy }: Pick<StoredOrder, 'status' | 'respondBy'>, now: Date): boolean {
  return statusAt({ status, respondBy }, now) === 'placed';
}

function waitingOrder({ _id: orderId, status, acceptanceNumber = 0, placedAt }: StoredOrder): WaitingOrder {
  return status === 'queued' ? { orderId, acceptanceNumber } : { orderId, acceptanceNumber: null, placedAt };
}

function startCauseOf({ startedAt, acceptedAt, startedByFan }: StoredOrder): StartCause | null {
  if (startedAt === undefined) return null;
  if (startedByFan) return 'fan';
  return startedAt.getTime() === acceptedAt?.getTime() ? 'acceptance' : 'place';
}

/** Placed orders past their deadline are expired, whether or not that is stored. */
function statusFilter(status: OrderStatus, now: Date): mongo.Filter<StoredOrder> {
  if (status === 'placed') return { status, respondBy: { $gt: now } };
  if (status !== 'expired') return { status };
  return { $or: [{ status }, { status: 'placed', respondBy: { $lte: now } }] };
}

function older(cursor: string): mongo.Filter<StoredOrder> {
  const [, at = '-1', id = ''] = /^(\d{1,16})~(.*)$/.exec(cursor) ?? [];
  const placedAt = new Date(Number(at));
  return { $or: [{ placedAt: { $lt: placedAt } }, { placedAt, _id: { $lt: id } }] };
}

function otherSideOf({ modelId }: Pick<OrderFilter, 'modelId'>): 'modelId' | 'marketerId' {
  return modelId === undefined ? 'modelId' : 'marketerId';
}

function verdictsOf({ verdict, counted }: FanFilter): mongo.Filter<StoredFan>[] {
  return [
    { verdict: verdict ?? { $ne: 'end' } },
    ...(counted === undefined ? [] : [{ verdict: counted ? ('counted' as const) : { $ne: 'counted' as const } }]),
  ];
}
