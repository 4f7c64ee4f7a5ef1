import { formatWeek } from '../../kernel/calendar.ts';
import { formatMoney } from '../../kernel/money.ts';
import { quotedEnd, shorten } from '../../notices/messages/message.ts';
import { refusalWords } from '../../texts/refusals.ts';
import { notFound } from '../core/answers.ts';
import type { Command, Question, Request } from '../core/command.ts';
import { invoiceState } from '../core/invoiceWords.ts';
import { modelName } from '../core/modelNames.ts';
import { parseText } from '../core/parseArguments.ts';
import { invoiceMessage, isUnpaid } from './invoiceMessages.ts';
import { anyInvoices } from './suggestions.ts';

const invoiceCommand: Command = {
  name: 'invoice',
  arguments: 'ID',
  thing: 'invoice',
  roles: ['manager'],
  description: 'commands.invoice.ofManager',
  suggest: (request, typed) => anyInvoices(request, typed, false),
  async run({ deps, speech, display, now, words: [id = ''] }) {
    const invoice = await deps.invoices.get(id, now);
    if (invoice === null) return notFound(speech, 'invoice', id);
    const [model, balance] = await Promise.all([
      deps.accounts.get(invoice.modelId),
      deps.ledger.balance(`model:${invoice.modelId}`),
    ]);
    const who = `It is ${model?.name ?? 'unknown'} (${invoice.modelId}), whose balance is ${formatMoney(balance, display.currency)}.`;
    const advice = [
      who,
      ...(invoice.voidReason === undefined ? [] : [`Taken back because: ${quotedEnd(invoice.voidReason)}`]),
      ...(isUnpaid(invoice) ? [`To take it back, send: /void ${invoice.invoiceId} REASON`] : []),
    ];
    return invoiceMessage(invoice, advice, [], display);
  },
};

const voidCommand: Command = {
  name: 'void',
  arguments: 'ID REASON',
  thing: 'invoice',
  example: 'commands.void.example',
  roles: ['manager'],
  description: 'commands.void.description',
  changes: true,
  asksOnceMore: { always: true, question: whetherToVoid },
  suggest: (request, typed) => anyInvoices(request, typed, true),
  async run({ deps, speech, actor, now, words: [id = '', ...rest] }) {
    const reason = parseText(rest);
    const outcome = await deps.invoices.void(id, { actor, reason }, now);
    if (outcome.kind === 'not-found') return notFound(speech, 'invoice', id);
    const { invoice } = outcome;
    const buttons = [[{ label: `Invoice ${invoice.week}`, command: `/invoice ${invoice.invoiceId}` }]];
    switch (outcome.kind) {
      case 'voided':
        return {
          title: `Invoice ${invoice.invoiceId} is void`,
          paragraphs: ['The model is told the reason and owes nothing for it. Its payments come on the next invoice.'],
          buttons,
        };
      case 'already-void':
        return {
          title: `Invoice ${invoice.invoiceId} is void already`,
          paragraphs: [`Reason given then: ${quotedEnd(invoice.voidReason ?? 'none')} Nothing was changed now.`],
          buttons,
        };
      case 'refused':
        return {
          title: `Invoice ${invoice.invoiceId} stays ${outcome.state}`,
          paragraphs: [`It cannot be taken back: ${refusalWords(outcome.reason)}. Nothing was changed.`],
          buttons,
        };
    }
  },
};

async function whetherToVoid(request: Request): Promise<Question | null> {
  const { deps, display, now } = request;
  const [id = '', ...rest] = request.words;
  const invoice = await deps.invoices.get(id, now);
  if (invoice === null || !isUnpaid(invoice)) return null;
  const { invoiceId, modelId, week, total } = invoice;
  const who = modelName(await deps.accounts.get(modelId), modelId);
  const reason = parseText(rest);
  return {
    about: { kind: 'invoice', name: invoiceId },
    words: [invoiceId, reason],
    title: `Void invoice ${invoiceId}?`,
    paragraphs: [
      `${who} owes ${formatMoney(total, display.currency)} for the week ${formatWeek(week)}: ${invoiceState(invoice, display)}.`,
      `This takes the invoice back for good: nothing is owed for it, and its payments come on the next invoice. The model is told the reason: ${quotedEnd(reason)}`,
    ],
    label: `Void ${shorten(invoiceId, 40)}: ${formatMoney(total, display.currency)}`,
    beside: { label: `Invoice ${week}`, command: `/invoice ${invoiceId}` },
  };
}

export const managerInvoiceCommands: readonly Command[] = [invoiceCommand, voidCommand];
