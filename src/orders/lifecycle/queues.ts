import type { Accounts } from '../../accounts/accounts.ts';
import { unlessDuplicate } from '../../database/duplicates.ts';
import { durable } from '../../database/durable.ts';
import { campaignIdOf } from '../order.ts';
import type { By } from '../outcome.ts';
import type { OrderStore, PendingEffect, StoredOrder } from '../store.ts';

export type Queues = ReturnType<typeof createQueues>;

/**
 * The queue of each marketer (rules 4.4). Two unique indexes hold it, whatever races: acceptances are numbered without
 * a gap, and no two orders run in one place. Updates are conditional on an order's status, so of two that start or
 * accept it one does.
 */
export function createQueues(deps: {
  store: OrderStore;
  accounts: Pick<Accounts, 'getMany'>;
  /** How many run at a time for a marketer whose account does not say. */
  capacity: number;
}) {
  const { orders } = deps.store;

  /** Makes a placed order the last of its marketer's queue. False when it is not placed any more. */
  async function join(order: Pick<StoredOrder, '_id' | 'marketerId'>, at: Date, by: By): Promise<boolean> {
    for (;;) {
      const last = await orders
        .find({ marketerId: order.marketerId, acceptanceNumber: { $gte: 1 } }, { projection: { acceptanceNumber: 1 } })
        .sort({ acceptanceNumber: -1 })
        .limit(1)
        .next();
      const joined = await unlessDuplicate(
        orders.updateOne(
          { _id: order._id, status: 'placed' },
          {
            $set: {
              status: 'queued',
              acceptanceNumber: (last?.acceptanceNumber ?? 0) + 1,
              acceptedAt: at,
              campaignId: campaignIdOf(order._id),
            },
            $push: { pendingEffects: acceptedMark(by, at) },
            $unset: { nextStepAt: '' },
          },
          durable(orders),
        ),
      );
      // Otherwise somebody else was accepted at this moment: the next number, then.
      if (joined !== null) return joined.matchedCount === 1;
    }
  }

  /** Starts what can start now for these marketers, the first in the queue first; answers what was started. */
  async function advance(marketerIds: string[], at: Date): Promise<string[]> {
    const waiting = await orders.distinct('marketerId', { marketerId: { $in: marketerIds }, status: 'queued' });
    if (waiting.length === 0) return [];
    const known = await deps.accounts.getMany(waiting);
    const started: string[] = [];
    for (const marketerId of waiting) {
      started.push(...(await startNext(marketerId, known.get(marketerId)?.capacity ?? deps.capacity, at)));
    }
    return started;
  }

  async function startNext(marketerId: string, capacity: number, at: Date): Promise<string[]> {
    const started: string[] = [];
    for (;;) {
      const running = await orders.find({ marketerId, status: 'running' }, { projection: { slot: 1 } }).toArray();
      const slot = freeSlot(
        running.flatMap(({ slot: taken }) => taken ?? []),
        capacity,
      );
      if (slot === null) return started;
      const first = await orders
        .find({ marketerId, ...STARTABLE })
        .sort({ acceptanceNumber: 1 })
        .limit(1)
        .next();
      if (first === null) return started;
      if (await startIn(slot, first, at)) started.push(first._id);
    }
  }

  /** False when another process was first. */
  async function startIn(slot: number, { _id, acceptedAt = new Date(0) }: StoredOrder, at: Date): Promise<boolean> {
    const startedAt = at > acceptedAt ? at : acceptedAt;
    const started = await unlessDuplicate(
      orders.updateOne(
        { _id, ...STARTABLE },
        {
          $set: { status: 'running', slot, startedAt },
          $push: { pendingEffects: { key: 'started', kind: 'started', at: startedAt } },
        },
        durable(orders),
      ),
    );
    return started?.matchedCount === 1;
  }

  /** Marketers with a waiting order. */
  async function waiting(): Promise<string[]> {
    return orders.distinct('marketerId', { status: 'queued' });
  }

  return { join, advance, waiting };
}

function acceptedMark({ actor, reason }: By, at: Date): PendingEffect {
  return { key: 'accepted', kind: 'accepted', at, actor, ...(reason === undefined ? {} : { reason }) };
}

/** One that is being stopped does not start any more. */
const STARTABLE = { status: 'queued' as const, stopping: { $exists: false } };

/**
 * The place that the next order of a marketer can run in, or null while all are taken (rules 4.4). Places are numbered
 * from 0, and the lowest free one is taken: so of two who see the same state only one can have it. A capacity that was
 * lowered stops nothing, but nothing starts before fewer run than it allows.
 */
export function freeSlot(taken: number[], capacity: number): number | null {
  if (taken.length >= capacity) return null;
  const used = new Set(taken);
  for (let slot = 0; ; slot += 1) if (!used.has(slot)) return slot;
}
