import { commandButton } from '../../notices/messages/buttons.ts';
import type { Message } from '../../notices/messages/message.ts';
import { payeeWords } from '../../notices/messages/payees.ts';
import type { Command, Question, Request } from '../core/command.ts';

/** Somebody says that a change of where their money goes was not theirs (docs/paydays.md): their payouts stay held. */
export const disputeCommand: Command = {
  name: 'dispute',
  arguments: '',
  roles: ['affiliate', 'marketer', 'model'],
  description: 'commands.dispute.description',
  changes: true,
  asksOnceMore: { always: true, question: whetherToDispute },
  async run({ deps, account, actor, speech: { say, instant }, now }): Promise<Message> {
    const outcome = await deps.payees.deny(account.accountId, actor, now);
    if (outcome.kind === 'not-found') return { paragraphs: [say('payees.dispute.never')], buttons: [] };
    return {
      state: 'stopped',
      title: say('payees.dispute.title'),
      paragraphs: [say('payees.dispute.what')],
      facts: [[say('payees.facts.until'), instant(outcome.until)]],
      buttons: [[commandButton(say, 'payouts')]],
    };
  },
};

async function whetherToDispute({ deps, account, speech }: Request): Promise<Question | null> {
  const { accountId } = account;
  const { say } = speech;
  if (!(await deps.payees.wasChanged(accountId))) return null;
  const payee = (await deps.payees.shownOf([accountId])).get(accountId);
  return {
    about: say('payees.facts.label'),
    words: [accountId],
    title: say('payees.dispute.askTitle'),
    paragraphs: [...(payee === undefined ? [] : [payeeWords(payee, speech)]), say('payees.dispute.ask')],
    label: say('payees.dispute.label'),
    beside: commandButton(say, 'payouts'),
  };
}
