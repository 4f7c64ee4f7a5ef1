import { move } from 'piscina';

import { unreachable } from '../kernel/errors.ts';
import { chart } from './chart.ts';
import { creditNotePdf } from './creditNote.ts';
import { cyclePdf } from './cycleReport.ts';
import type { DrawingTask } from './drawingTask.ts';
import { invoicePdf } from './invoice.ts';
import { statementPdf } from './statement.ts';

/** What runs in a thread of `drawingThreads.ts`: draws one document, and hands its bytes over without a copy. */
export default async function draw(task: DrawingTask): Promise<Uint8Array> {
  // Bytes in a buffer of their own: those of a small one may lie in a buffer that others use, too.
  return move(Uint8Array.from(await bytesOf(task))) as Uint8Array;
}

function bytesOf(task: DrawingTask): Promise<Uint8Array> {
  switch (task.kind) {
    case 'invoice':
      return invoicePdf(task.invoice, task.names, task.display, task);
    case 'credit-note':
      return creditNotePdf(task.invoice, task.names, task.display, { ...task.note, issuer: task.issuer });
    case 'statement':
      return statementPdf(task.statement, task.person, task.display, task);
    case 'cycle':
      return cyclePdf(task.report, task.platform);
    case 'chart':
      return chart(task.title, task.panels, task.display);
    default:
      return unreachable(task);
  }
}
