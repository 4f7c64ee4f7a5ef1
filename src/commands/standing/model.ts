import { formatInstant } from '../../kernel/calendar.ts';
import { formatMoney } from '../../kernel/money.ts';
import { type Message, quoted, shorten } from '../../notices/messages/message.ts';
import type { DecisionView } from '../../standing/standings.ts';
import { reasonSentence } from '../../standing/standingWords.ts';
import { notFound } from '../core/answers.ts';
import type { Command, Request } from '../core/command.ts';
import { invoiceTable } from '../core/invoiceWords.ts';
import { modelName } from '../core/modelNames.ts';
import { graceButton } from './overdue.ts';
import { reviewButtons } from './review.ts';
import { standingFacts, trustFacts } from './standingMessages.ts';
import { anyModels } from './suggestions.ts';

const PAGE = 5;
const CHANGES_SHOWN = 6;
const DECISIONS_SHOWN = 3;
const OUT_OF_REACH = 'out of reach: none that messages arrive in';

/** `/model`: what managers see of a model (docs/chat.md). */
export const modelCommand: Command = {
  name: 'model',
  arguments: 'ID',
  thing: 'model',
  roles: ['manager'],
  description: 'commands.model.description',
  suggest: anyModels,
  async run(request): Promise<Message> {
    const { deps, speech, display, now } = request;
    const [id = ''] = request.words;
    const account = await deps.accounts.get(id);
    if (account?.role !== 'model') return notFound(speech, 'model', id);
    const [standing, changes, decisions, unpaid, balance, links, owed] = await Promise.all([
      deps.standings.standing(id, now),
      deps.standings.trust(id, now),
      deps.standings.decisions(id),
      deps.invoices.unpaid(id, now),
      deps.ledger.balance(`model:${id}`),
      deps.accounts.linksOf([id]),
      deps.orders.owedBy([id]),
    ]);
    const owedForFans = owed.get(id) ?? 0;
    const reachable = links.filter(({ unreachable }) => unreachable === undefined).map(({ channel }) => channel);
    const overdue = unpaid.filter(({ status }) => status === 'overdue');
    const review = standing.terminationReview ? [reviewButtons(id, decisions, changes)] : [];
    return {
      title: modelName(account, id),
      paragraphs: standing.reasons.map((reason) => reasonSentence(reason, display)),
      facts: [
        ...standingFacts(standing, display),
        ['Balance', formatMoney(balance, display.currency)],
        ...(owedForFans > 0 ? [['Owed for fans', formatMoney(owedForFans, display.currency)] as [string, string]] : []),
        ['Chats', reachable.length === 0 ? OUT_OF_REACH : [...new Set(reachable)].join(', ')],
        ...decisionFacts(decisions, request),
        ...trustFacts(changes, CHANGES_SHOWN, display),
      ],
      ...(unpaid.length === 0 ? {} : { table: invoiceTable(unpaid.slice(0, PAGE), display) }),
      buttons: [
        ...overdue.slice(0, PAGE).map(({ invoiceId }) => [
          { label: `Remind ${shorten(invoiceId, 40)}`, command: `/remind ${invoiceId}` },
          { label: `Invoice ${shorten(invoiceId, 40)}`, command: `/invoice ${invoiceId}` },
        ]),
        ...(overdue.length === 0 || standing.terminated ? [] : [[graceButton(request, id)]]),
        ...review,
      ],
    };
  },
};

function decisionFacts(decisions: DecisionView[], { display }: Request): [string, string][] {
  const said = { grace: 'Grace', terminate: 'Terminated', keep: 'Kept' };
  return decisions.slice(0, DECISIONS_SHOWN).map(({ kind, at, until, reason, actor }) => {
    const end = until === null ? '' : ` until ${formatInstant(until, display.timeZone)}`;
    return [said[kind], `${formatInstant(at, display.timeZone)}${end}, by ${actor}: ${quoted(reason, 200)}`];
  });
}
