import type { InvoiceView } from '../../invoicing/invoice.ts';
import { quotedEnd } from '../../notices/messages/message.ts';
import type { Speech } from '../../texts/speech.ts';
import { notFound } from '../core/answers.ts';
import type { Command } from '../core/command.ts';
import { paidOutsideCommand, voidCommand, writeOffCommand } from './endCommands.ts';
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
    const advice = [
      say('invoiceCommands.manager.whose', { model, balance: money(balance) }),
      ...endedHow(invoice, speech),
      ...(isUnpaid(invoice) ? [say('invoiceCommands.manager.toVoid', { invoice: invoice.invoiceId })] : []),
    ];
    const names = await namesOfLines(request, invoice);
    return invoiceMessage(invoice, advice, [], display, { model: account?.name ?? invoice.modelId, names });
  },
};

/** How a manager ended it, if one did. */
function endedHow({ voidReason, writeOffReason, contractorsPaid, reference }: InvoiceView, { say }: Speech): string[] {
  if (voidReason !== undefined) return [say('invoiceCommands.manager.voidReason', { reason: quotedEnd(voidReason) })];
  if (reference !== undefined) {
    return [say('invoiceCommands.advice.paidOutside', { reference: quotedEnd(reference) })];
  }
  if (writeOffReason === undefined) return [];
  const contractors = contractorsPaid === true ? 'paid' : 'other';
  return [say('invoiceCommands.manager.writtenOff', { contractors, reason: quotedEnd(writeOffReason) })];
}

export const managerInvoiceCommands: readonly Command[] = [
  invoiceCommand,
  voidCommand,
  writeOffCommand,
  paidOutsideCommand,
];
