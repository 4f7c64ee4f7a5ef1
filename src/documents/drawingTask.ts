import type { Statement } from '../affiliates/payouts/statements.ts';
import type { InvoiceView } from '../invoicing/invoice.ts';
import type { DisplayContext } from '../texts/speech.ts';
import type { Bookkeeping } from './bookkeeping.ts';
import type { Panel } from './chart.ts';
import type { CreditNote } from './creditNote.ts';
import type { CycleReport } from './cycleReport.ts';
import type { InvoiceNames } from './invoice.ts';
import type { PaidPerson } from './statement.ts';

type OfInvoice = { invoice: InvoiceView; names: InvoiceNames; display: DisplayContext };

/** What a drawing thread is given: all that is on the paper, as plain data. */
export type DrawingTask =
  | ({ kind: 'invoice'; creditNote?: string | undefined } & OfInvoice & Bookkeeping)
  | ({ kind: 'credit-note'; note: CreditNote } & OfInvoice & Pick<Bookkeeping, 'issuer'>)
  | ({ kind: 'statement'; statement: Statement; person: PaidPerson; display: DisplayContext } & Bookkeeping)
  | { kind: 'cycle'; report: CycleReport; platform: DisplayContext }
  | { kind: 'chart'; title: string; panels: Panel[]; display: DisplayContext };
