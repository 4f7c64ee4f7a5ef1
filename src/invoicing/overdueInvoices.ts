import type { mongo } from 'mongoose';
import { type Backlog, longestOf } from '../database/backlog.ts';
import { afterDated, datedCursor } from '../database/datedCursor.ts';
import { readPage } from '../database/readPage.ts';
import type { Calendar, WeekId } from '../kernel/calendar.ts';
import type { MinorUnits } from '../kernel/money.ts';
import type { Page, PageRequest } from '../kernel/page.ts';
import { type InvoiceView, invoiceView } from './invoice.ts';
import {
  added,
  type OverdueByAge,
  type OverdueSummary,
  type SummaryRow,
  summaryOf,
  summaryStages,
  toldAges,
} from './overdueAges.ts';
import { type InvoicingStore, PAID_IN_PARTS, type StoredInvoice, toInvoice } from './store.ts';

/** Which overdue invoices are asked for: at least so many whole days past due, of at least so much, of one model. */
export type OverdueFilter = { minDays?: number; maxDays?: number; minTotal?: MinorUnits; modelId?: string };

export type OverdueTotals = { invoices: number; models: number; total: MinorUnits };

export type OverdueInvoices = ReturnType<typeof createOverdueInvoices>;

/** Invoices that are unpaid past their due instant, of all models. */
export function createOverdueInvoices(deps: { store: Pick<InvoicingStore, 'invoices'>; calendar: Calendar }) {
  const { calendar } = deps;
  const { invoices } = deps.store;

  /** The oldest due first; equally old ones by id. `days` are whole calendar days. */
  async function list(request: PageRequest & OverdueFilter, now: Date): Promise<Page<InvoiceView & { days: number }>> {
    const found = invoices.find(overdueQuery(request, calendar, now, request.after)).sort({ dueAt: 1, _id: 1 });
    const page = await readPage(found, request.limit, cursorOf);
    const items = page.items.map((stored) => ({
      ...invoiceView(toInvoice(stored), now),
      days: calendar.daysBetween(stored.dueAt, now),
    }));
    return { items, next: page.next };
  }

  async function totals(filter: OverdueFilter, now: Date): Promise<OverdueTotals> {
    const {
      invoices: count = 0,
      models = 0,
      total = 0,
    } = await summed(filter, now, (rest) => [
      { $group: { _id: '$modelId', invoices: { $sum: 1 }, total: { $sum: rest } } },
      { $group: { _id: null, invoices: { $sum: '$invoices' }, models: { $sum: 1 }, total: { $sum: '$total' } } },
    ]);
    return { invoices: count, models, total };
  }

  /** What is overdue by how long, of how many models and how much is still to be paid. */
  const summary = async (now: Date): Promise<OverdueSummary> =>
    summaryOf(await summed({}, now, (rest) => summaryStages(calendar, now, rest)));

  /** How much is overdue, and what has been for the longest. */
  async function backlog(now: Date): Promise<Backlog> {
    const [{ count = 0, amount = 0 }, longest] = await Promise.all([
      summed({}, now, (rest) => [{ $group: { _id: null, count: { $sum: 1 }, amount: { $sum: rest } } }]),
      longestOf(invoices, overdueQuery({}, calendar, now), 'dueAt'),
    ]);
    return { count, amount, ...longest };
  }

  /**
   * Sums of what is overdue, by `stages` that end in one row at most, which has nothing but numbers; `rest` is what is still to be paid of
   * an invoice. An index has all that these need, but for parts that were paid: the models that have any, usually few, are read by
   * themselves, so that no model is in both reads.
   */
  async function summed(
    filter: OverdueFilter,
    now: Date,
    stages: (rest: mongo.Document | string) => mongo.Document[],
  ): Promise<SummaryRow> {
    const overdue = overdueQuery(filter, calendar, now);
    const read = async (which: mongo.Filter<StoredInvoice>, rest: mongo.Document | string) =>
      (await invoices.aggregate<SummaryRow>([{ $match: { ...overdue, ...which } }, ...stages(rest)]).toArray())[0] ??
      {};
    if (filter.modelId !== undefined) return read({}, REST);
    const inParts = await modelsInParts(now);
    if (inParts.length === 0) return read({}, '$total');
    if (inParts.length > FEW) return read({}, REST);
    const [others, these] = await Promise.all([
      read({ modelId: { $nin: inParts } }, '$total'),
      read({ modelId: { $in: inParts } }, REST),
    ]);
    return added([others, these]);
  }

  /** The models that have paid a part of what is due. */
  const modelsInParts = (now: Date): Promise<string[]> =>
    invoices.distinct('modelId', { ...PAID_IN_PARTS, dueAt: { $lte: now } });

  /** The same by the ages that managers are told. */
  const byAge = async (now: Date): Promise<OverdueByAge> => toldAges(await summary(now));

  /** Of the invoices of each of these weeks: how many were paid when they were due, paid later, and are unpaid past due. */
  async function punctuality(weeks: WeekId[], now: Date): Promise<Map<WeekId, Punctuality>> {
    const [first = '', last = ''] = [weeks[0], weeks.at(-1)];
    const rows = invoices.aggregate<Punctuality & { _id: WeekId }>([
      { $match: { _id: { $gte: `${first}:`, $lt: `${last};` }, status: { $in: ['open', 'completed'] } } },
      {
        $group: {
          _id: { $substrCP: ['$_id', 0, first.length] },
          invoices: { $sum: 1 },
          onTime: count({ $and: [IS_PAID, { $lte: [PAID_AT, '$dueAt'] }] }),
          late: count({ $and: [IS_PAID, { $gt: [PAID_AT, '$dueAt'] }] }),
          unpaid: count({ $and: [{ $not: IS_PAID }, { $lte: ['$dueAt', now] }] }),
        },
      },
    ]);
    return new Map((await rows.toArray()).map(({ _id, ...counts }) => [_id, counts]));
  }

  /**
   * The same summary as it was just before an instant of the past: what was paid, voided or written off at it or later was
   * still unpaid.
   */
  async function summaryAt(at: Date): Promise<OverdueSummary> {
    const wasDue = { dueAt: { $lt: at } };
    const rows = invoices.aggregate<SummaryRow>([
      {
        $match: {
          $or: [
            { status: 'open', ...wasDue },
            { completedAt: { $gte: at }, ...wasDue, status: 'completed' },
            { status: 'void', ...wasDue, voidedAt: { $gte: at } },
            { status: 'written_off', ...wasDue, writtenOffAt: { $gte: at } },
          ],
        },
      },
      ...summaryStages(calendar, at, restAt(at)),
    ]);
    return summaryOf((await rows.toArray())[0]);
  }

  /** How many invoices were issued for a week, and how many are overdue, each counted as far as `most`. */
  const issuedIn = (week: WeekId, most: number): Promise<number> =>
    invoices.countDocuments(ofWeek(week), { limit: most });
  const overdueCount = (now: Date, most: number): Promise<number> =>
    invoices.countDocuments(overdueQuery({}, calendar, now), { limit: most });

  /** Whether an invoice of a week has ended since an instant or at it, or fell due since. */
  async function weekChanged(week: WeekId, since: Date, now: Date): Promise<boolean> {
    const ended = ['completedAt', 'voidedAt', 'writtenOffAt'].map((field) => ({ [field]: { $gte: since } }));
    const changed = await invoices.findOne(
      { ...ofWeek(week), $or: [...ended, { dueAt: { $gte: since, $lte: now } }] },
      { projection: { _id: 1 } },
    );
    return changed !== null;
  }

  /** The first week that there are invoices of; null before there is one. */
  async function firstWeek(): Promise<WeekId | null> {
    const first = await invoices.findOne({}, { sort: { _id: 1 }, projection: { week: 1 } });
    return first?.week ?? null;
  }

  const asked = { issuedIn, overdueCount, weekChanged, firstWeek };
  return { list, totals, summary, summaryAt, backlog, byAge, punctuality, ...asked };
}

/** The invoices of a week, by their ids. */
function ofWeek(week: WeekId): mongo.Filter<StoredInvoice> {
  return { _id: { $gte: `${week}:`, $lt: `${week};` } };
}

/** What was still to be paid of an invoice just before an instant. */
function restAt(at: Date): mongo.Document {
  const paid = { $filter: { input: { $ifNull: ['$parts', []] }, as: 'part', cond: { $lt: ['$$part.paidAt', at] } } };
  return { $subtract: ['$total', { $sum: { $map: { input: paid, as: 'part', in: '$$part.amount' } } }] };
}

/** So many models can be left out of a read by their ids. */
const FEW = 1_000;

/** What is still to be paid of an invoice. */
const REST = { $subtract: ['$total', { $sum: '$parts.amount' }] };

const IS_PAID = { $eq: ['$status', 'completed'] };
/** Of one that was paid outside: when the money came. */
const PAID_AT = { $ifNull: ['$paidAt', '$completedAt'] };

function count(what: mongo.Document): mongo.Document {
  return { $sum: { $cond: [what, 1, 0] } };
}

/** `invoices`: also those that are not due yet. */
export type Punctuality = { invoices: number; onTime: number; late: number; unpaid: number };

/** What is asked for, as the database takes it; along the index on `status`, `dueAt` and `_id`, or that of the model. */
export function overdueQuery(
  { minDays = 0, maxDays, minTotal = 0, modelId }: OverdueFilter,
  calendar: Pick<Calendar, 'addDays'>,
  now: Date,
  after?: string,
): mongo.Filter<StoredInvoice> {
  const latestDue = minDays === 0 ? now : calendar.addDays(now, -minDays);
  const beyond = after === undefined ? [] : [afterDated<StoredInvoice>('dueAt', after)];
  return {
    status: 'open',
    dueAt: {
      $lte: latestDue,
      ...(maxDays === undefined ? {} : { $gt: calendar.addDays(now, -maxDays - 1) }),
    },
    ...(modelId === undefined ? {} : { modelId }),
    ...(minTotal === 0 ? {} : { total: { $gte: minTotal } }),
    ...(beyond.length === 0 ? {} : { $and: beyond }),
  };
}

function cursorOf({ dueAt, _id }: StoredInvoice): string {
  return datedCursor(dueAt, _id);
}
