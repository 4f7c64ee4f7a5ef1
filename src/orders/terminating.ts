import type { Answering } from './answering.ts';
import type { Ending } from './ending.ts';
import type { OrderStore } from './store.ts';

/**
 * What a client's termination does to its orders (rules 2.5, 2.8): those that wait for an answer are refused, queued ones
 * and running ones that are not prepaid are stopped and settled. Can be done again.
 */
export function createTerminating(deps: {
  store: OrderStore;
  answering: Pick<Answering, 'refuse'>;
  ending: Pick<Ending, 'stop'>;
}) {
  const { orders } = deps.store;

  async function stopAll(modelId: string, now: Date): Promise<void> {
    const open = await orders.find({ modelId, status: { $in: ['placed', 'queued', 'running'] } }).toArray();
    for (const order of open) {
      if (order.status === 'placed') await deps.answering.refuse(order, now);
      else {
        const by = {
          cause: 'partnership-terminated' as const,
          reason: 'the partnership was terminated',
          actor: 'platform',
        };
        await deps.ending.stop(order._id, by, now);
      }
    }
  }

  return { stopAll };
}
