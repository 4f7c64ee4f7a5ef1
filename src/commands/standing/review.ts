import { formatInstant } from '../../kernel/calendar.ts';
import { formatMoney, type MinorUnits } from '../../kernel/money.ts';
import { type Button, countOf, type Message, quotedEnd, shorten } from '../../notices/messages/message.ts';
import type { TrustChange } from '../../standing/standing.ts';
import { type DecisionView, reviewNumber } from '../../standing/standings.ts';
import { refusalWords } from '../../texts/refusals.ts';
import { notFound } from '../core/answers.ts';
import type { Command, Question, Request } from '../core/command.ts';
import { modelButton, modelName } from '../core/modelNames.ts';
import { parseText } from '../core/parseArguments.ts';
import { standingCell } from './standingMessages.ts';
import { anyModels } from './suggestions.ts';
import { terminatedAlready } from './terminate.ts';

/** Termination reviews: what managers see of them, and how they close one (docs/chat.md, rules 2.5). */

const PAGE = 5;
/** A button for one review, `m1#2`, differs from a model's id by a character that no id of the platform has. */
const OF_REVIEW = /^(.+)#(\d{1,9})$/;

export const reviewCommand: Command = {
  name: 'review',
  arguments: '[AFTER]',
  roles: ['manager'],
  description: 'commands.review.description',
  async run(request): Promise<Message> {
    const { deps, speech, now } = request;
    const [after = ''] = request.words;
    const open = (await deps.standings.underReview()).filter((id) => id > after);
    const shown = open.slice(0, PAGE);
    if (shown.length === 0) {
      return {
        paragraphs: [after === '' ? 'No termination review is open. Nothing to do.' : 'There are no more.'],
        buttons: [],
      };
    }
    const [accounts, standings] = await Promise.all([
      deps.accounts.getMany(shown),
      deps.standings.standings(shown, now),
    ]);
    const histories = await Promise.all(shown.map((id) => historyOf(request, id)));
    const last = shown.at(-1) ?? '';
    return {
      title: `Termination reviews: ${open.length} open`,
      paragraphs: [
        'Nothing happens by itself, and both buttons ask once more. Keep closes the review, and only invoices that go overdue later count again. With a reason of your own: /terminate MODEL REASON or /keep MODEL REASON',
      ],
      facts: shown.flatMap((id, index) => {
        const standing = standings.get(id);
        const now = standing === undefined ? [] : [standingCell(standing), ...overdueWords(standing.overdue, request)];
        return [[modelName(accounts.get(id), id), [...now, ...(histories[index]?.words ?? [])].join('; ')]];
      }),
      buttons: [
        ...shown.map((id, index) => histories[index]?.buttons ?? [modelButton(speech.say, id)]),
        ...(open.length > shown.length ? [[{ label: 'Review: more', command: `/review ${last}` }]] : []),
      ],
    };
  },
};

function overdueWords({ count, total }: { count: number; total: MinorUnits }, { display }: Request): string[] {
  return count === 0
    ? ['nothing overdue now']
    : [`${countOf(count, 'invoice')} overdue, ${formatMoney(total, display.currency)}`];
}

async function historyOf(request: Request, id: string): Promise<{ words: string[]; buttons: Button[] }> {
  const { deps, speech, now } = request;
  const [changes, decisions] = await Promise.all([deps.standings.trust(id, now), deps.standings.decisions(id)]);
  const late = changes.filter(isLate).map(({ subject }) => subject);
  const kept = decisions.filter(({ kind }) => kind === 'keep').length;
  return {
    words: [
      `${countOf(late.length, 'invoice')} went overdue so far (${late.slice(-PAGE).join(', ')})`,
      ...(kept === 0 ? [] : [`kept ${countOf(kept, 'time')} before`]),
    ],
    buttons: [modelButton(speech.say, id), ...reviewButtons(id, decisions, changes)],
  };
}

/** Keep is for the review that is open now: an old button does not close a later one. */
export function reviewButtons(id: string, decisions: DecisionView[], changes: TrustChange[]): Button[] {
  const short = shorten(id, 40);
  const late = countOf(changes.filter(isLate).length, 'invoice');
  return [
    { label: `Terminate ${short}`, command: `/terminate ${id} paid late again and again: ${late} went overdue` },
    { label: `Keep ${short}`, command: `/keep ${id}#${reviewNumber({ decisions })} reviewed, the partnership goes on` },
  ];
}

function isLate({ cause }: TrustChange): boolean {
  return cause === 'invoice-late' || cause === 'invoice-late-again';
}

export const keepCommand: Command = {
  name: 'keep',
  arguments: 'MODEL REASON',
  example: 'commands.keep.example',
  roles: ['manager'],
  description: 'commands.keep.description',
  changes: true,
  asksOnceMore: { question: whetherToKeep },
  suggest: anyModels,
  async run(request): Promise<Message> {
    const { deps, speech, actor, now } = request;
    const [named = '', ...rest] = request.words;
    const reason = parseText(rest);
    const [, id = named, review] = OF_REVIEW.exec(named) ?? [];
    const account = await deps.accounts.get(id);
    if (account?.role !== 'model') return notFound(speech, 'model', id);
    const who = modelName(account, id);
    const by = { actor, reason };
    const outcome = await deps.standings.keep(id, by, now, review === undefined ? undefined : Number(review));
    if (outcome.kind === 'refused' && outcome.state === 'terminated') return terminatedAlready(request, id, who);
    const buttons = [[modelButton(speech.say, id), { label: 'Review', command: '/review' }]];
    if (outcome.kind === 'decided') {
      return {
        title: `The partnership with ${who} goes on`,
        paragraphs: [
          `The review is closed. Only invoices that go overdue from now on can open another. How it stands: ${standingCell(outcome.standing)}.`,
        ],
        buttons,
      };
    }
    const last = (await deps.standings.decisions(id)).find(({ kind }) => kind === 'keep');
    const kept =
      last === undefined
        ? ''
        : ` The last one was closed on ${formatInstant(last.at, request.display.timeZone)} by ${last.actor}: ${quotedEnd(last.reason)}`;
    const why =
      outcome.kind === 'refused'
        ? `For ${who} ${refusalWords(outcome.reason)}`
        : `The review of ${who} is closed already`;
    return { paragraphs: [`${why}. Nothing was changed.${kept}`], buttons };
  },
};

/** It names the review that is open now, so that a late press closes no later one. */
async function whetherToKeep(request: Request): Promise<Question | null> {
  const { deps, speech, now } = request;
  const [named = '', ...rest] = request.words;
  const [, id = named, review] = OF_REVIEW.exec(named) ?? [];
  const account = await deps.accounts.get(id);
  if (account?.role !== 'model') return null;
  const [standing, decisions] = await Promise.all([deps.standings.standing(id, now), deps.standings.decisions(id)]);
  const current = reviewNumber({ decisions });
  if (!standing.terminationReview || (review !== undefined && Number(review) !== current)) return null;
  const who = modelName(account, id);
  return {
    about: { kind: 'other', name: who },
    words: [`${id}#${current}`, parseText(rest)],
    title: `Keep ${who}?`,
    paragraphs: [
      `This closes the termination review: the partnership goes on, and only invoices that go overdue later count again. It cannot be opened again by hand. How it stands: ${standingCell(standing)}.`,
    ],
    label: `Keep ${shorten(id, 40)}: close the review`,
    beside: modelButton(speech.say, id),
  };
}
