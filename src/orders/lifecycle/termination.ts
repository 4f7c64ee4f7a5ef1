import type { OrderStore, StoredOrder } from '../store.ts';
import type { OrderAnswers } from './answers.ts';
import type { IdleOrders } from './idleOrders.ts';
import type { Stops } from './stops.ts';

/**
 * What a client's termination does to its orders (rules 2.5, 2.8): those that wait for an answer are refused, queued ones
 * and running ones that are not prepaid are stopped and settled. Can be done again.
 */
export function createTermination(deps: {
  store: OrderStore;
  orderAnswers: Pick<OrderAnswers, 'refuse'>;
  stops: Pick<Stops, 'stop'>;
  idleOrders: Pick<IdleOrders, 'settle'>;
}) {
  const { orders } = deps.store;

  async function stopAll(modelId: string, now: Date): Promise<void> {
    const find = () =>
      orders
        .find({ modelId, status: { $in: ['placed', 'queued', 'running'] } })
        .sort({ placedAt: 1, _id: 1 })
        .toArray();
    await deps.idleOrders.settle(
      (await find()).map(({ _id }) => _id),
      now,
    );
    const open = await find();
    const having = (wanted: StoredOrder['status']) => open.filter(({ status }) => status === wanted);
    for (const order of having('placed')) await deps.orderAnswers.refuse(order, now);
    // Queued orders first: stopping a running one would make room for them to start.
    for (const { _id } of [...having('queued'), ...having('running')]) await deps.stops.stop(_id, TERMINATED, now);
  }

  return { stopAll };
}

const TERMINATED = {
  cause: 'partnership-terminated',
  reason: 'the partnership was terminated',
  actor: 'platform',
} as const;
