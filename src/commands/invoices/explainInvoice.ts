import type { InvoiceView } from '../../invoicing/invoice.ts';
import { heldFor, restOf } from '../../invoicing/part.ts';
import { createCalendar } from '../../kernel/calendar.ts';
import { sum } from '../../kernel/money.ts';
import { detailsButton } from '../../notices/messages/invoices.ts';
import { type Message, quoted } from '../../notices/messages/message.ts';
import type { Speech } from '../../texts/speech.ts';
import { thingsOf } from '../../texts/things.ts';
import type { Request } from '../core/command.ts';
import { type Explainer, explanationMessage, type Line, lineIf } from '../core/explanation.ts';
import { invoiceState, signOf } from '../core/invoiceWords.ts';
import { findInvoice } from './findInvoice.ts';
import { anyInvoices, ownInvoices } from './suggestions.ts';

export const invoiceExplainer: Explainer = {
  thing: 'invoice',
  roles: ['model', 'manager'],
  suggest: (request, typed) =>
    request.account.role === 'manager' ? anyInvoices(request, typed, false) : ownInvoices(request, typed, false),
  async explain(request, id): Promise<Message | null> {
    const { display, now } = request;
    const { say, money } = request.speech;
    const invoice = await findInvoice(request, id);
    if (invoice === null) return null;
    return explanationMessage(
      {
        state: signOf(invoice),
        title: say('explain.title', { amount: money(invoice.total), thing: await nameOf(request, invoice) }),
        id: invoice.invoiceId,
        paragraphs: [
          say('explain.invoice.stands', { total: money(invoice.total), state: invoiceState(invoice, display) }),
        ],
        lines: await linesOf(request, invoice),
        buttons: [[detailsButton(invoice, display)]],
      },
      display,
      now,
    );
  },
};

/** To a manager with whose it is. */
async function nameOf({ deps, account, display }: Request, { modelId, week }: InvoiceView): Promise<string> {
  const things = thingsOf(display);
  if (account.role !== 'manager') return things.invoice(week);
  return things.invoiceOf((await deps.accounts.get(modelId))?.name ?? modelId, week);
}

async function linesOf(request: Request, invoice: InvoiceView): Promise<Line[]> {
  const { deps, speech, now } = request;
  const { say } = speech;
  const { week, status, issuedAt, dueAt, completedAt } = invoice;
  const calendar = createCalendar(deps.platform.timeZone);
  const period = calendar.weekPeriod(week);
  const until = invoice.paidAt ?? completedAt ?? invoice.writtenOffAt ?? null;
  // One that is due at its issue and debited then was never late.
  const isLate = status === 'overdue' || (until !== null && until >= dueAt && until > issuedAt);
  const waits = status === 'open' && now < dueAt;
  return [
    { at: period.start, text: say('explain.invoice.week', { week: speech.week(week) }), rules: ['1.1', '1.2'] },
    { at: issuedAt, text: issueWords(invoice, speech), rules: ['1.2', '1.4'] },
    ...lineIf(waits && dueAt, say('explain.invoice.due', { days: calendar.daysBetween(issuedAt, dueAt) }), ['1.10']),
    ...lineIf(isLate && dueAt, say('explain.invoice.overdue'), ['1.10', '2.1']),
    ...(await promiseLines(request, invoice)),
    ...(invoice.reference === undefined ? lineIf(completedAt, paidWords(invoice, speech), ['1.8', '1.9']) : []),
    ...lineIf(status === 'credited' && issuedAt, creditedWords(invoice, speech), ['1.5']),
    ...(await actLines(request, invoice)),
  ];
}

function issueWords(invoice: InvoiceView, { say, money, rate }: Speech): string {
  const { lines, subtotal, discount, discountBps, credit, total } = invoice;
  const off = discount === 0 ? (credit === 0 ? 'other' : 'credit') : credit === 0 ? 'discount' : 'both';
  return say('explain.invoice.issued', {
    ...{ lines: lines.length, subtotal: money(subtotal), off, rate: rate(discountBps), discount: money(discount) },
    ...{ credit: money(credit), total: money(total), late: sum(lines.map((line) => line.late)) },
  });
}

function paidWords(invoice: InvoiceView, { say, money }: Speech): string {
  const held = heldFor(invoice);
  if (held === 0) return say('explain.invoice.paid', { total: money(invoice.total) });
  return say('explain.invoice.paidRest', { rest: money(restOf(invoice)), held: money(held) });
}

/** What its model promised last, and what became of that (rules 2.11). */
async function promiseLines({ deps, speech, now }: Request, { invoiceId }: InvoiceView): Promise<Line[]> {
  const { say, money, instant } = speech;
  const promise = (await deps.promises.latestOf([invoiceId], now)).get(invoiceId);
  if (promise === undefined) return [];
  const { parts, madeAt, until, status, endedAt, reason } = promise;
  const said = {
    ...({ parts: parts === null ? 'other' : 'two', until: instant(until) } as const),
    ...{ first: money(parts?.first ?? 0), rest: money(parts?.rest ?? 0) },
  };
  const how = status === 'running' || status === 'lapsed' ? ('other' as const) : status;
  const ended = say('explain.invoice.promiseEnded', {
    ...({ how, why: reason === undefined ? 'other' : 'given', reason: quoted(reason ?? '', 300) } as const),
  });
  return [
    { at: madeAt, text: say('explain.invoice.promised', said), rules: ['2.11'] },
    ...lineIf(endedAt, ended, ['2.11']),
  ];
}

function creditedWords({ total }: InvoiceView, { say, money }: Speech): string {
  if (total === 0) return say('explain.invoice.nothingLeft');
  return say('explain.invoice.credited', { credit: money(-total) });
}

/** What a manager ended it by. When a void was is in the audit trail; by whom is for managers alone. */
async function actLines(request: Request, invoice: InvoiceView): Promise<Line[]> {
  const action = actionOf(invoice);
  if (action === null) return [];
  const { deps, speech, account } = request;
  const { items } = await deps.audit.list({ subject: `invoice:${invoice.invoiceId}`, limit: 50 });
  const record = items.find((one) => one.action === action);
  const actor = account.role === 'manager' ? record?.actor : undefined;
  const by = { who: actor === undefined ? 'other' : 'known', actor: actor ?? '' } as const;
  const at = record?.at ?? invoice.completedAt ?? invoice.writtenOffAt ?? invoice.issuedAt;
  return [{ at, text: actWords(invoice, by, speech), rules: ['1.7'] }];
}

function actionOf({ status, reference }: InvoiceView): string | null {
  if (status === 'void') return 'invoice.void';
  if (status === 'written_off') return 'invoice.write-off';
  return reference === undefined ? null : 'invoice.paid-outside';
}

function actWords(invoice: InvoiceView, by: { who: 'known' | 'other'; actor: string }, speech: Speech): string {
  const { say, instant } = speech;
  const { voidReason, writeOffReason, reference, paidAt, issuedAt } = invoice;
  if (reference !== undefined) {
    const outside = { paid: instant(paidAt ?? issuedAt), reference: quoted(reference, 300) };
    return say('explain.invoice.paidOutside', { ...by, ...outside });
  }
  const reason = voidReason ?? writeOffReason;
  const because = { why: reason === undefined ? 'other' : 'given', reason: quoted(reason ?? '', 300) } as const;
  if (invoice.status === 'void') return say('explain.invoice.void', { ...by, ...because });
  const contractors = invoice.contractorsPaid === true ? 'paid' : 'other';
  return say('explain.invoice.writtenOff', { ...by, ...because, contractors });
}
