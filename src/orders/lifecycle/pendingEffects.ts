import type { Debts } from '../../debts/debts.ts';
import type { Unfinished } from '../../kernel/unfinished.ts';
import type { OrderAnnouncements } from '../announcements.ts';
import { renewalIdOf } from '../order.ts';
import type { OrderStore, StoredOrder } from '../store.ts';
import type { OrderBlockers } from './orderBlockers.ts';
import type { OrderPlacement } from './placement.ts';
import type { Queues } from './queues.ts';

const BATCH = 500;

export type PendingEffects = ReturnType<typeof createPendingEffects>;

/**
 * The effects of a change of an order's state on others: the next in the queue starts, a completed order is renewed and
 * counts in standing, webhooks and notices go out. The change leaves a mark in the order until that is done, so that a
 * crash in between loses nothing.
 */
export function createPendingEffects(deps: {
  store: OrderStore;
  queues: Queues;
  orderBlockers: OrderBlockers;
  orderPlacement: Pick<OrderPlacement, 'renew'>;
  announcements: OrderAnnouncements;
  debts: Pick<Debts, 'payAll'>;
  /** These things exist now, as `campaign:…`: events that wait for them go on. */
  arrived: (keys: string[]) => Promise<void>;
  /** The standing of these models may have changed. */
  refreshStanding: (modelIds: string[], now: Date) => Promise<void>;
}) {
  const { orders } = deps.store;

  /** Processes the pending effects of these orders, and of the orders that those effects change. */
  async function process(orderIds: string[]): Promise<void> {
    let left = orderIds;
    while (left.length > 0) {
      const marked = await orders.find({ _id: { $in: left }, ...MARKED }).toArray();
      left = marked.length === 0 ? [] : await work(marked);
    }
  }

  /** Answers the orders whose effects are to be processed next. */
  async function work(marked: StoredOrder[]): Promise<string[]> {
    // A renewed order comes by no event, and neither do the campaigns of accepted ones: events may wait for them.
    const renewals = having(marked, 'placed').filter(({ renewalOf }) => renewalOf !== undefined);
    const arrived = [
      ...renewals.map(({ _id }) => `order:${_id}`),
      ...having(marked, 'accepted').map(({ campaignId }) => `campaign:${campaignId}`),
    ];
    if (arrived.length > 0) await deps.arrived(arrived);
    const completed = having(marked, 'completed');
    const renewed: string[] = [];
    for (const order of completed) renewed.push(...(await renew(order)));
    const started: string[] = [];
    for (const [at, over] of byInstant([...completed, ...having(marked, 'stopped')])) {
      const marketerIds = new Set(over.map(({ marketerId }) => marketerId));
      started.push(...(await deps.queues.advance([...marketerIds], at)));
    }
    // Whoever accepted one starts what can start; a crash may have come in between.
    for (const { marketerId, acceptedAt } of having(marked, 'accepted')) {
      if (acceptedAt !== undefined) started.push(...(await deps.queues.advance([marketerId], acceptedAt)));
    }
    await deps.announcements.announceOrders(await withWhatFollowed(marked));
    for (const [at, over] of byInstant(completed)) {
      await deps.refreshStanding([...new Set(over.map(({ modelId }) => modelId))], at);
    }
    for (const { _id, modelId, endedAt } of having(marked, 'stopped').filter(({ prepaid }) => prepaid)) {
      if (endedAt !== undefined) await deps.debts.payAll(new Map([[modelId, `returned:${_id}`]]), endedAt);
    }
    await unmark(marked);
    return [...renewed, ...started];
  }

  /** Renews a completed order, or says why not; decided once (rules 4.8). Answers the new order. */
  async function renew(order: StoredOrder): Promise<string[]> {
    const { _id, modelId, autoRenew, endedAt } = order;
    if (!autoRenew || endedAt === undefined) return [];
    if (order.renewal === undefined) {
      const blockers = (await deps.orderBlockers.standing([modelId], endedAt)).get(modelId)?.blockers ?? [];
      const renewal =
        blockers.length > 0
          ? { kind: 'not-renewed' as const, because: blockers }
          : { kind: 'renewed' as const, orderId: renewalIdOf(_id) };
      await orders.updateOne({ _id, renewal: { $exists: false } }, { $set: { renewal } });
    }
    const decided = await orders.findOne({ _id });
    if (decided?.renewal?.kind !== 'renewed') return [];
    await deps.orderPlacement.renew(decided, decided.renewal.orderId, endedAt);
    return [decided.renewal.orderId];
  }

  /** The marks, with what became of their orders meanwhile: whether one is renewed, and whether one has started. */
  async function withWhatFollowed(marked: StoredOrder[]): Promise<StoredOrder[]> {
    const ids = [
      ...having(marked, 'completed').filter(({ autoRenew }) => autoRenew),
      ...having(marked, 'accepted'),
    ].map(({ _id }) => _id);
    const found = ids.length === 0 ? [] : await orders.find({ _id: { $in: ids } }).toArray();
    const current = new Map(found.map(({ pendingEffects: _, ...order }) => [order._id, order]));
    return marked.map((order) => ({ ...order, ...current.get(order._id) }));
  }

  async function unmark(marked: StoredOrder[]): Promise<void> {
    await orders.bulkWrite(
      marked.map(({ _id, pendingEffects = [] }) => ({
        updateOne: {
          filter: { _id },
          update: { $pull: { pendingEffects: { key: { $in: pendingEffects.map(({ key }) => key) } } } },
        },
      })),
      { ordered: false },
    );
  }

  /** Processes the effects that a crash left. */
  async function repair(): Promise<void> {
    for (;;) {
      const marked = await orders
        .find(MARKED, { projection: { _id: 1 } })
        .limit(BATCH)
        .toArray();
      if (marked.length === 0) return;
      await process(marked.map(({ _id }) => _id));
    }
  }

  const unfinished: Unfinished = {
    kind: 'orders',
    find: async (limit) => {
      const marked = await orders
        .find(MARKED, { projection: { pendingEffects: 1 } })
        .limit(limit)
        .toArray();
      return marked.map(({ _id, pendingEffects = [] }) => ({ id: _id, since: pendingEffects[0]?.at ?? new Date(0) }));
    },
    finish: process,
  };

  return { process, repair, unfinished, announceShortfall: deps.announcements.announceShortfall };
}

const MARKED = { 'pendingEffects.key': { $exists: true } };

function having(marked: StoredOrder[], kind: string): StoredOrder[] {
  return marked.filter(({ pendingEffects = [] }) => pendingEffects.some((one) => one.kind === kind));
}

/** Orders that are over, by the instant at which they were. */
function byInstant(over: StoredOrder[]): [Date, StoredOrder[]][] {
  const groups = new Map<number, [Date, StoredOrder[]]>();
  for (const order of over) {
    if (order.endedAt === undefined) continue;
    const group = groups.get(order.endedAt.getTime()) ?? [order.endedAt, []];
    group[1].push(order);
    groups.set(order.endedAt.getTime(), group);
  }
  return [...groups.values()];
}
