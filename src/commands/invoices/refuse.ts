import { restOf } from '../../invoicing/part.ts';
import { modelButton } from '../../notices/messages/buttons.ts';
import { detailsButton } from '../../notices/messages/invoices.ts';
import { copyable } from '../../notices/messages/marks.ts';
import { quotedEnd } from '../../notices/messages/message.ts';
import { notFound } from '../core/answers.ts';
import type { Command, Question, Request } from '../core/command.ts';
import { invoiceTitle } from '../core/invoiceWords.ts';
import { modelName } from '../core/modelNames.ts';
import { parseText } from '../core/parseArguments.ts';
import { anyInvoices } from './suggestions.ts';

/** `/refuse`: a manager ends a promise to pay; what waited for it takes effect (docs/chat.md, rules 2.11). */
export const refuseCommand: Command = {
  name: 'refuse',
  arguments: 'ID REASON',
  thing: 'invoice',
  example: 'commands.refuse.example',
  roles: ['manager'],
  description: 'commands.refuse.description',
  scope: 'sanctions',
  changes: true,
  asksOnceMore: { always: true, question: whetherToRefuse },
  suggest: (request, typed) => anyInvoices(request, typed, true),
  async run({ deps, speech, actor, display, now, words: [id = '', ...rest] }) {
    const outcome = await deps.promises.refuse(id, { actor, reason: parseText(rest) }, now);
    if (outcome.kind === 'not-found') return notFound(speech, 'invoice', id);
    const { say } = speech;
    const { invoice } = outcome;
    const account = await deps.accounts.get(invoice.modelId);
    const named = invoiceTitle(invoice, display, account?.name ?? invoice.modelId);
    const common = {
      facts: [[say('answers.id'), copyable(invoice.invoiceId)] as [string, string]],
      buttons: [[detailsButton(invoice, display), modelButton(say, invoice.modelId)]],
    };
    switch (outcome.kind) {
      case 'refused-now':
        return {
          ...{ state: 'info', title: say('promiseCommands.refuse.title', named) },
          paragraphs: [say('promiseCommands.refuse.done')],
          ...common,
        };
      case 'already-refused':
        return {
          title: say('promiseCommands.refuse.alreadyTitle', named),
          paragraphs: [say('answers.nothingChangedNow')],
          ...common,
        };
      case 'refused':
        return {
          title: say('promiseCommands.refuse.noneTitle', named),
          paragraphs: [say('promiseCommands.refuse.none')],
          ...common,
        };
    }
  },
};

async function whetherToRefuse({ deps, display, speech, now, words }: Request): Promise<Question | null> {
  const [id = '', ...rest] = words;
  const { say, money, instant } = speech;
  const [invoice, promised] = await Promise.all([deps.invoices.get(id, now), deps.promises.latestOf([id], now)]);
  const promise = promised.get(id);
  if (invoice === null || promise?.status !== 'running') return null;
  const account = await deps.accounts.get(invoice.modelId);
  const named = invoiceTitle(invoice, display, account?.name ?? invoice.modelId);
  const reason = parseText(rest);
  return {
    about: named.invoice,
    words: [id, reason],
    title: say('promiseCommands.refuse.askTitle', named),
    paragraphs: [
      say('promiseCommands.refuse.ask', {
        ...{ model: modelName(account, invoice.modelId), rest: money(restOf(invoice)), until: instant(promise.until) },
      }),
      say('promiseCommands.refuse.reason', { reason: quotedEnd(reason) }),
    ],
    label: say('promiseCommands.refuse.button', named),
    beside: detailsButton(invoice, display),
  };
}
