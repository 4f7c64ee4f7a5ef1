import type { Billing } from '../accounts/account.ts';
import { vatOfInvoice } from '../books/vat.ts';
import type { InvoiceView, Line } from '../invoicing/invoice.ts';
import { currencyDecimals, type MinorUnits } from '../kernel/money.ts';
import { type DisplayContext, speechOf } from '../texts/speech.ts';
import { type Bookkeeping, howToPay, letterhead, numberFact, type Party, partyLines, vatLines } from './bookkeeping.ts';
import { createPaper, type Table } from './paper.ts';
import { saidByOthers } from './words.ts';

/** What the model, and by their ids the campaigns that have a name, are called; `billing`: what the model is to tax offices. */
export type InvoiceNames = { model: string; billing?: Billing | undefined; campaigns?: ReadonlyMap<string, string> };

/** An invoice as a PDF. `display` has the platform's zone, so that everybody who reads a language gets the same file. */
export function invoicePdf(
  invoice: InvoiceView,
  names: InvoiceNames,
  display: DisplayContext,
  { issuer, number, creditNote }: Bookkeeping & { creditNote?: string | undefined } = {},
): Promise<Uint8Array> {
  const { say, money, week, instant } = speechOf(display);
  const weekShown = week(invoice.week);
  const isOnPaper = issuer !== undefined && number !== undefined;
  const title = say('documents.invoice.title', { invoice: isOnPaper ? number : invoice.invoiceId });
  const subject = say('documents.invoice.subject', { week: weekShown });
  const paper = createPaper({ title, subject, date: invoice.issuedAt, display });
  letterhead(paper, issuer, display);
  paper.title(title, say('documents.invoice.lead', { week: weekShown, total: money(invoice.total) }));
  paper.facts([
    ...numberFact(number, display),
    ...(isOnPaper ? [[say('documents.invoice.facts.id'), invoice.invoiceId] as [string, string]] : []),
    [say('documents.invoice.facts.billedTo'), partyLines(partyOf(invoice, names), display)],
    [say('documents.invoice.facts.issued'), instant(invoice.issuedAt)],
    [
      say('documents.invoice.facts.due'),
      invoice.status === 'credited' ? say('documents.invoice.nothingToPay') : instant(invoice.dueAt),
    ],
    [say('documents.invoice.facts.state'), stateOf(invoice, display)],
    ...(creditNote === undefined ? [] : [[say('documents.creditNote.label'), creditNote] as [string, string]]),
  ]);
  paper.table(linesTable(invoice, names.campaigns ?? new Map(), display));
  // Credit brought forward has had its VAT on the invoice that it is from.
  const amount = invoice.subtotal - invoice.discount;
  if (issuer !== undefined) vatLines(paper, vatOfInvoice(amount, issuer, names.billing ?? {}), amount, display);
  if (isUnpaid(invoice)) howToPay(paper, { issuer, number }, invoice.invoiceId, display);
  paper.small(ruleOf(display));
  if (invoice.lines.some(({ late }) => late > 0)) paper.small(say('documents.invoice.late'));
  return paper.end();
}

export function partyOf({ modelId }: InvoiceView, { model, billing }: InvoiceNames): Party {
  return { accountId: modelId, name: model, billing };
}

function isUnpaid({ status }: InvoiceView): boolean {
  return status === 'open' || status === 'overdue';
}

export function linesTable(
  invoice: InvoiceView,
  campaigns: ReadonlyMap<string, string>,
  display: DisplayContext,
): Table {
  const { say, money, rate } = speechOf(display);
  const { discount, credit } = invoice;
  return {
    columns: [
      { header: say('documents.invoice.columns.campaign'), width: 20 },
      { header: say('documents.invoice.columns.contractor'), width: 17 },
      { header: say('documents.invoice.columns.what'), width: 17 },
      { header: say('documents.invoice.columns.count'), width: 8, align: 'right' },
      { header: say('documents.invoice.columns.gross'), width: 15, align: 'right' },
      { header: say('documents.invoice.columns.rate'), width: 8, align: 'right' },
      { header: say('documents.invoice.columns.cost'), width: 15, align: 'right' },
    ],
    rows: invoice.lines.map((line) => [
      saidByOthers(campaigns.get(line.campaignId) ?? line.campaignId),
      line.contractorId,
      whatOf(line, display),
      String(line.count),
      money(line.gross),
      rate(line.rateBps),
      money(line.cost),
    ]),
    sums: [
      [say('documents.invoice.sums.subtotal'), money(invoice.subtotal)],
      ...sumOf(say('documents.invoice.sums.discount', { rate: rate(invoice.discountBps) }), -discount, money),
      ...sumOf(say('documents.invoice.sums.credit'), -credit, money),
      [say('documents.total'), money(invoice.total)],
    ],
  };
}

/** What is nothing needs no line. */
function sumOf(label: string, amount: MinorUnits, money: (amount: MinorUnits) => string): [string, string][] {
  return amount === 0 ? [] : [[label, money(amount)]];
}

/** How the amounts come about, and what they and the times are in. */
function ruleOf(display: DisplayContext): string {
  const { currency, timeZone } = display;
  const decimals = currencyDecimals(currency);
  const rounded = decimals === 2 ? 'cent' : decimals === 0 ? 'whole' : 'other';
  return speechOf(display).say('documents.invoice.rule', { rounded, decimals, currency, timeZone });
}

function whatOf({ type, late }: Line, display: DisplayContext): string {
  const { say } = speechOf(display);
  return late > 0 ? say('documents.invoice.lineLate', { type, late }) : say('documents.invoice.line', { type });
}

function stateOf(invoice: InvoiceView, display: DisplayContext): string {
  const { say, instant } = speechOf(display);
  const { completedAt, total, voidReason, writeOffReason, reference, paidAt } = invoice;
  switch (invoice.status) {
    case 'open':
      return say('documents.invoice.states.open');
    case 'overdue':
      return say('documents.invoice.states.overdue');
    case 'completed':
      if (reference !== undefined && paidAt !== undefined) {
        const outside = { at: instant(paidAt), reference: saidByOthers(reference) };
        return say('documents.invoice.states.paidOutside', outside);
      }
      return completedAt === null
        ? say('documents.states.paid')
        : say('documents.invoice.states.paidOn', { at: instant(completedAt) });
    case 'credited':
      return total < 0 ? say('documents.invoice.states.creditLeft') : say('documents.invoice.nothingToPay');
    case 'void':
      return voidReason === undefined
        ? say('documents.invoice.states.void')
        : say('documents.invoice.states.voidBecause', { reason: saidByOthers(voidReason) });
    case 'written_off':
      return writeOffReason === undefined
        ? say('documents.invoice.states.writtenOff')
        : say('documents.invoice.states.writtenOffBecause', { reason: saidByOthers(writeOffReason) });
  }
}
