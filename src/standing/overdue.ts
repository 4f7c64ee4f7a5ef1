import type { mongo } from 'mongoose';
import { type InvoiceView, invoiceView } from '../invoicing/invoice.ts';
import { type RevshareStore, type StoredInvoice, toInvoice } from '../invoicing/store.ts';
import type { Calendar } from '../kernel/calendar.ts';
import type { MinorUnits } from '../kernel/money.ts';
import { type Page, type PageRequest, pageOf } from '../kernel/page.ts';
import type { Standing } from './standing.ts';
import type { Standings } from './standings.ts';

/** Which overdue invoices are asked for: at least so many whole days past due, of at least so much. */
export type OverdueFilter = { minDays?: number; minTotal?: MinorUnits };

/** An invoice that is unpaid past its due instant, with how its model stands. `days` are whole calendar days. */
export type OverdueInvoice = InvoiceView & { days: number; standing: Standing };

export type Overdue = ReturnType<typeof createOverdue>;

const PAGE = 500;

/** What is unpaid past due, of all models. */
export function createOverdue(deps: {
  store: RevshareStore;
  calendar: Calendar;
  standings: Pick<Standings, 'standings'>;
}) {
  const { store, calendar } = deps;

  /** The oldest due first; equally old ones by id. */
  async function list(request: PageRequest & OverdueFilter, now: Date): Promise<Page<OverdueInvoice>> {
    const fetched = await store.invoices
      .find(overdueQuery(request, calendar, now, request.after))
      .sort({ dueAt: 1, _id: 1 })
      .limit(request.limit + 1)
      .toArray();
    const page = pageOf(fetched, request.limit, cursorOf);
    const standings = await deps.standings.standings([...new Set(page.items.map(({ modelId }) => modelId))], now);
    return { items: page.items.flatMap((stored) => itemOf(stored, standings, now)), next: page.next };
  }

  function itemOf(stored: StoredInvoice, standings: Map<string, Standing>, now: Date): OverdueInvoice[] {
    const standing = standings.get(stored.modelId);
    if (standing === undefined) return [];
    return [{ ...invoiceView(toInvoice(stored), now), days: calendar.daysBetween(stored.dueAt, now), standing }];
  }

  /** All of them, page by page, so that no list has to be held whole. */
  async function* pages(filter: OverdueFilter, now: Date): AsyncGenerator<OverdueInvoice[]> {
    let after: string | undefined;
    do {
      const page: Page<OverdueInvoice> = await list(
        { limit: PAGE, ...filter, ...(after === undefined ? {} : { after }) },
        now,
      );
      yield page.items;
      after = page.next ?? undefined;
    } while (after !== undefined);
  }

  async function totals(
    filter: OverdueFilter,
    now: Date,
  ): Promise<{ invoices: number; models: number; total: MinorUnits }> {
    const [sums] = await store.invoices
      .aggregate<{ invoices: number; models: number; total: MinorUnits }>([
        { $match: overdueQuery(filter, calendar, now) },
        { $group: { _id: '$modelId', invoices: { $sum: 1 }, total: { $sum: '$total' } } },
        { $group: { _id: null, invoices: { $sum: '$invoices' }, models: { $sum: 1 }, total: { $sum: '$total' } } },
        { $project: { _id: 0 } },
      ])
      .toArray();
    return sums ?? { invoices: 0, models: 0, total: 0 };
  }

  return { list, pages, totals };
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
