import type { InvoiceView, Line } from '../invoicing/invoice.ts';
import { formatInstant, formatWeek } from '../kernel/calendar.ts';
import { currencyDecimals, formatMoney, formatRate, type MinorUnits } from '../kernel/money.ts';
import type { DisplayContext } from '../texts/speech.ts';
import { createPaper } from './paper.ts';
import { accountName, saidByOthers } from './words.ts';

/** An invoice as a PDF. Times are the platform's, so that everybody gets the same file. */
export function invoicePdf(invoice: InvoiceView, modelName: string, platform: DisplayContext): Promise<Uint8Array> {
  const money = (amount: MinorUnits) => formatMoney(amount, platform.currency);
  const at = (instant: Date) => formatInstant(instant, platform.timeZone);
  const title = `Invoice ${invoice.invoiceId}`;
  const subject = `RevShare, week ${formatWeek(invoice.week)}`;
  const paper = createPaper({ title, subject, date: invoice.issuedAt });
  paper.title(title, `${subject}: ${money(invoice.total)}`);
  paper.facts([
    ['Billed to', accountName(modelName, invoice.modelId)],
    ['Issued', at(invoice.issuedAt)],
    ['Due', invoice.status === 'credited' ? 'nothing to pay' : at(invoice.dueAt)],
    ['State', stateOf(invoice, at)],
  ]);
  paper.table({
    columns: [
      { header: 'Campaign', width: 20 },
      { header: 'Contractor', width: 17 },
      { header: 'What', width: 17 },
      { header: 'Count', width: 8, align: 'right' },
      { header: 'Gross', width: 15, align: 'right' },
      { header: 'Rate', width: 8, align: 'right' },
      { header: 'Cost', width: 15, align: 'right' },
    ],
    rows: invoice.lines.map((line) => [
      line.campaignId,
      line.contractorId,
      whatOf(line),
      String(line.count),
      money(line.gross),
      formatRate(line.rateBps),
      money(line.cost),
    ]),
    sums: [
      ['Subtotal', money(invoice.subtotal)],
      ...sumOf(`Discount ${formatRate(invoice.discountBps)}`, -invoice.discount, money),
      ...sumOf('Credit brought forward', -invoice.credit, money),
      ['Total', money(invoice.total)],
    ],
  });
  paper.small(
    `Cost is gross × rate, ${rounded(platform.currency)} line by line, half away from zero. The discount is taken off the subtotal, then credit is. All amounts in ${platform.currency}, all times in ${platform.timeZone}.`,
  );
  if (invoice.lines.some(({ late }) => late > 0)) {
    paper.small('“Of earlier weeks” are payments that became known after the invoice of their own week was issued.');
  }
  return paper.end();
}

/** What is nothing needs no line. */
function sumOf(label: string, amount: MinorUnits, money: (amount: MinorUnits) => string): [string, string][] {
  return amount === 0 ? [] : [[label, money(amount)]];
}

function rounded(currency: string): string {
  const decimals = currencyDecimals(currency);
  if (decimals === 2) return 'rounded to the cent';
  return decimals === 0 ? `rounded to whole ${currency}` : `rounded to ${decimals} decimals`;
}

function whatOf({ type, late }: Line): string {
  return late > 0 ? `${type} (${late} of earlier weeks)` : type;
}

function stateOf({ status, completedAt, total, voidReason }: InvoiceView, at: (instant: Date) => string): string {
  switch (status) {
    case 'open':
      return 'open';
    case 'overdue':
      return 'overdue: past due and not paid';
    case 'completed':
      return completedAt === null ? 'paid' : `paid on ${at(completedAt)}`;
    case 'credited':
      return total < 0 ? 'nothing to pay: what is below zero is credit for the next invoice' : 'nothing to pay';
    case 'void':
      return `void, nothing to pay${voidReason === undefined ? '' : `: ${saidByOthers(voidReason)}`}`;
  }
}
