import type { mongo } from 'mongoose';
import { readPage } from '../database/readPage.ts';
import type { Calendar } from '../kernel/calendar.ts';
import type { MinorUnits } from '../kernel/money.ts';
import type { Page, PageRequest } from '../kernel/page.ts';
import { type InvoiceView, invoiceView } from './invoice.ts';
import { type InvoicingStore, type StoredInvoice, toInvoice } from './store.ts';

/** Which overdue invoices are asked for: at least so many whole days past due, of at least so much. */
export type OverdueFilter = { minDays?: number; minTotal?: MinorUnits };

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
    const [sums] = await invoices
      .aggregate<OverdueTotals>([
        { $match: overdueQuery(filter, calendar, now) },
        { $group: { _id: '$modelId', invoices: { $sum: 1 }, total: { $sum: '$total' } } },
        { $group: { _id: null, invoices: { $sum: '$invoices' }, models: { $sum: 1 }, total: { $sum: '$total' } } },
        { $project: { _id: 0 } },
      ])
      .toArray();
    return sums ?? { invoices: 0, models: 0, total: 0 };
  }

  return { list, totals };
}

/** What is asked for, as the database takes it; along the index on `status`, `dueAt` and `_id`. */
export function overdueQuery(
  { minDays = 0, minTotal = 0 }: OverdueFilter,
  calendar: Pick<Calendar, 'addDays'>,
  now: Date,
  after?: string,
): mongo.Filter<StoredInvoice> {
  const latestDue = minDays === 0 ? now : calendar.addDays(now, -minDays);
  const beyond = after === undefined ? [] : [afterCursor(after)];
  return {
    status: 'open',
    dueAt: { $lte: latestDue },
    ...(minTotal === 0 ? {} : { total: { $gte: minTotal } }),
    ...(beyond.length === 0 ? {} : { $and: beyond }),
  };
}

function cursorOf({ dueAt, _id }: StoredInvoice): string {
  return `${dueAt.toISOString()}~${_id}`;
}

/** Those after a cursor; one of somebody's own making finds none. */
function afterCursor(cursor: string): mongo.Filter<StoredInvoice> {
  const [, instant = '', id = ''] = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z)~(.+)$/.exec(cursor) ?? [];
  const dueAt = new Date(instant);
  if (Number.isNaN(dueAt.getTime())) return { _id: { $in: [] } };
  return { $or: [{ dueAt: { $gt: dueAt } }, { dueAt, _id: { $gt: id } }] };
}
