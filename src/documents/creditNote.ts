import { vatOfInvoice } from '../books/vat.ts';
import type { InvoiceView } from '../invoicing/invoice.ts';
import { type DisplayContext, speechOf } from '../texts/speech.ts';
import { type Bookkeeping, letterhead, numberFact, partyLines, vatLines } from './bookkeeping.ts';
import { type InvoiceNames, linesTable, partyOf } from './invoice.ts';
import { createPaper } from './paper.ts';
import { amountsAndTimes, saidByOthers } from './words.ts';

/** What a credit note has of its own: its number and date, and the number of the invoice that it takes back. */
export type CreditNote = { number: string; issuedAt: Date; invoiceNumber: string };

/** The credit note of a void invoice as a PDF: everything that the invoice said, taken back. */
export function creditNotePdf(
  invoice: InvoiceView,
  names: InvoiceNames,
  display: DisplayContext,
  { number, issuedAt, invoiceNumber, issuer }: CreditNote & Pick<Bookkeeping, 'issuer'>,
): Promise<Uint8Array> {
  const { say, money, instant, day } = speechOf(display);
  const back = takenBack(invoice);
  const title = say('documents.creditNote.title', { number });
  const about = { invoice: invoiceNumber, day: day(invoice.issuedAt), total: money(back.total) };
  const paper = createPaper({ title, subject: invoice.invoiceId, date: issuedAt, display });
  letterhead(paper, issuer, display);
  paper.title(title, say('documents.creditNote.lead', about));
  paper.facts([
    ...numberFact(number, display),
    [say('documents.invoice.facts.billedTo'), partyLines(partyOf(invoice, names), display)],
    [say('documents.invoice.facts.issued'), instant(issuedAt)],
    [say('documents.creditNote.takesBack'), `${invoiceNumber} (${invoice.invoiceId})`],
    ...(invoice.voidReason === undefined
      ? []
      : [[say('documents.creditNote.reason'), saidByOthers(invoice.voidReason)] as [string, string]]),
  ]);
  paper.table(linesTable(back, names.campaigns ?? new Map(), display));
  const amount = back.subtotal - back.discount;
  if (issuer !== undefined) vatLines(paper, vatOfInvoice(amount, issuer, names.billing ?? {}), amount, display);
  paper.small(amountsAndTimes(display));
  return paper.end();
}

function takenBack(invoice: InvoiceView): InvoiceView {
  const { subtotal, discount, credit, total } = invoice;
  return {
    ...invoice,
    lines: invoice.lines.map((line) => ({ ...line, gross: negated(line.gross), cost: negated(line.cost) })),
    ...{ subtotal: negated(subtotal), discount: negated(discount), credit: negated(credit), total: negated(total) },
  };
}

/** Without a minus zero, which would be printed. */
function negated(amount: number): number {
  return 0 - amount;
}
