import { unlessDuplicate } from '../../database/duplicates.ts';
import { durable } from '../../database/durable.ts';
import type { Unfinished } from '../../kernel/unfinished.ts';
import type { Ledger } from '../../ledger/journal.ts';
import { writtenNow } from '../../seals/source.ts';
import { decideStop, type StopCause } from '../order.ts';
import type { OrderQueries } from '../orderQueries.ts';
import type { StopOutcome } from '../outcome.ts';
import type { OrderAmounts } from '../settlement/amounts.ts';
import { returnEntry } from '../settlement/entries.ts';
import { returnedAt } from '../settlement/settlement.ts';
import { endIdOf, type OrderStore, type PendingEffect, type Stopping, type StoredOrder, toOrder } from '../store.ts';
import type { Completion } from './completion.ts';
import type { PendingEffects } from './pendingEffects.ts';

export type Stops = ReturnType<typeof createStops>;

/** How accepted orders end early: what was delivered is paid or owed, the rest of the escrow returns (rules 4.7). */
export function createStops(deps: {
  store: OrderStore;
  ledger: Pick<Ledger, 'append'>;
  orderQueries: Pick<OrderQueries, 'view' | 'lastFans'>;
  orderAmounts: Pick<OrderAmounts, 'settle'>;
  completion: Pick<Completion, 'advance' | 'startQueued'>;
  pendingEffects: Pick<PendingEffects, 'process'>;
}) {
  const { orders, fans } = deps.store;

  /**
   * Stops an accepted order early (rules 4.7): what was delivered is paid or owed, the rest of the escrow returns.
   * Refuses one that is not accepted, or is over; terminating spares prepaid ones that run.
   */
  async function stop(
    orderId: string,
    by: { cause: StopCause; reason: string; actor: string; eventId?: string },
    now: Date,
  ): Promise<StopOutcome> {
    for (let mine = false; ; ) {
      const stored = await orders.findOne({ _id: orderId });
      if (stored === null) return { kind: 'not-found' };
      const decision = decideStop(toOrder(stored), by.cause);
      if (decision.kind !== 'stop') {
        const order = await deps.orderQueries.view(stored, now);
        if (decision.kind === 'refused') return { ...decision, order };
        return { kind: mine ? 'stopped' : 'already-stopped', order };
      }
      mine = stored.stopping === undefined ? await claim(stored, { ...by, at: now }) : mine;
      await finish(orderId);
    }
  }

  /**
   * The intent to stop it, stored first: any process that finds it carries it out. Only from the status that was
   * decided on.
   */
  async function claim({ _id, status }: StoredOrder, stopping: Stopping): Promise<boolean> {
    const { matchedCount } = await orders.updateOne(
      { _id, status, stopping: { $exists: false } },
      { $set: { stopping } },
      durable(orders),
    );
    return matchedCount === 1;
  }

  /**
   * Stops an order for which no fan has counted after number `afterFan` by `at`, when it was idle for too long (rules
   * 4.10). One that counts all the same, at the last moment, keeps it running.
   */
  async function stopIdle(order: StoredOrder, idle: { at: Date; days: number; afterFan: number }): Promise<void> {
    const { at, days, afterFan } = idle;
    const reason = `no fan counted for ${days} ${days === 1 ? 'day' : 'days'}`;
    await claim(order, { cause: 'idle', reason, actor: 'platform', at, days, afterFan });
    await finish(order._id);
  }

  /** Carries out whatever intent there is to stop an order. */
  async function finish(orderId: string): Promise<void> {
    const order = await orders.findOne({ _id: orderId, stopping: { $exists: true } });
    if (order === null || order.stopping === undefined) return;
    const { reason, cause, actor, at, days, afterFan, eventId } = order.stopping;
    const delivered = await end(order, at, afterFan);
    if (delivered === null) return withdraw(orderId, order.stopping);
    if (delivered >= order.quantity) return deps.completion.advance([{ order, delivered }], at);
    // It ran, if only from its first fan to its end.
    await deps.completion.startQueued([{ order, delivered }]);
    const settled = await deps.orderAmounts.settle([{ order, delivered, stoppedAt: at }], at);
    const returned = returnedAt(toOrder(order), delivered);
    if (returned > 0) await deps.ledger.append([returnEntry(toOrder(order), returned, at)]);
    const stopped: PendingEffect = { key: 'stopped', kind: 'stopped', at, actor, reason };
    await orders.updateOne(
      { _id: orderId, status: { $in: ['queued', 'running'] } },
      {
        $set: {
          ...{
            status: 'stopped',
            endedAt: at,
            delivered,
            reasons: [{ kind: cause, reason, ...(days === undefined ? {} : { days }) }],
          },
          ...(eventId === undefined ? {} : { endedByEvent: eventId }),
        },
        $max: { settled: settled.get(orderId) ?? 0 },
        $push: { pendingEffects: stopped },
        $unset: { slot: '', stopping: '', idle: '' },
      },
      durable(orders),
    );
    await deps.pendingEffects.process([orderId]);
  }

  async function withdraw(_id: string, { cause, afterFan }: Stopping): Promise<void> {
    const filter = {
      _id,
      'stopping.cause': cause,
      ...(afterFan === undefined ? {} : { 'stopping.afterFan': afterFan }),
    };
    await orders.updateOne(filter, { $unset: { stopping: '' } }, durable(orders));
  }

  /**
   * Takes the number after the last fan, so that none can count any more; answers how many do. Null, and nothing is
   * ended, when `afterFan` is not the last any more.
   */
  async function end({ _id: orderId, quantity }: StoredOrder, at: Date, afterFan?: number): Promise<number | null> {
    for (;;) {
      const { delivered = 0, isEnded = false } = (await deps.orderQueries.lastFans([orderId])).get(orderId) ?? {};
      if (isEnded || delivered >= quantity) return delivered;
      if (afterFan !== undefined && delivered !== afterFan) return null;
      const mark = {
        _id: endIdOf(orderId),
        orderId,
        fanId: '',
        startedAt: at,
        judgedAt: at,
        verdict: 'end' as const,
        ...writtenNow(),
      };
      const inserted = await unlessDuplicate(fans.insertOne({ ...mark, number: delivered + 1 }, durable(fans)));
      // Otherwise a fan was faster.
      if (inserted !== null) return delivered;
    }
  }

  /** Finishes what a crash left of stops. */
  async function repair(): Promise<void> {
    for (const { _id } of await orders.find({ 'stopping.at': { $exists: true } }).toArray()) await finish(_id);
  }

  const unfinished: Unfinished = {
    kind: 'stops of orders',
    find: async (limit) => {
      const found = orders.find({ 'stopping.at': { $exists: true } }, { projection: { stopping: 1 } }).limit(limit);
      return (await found.toArray()).map(({ _id, stopping }) => ({ id: _id, since: stopping?.at ?? new Date(0) }));
    },
    finish: async (ids) => {
      for (const id of ids) await finish(id);
    },
  };

  return { stop, stopIdle, finish, repair, unfinished };
}
