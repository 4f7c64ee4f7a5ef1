import { modelButton } from '../../notices/messages/buttons.ts';
import { detailsButton } from '../../notices/messages/invoices.ts';
import { notFound } from '../core/answers.ts';
import type { Command } from '../core/command.ts';
import { dueOf, invoiceTitle, stateOf } from '../core/invoiceWords.ts';
import { modelName } from '../core/modelNames.ts';
import { anyInvoices } from './suggestions.ts';

/** `/remind`: a reminder by hand of one unpaid invoice (docs/chat.md, rules 2.6). */
export const remindCommand: Command = {
  name: 'remind',
  arguments: 'ID',
  thing: 'invoice',
  roles: ['manager'],
  scope: 'sanctions',
  description: 'commands.remind.description',
  changes: true,
  suggest: (request, typed) => anyInvoices(request, typed, true),
  async run({ deps, speech, actor, display, now, words: [id = ''] }) {
    const outcome = await deps.manualReminders.remind(id, { actor }, now);
    if (outcome.kind === 'not-found') return notFound(speech, 'invoice', id);
    const { say, money } = speech;
    const { invoice } = outcome;
    const { modelId } = invoice;
    const account = await deps.accounts.get(modelId);
    const model = modelName(account, modelId);
    const named = invoiceTitle(invoice, display, account?.name ?? modelId);
    const buttons = [[detailsButton(invoice, display), modelButton(say, modelId)]];
    switch (outcome.kind) {
      case 'reminded':
        return {
          title: say('invoiceCommands.remind.done.title', named),
          paragraphs: [
            say('invoiceCommands.remind.done.what', { model, total: money(invoice.total), ...dueOf(invoice, display) }),
          ],
          buttons,
        };
      case 'reminded-before':
        return {
          title: say('invoiceCommands.remind.already.title', named),
          paragraphs: [say('invoiceCommands.remind.already.what', { model })],
          buttons,
        };
      case 'no-chat':
        return {
          title: say('invoiceCommands.remind.nobody.title'),
          paragraphs: [say('invoiceCommands.remind.nobody.what', { model })],
          buttons,
        };
      case 'refused':
        return {
          title: say('invoiceCommands.remind.refused.title', named),
          paragraphs: [say('invoiceCommands.remind.refused.what', stateOf(invoice, display))],
          buttons,
        };
    }
  },
};
