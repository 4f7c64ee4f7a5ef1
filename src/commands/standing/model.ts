import type { InvoiceView } from '../../invoicing/invoice.ts';
import { restOf } from '../../invoicing/part.ts';
import { copyable } from '../../notices/messages/marks.ts';
import { type Message, quoted } from '../../notices/messages/message.ts';
import type { PromiseView } from '../../promises/views.ts';
import type { DecisionView } from '../../standing/standings.ts';
import type { Speech } from '../../texts/speech.ts';
import { thingsOf } from '../../texts/things.ts';
import { notFound } from '../core/answers.ts';
import type { Command, Request } from '../core/command.ts';
import { invoiceTable } from '../core/invoiceWords.ts';
import { graceButton } from './grace.ts';
import { reviewButtons } from './review.ts';
import { standingFacts, trustFacts, whySentence } from './standingMessages.ts';
import { anyModels } from './suggestions.ts';

const PAGE = 5;
const CHANGES_SHOWN = 6;
const DECISIONS_SHOWN = 3;

/** `/model`: what managers see of a model (docs/chat.md). */
export const modelCommand: Command = {
  name: 'model',
  arguments: 'ID',
  thing: 'model',
  roles: ['manager'],
  scope: 'read',
  description: 'commands.model.description',
  suggest: anyModels,
  async run(request): Promise<Message> {
    const { deps, display, speech, now } = request;
    const { say, money } = speech;
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
    const promised = await deps.promises.latestOf(
      unpaid.map(({ invoiceId }) => invoiceId),
      now,
    );
    const overdue = unpaid.filter(({ status }) => status === 'overdue');
    const review = standing.terminationReview
      ? [reviewButtons({ id, name: account.name }, decisions, changes, speech)]
      : [];
    return {
      title: account.name,
      paragraphs: standing.reasons.map((reason) => whySentence(reason, display)),
      facts: [
        [say('answers.id'), copyable(id)],
        // Before what eight lines may leave for the second part: the rest helps little with somebody out of reach.
        [
          say('standingCommands.model.chats'),
          reachable.length === 0 ? say('standingCommands.model.outOfReach') : [...new Set(reachable)].join(', '),
        ],
        ...promiseFacts(unpaid, promised, request),
        ...standingFacts(standing, speech),
        [say('standingCommands.model.balance'), money(balance)],
        ...(owedForFans > 0
          ? [[say('standingCommands.model.owedForFans'), money(owedForFans)] as [string, string]]
          : []),
        ...decisionFacts(decisions, speech),
        ...trustFacts(changes, CHANGES_SHOWN, display),
      ],
      ...(unpaid.length === 0 ? {} : { table: invoiceTable(unpaid.slice(0, PAGE), display, { ids: true }) }),
      buttons: [
        ...overdue.slice(0, PAGE).map(({ invoiceId, week }) => {
          const invoice = speech.weekDays(week);
          return [
            { label: say('standingCommands.buttons.remind', { invoice }), command: `/remind ${invoiceId}` },
            { label: say('standingCommands.buttons.invoice', { invoice }), command: `/invoice ${invoiceId}` },
          ];
        }),
        ...(overdue.length === 0 || standing.terminated ? [] : [[graceButton(request, id, account.name)]]),
        ...review,
      ],
    };
  },
};

/** What of the unpaid invoices is promised, and by when. */
function promiseFacts(
  unpaid: InvoiceView[],
  promised: Map<string, PromiseView>,
  { display, speech }: Request,
): [string, string][] {
  const { say, money, instant } = speech;
  return unpaid.flatMap((one): [string, string][] => {
    const promise = promised.get(one.invoiceId);
    if (promise?.status !== 'running') return [];
    const invoice = thingsOf(display).invoice(one.week);
    const words = { rest: money(restOf(one)), until: instant(promise.until), invoice };
    return [[say('standingCommands.model.promise'), say('standingCommands.model.promised', words)]];
  });
}

function decisionFacts(decisions: DecisionView[], { say, instant }: Speech): [string, string][] {
  return decisions.slice(0, DECISIONS_SHOWN).map(({ kind, at, until, reason, actor }) => {
    const decided = { at: instant(at), actor, reason: quoted(reason, 200) };
    return [
      say(DECISIONS[kind]),
      until === null
        ? say('standingCommands.model.decision', decided)
        : say('standingCommands.model.decisionUntil', { ...decided, until: instant(until) }),
    ];
  });
}

const DECISIONS = {
  grace: 'standingCommands.model.grace',
  terminate: 'standingCommands.model.terminated',
  keep: 'standingCommands.model.kept',
} as const satisfies Record<DecisionView['kind'], string>;
