import type { MinorUnits } from '../../kernel/money.ts';
import { commandButton, modelButton } from '../../notices/messages/buttons.ts';
import { type Button, type Message, quotedEnd, shorten } from '../../notices/messages/message.ts';
import type { TrustChange } from '../../standing/standing.ts';
import { type DecisionView, reviewNumber } from '../../standing/standings.ts';
import type { Speech } from '../../texts/speech.ts';
import { notFound } from '../core/answers.ts';
import type { Command, Question, Request } from '../core/command.ts';
import { modelName } from '../core/modelNames.ts';
import { parseText } from '../core/parseArguments.ts';
import { standingCell, standsSentence, weekOf } from './standingMessages.ts';
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
  scope: 'read',
  description: 'commands.review.description',
  async run(request): Promise<Message> {
    const { deps, speech, now } = request;
    const { say } = speech;
    const [after = ''] = request.words;
    const open = (await deps.standings.underReview()).filter((id) => id > after);
    const shown = open.slice(0, PAGE);
    if (shown.length === 0) {
      return {
        paragraphs: [say(after === '' ? 'standingCommands.review.none' : 'standingCommands.review.noMore')],
        buttons: [],
      };
    }
    const [accounts, standings] = await Promise.all([
      deps.accounts.getMany(shown),
      deps.standings.standings(shown, now),
    ]);
    const histories = await Promise.all(shown.map((id) => historyOf(request, id, accounts.get(id)?.name ?? id)));
    const more = { label: say('standingCommands.buttons.moreReviews'), command: `/review ${shown.at(-1) ?? ''}` };
    return {
      title: say('standingCommands.review.title', { count: open.length }),
      paragraphs: [say('standingCommands.review.what')],
      facts: shown.map((id, index) => {
        const standing = standings.get(id);
        const now =
          standing === undefined ? [] : [standingCell(standing, speech), overdueWords(standing.overdue, speech)];
        return [modelName(accounts.get(id), id), [...now, ...(histories[index]?.words ?? [])].join('; ')];
      }),
      buttons: [
        ...shown.map((id, index) => histories[index]?.buttons ?? [modelButton(say, id)]),
        ...(open.length > shown.length ? [[more]] : []),
      ],
    };
  },
};

function overdueWords({ count, total }: { count: number; total: MinorUnits }, { say, money }: Speech): string {
  return count === 0
    ? say('standingCommands.review.nothingOverdue')
    : say('standingCommands.review.overdue', { count, total: money(total) });
}

async function historyOf(
  { deps, speech, now }: Request,
  id: string,
  name: string,
): Promise<{ words: string[]; buttons: Button[] }> {
  const { say, list, weekDays } = speech;
  const [changes, decisions] = await Promise.all([deps.standings.trust(id, now), deps.standings.decisions(id)]);
  const late = changes.filter(isLate).map(({ subject }) => weekDays(weekOf(subject)));
  const kept = decisions.filter(({ kind }) => kind === 'keep').length;
  return {
    words: [
      say('standingCommands.review.wentOverdue', { count: late.length, weeks: list(late.slice(-PAGE)) }),
      ...(kept === 0 ? [] : [say('standingCommands.review.keptBefore', { count: kept })]),
    ],
    buttons: [modelButton(say, id), ...reviewButtons({ id, name }, decisions, changes, speech)],
  };
}

/** Keep is for the review that is open now: an old button does not close a later one. */
export function reviewButtons(
  { id, name }: { id: string; name: string },
  decisions: DecisionView[],
  changes: TrustChange[],
  { say }: Speech,
): Button[] {
  const model = shorten(name, 40);
  const late = changes.filter(isLate).length;
  return [
    {
      label: say('standingCommands.buttons.terminate', { model }),
      command: `/terminate ${id} ${say('standingCommands.buttons.terminateReason', { count: late })}`,
    },
    {
      label: say('standingCommands.buttons.keep', { model }),
      command: `/keep ${id}#${reviewNumber({ decisions })} ${say('standingCommands.buttons.keepReason')}`,
    },
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
  scope: 'sanctions',
  description: 'commands.keep.description',
  changes: true,
  asksOnceMore: { question: whetherToKeep },
  suggest: anyModels,
  async run(request): Promise<Message> {
    const { deps, actor, speech, now } = request;
    const { say } = speech;
    const [named = '', ...rest] = request.words;
    const reason = parseText(rest);
    const [, id = named, review] = OF_REVIEW.exec(named) ?? [];
    const account = await deps.accounts.get(id);
    if (account?.role !== 'model') return notFound(speech, 'model', id);
    const model = modelName(account, id);
    const by = { actor, reason };
    const outcome = await deps.standings.keep(id, by, now, review === undefined ? undefined : Number(review));
    if (outcome.kind === 'refused' && outcome.state === 'terminated') return terminatedAlready(request, id, model);
    const buttons = [[modelButton(say, id), commandButton(say, 'review')]];
    if (outcome.kind === 'decided') {
      return {
        title: say('standingCommands.keep.title', { model }),
        paragraphs: [`${say('standingCommands.keep.what')} ${standsSentence(outcome.standing, speech)}`],
        buttons,
      };
    }
    const why =
      outcome.kind !== 'refused'
        ? say('standingCommands.keep.already', { model })
        : outcome.reason === 'review_closed'
          ? say('standingCommands.keep.closed', { model })
          : say('standingCommands.keep.notOpen', { model });
    return { paragraphs: [[why, ...(await lastKept(request, id))].join(' ')], buttons };
  },
};

async function lastKept({ deps, speech: { say, instant } }: Request, id: string): Promise<string[]> {
  const last = (await deps.standings.decisions(id)).find(({ kind }) => kind === 'keep');
  if (last === undefined) return [];
  const { at, actor, reason } = last;
  return [say('standingCommands.keep.last', { at: instant(at), actor, reason: quotedEnd(reason) })];
}

/** It names the review that is open now, so that a late press closes no later one. */
async function whetherToKeep(request: Request): Promise<Question | null> {
  const { deps, speech, now } = request;
  const { say } = speech;
  const [named = '', ...rest] = request.words;
  const [, id = named, review] = OF_REVIEW.exec(named) ?? [];
  const account = await deps.accounts.get(id);
  if (account?.role !== 'model') return null;
  const [standing, decisions] = await Promise.all([deps.standings.standing(id, now), deps.standings.decisions(id)]);
  const current = reviewNumber({ decisions });
  if (!standing.terminationReview || (review !== undefined && Number(review) !== current)) return null;
  const model = modelName(account, id);
  return {
    about: model,
    words: [`${id}#${current}`, parseText(rest)],
    title: say('standingCommands.keep.askTitle', { model }),
    paragraphs: [`${say('standingCommands.keep.ask')} ${standsSentence(standing, speech)}`],
    label: say('standingCommands.buttons.keepAndClose', { model: shorten(account.name, 40) }),
    beside: modelButton(say, id),
  };
}
