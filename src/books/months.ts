import { insertIgnoringDuplicates } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import type { Leases } from '../database/lease.ts';
import { NotYet } from '../events/handler.ts';
import type { JobResult } from '../kernel/activity.ts';
import type { Calendar, MonthId } from '../kernel/calendar.ts';
import type { Clock } from '../kernel/clock.ts';
import { chunksOf } from '../kernel/group.ts';
import { randomToken } from '../kernel/ids.ts';
import type { Page, PageRequest } from '../kernel/page.ts';
import { createReadLately } from '../kernel/readLately.ts';
import type { Ledger } from '../ledger/journal.ts';
import { writtenNow } from '../seals/source.ts';
import { accountsOf, type BooksStore, type StoredTrialBalance } from './store.ts';
import { type AccountMonth, createTrialBalance, sumsOf, type TrialBalance, totalsOf } from './trialBalance.ts';

/** Whoever was writing at midnight has written by then. */
const CLOSED_AFTER_MS = 3_600_000;
const ACCOUNTS_PER_PAGE = 1_000;

/** So long a month that is open and has many entries is kept, with when it was added up. */
const KEPT_MS = 3_600_000;
/** The open month, and one that is compared with it. */
const KEPT_MONTHS = 2;

/** A month that is stored as closed: its id, and the name of its pages. */
type ClosedMonth = Pick<StoredTrialBalance, '_id' | 'key'>;

export type Months = ReturnType<typeof createMonths>;

/**
 * The trial balances of calendar months: what was recorded in a month, by the service's clock, whatever date it took effect at. An
 * hour after its end a month is closed: its sums are stored and stay, and what comes later is of the month that it comes in. A month
 * in which nothing was recorded is closed without being stored: each account keeps what it had before. So a service where nothing
 * happens closes nothing, however long. Memory grows with the number of accounts.
 */
export function createMonths(deps: {
  store: Pick<BooksStore, 'balances' | 'pages'>;
  ledger: Pick<Ledger, 'recordedWithin' | 'recordedCount' | 'firstRecordedFrom'>;
  leases: Pick<Leases, 'keep'>;
  calendar: Calendar;
  clock: Clock;
}) {
  const { store, ledger, calendar, clock } = deps;
  const addedUpLately = createReadLately({
    ...{ read: addUp, weight: entriesFor, clock, mostMs: KEPT_MS, most: KEPT_MONTHS },
  });

  /** When the next month is to be closed; null where nothing was recorded since the last. */
  async function nextDue(): Promise<Date | null> {
    const month = await nextToClose();
    return month === null ? null : closingOf(month);
  }

  async function nextToClose(): Promise<MonthId | null> {
    const first = await firstUnclosed(await lastClosed());
    return first === null ? null : calendar.monthOf(first);
  }

  /** When the first entry after a closed month was recorded, or the first of all; null where there is none. */
  function firstUnclosed(last: ClosedMonth | null): Promise<Date | null> {
    return ledger.firstRecordedFrom(endOf(last));
  }

  /** The end of a closed month; without one, before everything. */
  function endOf(last: ClosedMonth | null): Date {
    return last === null ? new Date(0) : calendar.monthPeriod(last._id).end;
  }

  function closingOf(month: MonthId): Date {
    return new Date(calendar.monthPeriod(month).end.getTime() + CLOSED_AFTER_MS);
  }

  /** Closes the month that is due at `now` or earlier. Throws NotYet while another process does. */
  async function run(now: Date): Promise<JobResult> {
    const lease = await deps.leases.keep('close-month');
    if (lease === null) throw new NotYet('another process closes a month');
    try {
      const month = await nextToClose();
      if (month === null || closingOf(month) > now) return {};
      const { rows, entries } = await compute(month);
      await close(month, rows, entries, now);
      return { period: month, count: entries };
    } finally {
      await lease.release();
    }
  }

  /** The pages first: the insert of the month names them, and decides if two close it at once. */
  async function close(month: MonthId, rows: AccountMonth[], entries: number, closedAt: Date): Promise<void> {
    const key = `${month}#${randomToken(6)}`;
    const pages = chunksOf(rows, ACCOUNTS_PER_PAGE).map((accounts, page) => ({
      ...{ _id: `${key}#${page}`, key, page, accounts },
    }));
    for (const some of chunksOf(pages, 10)) await store.pages.insertMany(some, durable(store.pages));
    const closed = { _id: month, key, closedAt, ...sumsOf(rows, entries), ...writtenNow() };
    const known = await insertIgnoringDuplicates(store.balances, [closed], durable(store.balances));
    if (known.length > 0) await store.pages.deleteMany({ key });
  }

  /** The accounts of a month, as far as it has come, in the order of their names. */
  async function compute(month: MonthId): Promise<{ rows: AccountMonth[]; entries: number }> {
    const { start, end } = calendar.monthPeriod(month);
    const last = await lastClosed(month);
    const balance = createTrialBalance();
    if (last !== null) {
      for await (const { account, closing } of accountsOf(store, last)) balance.open(account, closing);
    }
    const from = endOf(last);
    if (from < start) {
      for await (const { postings } of ledger.recordedWithin({ start: from, end: start })) balance.post(postings);
    }
    balance.carry();
    for await (const { postings } of ledger.recordedWithin({ start, end })) balance.post(postings);
    return { rows: balance.rows(), entries: balance.entries() };
  }

  /** The last month that is closed, before another where one is given. */
  async function lastClosed(before?: MonthId): Promise<ClosedMonth | null> {
    const filter = before === undefined ? {} : { _id: { $lt: before } };
    return store.balances.findOne(filter, { sort: { _id: -1 }, projection: { key: 1 } });
  }

  /** When a month was closed that is not stored, because neither it nor one before it has anything to be closed; null if it is open. */
  async function closedUnstored(month: MonthId): Promise<Date | null> {
    const closing = closingOf(month);
    if (closing > clock.now()) return null;
    const first = await firstUnclosed(await lastClosed(month));
    return first === null || first >= calendar.monthPeriod(month).end ? closing : null;
  }

  /** A month that is not stored, as it stands now. */
  async function addUp(month: MonthId): Promise<TrialBalance & { asOf: Date; rows: () => AccountMonth[] }> {
    const asOf = clock.now();
    const { rows, entries } = await compute(month);
    const sums = sumsOf(rows, entries);
    const closedAt = await closedUnstored(month);
    const state = closedAt === null ? 'open' : 'closed';
    return { month, state, closedAt, asOf, ...sums, totals: totalsOf(sums.classes), rows: () => rows };
  }

  /** How many entries are read to add up a month that is not stored, counted as far as `most`. */
  async function entriesFor(month: MonthId, most: number): Promise<number> {
    const period = { start: endOf(await lastClosed(month)), end: calendar.monthPeriod(month).end };
    return ledger.recordedCount(period, most);
  }

  /** The trial balance of a month: as it was closed, or as far as it had come at `asOf`, at most an hour ago. */
  async function get(
    month: MonthId,
  ): Promise<TrialBalance & { rows: () => AsyncIterable<AccountMonth> | AccountMonth[] }> {
    const closed = await store.balances.findOne({ _id: month });
    if (closed === null) {
      const { asOf, ...balance } = await addedUpLately(month);
      return { ...balance, asOf: balance.state === 'open' ? asOf : null };
    }
    const { closedAt, entries, accounts, classes, hash } = closed;
    const sums = { entries, accounts, classes, hash };
    const rows = () => accountsOf(store, closed);
    return { month, state: 'closed', closedAt, asOf: null, ...sums, totals: totalsOf(classes), rows };
  }

  /** The same with a page of its accounts. */
  async function page(month: MonthId, { limit, after = '' }: PageRequest): Promise<TrialBalance & Page<AccountMonth>> {
    const { rows, ...balance } = await get(month);
    const items: AccountMonth[] = [];
    for await (const row of rows()) {
      if (row.account <= after) continue;
      if (items.length === limit) return { ...balance, items, next: items.at(-1)?.account ?? null };
      items.push(row);
    }
    return { ...balance, items, next: null };
  }

  return { nextDue, run, get, page };
}
