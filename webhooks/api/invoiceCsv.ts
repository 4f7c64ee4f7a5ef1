import type { InvoiceView } from '../../src/invoicing/invoice.ts';
import { type Cell, csv } from '../../src/kernel/csv.ts';
import { decimalMoney } from '../../src/kernel/money.ts';

/**
 * An invoice as a table: a `line` for each line, then subtotal, discount, credit and total, so that `cost` of the lines,
 * discount and credit adds up to the total.
 */
export function invoiceCsv(invoice: InvoiceView, currency: string): string {
  const head: Cell[] = [
    { text: invoice.invoiceId },
    { text: invoice.modelId },
    { text: invoice.week },
    { text: invoice.status },
    { text: invoice.issuedAt.toISOString() },
    { text: invoice.dueAt.toISOString() },
    { text: invoice.completedAt?.toISOString() ?? '' },
  ];
  const lines = invoice.lines.map((line) => [
    ...head,
    { text: 'line' },
    { text: line.campaignId },
    { text: line.contractorId },
    { text: line.type },
    { number: String(line.count) },
    { number: decimalMoney(line.gross, currency) },
    { number: String(line.rateBps) },
    { number: decimalMoney(line.cost, currency) },
    { number: String(line.late) },
    { text: currency },
  ]);
  const sum = (row: string, cost: number, rateBps = ''): Cell[] => [
    ...head,
    ...[row, '', '', '', '', ''].map((text) => ({ text })),
    { number: rateBps },
    { number: decimalMoney(cost, currency) },
    { number: '' },
    { text: currency },
  ];
  return csv(INVOICE_COLUMNS, [
    ...lines,
    sum('subtotal', invoice.subtotal),
    sum('discount', -invoice.discount, String(invoice.discountBps)),
    sum('credit', -invoice.credit),
    sum('total', invoice.total),
  ]);
}

const INVOICE_COLUMNS = [
  ...['invoiceId', 'modelId', 'week', 'status', 'issuedAt', 'dueAt', 'completedAt', 'row', 'campaignId'],
  ...['contractorId', 'type', 'count', 'gross', 'rateBps', 'cost', 'late', 'currency'],
];
