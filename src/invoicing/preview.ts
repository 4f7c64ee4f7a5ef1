import type { mongo } from 'mongoose';
import type { Calendar, WallTime, WeekId } from '../kernel/calendar.ts';
import type { Clock } from '../kernel/clock.ts';
import type { MinorUnits } from '../kernel/money.ts';
import type { Ledger } from '../ledger/journal.ts';
import type { Preview, PreviewRow } from '../simulation/preview.ts';
import type { BillingWeeks } from './billingWeeks.ts';
import type { InvoiceDrafts } from './draftInvoices.ts';
import { modelAccount } from './invoice.ts';
import type { InvoicingStore } from './store.ts';
import { sumTransactions } from './transactionSums.ts';

/** What the invoices of a week came to; `paid`: so many have nothing left to pay. */
export type LastRun = { week: WeekId; count: number; total: MinorUnits; paid: number };

const IS_OPEN = { $eq: ['$status', 'open'] };

/** Says what the next Monday's invoicing would do by what is known now. Reads only. */
export function createInvoicePreview(deps: {
  store: InvoicingStore;
  invoiceDrafts: InvoiceDrafts;
  billingWeeks: Pick<BillingWeeks, 'through' | 'openWeek'>;
  ledger: Pick<Ledger, 'balances'>;
  calendar: Calendar;
  issueTime: WallTime;
  clock: Clock;
}) {
  const { store, calendar, invoiceDrafts } = deps;

  /** The preview of the next week to be invoiced: the transactions assigned to it so far, as they are priced. */
  async function next(): Promise<Preview> {
    const { begun, week, at } = await nextRun();
    const rows: PreviewRow[] = [];
    for await (const modelIds of invoiceDrafts.modelsOf(week, '')) rows.push(...(await rowsOf(week, at, modelIds)));
    return { run: 'monday', period: week, at, rows, last: begun === '' ? null : await totalOf(begun) };
  }

  async function nextRun(): Promise<{ begun: WeekId; week: WeekId; at: Date }> {
    const begun = await deps.billingWeeks.through();
    const week = (await invoiceDrafts.nextWeek()) ?? deps.billingWeeks.openWeek(deps.clock.now(), begun);
    return { begun, week, at: calendar.issueInstant(week, deps.issueTime) };
  }

  /** How many transactions that reads, counted as far as `most`. */
  async function weight(most: number): Promise<number> {
    const { week } = await nextRun();
    return store.transactions.countDocuments({ billingWeek: week }, { limit: most });
  }

  /** The same for some models alone; those with nothing to invoice have no row. */
  async function ofModels(modelIds: string[]): Promise<Pick<Preview, 'at' | 'rows'> & { week: WeekId }> {
    const { week, at } = await nextRun();
    return { week, at, rows: await rowsOf(week, at, modelIds) };
  }

  /** The last week that was invoiced, and how many of its invoices are settled; null before the first. */
  async function lastRun(): Promise<LastRun | null> {
    const week = await deps.billingWeeks.through();
    const [last] = week === '' ? [] : await invoicesOf<LastRun>(week, { paid: { $sum: { $cond: [IS_OPEN, 0, 1] } } });
    return last === undefined ? null : { ...last, week };
  }

  async function rowsOf(week: WeekId, at: Date, modelIds: string[]): Promise<PreviewRow[]> {
    const sums = await sumTransactions(store, week, modelIds, calendar.weekPeriod(week).start);
    const withSomething = modelIds.filter((modelId) => sums.has(modelId));
    const [invoices, balances] = await Promise.all([
      invoiceDrafts.decide(week, at, withSomething, sums),
      deps.ledger.balances(withSomething.map(modelAccount)),
    ]);
    return invoices.map(({ modelId, total, lines, status }) => ({
      accountId: modelId,
      amount: total,
      count: lines.length,
      outcome: status === 'credited' ? status : outcomeOf(total, balances.get(modelAccount(modelId)) ?? 0),
    }));
  }

  /** What the invoices of a week came to, those that were taken back left out. */
  async function totalOf(week: WeekId): Promise<Preview['last']> {
    const [row] = await invoicesOf<{ count: number; total: MinorUnits }>(week);
    return row === undefined ? null : { period: week, count: row.count, total: row.total };
  }

  function invoicesOf<T extends object>(week: WeekId, more: mongo.Document = {}): Promise<T[]> {
    return store.invoices
      .aggregate<T>([
        { $match: { _id: { $gte: `${week}:`, $lt: `${week};` }, status: { $nin: ['skipped', 'void'] } } },
        { $group: { _id: null, count: { $sum: 1 }, total: { $sum: '$total' }, ...more } },
        { $project: { _id: 0 } },
      ])
      .toArray();
  }

  return { next, weight, ofModels, lastRun };
}

function outcomeOf(total: MinorUnits, balance: MinorUnits): 'debited' | 'open' {
  return balance >= total ? 'debited' : 'open';
}
