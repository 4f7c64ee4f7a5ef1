import { unlessDuplicate } from '../../database/duplicates.ts';
import { durable } from '../../database/durable.ts';
import { BrokenInvariant } from '../../kernel/errors.ts';
import { inBatches } from '../../kernel/group.ts';
import type { Ledger } from '../../ledger/journal.ts';
import { decideStop, type StopCause } from '../order.ts';
import type { OrderQueries } from '../orderQueries.ts';
import type { StopOutcome } from '../outcome.ts';
import type { Delivered, OrderAmounts } from '../settlement/amounts.ts';
import { returnEntry } from '../settlement/entries.ts';
import { progressSteps, returnedAt } from '../settlement/settlement.ts';
import { endIdOf, type OrderStore, type PendingEffect, type Stopping, type StoredOrder, toOrder } from '../store.ts';
import type { PendingEffects } from './pendingEffects.ts';

const BATCH = 500;

export type Completion = ReturnType<typeof createCompletion>;

/**
 * How running orders proceed and end: fans are settled, progress is announced, full delivery completes, a stop settles
 * (rules 4.6, 4.7).
 */
export function createCompletion(deps: {
  store: OrderStore;
  ledger: Pick<Ledger, 'append'>;
  orderQueries: Pick<OrderQueries, 'view' | 'lastFans'>;
  orderAmounts: OrderAmounts;
  pendingEffects: Pick<PendingEffects, 'process'>;
}) {
  const { orders, fans } = deps.store;

  /** Applies the consequences of the fans that running orders have by now: money, progress, completion. Idempotent. */
  async function advance(items: Delivered[], now: Date): Promise<void> {
    const running = items.filter(({ order }) => order.status === 'running');
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

  /** Completes orders whose fans are all there, each at the instant at which its last fan qualified. */
  async function finish(complete: Delivered[]): Promise<void> {
    const updates = [];
    for (const { order, instants } of complete) {
      const { _id, quantity } = order;
      const endedAt = instants?.get(quantity) ?? (await fans.findOne({ orderId: _id, number: quantity }))?.judgedAt;
      if (endedAt === undefined) throw new BrokenInvariant(`order ${_id} has no last fan`);
      updates.push(completionUpdate(order, endedAt));
    }
    await orders.bulkWrite(updates, { ordered: false, ...durable(orders) });
  }

  /**
   * Stops an accepted order early (rules 4.7): what was delivered is paid or owed, the rest of the escrow returns.
   * Refuses one that is not accepted, or is over; terminating spares prepaid ones that run.
   */
  async function stop(
    orderId: string,
    by: { cause: StopCause; reason: string; actor: string },
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
      await carryOut(orderId);
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

  async function carryOut(orderId: string): Promise<void> {
    const order = await orders.findOne({ _id: orderId, stopping: { $exists: true } });
    if (order === null || order.stopping === undefined) return;
    const { reason, cause, actor, at } = order.stopping;
    const delivered = await end(order, at);
    if (delivered >= order.quantity) return advance([{ order, delivered }], at);
    const settled = await deps.orderAmounts.settle([{ order, delivered, stoppedAt: at }], at);
    const returned = returnedAt(toOrder(order), delivered);
    if (returned > 0) await deps.ledger.append([returnEntry(toOrder(order), returned, at)]);
    const stopped: PendingEffect = { key: 'stopped', kind: 'stopped', at, actor, reason };
    await orders.updateOne(
      { _id: orderId, status: { $in: ['queued', 'running'] } },
      {
        $set: { status: 'stopped', endedAt: at, delivered, reasons: [{ kind: cause, reason }] },
        $max: { settled: settled.get(orderId) ?? 0 },
        $push: { pendingEffects: stopped },
        $unset: { slot: '', stopping: '' },
      },
      durable(orders),
    );
    await deps.pendingEffects.process([orderId]);
  }

  /** Takes the number after the last fan, so that none can count any more; answers how many do. */
  async function end({ _id: orderId, quantity }: StoredOrder, at: Date): Promise<number> {
    for (;;) {
      const { delivered = 0, isEnded = false } = (await deps.orderQueries.lastFans([orderId])).get(orderId) ?? {};
      if (isEnded || delivered >= quantity) return delivered;
      const mark = { _id: endIdOf(orderId), orderId, fanId: '', startedAt: at, judgedAt: at, verdict: 'end' as const };
      const inserted = await unlessDuplicate(fans.insertOne({ ...mark, number: delivered + 1 }, durable(fans)));
      // Otherwise a fan was faster.
      if (inserted !== null) return delivered;
    }
  }

  /** Finishes what a crash left of stops, and of orders whose fans qualified and are not settled. */
  async function repair(now: Date): Promise<void> {
    for (const { _id } of await orders.find({ 'stopping.at': { $exists: true } }).toArray()) await carryOut(_id);
    const running = orders.find({ status: 'running', stopping: { $exists: false } });
    for await (const batch of inBatches(running, BATCH)) {
      const last = await deps.orderQueries.lastFans(batch.map(({ _id }) => _id));
      const items = batch.map((order) => ({ order, delivered: last.get(order._id)?.delivered ?? 0 }));
      await advance(items, now);
    }
  }

  return { advance, stop, repair };
}

function completionUpdate({ _id, quantity }: StoredOrder, endedAt: Date) {
  const completed: PendingEffect = { key: 'completed', kind: 'completed', at: endedAt };
  return {
    updateOne: {
      filter: { _id, status: 'running' as const },
      update: {
        $set: { status: 'completed' as const, endedAt, delivered: quantity },
        $push: { pendingEffects: completed },
        $unset: { slot: '' as const, stopping: '' as const },
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
