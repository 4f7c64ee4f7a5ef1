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
    const begun = await deps.billingWeeks.through();
    const week = (await invoiceDrafts.nextWeek()) ?? deps.billingWeeks.openWeek(deps.clock.now(), begun);
    const at = calendar.issueInstant(week, deps.issueTime);
    const rows: PreviewRow[] = [];
    for await (const modelIds of invoiceDrafts.modelsOf(week, '')) rows.push(...(await rowsOf(week, at, modelIds)));
    return { run: 'monday', period: week, at, rows, last: begun === '' ? null : await totalOf(begun) };
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
    const [row] = await store.invoices
      .aggregate<{ count: number; total: MinorUnits }>([
        { $match: { _id: { $gte: `${week}:`, $lt: `${week};` }, status: { $nin: ['skipped', 'void'] } } },
        { $group: { _id: null, count: { $sum: 1 }, total: { $sum: '$total' } } },
      ])
      .toArray();
    return row === undefined ? null : { period: week, count: row.count, total: row.total };
  }

  return { next };
}

function outcomeOf(total: MinorUnits, balance: MinorUnits): 'debited' | 'open' {
  return balance >= total ? 'debited' : 'open';
}
