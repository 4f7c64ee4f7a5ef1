import { unlessDuplicate } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import { readPage } from '../database/readPage.ts';
import type { JobResult, Report } from '../kernel/activity.ts';
import type { Calendar, WallTime, WeekId } from '../kernel/calendar.ts';
import { sum } from '../kernel/money.ts';
import type { Page, PageRequest } from '../kernel/page.ts';
import type { ShadowStore, ShadowWeek, WithheldPart } from './store.ts';

export type { ShadowWeek, WithheldKind, WithheldPart } from './store.ts';

export type ShadowWeeks = ReturnType<typeof createShadowWeeks>;

/**
 * Mondays of a service in shadow: each sums up what would have been sent since the one before, the invoices of its own run
 * included. A week in which nothing was withheld is not told of.
 */
export function createShadowWeeks(deps: {
  store: ShadowStore;
  calendar: Calendar;
  /** When on Monday invoices are issued. */
  issueTime: WallTime;
  /** Whether the service is in shadow: without it nothing is summed up any more. */
  isOn: boolean;
  report: Report;
}) {
  const { store, calendar, issueTime } = deps;

  /** When the first week that is not summed up yet, and in which something was withheld, is over; null when there is none. */
  async function nextDue(): Promise<Date | null> {
    const week = deps.isOn ? await nextWeek() : null;
    return week === null ? null : endOf(week);
  }

  /** Sums up one week that is over at `now`. */
  async function run(now: Date): Promise<JobResult> {
    const week = deps.isOn ? await nextWeek() : null;
    if (week === null || endOf(week) > now) return {};
    const before = await lastTold();
    const parts = await partsWithin(before?.at ?? new Date(0), endOf(week));
    const told: ShadowWeek = { _id: week, at: endOf(week), parts };
    await unlessDuplicate(store.weeks.insertOne(told, durable(store.weeks)));
    deps.report({ kind: 'shadow-week', week, parts });
    return { period: week, count: sum(parts.map(({ count }) => count)) };
  }

  async function nextWeek(): Promise<WeekId | null> {
    const before = await lastTold();
    const after = before === null ? {} : { at: { $gt: before.at } };
    const first = await store.withheld.findOne(after, { sort: { at: 1 }, projection: { at: 1 } });
    return first === null ? null : weekThatTells(first.at);
  }

  /** The week whose Monday is the first at `at` or later. */
  function weekThatTells(at: Date): WeekId {
    const last = calendar.latestIssuedWeek(at, issueTime);
    return endOf(last).getTime() === at.getTime() ? last : calendar.nextWeek(last);
  }

  function endOf(week: WeekId): Date {
    return calendar.issueInstant(week, issueTime);
  }

  function lastTold(): Promise<ShadowWeek | null> {
    return store.weeks.findOne({}, { sort: { _id: -1 } });
  }

  /** What was withheld after one instant and until another. */
  async function partsWithin(after: Date, until?: Date): Promise<WithheldPart[]> {
    const at = { $gt: after, ...(until === undefined ? {} : { $lte: until }) };
    const rows = await store.withheld
      .aggregate<{ _id: Pick<WithheldPart, 'kind' | 'type'>; count: number; amount: number }>([
        { $match: { at } },
        { $group: { _id: { kind: '$kind', type: '$type' }, count: { $sum: 1 }, amount: { $sum: '$amount' } } },
        { $sort: { '_id.kind': -1, '_id.type': 1 } },
      ])
      .toArray();
    return rows.map(({ _id, count, amount }) => ({ ..._id, count, amount }));
  }

  /** The weeks that were summed up, the latest first. */
  async function list(request: PageRequest): Promise<Page<ShadowWeek>> {
    const found = store.weeks
      .find(request.after === undefined ? {} : { _id: { $lt: request.after } })
      .sort({ _id: -1 });
    const { items, next } = await readPage(found, request.limit, ({ _id }) => _id);
    return { items, next };
  }

  /** What was withheld since the last week that was summed up. */
  async function running(): Promise<WithheldPart[]> {
    return partsWithin((await lastTold())?.at ?? new Date(0));
  }

  /** All that was ever withheld. */
  const total = (): Promise<WithheldPart[]> => partsWithin(new Date(0));

  return { nextDue, run, list, running, total };
}
