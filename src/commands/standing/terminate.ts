import { modelButton } from '../../notices/messages/buttons.ts';
import { type Message, quotedEnd, shorten } from '../../notices/messages/message.ts';
import { notFound } from '../core/answers.ts';
import type { Command, Question, Request } from '../core/command.ts';
import { modelName } from '../core/modelNames.ts';
import { parseText } from '../core/parseArguments.ts';
import { standsSentence } from './standingMessages.ts';
import { anyModels } from './suggestions.ts';

/** `/terminate`: the end of a partnership, which is asked for twice (docs/chat.md, rules 2.5). */
export const terminateCommand: Command = {
  name: 'terminate',
  arguments: 'MODEL REASON',
  example: 'commands.terminate.example',
  roles: ['manager'],
  scope: 'sanctions',
  description: 'commands.terminate.description',
  changes: true,
  asksOnceMore: { always: true, question: whetherToTerminate },
  suggest: anyModels,
  async run(request): Promise<Message> {
    const { deps, actor, speech, now } = request;
    const { say, money } = speech;
    const [id = '', ...rest] = request.words;
    const reason = parseText(rest);
    const account = await deps.accounts.get(id);
    if (account?.role !== 'model') return notFound(speech, 'model', id);
    const model = modelName(account, id);
    const outcome = await deps.standings.terminate(id, { actor, reason }, now);
    if (outcome.kind !== 'decided') return terminatedAlready(request, id, model);
    const { count, total } = outcome.standing.overdue;
    const what = say('standingCommands.terminate.what');
    return {
      title: say('standingCommands.terminate.title', { model }),
      paragraphs: [
        count === 0 ? what : `${what} ${say('standingCommands.terminate.owed', { total: money(total) })}`,
        say('standingCommands.terminate.reason', { reason: quotedEnd(reason) }),
      ],
      buttons: [[modelButton(say, id)]],
    };
  },
};

async function whetherToTerminate(request: Request): Promise<Question | Message> {
  const { deps, speech, now } = request;
  const { say } = speech;
  const [id = '', ...rest] = request.words;
  const account = await deps.accounts.get(id);
  if (account?.role !== 'model') return notFound(speech, 'model', id);
  const model = modelName(account, id);
  const standing = await deps.standings.standing(id, now);
  if (standing.terminated) return terminatedAlready(request, id, model);
  const reason = parseText(rest);
  return {
    about: model,
    words: [id, reason],
    title: say('standingCommands.terminate.askTitle', { model }),
    paragraphs: [
      say('standingCommands.terminate.ask', { reason: quotedEnd(reason) }),
      standsSentence(standing, speech),
    ],
    label: say('standingCommands.buttons.terminateForGood', { model: shorten(id, 40) }),
    beside: modelButton(say, id),
  };
}

/** Also the answer to `/keep` for a model whose partnership has ended. */
export async function terminatedAlready({ deps, speech }: Request, id: string, model: string): Promise<Message> {
  const { say, instant } = speech;
  const ended = (await deps.standings.decisions(id)).find(({ kind }) => kind === 'terminate');
  const already = say('standingCommands.terminate.already');
  const end = ended && { at: instant(ended.at), actor: ended.actor, reason: quotedEnd(ended.reason) };
  return {
    title: say('standingCommands.terminate.alreadyTitle', { model }),
    paragraphs: [end === undefined ? already : `${already} ${say('standingCommands.terminate.endedOn', end)}`],
    buttons: [[modelButton(say, id)]],
  };
}
