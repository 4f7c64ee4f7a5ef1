import { createCalendar } from '../../kernel/calendar.ts';
import { modelButton } from '../../notices/messages/buttons.ts';
import { type Button, quotedEnd, shorten } from '../../notices/messages/message.ts';
import type { Speech } from '../../texts/speech.ts';
import { notFound } from '../core/answers.ts';
import type { Command, Question, Request } from '../core/command.ts';
import { modelName } from '../core/modelNames.ts';
import { parseIdUntilReason } from '../core/parseArguments.ts';
import { standingCell, standsSentence } from './standingMessages.ts';
import { anyModels } from './suggestions.ts';

/** How managers hold the sanctions of a model (docs/chat.md, rules 2.6). */

const GRACE_DAYS = 3;

/** The end of the grace is fixed when the button is made, so that pressing it later or twice grants nothing more. */
export function graceButton(
  { display, speech, now }: Pick<Request, 'display' | 'speech' | 'now'>,
  modelId: string,
  name = modelId,
): Button {
  const until = createCalendar(display.timeZone).addDays(now, GRACE_DAYS).toISOString();
  return {
    label: speech.say('standingCommands.buttons.grace', { model: shorten(name, 40), days: GRACE_DAYS }),
    command: `/grace ${modelId} ${until} ${speech.say('standingCommands.buttons.graceReason', { days: GRACE_DAYS })}`,
  };
}

export const graceCommand: Command = {
  name: 'grace',
  arguments: 'MODEL UNTIL REASON',
  example: 'commands.grace.example',
  roles: ['manager'],
  scope: 'sanctions',
  description: 'commands.grace.description',
  changes: true,
  asksOnceMore: { question: whetherToHold },
  suggest: anyModels,
  async run(request) {
    const { deps, actor, speech, now } = request;
    const { say, instant } = speech;
    const { id, until: end, reason } = parseIdUntilReason(request.words, request.display.timeZone, now);
    const account = await deps.accounts.get(id);
    if (account?.role !== 'model') return notFound(speech, 'model', id);
    const model = modelName(account, id);
    const until = instant(end);
    const buttons = [[modelButton(say, id)]];
    const outcome = await deps.standings.grace(id, end, { actor, reason }, now);
    switch (outcome.kind) {
      case 'decided':
        return {
          title: say('standingCommands.grace.heldTitle', { model }),
          paragraphs: [
            say('standingCommands.grace.held', { until }),
            say('standingCommands.grace.standsNow', { standing: standingCell(outcome.standing, speech) }),
          ],
          buttons,
        };
      case 'decided-before':
        return {
          title: say('standingCommands.grace.alreadyTitle', { model }),
          paragraphs: [say('standingCommands.grace.already', { until })],
          buttons,
        };
      case 'refused':
        return {
          title: say('standingCommands.grace.refusedTitle'),
          paragraphs: [whyNoGrace(outcome.state, { until, model }, speech)],
          buttons,
        };
    }
  },
};

function whyNoGrace(state: string, { until, model }: { until: string; model: string }, { say }: Speech): string {
  if (state === 'past') return say('standingCommands.grace.past', { until });
  if (state === 'too-far') return say('standingCommands.grace.tooFar', { until });
  return say('standingCommands.grace.terminated', { model });
}

/** What is asked names an instant: a press that comes minutes later holds no longer. */
async function whetherToHold(request: Request): Promise<Question | null> {
  const { deps, speech, now } = request;
  const { say, instant } = speech;
  const { id, until: end, reason } = parseIdUntilReason(request.words, request.display.timeZone, now);
  const account = await deps.accounts.get(id);
  if (account?.role !== 'model' || end <= now) return null;
  const [standing, decisions] = await Promise.all([deps.standings.standing(id, now), deps.standings.decisions(id)]);
  const isHeld = decisions.some(({ kind, until }) => kind === 'grace' && until !== null && until >= end);
  if (standing.terminated || isHeld) return null;
  const model = modelName(account, id);
  const until = instant(end);
  return {
    about: model,
    words: [id, end.toISOString(), reason],
    title: say('standingCommands.grace.askTitle', { model }),
    paragraphs: [
      say('standingCommands.grace.ask', { until, reason: quotedEnd(reason) }),
      standsSentence(standing, speech),
    ],
    label: say('standingCommands.buttons.graceUntil', { model: shorten(account.name, 30), until }),
    beside: modelButton(say, id),
  };
}
