import { formatInstant } from '../../kernel/calendar.ts';
import { formatMoney } from '../../kernel/money.ts';
import { type Message, quotedEnd, shorten } from '../../notices/messages/message.ts';
import { notFound } from '../core/answers.ts';
import type { Command, Question, Request } from '../core/command.ts';
import { modelButton, modelName } from '../core/modelNames.ts';
import { parseText } from '../core/parseArguments.ts';
import { standingCell } from './standingMessages.ts';
import { anyModels } from './suggestions.ts';

/** `/terminate`: the end of a partnership, which is asked for twice (docs/chat.md, rules 2.5). */
export const terminateCommand: Command = {
  name: 'terminate',
  arguments: 'MODEL REASON',
  example: 'commands.terminate.example',
  roles: ['manager'],
  description: 'commands.terminate.description',
  changes: true,
  asksOnceMore: { always: true, question: whetherToTerminate },
  suggest: anyModels,
  async run(request): Promise<Message> {
    const { deps, speech, actor, now } = request;
    const [id = '', ...rest] = request.words;
    const reason = parseText(rest);
    const model = await deps.accounts.get(id);
    if (model?.role !== 'model') return notFound(speech, 'model', id);
    const who = modelName(model, id);
    const outcome = await deps.standings.terminate(id, { actor, reason }, now);
    if (outcome.kind !== 'decided') return terminatedAlready(request, id, who);
    const { count, total } = outcome.standing.overdue;
    const owed =
      count === 0
        ? ''
        : ` What is overdue, ${formatMoney(total, request.display.currency)}, stays due and is still debited.`;
    return {
      title: `The partnership with ${who} is terminated`,
      paragraphs: [
        `Campaigns are stopped and orders are blocked. The model, its contractors and the platform are told.${owed}`,
        `Reason: ${quotedEnd(reason)}`,
      ],
      buttons: [[modelButton(speech.say, id)]],
    };
  },
};

async function whetherToTerminate(request: Request): Promise<Question | Message> {
  const { deps, speech, now } = request;
  const [id = '', ...rest] = request.words;
  const model = await deps.accounts.get(id);
  if (model?.role !== 'model') return notFound(speech, 'model', id);
  const who = modelName(model, id);
  const standing = await deps.standings.standing(id, now);
  if (standing.terminated) return terminatedAlready(request, id, who);
  const reason = parseText(rest);
  return {
    about: { kind: 'other', name: who },
    words: [id, reason],
    title: `Terminate ${who}?`,
    paragraphs: [
      `This ends the partnership for good: campaigns stop, new orders are refused, accepted ones are stopped and settled (prepaid ones that run go on), and there is no way back. Reason: ${quotedEnd(reason)}`,
      `How it stands: ${standingCell(standing)}.`,
    ],
    label: `Terminate ${shorten(id, 40)} for good`,
    beside: modelButton(speech.say, id),
  };
}

/** Also the answer to `/keep` for a model whose partnership has ended. */
export async function terminatedAlready({ deps, speech, display }: Request, id: string, who: string): Promise<Message> {
  const ended = (await deps.standings.decisions(id)).find(({ kind }) => kind === 'terminate');
  const when =
    ended === undefined
      ? ''
      : ` It was ended on ${formatInstant(ended.at, display.timeZone)} by ${ended.actor}: ${quotedEnd(ended.reason)}`;
  return {
    title: `The partnership with ${who} is terminated already`,
    paragraphs: [`Nothing was changed now.${when}`],
    buttons: [[modelButton(speech.say, id)]],
  };
}
