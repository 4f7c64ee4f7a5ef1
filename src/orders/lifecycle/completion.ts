import { durable } from '../../database/durable.ts';
import { BrokenInvariant } from '../../kernel/errors.ts';
import { inBatches } from '../../kernel/group.ts';
import type { OrderQueries } from '../orderQueries.ts';
import type { Delivered, OrderAmounts } from '../settlement/amounts.ts';
import { progressSteps } from '../settlement/settlement.ts';
import type { OrderStore, PendingEffect, StoredOrder } from '../store.ts';
import type { PendingEffects } from './pendingEffects.ts';
import type { Queues } from './queues.ts';

const BATCH = 500;

export type Completion = ReturnType<typeof createCompletion>;

/** How accepted orders go on: the first fan starts a queued one, fans are settled, the last completes (rules 4.4, 4.6, 4.7). */
export function createCompletion(deps: {
  store: OrderStore;
  orderQueries: Pick<OrderQueries, 'lastFans'>;
  orderAmounts: OrderAmounts;
  queues: Pick<Queues, 'startByFan'>;
  pendingEffects: Pick<PendingEffects, 'process'>;
}) {
  const { orders, fans } = deps.store;

  /** Applies the consequences of the fans that orders have by now: start, money, progress, completion. Idempotent. */
  async function advance(items: Delivered[], now: Date): Promise<void> {
    const running = [...items.filter(({ order }) => order.status === 'running'), ...(await startQueued(items))];
    if (running.length === 0) return;
    const settled = await deps.orderAmounts.settle(running, now);
    const stepped = running.flatMap((item) => {
      const steps = progressSteps(item.order.quantity, item.order.progress, item.delivered);
      return steps.length === 0 ? [] : [{ ...item, steps }];
    });
    const updates = [
      ...stepped.map(({ order, steps }) => progressUpdate(order, steps, settled.get(order._id) ?? 0, now)),
      ...settledUpdates(settled, new Set(stepped.map(({ order }) => order._id))),
    ];
    if (updates.length > 0) await orders.bulkWrite(updates, { ordered: false });
    // Also one whose last step was reached before a crash.
    const complete = running.filter(({ order, delivered }) => delivered >= order.quantity);
    if (complete.length > 0) await finish(complete);
    const changed = [...stepped, ...complete].map(({ order }) => order._id);
    if (changed.length > 0) await deps.pendingEffects.process([...new Set(changed)]);
  }

  /** Those that were queued and have a fan run since that qualified; answers them as they are then. Idempotent. */
  async function startQueued(items: Delivered[]): Promise<Delivered[]> {
    const queued = items.filter(({ order, delivered }) => order.status === 'queued' && delivered > 0);
    if (queued.length === 0) return [];
    for (const { order, instants } of queued) {
      await deps.queues.startByFan(order._id, await judgedAt(order._id, 1, instants));
    }
    const ids = queued.map(({ order }) => order._id);
    await deps.pendingEffects.process(ids);
    const started = await orders.find({ _id: { $in: ids }, status: 'running' }).toArray();
    const byId = new Map(started.map((order) => [order._id, order]));
    return queued.flatMap((item) => {
      const order = byId.get(item.order._id);
      return order === undefined ? [] : [{ ...item, order }];
    });
  }

  /** Completes orders whose fans are all there, each at the instant at which its last fan qualified. */
  async function finish(complete: Delivered[]): Promise<void> {
    const updates = [];
    for (const { order, instants } of complete) {
      updates.push(completionUpdate(order, await judgedAt(order._id, order.quantity, instants)));
    }
    await orders.bulkWrite(updates, { ordered: false, ...durable(orders) });
  }

  /** When a fan that counts was judged; `instants` are those that are known. */
  async function judgedAt(orderId: string, number: number, instants?: Map<number, Date>): Promise<Date> {
    const at = instants?.get(number) ?? (await fans.findOne({ orderId, number }))?.judgedAt;
    if (at === undefined) throw new BrokenInvariant(`order ${orderId} has no fan ${number}`);
    return at;
  }

  /** Finishes what a crash left of orders whose fans qualified, and neither started them nor are settled. */
  async function repair(now: Date): Promise<void> {
    const running = orders.find({ status: { $in: ['queued', 'running'] }, stopping: { $exists: false } });
    for await (const batch of inBatches(running, BATCH)) {
      const last = await deps.orderQueries.lastFans(batch.map(({ _id }) => _id));
      const items = batch.map((order) => ({ order, delivered: last.get(order._id)?.delivered ?? 0 }));
      await advance(items, now);
    }
  }

  return { advance, startQueued, repair };
}

function completionUpdate({ _id, quantity }: StoredOrder, endedAt: Date) {
  const completed: PendingEffect = { key: 'completed', kind: 'completed', at: endedAt };
  return {
    updateOne: {
      filter: { _id, status: 'running' as const },
      update: {
        $set: { status: 'completed' as const, endedAt, delivered: quantity },
        $push: { pendingEffects: completed },
        $unset: { slot: '' as const, stopping: '' as const, idle: '' as const },
      },
    },
  };
}

/**
 * A step that another process has stored is not stored again, and neither is the settled number: it can be too low for
 * a while, and then the same amounts are handled once more.
 */
function progressUpdate({ _id }: StoredOrder, steps: number[], settled: number, at: Date) {
  const percent = steps.at(-1) ?? 0;
  const pendingEffects = steps.map(
    (step): PendingEffect => ({ key: `progress:${step}`, kind: 'progress', at, percent: step }),
  );
  return {
    updateOne: {
      filter: { _id, progress: { $lt: percent } },
      update: { $set: { progress: percent }, $max: { settled }, $push: { pendingEffects: { $each: pendingEffects } } },
    },
  };
}

function settledUpdates(settled: Map<string, number>, except: Set<string>) {
  return [...settled]
    .filter(([_id]) => !except.has(_id))
    .map(([_id, fans]) => ({ updateOne: { filter: { _id }, update: { $max: { settled: fans } } } }));
}
