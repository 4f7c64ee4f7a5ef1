import type { NameOf } from '../../src/accounts/names.ts';
import { itemKindOf } from '../../src/affiliates/items.ts';
import type { PayoutView } from '../../src/affiliates/payouts/payout.ts';
import type { InvoiceView } from '../../src/invoicing/invoice.ts';
import { type Cell, csv } from '../../src/kernel/csv.ts';
import { decimalMoney } from '../../src/kernel/money.ts';

/**
 * An invoice as a table: a `line` for each line, then subtotal, discount, credit and total, so that `cost` of the lines,
 * discount and credit adds up to the total.
 */
export function invoiceCsv(
  invoice: InvoiceView,
  { number, nameOf }: { number?: string | undefined; nameOf: NameOf },
  currency: string,
): string {
  const tail = (contractor: string): Cell[] =>
    [currency, number ?? '', nameOf(invoice.modelId), contractor].map((text) => ({ text }));
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
    ...tail(nameOf(line.contractorId)),
  ]);
  const sumRow = (row: string, cost: number, rateBps = ''): Cell[] => [
    ...head,
    ...[row, '', '', '', '', ''].map((text) => ({ text })),
    { number: rateBps },
    { number: decimalMoney(cost, currency) },
    { number: '' },
    ...tail(''),
  ];
  return csv(INVOICE_COLUMNS, [
    ...lines,
    sumRow('subtotal', invoice.subtotal),
    sumRow('discount', -invoice.discount, String(invoice.discountBps)),
    sumRow('credit', -invoice.credit),
    sumRow('total', invoice.total),
  ]);
}

const INVOICE_COLUMNS = [
  ...['invoiceId', 'modelId', 'week', 'status', 'issuedAt', 'dueAt', 'completedAt', 'row', 'campaignId'],
  ...['contractorId', 'type', 'count', 'gross', 'rateBps', 'cost', 'late', 'currency', 'number'],
  ...['modelName', 'contractorName'],
];

/**
 * A payout as a table: a `commission`, `adjustment` or `return` for each item, `earnings` for what was earned as a marketer, then the total; `amount` of
 * all but the last adds up to it.
 */
export function payoutCsv(
  payout: PayoutView,
  { items, number, name }: { items: Item[]; number: string | undefined; name: string },
  currency: string,
): string {
  const { payoutId, cycle, accountId, parts, status, reference } = payout;
  const head = [payoutId, cycle, accountId, status, reference ?? ''].map((text): Cell => ({ text }));
  const row = (kind: string, commissionId: string, amount: number): Cell[] => [
    ...head,
    { text: kind },
    { text: commissionId },
    { number: decimalMoney(amount, currency) },
    { text: currency },
    { text: number ?? '' },
    { text: name },
  ];
  return csv(PAYOUT_COLUMNS, [
    ...items.map(({ commissionId, amount }) => row(itemKindOf(commissionId), commissionId, amount)),
    ...(parts.earnings === 0 ? [] : [row('earnings', '', parts.earnings)]),
    row('total', '', payout.amount),
  ]);
}

type Item = { commissionId: string; amount: number };

const PAYOUT_COLUMNS = [
  ...['payoutId', 'cycle', 'accountId', 'status', 'reference', 'row', 'commissionId', 'amount', 'currency', 'number'],
  'name',
];
