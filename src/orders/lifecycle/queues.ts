import type { Accounts } from '../../accounts/accounts.ts';
import { unlessDuplicate } from '../../database/duplicates.ts';
import { durable } from '../../database/durable.ts';
import type { Calendar } from '../../kernel/calendar.ts';
import type { Policy } from '../../policy.ts';
import { campaignIdOf } from '../order.ts';
import type { By } from '../outcome.ts';
import type { OrderStore, PendingEffect, StoredOrder } from '../store.ts';
import { watchFrom } from './idleness.ts';
import { capacityOf, freePlace, type Place } from './queue.ts';

export type Queues = ReturnType<typeof createQueues>;

/**
 * The queue of each marketer (rules 4.4). Two unique indexes hold it, whatever races: acceptances are numbered without
 * a gap, and no two orders run in one place. Updates are conditional on an order's status, so of two that start or
 * accept it one does.
 */
export function createQueues(deps: {
  store: OrderStore;
  accounts: Pick<Accounts, 'getMany'>;
  calendar: Pick<Calendar, 'addDays'>;
  policy: Pick<Policy['orders'], 'capacity' | 'idleDays'>;
}) {
  const { orders } = deps.store;
  const { policy } = deps;

  /** Makes a placed order the last of its marketer's accepted ones. False when it is not placed any more. */
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
      started.push(...(await startNext(marketerId, capacityOf(known.get(marketerId), policy.capacity), at)));
    }
    return started;
  }

  /** How many orders of a marketer run at a time; null: no limit. */
  async function capacity(marketerId: string): Promise<number | null> {
    const known = await deps.accounts.getMany([marketerId]);
    return capacityOf(known.get(marketerId), policy.capacity);
  }

  async function startNext(marketerId: string, capacity: number | null, at: Date): Promise<string[]> {
    const started: string[] = [];
    for (;;) {
      const place = freePlace(capacity === null ? [] : await placesOf(marketerId), capacity);
      if (place === null) return started;
      const first = await orders
        .find({ marketerId, ...STARTABLE })
        .sort({ acceptanceNumber: 1 })
        .limit(1)
        .next();
      if (first === null) return started;
      if (await startIn(place, first, at)) started.push(first._id);
    }
  }

  async function placesOf(marketerId: string): Promise<(number | null)[]> {
    const running = await orders.find({ marketerId, status: 'running' }, { projection: { slot: 1 } }).toArray();
    return running.map(({ slot }) => slot ?? null);
  }

  /** False when another process was first. */
  async function startIn({ slot }: Place, { _id, acceptedAt = new Date(0) }: StoredOrder, at: Date): Promise<boolean> {
    const startedAt = at > acceptedAt ? at : acceptedAt;
    const outcome = await unlessDuplicate(
      orders.updateOne({ _id, ...STARTABLE }, started(startedAt, slot === null ? {} : { slot }), durable(orders)),
    );
    return outcome?.matchedCount === 1;
  }

  /**
   * Starts a queued order whose first fan has come at `at`, whatever the capacity: it takes no numbered place. Also one that
   * is being stopped, because it ran before it was.
   */
  async function startByFan(orderId: string, at: Date): Promise<void> {
    const update = started(at, { startedByFan: true });
    await orders.updateOne({ _id: orderId, status: 'queued' }, update, durable(orders));
  }

  function started(startedAt: Date, how: Pick<StoredOrder, 'slot' | 'startedByFan'>) {
    const idle = watchFrom(startedAt, policy.idleDays, deps.calendar);
    const effect: PendingEffect = { key: 'started', kind: 'started', at: startedAt };
    return {
      $set: { status: 'running' as const, startedAt, ...how, ...(idle === null ? {} : { idle }) },
      $push: { pendingEffects: effect },
    };
  }

  /** Marketers with a waiting order. */
  async function waiting(): Promise<string[]> {
    return orders.distinct('marketerId', { status: 'queued' });
  }

  return { join, advance, startByFan, waiting, capacity };
}

function acceptedMark({ actor, reason }: By, at: Date): PendingEffect {
  return { key: 'accepted', kind: 'accepted', at, actor, ...(reason === undefined ? {} : { reason }) };
}

/** One that is being stopped does not start any more. */
const STARTABLE = { status: 'queued' as const, stopping: { $exists: false } };
