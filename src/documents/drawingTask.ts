import type { Statement } from '../affiliates/payouts/statements.ts';
import type { InvoiceView } from '../invoicing/invoice.ts';
import type { DisplayContext } from '../texts/speech.ts';
import type { Panel } from './chart.ts';
import type { CycleReport } from './cycleReport.ts';
import type { InvoiceNames } from './invoice.ts';

/** What a drawing thread is given: all that is on the paper, as plain data. */
export type DrawingTask =
  | { kind: 'invoice'; invoice: InvoiceView; names: InvoiceNames; display: DisplayContext }
  | { kind: 'statement'; statement: Statement; name: string; display: DisplayContext }
  | { kind: 'cycle'; report: CycleReport; platform: DisplayContext }
  | { kind: 'chart'; title: string; panels: Panel[]; display: DisplayContext };
