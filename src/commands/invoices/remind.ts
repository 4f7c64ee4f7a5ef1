import { formatMoney } from '../../kernel/money.ts';
import { detailsButton } from '../../notices/messages/invoices.ts';
import { notFound } from '../core/answers.ts';
import type { Command } from '../core/command.ts';
import { invoiceState } from '../core/invoiceWords.ts';
import { modelButton, modelName } from '../core/modelNames.ts';
import { anyInvoices } from './suggestions.ts';

/** `/remind`: a reminder by hand of one unpaid invoice (docs/chat.md, rules 2.6). */
export const remindCommand: Command = {
  name: 'remind',
  arguments: 'ID',
  thing: 'invoice',
  roles: ['manager'],
  description: 'commands.remind.description',
  changes: true,
  suggest: (request, typed) => anyInvoices(request, typed, true),
  async run({ deps, speech, actor, display, now, words: [id = ''] }) {
    const outcome = await deps.manualReminders.remind(id, { actor }, now);
    if (outcome.kind === 'not-found') return notFound(speech, 'invoice', id);
    const { invoice } = outcome;
    const { invoiceId, modelId } = invoice;
    const who = modelName(await deps.accounts.get(modelId), modelId);
    const buttons = [[detailsButton(invoice, display), modelButton(speech.say, modelId)]];
    switch (outcome.kind) {
      case 'reminded':
        return {
          title: `Reminded of invoice ${invoiceId}`,
          paragraphs: [
            `${who} is told now of the ${formatMoney(invoice.total, display.currency)}, ${invoiceState(invoice, display)}. The next reminder by hand can go out tomorrow.`,
          ],
          buttons,
        };
      case 'reminded-before':
        return {
          title: `Reminded of invoice ${invoiceId} today already`,
          paragraphs: [`${who} had a reminder by hand today, and one a day is the most. Nothing was sent now.`],
          buttons,
        };
      case 'no-chat':
        return {
          title: 'Nobody to remind',
          paragraphs: [
            `${who} has no chat that messages arrive in. Nothing was sent; please reach them in another way.`,
          ],
          buttons,
        };
      case 'refused':
        return {
          title: `Invoice ${invoiceId} needs no reminder`,
          paragraphs: [`It is ${invoiceState(invoice, display)}. Nothing was sent.`],
          buttons,
        };
    }
  },
};
