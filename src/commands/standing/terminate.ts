import { formatInstant } from '../../kernel/calendar.ts';
import { formatMoney } from '../../kernel/money.ts';
import { type Message, quotedEnd, shorten } from '../../notices/messages/message.ts';
import { askedTooLate, noSuchQuestion, notFound, usage } from '../core/answers.ts';
import type { Command, Request } from '../core/command.ts';
import { CONFIRM_MINUTES, tokenOf } from '../core/confirmations.ts';
import { modelButton, modelName } from '../core/modelNames.ts';
import { parseText } from '../core/parseArguments.ts';
import { standingCell } from './standingMessages.ts';
import { anyModels } from './suggestions.ts';

/** `/terminate`: the end of a partnership, which is asked for twice (docs/chat.md, rules 2.5). */
export const terminateCommand: Command = {
  name: 'terminate',
  arguments: 'MODEL REASON',
  roles: ['manager'],
  description: 'End a partnership; asks once more',
  changes: true,
  suggest: anyModels,
  async run(request): Promise<Message> {
    const { deps, account, now } = request;
    const [id, ...rest] = request.words;
    const token = tokenOf(id);
    if (token !== undefined) return confirmed(request, token);
    const reason = parseText(rest);
    if (!id || reason === '') return usage(this, '/terminate MODEL paid late again and again');
    const model = await deps.accounts.get(id);
    if (model?.role !== 'model') return notFound('model', id);
    const who = modelName(model, id);
    const standing = await deps.standings.standing(id, now);
    if (standing.terminated) return terminatedAlready(request, id, who);
    const asked = { command: 'terminate', accountId: account.accountId, subject: id, reason };
    const confirmation = await deps.confirmations.ask(asked, now);
    return {
      title: `Terminate ${who}?`,
      paragraphs: [
        `This ends the partnership for good: campaigns stop, new orders are refused, accepted ones are stopped and settled (prepaid ones that run go on), and there is no way back. Reason: ${quotedEnd(reason)}`,
        `How it stands: ${standingCell(standing)}.`,
        `Nothing has happened yet. To go on, press the button within ${CONFIRM_MINUTES} minutes; otherwise do nothing.`,
      ],
      buttons: [
        [{ label: `Terminate ${shorten(id, 40)} for good`, command: `/terminate !${confirmation}` }, modelButton(id)],
      ],
    };
  },
};

/** The second press: what was asked is what is done, once, by who asked. */
async function confirmed(request: Request, token: string): Promise<Message> {
  const { deps, account, actor, now } = request;
  const answer = await deps.confirmations.confirm(token, { command: 'terminate', accountId: account.accountId }, now);
  if (answer.kind === 'unknown') return noSuchQuestion();
  const { subject: id, reason } = answer;
  const who = modelName(await deps.accounts.get(id), id);
  if (answer.kind === 'expired') return askedTooLate(who, `/terminate ${id} REASON`, [[modelButton(id)]]);
  if (answer.kind === 'used') return howItStands(request, id, who);
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
    buttons: [[modelButton(id)]],
  };
}

/** The button was pressed before: a crash may have come between the press and its effect. */
async function howItStands(request: Request, id: string, who: string): Promise<Message> {
  const standing = await request.deps.standings.standing(id, request.now);
  if (standing.terminated) return terminatedAlready(request, id, who);
  return {
    title: 'That button was used already',
    paragraphs: [
      `The partnership with ${who} goes on: ${standingCell(standing)}. To be asked again, send: /terminate ${id} REASON`,
    ],
    buttons: [[modelButton(id)]],
  };
}

/** Also the answer to `/keep` for a model whose partnership has ended. */
export async function terminatedAlready({ deps, display }: Request, id: string, who: string): Promise<Message> {
  const ended = (await deps.standings.decisions(id)).find(({ kind }) => kind === 'terminate');
  const when =
    ended === undefined
      ? ''
      : ` It was ended on ${formatInstant(ended.at, display.timeZone)} by ${ended.actor}: ${quotedEnd(ended.reason)}`;
  return {
    title: `The partnership with ${who} is terminated already`,
    paragraphs: [`Nothing was changed now.${when}`],
    buttons: [[modelButton(id)]],
  };
}
