import type { InvoiceView } from '../../invoicing/invoice.ts';
import type { EndOutcome } from '../../invoicing/invoices.ts';
import { sum } from '../../kernel/money.ts';
import { detailsButton } from '../../notices/messages/invoices.ts';
import { copyable } from '../../notices/messages/marks.ts';
import { type Message, quoted, quotedEnd } from '../../notices/messages/message.ts';
import { refusalWords } from '../../texts/refusals.ts';
import type { Speech } from '../../texts/speech.ts';
import { notFound } from '../core/answers.ts';
import type { Command, Question, Request } from '../core/command.ts';
import { invoiceState, invoiceTitle, paidOn } from '../core/invoiceWords.ts';
import { modelName } from '../core/modelNames.ts';
import { parseText } from '../core/parseArguments.ts';
import { isUnpaid } from './invoiceMessages.ts';
import { anyInvoices } from './suggestions.ts';

/** The acts of managers that end an invoice (rules 1.7). Each is final, so each asks once more. */

export const voidCommand: Command = {
  name: 'void',
  arguments: 'ID REASON',
  thing: 'invoice',
  example: 'commands.void.example',
  roles: ['manager'],
  scope: 'invoices',
  description: 'commands.void.description',
  changes: true,
  asksOnceMore: { always: true, question: whetherToVoid },
  suggest: (request, typed) => anyInvoices(request, typed, true),
  async run(request) {
    const { deps, actor, now, words } = request;
    const [id = '', ...rest] = words;
    const outcome = await deps.invoices.void(id, { actor, reason: parseText(rest) }, now);
    const { say } = request.speech;
    return answer(request, outcome, {
      done: (_, named) => ({
        ...{ state: 'info', title: say('invoiceCommands.void.title', named) },
        paragraphs: [say('invoiceCommands.void.done')],
      }),
      already: ({ voidReason }, named) => ({
        title: say('invoiceCommands.void.already.title', named),
        paragraphs: [nothingNow(request.speech, voidReason)],
      }),
      refused: (why) => say('invoiceCommands.void.refused.what', { why }),
    });
  },
};

/** `/writeoff ID +contractors REASON`: its contractors get their lines, at the platform's expense. */
const PAY_CONTRACTORS = '+contractors';

export const writeOffCommand: Command = {
  name: 'writeoff',
  arguments: 'ID REASON',
  thing: 'invoice',
  example: 'commands.writeoff.example',
  roles: ['manager'],
  scope: 'invoices',
  description: 'commands.writeoff.description',
  changes: true,
  asksOnceMore: { always: true, question: whetherToWriteOff },
  suggest: (request, typed) => anyInvoices(request, typed, true),
  async run(request) {
    const { deps, actor, now, words } = request;
    const [id = '', ...rest] = words;
    const by = { actor, ...writeOffOf(rest) };
    const outcome = await deps.invoices.writeOff(id, by, now);
    const { say } = request.speech;
    return answer(request, outcome, {
      done: (invoice, named) => {
        const contractors = by.payContractors ? 'paid' : 'other';
        const costs = costsOf(invoice, request.speech);
        return {
          ...{ state: 'info', title: say('invoiceCommands.writeOff.title', named) },
          paragraphs: [say('invoiceCommands.writeOff.done', { contractors, costs })],
        };
      },
      already: ({ writeOffReason }, named) => ({
        title: say('invoiceCommands.writeOff.already', named),
        paragraphs: [nothingNow(request.speech, writeOffReason)],
      }),
      refused: (why) => say('invoiceCommands.writeOff.refused', { why }),
    });
  },
};

function writeOffOf(words: string[]): { reason: string; payContractors: boolean } {
  const payContractors = words[0] === PAY_CONTRACTORS && words.length > 1;
  return { reason: parseText(payContractors ? words.slice(1) : words), payContractors };
}

export const paidOutsideCommand: Command = {
  name: 'paidoutside',
  arguments: 'ID REFERENCE',
  thing: 'invoice',
  example: 'commands.paidoutside.example',
  roles: ['manager'],
  scope: 'invoices',
  description: 'commands.paidoutside.description',
  changes: true,
  asksOnceMore: { always: true, question: whetherPaidOutside },
  suggest: (request, typed) => anyInvoices(request, typed, true),
  async run(request) {
    const { deps, actor, display, now, words } = request;
    const [id = '', ...rest] = words;
    const reference = parseText(rest);
    const outcome = await deps.invoices.payOutside(id, { actor, reference }, now);
    const { say } = request.speech;
    return answer(request, outcome, {
      done: (invoice, named) => {
        const costs = costsOf(invoice, request.speech);
        return {
          ...{ state: 'done', title: say('invoiceCommands.pay.done.title', named) },
          paragraphs: [say('invoiceCommands.paidOutside.done', { reference: quoted(reference, 200), costs })],
        };
      },
      already: (invoice, named) => ({
        title: say('invoiceCommands.pay.already.title', named),
        paragraphs: [say('invoiceCommands.paidOutside.already', { paid: paidOn(invoice, display) })],
      }),
      refused: (why) => say('invoiceCommands.paidOutside.refused', { why }),
    });
  },
};

type Named = ReturnType<typeof invoiceTitle>;
type Part = Pick<Message, 'state' | 'title' | 'paragraphs'>;

/** The answer to an act: what became of it, with the invoice's id and a button that shows it. */
async function answer(
  { deps, speech, display, words: [id = ''] }: Request,
  outcome: EndOutcome,
  words: {
    done: (invoice: InvoiceView, named: Named) => Part;
    already: (invoice: InvoiceView, named: Named) => Part;
    refused: (why: string) => string;
  },
): Promise<Message> {
  if (outcome.kind === 'not-found') return notFound(speech, 'invoice', id);
  const { invoice } = outcome;
  const { invoiceId, modelId } = invoice;
  const { say } = speech;
  const account = await deps.accounts.get(modelId);
  const named = invoiceTitle(invoice, display, account?.name ?? modelId);
  const facts: [string, string][] = [[say('answers.id'), copyable(invoiceId)]];
  const buttons = [[detailsButton(invoice, display)]];
  if (outcome.kind !== 'refused') return { ...words[outcome.kind](invoice, named), facts, buttons };
  const title = say('invoiceCommands.void.refused.title', { ...named, state: staysAs(outcome.state) });
  return { title, paragraphs: [words.refused(refusalWords(outcome.reason, say))], facts, buttons };
}

function staysAs(status: InvoiceView['status']) {
  return status === 'void' ? ('other' as const) : status === 'written_off' ? ('writtenOff' as const) : status;
}

function nothingNow({ say }: Speech, reason: string | undefined): string {
  const then = reason === undefined ? [] : [say('invoiceCommands.void.already.reason', { reason: quotedEnd(reason) })];
  return [...then, say('answers.nothingChangedNow')].join(' ');
}

/** What its contractors get of it. */
function costsOf({ lines }: InvoiceView, { money }: Speech): string {
  return money(sum(lines.map(({ cost }) => cost)));
}

/** What a question about an unpaid invoice says first; null where there is nothing to ask. */
async function asked(request: Request, id: string) {
  const { deps, display, now } = request;
  const { say, money, week } = request.speech;
  const invoice = await deps.invoices.get(id, now);
  if (invoice === null || !isUnpaid(invoice)) return null;
  const account = await deps.accounts.get(invoice.modelId);
  const named = invoiceTitle(invoice, display, account?.name ?? invoice.modelId);
  const total = money(invoice.total);
  const owes = say('invoiceCommands.void.ask.owes', {
    ...{ model: modelName(account, invoice.modelId), total },
    ...{ week: week(invoice.week), state: invoiceState(invoice, display) },
  });
  return { invoice, named, total, owes, about: named.invoice, beside: detailsButton(invoice, display) };
}

async function whetherToVoid(request: Request): Promise<Question | null> {
  const [id = '', ...rest] = request.words;
  const found = await asked(request, id);
  if (found === null) return null;
  const { invoice, named, total, owes, about, beside } = found;
  const { say } = request.speech;
  const { invoiceId } = invoice;
  const reason = parseText(rest);
  return {
    ...{ about, beside, words: [invoiceId, reason] },
    title: say('invoiceCommands.void.ask.title', named),
    paragraphs: [owes, say('invoiceCommands.void.ask.final', { reason: quotedEnd(reason) })],
    label: say('invoiceCommands.void.ask.button', named),
    instead: { label: say('invoiceCommands.void.ask.instead', { total }), command: `/writeoff ${invoiceId} ${reason}` },
  };
}

async function whetherToWriteOff(request: Request): Promise<Question | null> {
  const [id = '', ...rest] = request.words;
  const found = await asked(request, id);
  if (found === null) return null;
  const { invoice, named, total, owes, about, beside } = found;
  const { say } = request.speech;
  const { invoiceId } = invoice;
  const { reason, payContractors } = writeOffOf(rest);
  const costs = costsOf(invoice, request.speech);
  const paying = {
    label: say('invoiceCommands.writeOff.ask.buttonPaying', { costs }),
    words: [invoiceId, PAY_CONTRACTORS, reason] satisfies Question['words'],
  };
  const question = {
    ...{ about, beside },
    title: say('invoiceCommands.writeOff.ask.title', named),
    paragraphs: [
      `${owes} ${say('invoiceCommands.writeOff.ask.contractors', { costs })}`,
      say('invoiceCommands.writeOff.ask.final', { total, reason: quotedEnd(reason) }),
    ],
  };
  if (payContractors) return { ...question, ...paying };
  const label = say('invoiceCommands.writeOff.ask.button', named);
  return { ...question, label, words: [invoiceId, reason], otherwise: paying };
}

async function whetherPaidOutside(request: Request): Promise<Question | null> {
  const [id = '', ...rest] = request.words;
  const found = await asked(request, id);
  if (found === null) return null;
  const { invoice, named, owes, about, beside } = found;
  const { say } = request.speech;
  const reference = parseText(rest);
  const costs = costsOf(invoice, request.speech);
  return {
    ...{ about, beside, words: [invoice.invoiceId, reference] },
    title: say('invoiceCommands.paidOutside.ask.title', named),
    paragraphs: [owes, say('invoiceCommands.paidOutside.ask.final', { costs, reference: quotedEnd(reference) })],
    label: say('invoiceCommands.paidOutside.ask.button', named),
  };
}
