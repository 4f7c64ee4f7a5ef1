import { formatMoney } from '../../kernel/money.ts';
import { refusalWords } from '../../kernel/refusals.ts';
import { shorten } from '../../notices/messages/message.ts';
import { notFound, usage } from '../core/answers.ts';
import type { Command } from '../core/command.ts';
import { parseText } from '../core/parseArguments.ts';
import { invoiceMessage, isUnpaid } from './invoiceMessages.ts';
import { anyInvoices } from './suggestions.ts';

const invoiceCommand: Command = {
  name: 'invoice',
  arguments: 'ID',
  roles: ['manager'],
  description: "Any model's invoice with its lines",
  suggest: (request, typed) => anyInvoices(request, typed, false),
  async run({ deps, display, now, words: [id] }) {
    if (id === undefined) return usage(this, '/invoice 2026-W47:MODEL');
    const invoice = await deps.invoices.get(id, now);
    if (invoice === null) return notFound('invoice', id);
    const [model, balance] = await Promise.all([
      deps.accounts.get(invoice.modelId),
      deps.ledger.balance(`model:${invoice.modelId}`),
    ]);
    const who = `It is ${model?.name ?? 'unknown'} (${invoice.modelId}), whose balance is ${formatMoney(balance, display.currency)}.`;
    const advice = [
      who,
      ...(invoice.voidReason === undefined ? [] : [`Taken back because: ${shorten(invoice.voidReason, 500)}`]),
      ...(isUnpaid(invoice) ? [`To take it back, send: /void ${invoice.invoiceId} REASON`] : []),
    ];
    return invoiceMessage(invoice, advice, [], display);
  },
};

const voidCommand: Command = {
  name: 'void',
  arguments: 'ID REASON',
  roles: ['manager'],
  description: 'Take an unpaid invoice back; the model is told the reason',
  changes: true,
  suggest: (request, typed) => anyInvoices(request, typed, true),
  async run({ deps, actor, now, words: [id, ...rest] }) {
    const reason = parseText(rest);
    if (id === undefined || reason === '') return usage(this, '/void 2026-W47:MODEL wrong campaign rate');
    const outcome = await deps.invoices.void(id, { actor, reason }, now);
    if (outcome.kind === 'not-found') return notFound('invoice', id);
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
          paragraphs: [`Reason given then: ${shorten(invoice.voidReason ?? 'none', 500)}. Nothing was changed now.`],
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

export const managerInvoiceCommands: readonly Command[] = [invoiceCommand, voidCommand];
