import { cycleButton } from '../../notices/messages/buttons.ts';
import { copyable } from '../../notices/messages/marks.ts';
import { type Message, quoted, shorten } from '../../notices/messages/message.ts';
import { refusalWords } from '../../texts/refusals.ts';
import { notFound } from '../core/answers.ts';
import type { Command, Question, Request } from '../core/command.ts';
import { whyButton } from '../core/explanation.ts';
import { modelName } from '../core/modelNames.ts';
import { parseText } from '../core/parseArguments.ts';
import { payoutState, payoutTitle } from './payoutMessages.ts';
import { paidPayouts } from './suggestions.ts';

/** How managers say that the bank gave back a payout after it was paid (docs/chat.md, rules 6.9). */
export const returnedCommand: Command = {
  name: 'returned',
  arguments: 'ID REFERENCE',
  thing: 'payout',
  example: 'commands.returned.example',
  roles: ['manager'],
  scope: 'payouts.prepare',
  description: 'commands.returned.description',
  changes: true,
  asksOnceMore: { always: true, question: whetherItCameBack },
  suggest: paidPayouts,
  async run(request): Promise<Message> {
    const { deps, actor, speech, now } = request;
    const { say, money } = speech;
    const { id, reference } = wantedIn(request);
    const outcome = await deps.affiliates.returns.returnPayout(id, { actor, reference }, now);
    if (outcome.kind === 'not-found') return notFound(speech, 'payout', id);
    const { payout } = outcome;
    const account = await deps.accounts.get(payout.accountId);
    const named = payoutTitle(payout, request.display, account?.name ?? payout.accountId);
    const payee = modelName(account, payout.accountId);
    const facts: [string, string][] = [[say('answers.id'), copyable(payout.payoutId)]];
    const buttons = [[cycleButton(say, payout.cycle), whyButton(payout.payoutId, speech)]];
    switch (outcome.kind) {
      case 'done':
        return {
          state: 'done',
          title: say('payoutCommands.returned.title', named),
          paragraphs: [say('payoutCommands.returned.done', { amount: money(payout.amount), payee })],
          ...{ facts, buttons },
        };
      case 'already':
        return {
          state: 'done',
          title: say('payoutCommands.returned.title', named),
          paragraphs: [say('payoutCommands.returned.already', { state: payoutState(payout, speech) })],
          ...{ facts, buttons },
        };
      case 'refused':
        return {
          title: say('payoutCommands.returned.refusedTitle', named),
          paragraphs: [say('payoutCommands.returned.refused', { why: refusalWords(outcome.reason, say) })],
          ...{ facts, buttons },
        };
    }
  },
};

async function whetherItCameBack(request: Request): Promise<Question | null> {
  const { deps, actor, speech, now } = request;
  const { say, date } = speech;
  const { id, reference } = wantedIn(request);
  const preview = await deps.affiliates.returns.preview(id, { actor, reference }, now);
  if (preview.kind !== 'would') return null;
  const payout = { ...preview.payout, returned: null };
  const { payoutId, accountId } = payout;
  const account = await deps.accounts.get(accountId);
  const named = payoutTitle(payout, request.display, account?.name ?? accountId);
  return {
    about: named.payout,
    words: [payoutId, reference],
    title: say('payoutCommands.returned.askTitle', named),
    paragraphs: [
      say('payoutCommands.returned.ask', {
        ...{ payee: modelName(account, accountId), state: payoutState(payout, speech) },
        reference: quoted(reference, 200),
      }),
      say('payoutCommands.returned.then', { payday: date(preview.payday) }),
    ],
    label: say('payoutCommands.returned.button', { payout: shorten(account?.name ?? accountId, 40) }),
    beside: whyButton(payoutId, speech),
  };
}

function wantedIn({ words: [id = '', ...rest] }: Request): { id: string; reference: string } {
  return { id, reference: parseText(rest) };
}
