import type { InvoiceView } from '../../invoicing/invoice.ts';
import { detailsButton } from '../../notices/messages/invoices.ts';
import { copyable } from '../../notices/messages/marks.ts';
import { quotedEnd } from '../../notices/messages/message.ts';
import { refusalWords } from '../../texts/refusals.ts';
import type { Speech } from '../../texts/speech.ts';
import { notFound } from '../core/answers.ts';
import type { Command, Question, Request } from '../core/command.ts';
import { invoiceState, invoiceTitle } from '../core/invoiceWords.ts';
import { modelName } from '../core/modelNames.ts';
import { parseText } from '../core/parseArguments.ts';
import { namesOfLines } from './findInvoice.ts';
import { invoiceMessage, isUnpaid } from './invoiceMessages.ts';
import { anyInvoices } from './suggestions.ts';

const invoiceCommand: Command = {
  name: 'invoice',
  arguments: 'ID',
  thing: 'invoice',
  roles: ['manager'],
  scope: 'read',
  description: 'commands.invoice.ofManager',
  suggest: (request, typed) => anyInvoices(request, typed, false),
  async run(request) {
    const { deps, speech, display, now } = request;
    const [id = ''] = request.words;
    const invoice = await deps.invoices.get(id, now);
    if (invoice === null) return notFound(speech, 'invoice', id);
    const { say, money } = speech;
    const [account, balance] = await Promise.all([
      deps.accounts.get(invoice.modelId),
      deps.ledger.balance(`model:${invoice.modelId}`),
    ]);
    const model = `${account?.name ?? say('invoiceCommands.manager.unknown')} (${invoice.modelId})`;
    const { voidReason } = invoice;
    const advice = [
      say('invoiceCommands.manager.whose', { model, balance: money(balance) }),
      ...(voidReason === undefined
        ? []
        : [say('invoiceCommands.manager.voidReason', { reason: quotedEnd(voidReason) })]),
      ...(isUnpaid(invoice) ? [say('invoiceCommands.manager.toVoid', { invoice: invoice.invoiceId })] : []),
    ];
    const names = await namesOfLines(request, invoice);
    return invoiceMessage(invoice, advice, [], display, { model: account?.name ?? invoice.modelId, names });
  },
};

const voidCommand: Command = {
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
  async run({ deps, speech, actor, display, now, words: [id = '', ...rest] }) {
    const reason = parseText(rest);
    const outcome = await deps.invoices.void(id, { actor, reason }, now);
    if (outcome.kind === 'not-found') return notFound(speech, 'invoice', id);
    const { say } = speech;
    const { invoice } = outcome;
    const { invoiceId, modelId } = invoice;
    const account = await deps.accounts.get(modelId);
    const named = invoiceTitle(invoice, display, account?.name ?? modelId);
    const facts: [string, string][] = [[say('answers.id'), copyable(invoiceId)]];
    const buttons = [[detailsButton(invoice, display)]];
    switch (outcome.kind) {
      case 'voided':
        return {
          state: 'info',
          title: say('invoiceCommands.void.title', named),
          paragraphs: [say('invoiceCommands.void.done')],
          facts,
          buttons,
        };
      case 'already-void':
        return {
          title: say('invoiceCommands.void.already.title', named),
          paragraphs: [[...reasonThen(speech, invoice), say('answers.nothingChangedNow')].join(' ')],
          facts,
          buttons,
        };
      case 'refused': {
        const state = outcome.state === 'void' ? 'other' : outcome.state;
        return {
          title: say('invoiceCommands.void.refused.title', { ...named, state }),
          paragraphs: [say('invoiceCommands.void.refused.what', { why: refusalWords(outcome.reason, say) })],
          facts,
          buttons,
        };
      }
    }
  },
};

function reasonThen({ say }: Speech, { voidReason }: InvoiceView): string[] {
  if (voidReason === undefined) return [];
  return [say('invoiceCommands.void.already.reason', { reason: quotedEnd(voidReason) })];
}

async function whetherToVoid(request: Request): Promise<Question | null> {
  const { deps, display, now } = request;
  const { say, money, week } = request.speech;
  const [id = '', ...rest] = request.words;
  const invoice = await deps.invoices.get(id, now);
  if (invoice === null || !isUnpaid(invoice)) return null;
  const { invoiceId, modelId } = invoice;
  const total = money(invoice.total);
  const account = await deps.accounts.get(modelId);
  const model = modelName(account, modelId);
  const named = invoiceTitle(invoice, display, account?.name ?? modelId);
  const reason = parseText(rest);
  return {
    about: named.invoice,
    words: [invoiceId, reason],
    title: say('invoiceCommands.void.ask.title', named),
    paragraphs: [
      say('invoiceCommands.void.ask.owes', {
        ...{ model, total, week: week(invoice.week), state: invoiceState(invoice, display) },
      }),
      say('invoiceCommands.void.ask.final', { reason: quotedEnd(reason) }),
    ],
    label: say('invoiceCommands.void.ask.button', named),
    beside: detailsButton(invoice, display),
  };
}

export const managerInvoiceCommands: readonly Command[] = [invoiceCommand, voidCommand];
