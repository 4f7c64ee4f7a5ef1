import { restOf } from '../invoicing/part.ts';
import type { Cell } from '../kernel/csv.ts';
import { decimalMoney } from '../kernel/money.ts';
import type { OverdueInvoice } from './overdue.ts';

export const OVERDUE_COLUMNS = [
  ...['invoiceId', 'modelId', 'modelName', 'week', 'issuedAt', 'dueAt', 'daysOverdue', 'total', 'currency'],
  ...['campaigns', 'cplOrders', 'trustScore', 'tier', 'terminationReview', 'modelOverdueCount', 'modelOverdueTotal'],
  ...['promise', 'promisedUntil', 'left'],
];

/** What its model has promised of it last, if anything, and how far that is. */
type PromiseOfRow = { status: string; until: Date } | undefined;

/** An overdue invoice as a row for spreadsheets; amounts as decimals. `left` is what is still to be paid of it. */
export function overdueRow(item: OverdueInvoice, promise: PromiseOfRow, modelName: string, currency: string): Cell[] {
  const { standing } = item;
  return [
    { text: item.invoiceId },
    { text: item.modelId },
    { text: modelName },
    { text: item.week },
    { text: item.issuedAt.toISOString() },
    { text: item.dueAt.toISOString() },
    { number: String(item.days) },
    { number: decimalMoney(item.total, currency) },
    { text: currency },
    { text: standing.campaigns },
    { text: standing.cplOrders },
    { number: String(standing.trustScore) },
    { text: standing.tier },
    { text: standing.terminationReview ? 'open' : '' },
    { number: String(standing.overdue.count) },
    { number: decimalMoney(standing.overdue.total, currency) },
    { text: promise?.status ?? '' },
    { text: promise?.until.toISOString() ?? '' },
    { number: decimalMoney(restOf(item), currency) },
  ];
}
