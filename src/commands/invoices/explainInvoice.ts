import type { InvoiceView } from '../../invoicing/invoice.ts';
import { createCalendar, formatWeek } from '../../kernel/calendar.ts';
import { formatMoney, formatRate, type MinorUnits, sum } from '../../kernel/money.ts';
import { detailsButton } from '../../notices/messages/invoices.ts';
import { countOf, type Message, quoted } from '../../notices/messages/message.ts';
import type { Request } from '../core/command.ts';
import { type Explainer, explanationMessage, type Line, lineIf } from '../core/explanation.ts';
import { invoiceState } from '../core/invoiceWords.ts';
import { findInvoice } from './findInvoice.ts';
import { anyInvoices, ownInvoices } from './suggestions.ts';

export const invoiceExplainer: Explainer = {
  thing: 'invoice',
  roles: ['model', 'manager'],
  suggest: (request, typed) =>
    request.account.role === 'manager' ? anyInvoices(request, typed, false) : ownInvoices(request, typed, false),
  async explain(request, id): Promise<Message | null> {
    const { display, now } = request;
    const invoice = await findInvoice(request, id);
    if (invoice === null) return null;
    return explanationMessage(
      {
        title: `Why invoice ${invoice.invoiceId} stands as it does`,
        paragraphs: [`${formatMoney(invoice.total, display.currency)}: ${invoiceState(invoice, display)}.`],
        lines: await linesOf(request, invoice),
        buttons: [[detailsButton(invoice, display)]],
      },
      display,
      now,
    );
  },
};

/** As they are read in a sentence. */
const DAYS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven'];

async function linesOf(request: Request, invoice: InvoiceView): Promise<Line[]> {
  const { deps, now } = request;
  const { week, status, issuedAt, dueAt, completedAt } = invoice;
  const calendar = createCalendar(deps.platform.timeZone);
  const period = calendar.weekPeriod(week);
  const days = calendar.daysBetween(issuedAt, dueAt);
  // One that is due at its issue and debited then was never late.
  const isLate = status === 'overdue' || (completedAt !== null && completedAt >= dueAt && completedAt > issuedAt);
  const waits = status === 'open' && now < dueAt;
  return [
    {
      at: period.start,
      text: `The week ${formatWeek(week)} begins; payments of RevShare campaigns until its end are for this invoice`,
      rule: '1.1, 1.2',
    },
    { at: issuedAt, text: issueWords(invoice, request), rule: '1.2–1.5' },
    ...lineIf(
      waits && dueAt,
      `It is due: ${DAYS[days] ?? days} calendar ${days === 1 ? 'day' : 'days'} after its issue, at the same time of day`,
      '1.10',
    ),
    ...lineIf(
      isLate && dueAt,
      'It was due, and not paid: overdue. Campaigns are paused while anything is overdue',
      '1.10, 2.1',
    ),
    ...lineIf(
      completedAt,
      `${money(invoice.total, request)} was taken from the balance as a whole, and each contractor got the cost of its lines`,
      '1.8, 1.9',
    ),
    ...lineIf(status === 'credited' && issuedAt, creditedWords(invoice, request), '1.5'),
    ...(status === 'void' ? await voidLines(request, invoice) : []),
  ];
}

function issueWords(invoice: InvoiceView, request: Request): string {
  const { lines, subtotal, discount, discountBps, credit, total } = invoice;
  const late = sum(lines.map((line) => line.late));
  return [
    `It was issued with ${countOf(lines.length, 'line')}; each costs its gross × rate, together ${money(subtotal, request)}`,
    ...(discount === 0 ? [] : [`less the discount of ${formatRate(discountBps)}, ${money(discount, request)}`]),
    ...(credit === 0 ? [] : [`less credit of ${money(credit, request)} from before`]),
    `so ${money(total, request)} in all`,
    ...(late === 0 ? [] : [`${countOf(late, 'payment')} of earlier weeks became known late and came on this one`]),
  ].join(', ');
}

function creditedWords({ total }: InvoiceView, request: Request): string {
  if (total === 0) return 'Nothing is left to pay';
  return `Nothing is to be paid: ${money(-total, request)} is below zero, and is held as credit for the next invoice`;
}

/** When it was taken back is in the audit trail; by whom is for managers alone. */
async function voidLines({ deps, account }: Request, invoice: InvoiceView): Promise<Line[]> {
  const { items } = await deps.audit.list({ subject: `invoice:${invoice.invoiceId}`, limit: 50 });
  const record = items.find(({ action }) => action === 'invoice.void');
  const who = account.role === 'manager' && record !== undefined ? ` by ${record.actor}` : '';
  const why = invoice.voidReason === undefined ? '' : `: ${quoted(invoice.voidReason, 300)}`;
  const text = `It was taken back${who}${why}. Its payments come on the next invoice`;
  return [{ at: record?.at ?? invoice.issuedAt, text, rule: '1.7' }];
}

function money(amount: MinorUnits, { display }: Request): string {
  return formatMoney(amount, display.currency);
}
