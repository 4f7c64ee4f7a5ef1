import type { JobResult } from '../../kernel/activity.ts';
import type { Calendar } from '../../kernel/calendar.ts';
import type { Notices } from '../../notices/notices.ts';
import type { OrderAnnouncements } from '../announcements.ts';
import { idleSubject } from '../notices.ts';
import type { OrderQueries } from '../orderQueries.ts';
import type { Idleness, OrderStore, StoredOrder } from '../store.ts';
import type { Completion } from './completion.ts';
import { dueIdleStep, type IdleOutlook, type IdleWarning, idleSteps, watchFrom } from './idleness.ts';
import type { Stops } from './stops.ts';

const BATCH = 500;

export type IdleOrders = ReturnType<typeof createIdleOrders>;

/**
 * Running orders for which no fan counts (rules 4.10): both sides are warned, and at last they are stopped, at the instant
 * at which that was due. When to look next is stored with the order. A fan that counts does not change it: what is found
 * then is that there is nothing to do yet.
 */
export function createIdleOrders(deps: {
  store: Pick<OrderStore, 'orders'>;
  calendar: Pick<Calendar, 'addDays'>;
  idleDays: number;
  orderQueries: Pick<OrderQueries, 'lastFans'>;
  completion: Pick<Completion, 'advance'>;
  stops: Pick<Stops, 'stopIdle' | 'finish'>;
  announcements: Pick<OrderAnnouncements, 'announceIdle'>;
  notices: Pick<Notices, 'drop'>;
}) {
  const { orders } = deps.store;
  const { calendar, idleDays } = deps;

  /** When there is something to look at next, or null. */
  async function nextDue(): Promise<Date | null> {
    const next = await orders
      .find({ 'idle.stepAt': { $exists: true } }, { projection: { idle: 1 } })
      .sort({ 'idle.stepAt': 1 })
      .limit(1)
      .next();
    return next?.idle?.stepAt ?? null;
  }

  /** Does what is due at `now` or earlier, a batch. */
  async function run(now: Date): Promise<JobResult> {
    const due = await orders
      .find({ 'idle.stepAt': { $lte: now } })
      .sort({ 'idle.stepAt': 1, _id: 1 })
      .limit(BATCH)
      .toArray();
    await takeSteps(due, now);
    return { count: due.length };
  }

  /** Does what is due for these orders: before anything else is decided about them. */
  async function settle(orderIds: string[], now: Date): Promise<void> {
    const due = orders.find({ _id: { $in: orderIds }, 'idle.stepAt': { $lte: now } });
    await takeSteps(await due.sort({ 'idle.stepAt': 1, _id: 1 }).toArray(), now);
  }

  async function takeSteps(due: StoredOrder[], now: Date): Promise<void> {
    if (due.length === 0) return;
    const last = await deps.orderQueries.lastFans(due.map(({ _id }) => _id));
    const found = due.map((order) => ({ order, delivered: 0, countedAt: null, ...last.get(order._id) }));
    // What a crash left half ended is ended first.
    for (const { order } of found.filter(isStopping)) await deps.stops.finish(order._id);
    await deps.completion.advance(found.filter(isComplete), now);
    const steps = found.filter((one) => !isStopping(one) && !isComplete(one)).map((one) => stepOf(one, now));
    await deps.announcements.announceIdle(steps.flatMap(warningOf), now);
    for (const one of steps) await take(one);
  }

  function stepOf({ order, delivered, countedAt }: Found, now: Date): Due {
    const { days, since: watchedSince, stepAt } = order.idle ?? { since: now, days: idleDays, stepAt: now };
    const since = latestOf(watchedSince, countedAt);
    const steps = idleSteps(since, days, calendar);
    return { order, delivered, days, since, stopsAt: steps.at(-1)?.at ?? now, ...dueIdleStep(steps, stepAt, now) };
  }

  /** What a running order that is watched comes to without a fan; null for any other. */
  async function outlook(orderId: string): Promise<IdleOutlook | null> {
    const idle = (await orders.findOne({ _id: orderId }))?.idle;
    if (idle === undefined) return null;
    const since = latestOf(idle.since, (await deps.orderQueries.lastFans([orderId])).get(orderId)?.countedAt ?? null);
    const end = idleSteps(since, idle.days, calendar).at(-1);
    return end === undefined ? null : { since, stopsAt: end.at };
  }

  async function take({ order, delivered, days, since, step, next }: Due): Promise<void> {
    if (step?.step === 'stop') return deps.stops.stopIdle(order, { at: step.at, days, afterFan: delivered });
    if (next === null || order.idle === undefined) return;
    const idle: Idleness = { ...order.idle, since, stepAt: next, ...(step === null ? {} : { isWarned: true }) };
    await orders.updateOne({ _id: order._id, 'idle.stepAt': order.idle.stepAt }, { $set: { idle } });
  }

  /** Fans count again for orders of which was warned: what was not sent yet of the warnings is moot. */
  async function resume(orderIds: string[], now: Date): Promise<void> {
    const idle = watchFrom(now, idleDays, calendar);
    await orders.updateMany(
      { _id: { $in: orderIds }, 'idle.isWarned': true },
      idle === null ? { $unset: { idle: '' } } : { $set: { idle } },
    );
    await deps.notices.drop(orderIds.map(idleSubject));
  }

  /** An order that is not watched, or by another policy, is watched by this one from now on: it is never stopped unwarned. */
  async function followPolicy(now: Date): Promise<void> {
    const idle = watchFrom(now, idleDays, calendar);
    await orders.updateMany(
      { status: 'running', ...(idle === null ? { idle: { $exists: true } } : { 'idle.days': { $ne: idle.days } }) },
      idle === null ? { $unset: { idle: '' } } : { $set: { idle } },
    );
  }

  return { nextDue, run, settle, resume, outlook, followPolicy };
}

type Found = { order: StoredOrder; delivered: number; countedAt: Date | null };

type Due = { order: StoredOrder; delivered: number; days: number; since: Date; stopsAt: Date } & ReturnType<
  typeof dueIdleStep
>;

/** No fan counts since the later of the two: when it began to be watched, or its last fan. */
function latestOf(watchedSince: Date, countedAt: Date | null): Date {
  return countedAt !== null && countedAt > watchedSince ? countedAt : watchedSince;
}

function isStopping({ order }: Found): boolean {
  return order.stopping !== undefined;
}

function isComplete({ order, delivered }: Found): boolean {
  return delivered >= order.quantity;
}

function warningOf({ order: stored, delivered, since, stopsAt, step, next }: Due): {
  stored: StoredOrder;
  warning: IdleWarning;
}[] {
  if (step?.step !== 'warn' || next === null) return [];
  return [{ stored, warning: { delivered, since, stopsAt, step, next } }];
}
