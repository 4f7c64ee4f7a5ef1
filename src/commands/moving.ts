import { type Account, chatUser } from '../accounts/account.ts';
import type { LinkOutcome } from '../accounts/chatLinks.ts';
import type { Linked, LinkWitness } from '../accounts/takeCode.ts';
import { countOf, type Message, nameAndId } from '../notices/messages/message.ts';
import { speechOf } from '../texts/speech.ts';
import { noSuchQuestion } from './core/answers.ts';
import { type ChatPerson, type CommandDependencies, displayOfChat } from './core/command.ts';
import { CONFIRM_MINUTES } from './core/confirmations.ts';

type WouldMove = Extract<LinkOutcome, { kind: 'would-move' }>;

/**
 * A chat that speaks for one account is not moved to another by a code alone: a link that somebody else sends could take it
 * away. Only a press of the button moves it.
 */
export async function askToMove(
  deps: CommandDependencies,
  person: ChatPerson,
  { from, to, codeHash }: WouldMove,
  now: Date,
): Promise<Message> {
  const chats = await deps.accounts.linksOf([from.accountId]);
  const asked = {
    command: LINK,
    accountId: asker(person),
    subject: codeHash,
    reason: `${from.accountId} ${to.accountId}`,
  };
  const token = await deps.confirmations.ask(asked, now);
  return {
    title: 'Move this chat to another account?',
    paragraphs: [
      `This chat speaks for ${named(from)}, as ${roleOf(from)}. The code that you sent is of ${named(to)}, ${roleOf(to)}.`,
      `If you move it, nothing of ${named(from)} comes here any more, and nothing can be done for ${named(from)} from here. ${whatIsLeft(chats.length - 1)} What you send here is then done for ${named(to)}.`,
      'If somebody else gave you this code or link, do not move: they want your chat to hear of their account, and not of yours.',
      `Nothing has happened yet. To go on, press the button within ${CONFIRM_MINUTES} minutes; otherwise do nothing.`,
    ],
    buttons: [
      [{ label: `Link: move to ${named(to)}`, command: `/${LINK} !${token}` }],
      [{ label: `Link: stay with ${named(from)}`, command: `/${LINK} !${token} no` }],
    ],
  };
}

/** Who was asked answers: `linked` says and witnesses what a move brings. */
export async function answerMove(
  deps: CommandDependencies,
  person: ChatPerson,
  { token, isYes }: { token: string; isYes: boolean },
  linked: { witness: LinkWitness; message: (linked: Linked) => Promise<Message> },
): Promise<Message> {
  const now = deps.clock.now();
  const question = await deps.confirmations.asked(token, { command: LINK, accountId: asker(person) });
  if (question === null) return noSuchQuestion(speechOf(displayOfChat(person, deps.platform)));
  const [from = '', to = ''] = question.reason.split(' ');
  const account = await deps.accounts.byLink(person.channel, person.userId);
  if (!isYes) return nothingDone('This chat was not moved', 'You can forget the code.', account);
  if (now >= question.expiresAt && account?.accountId !== to) {
    return nothingDone(
      'That was too late',
      `The question could be answered for ${CONFIRM_MINUTES} minutes. To be asked again, send a new code.`,
      account,
    );
  }
  const outcome = await deps.accounts.moveLink({ codeHash: question.subject, from, to }, person, now, linked.witness);
  switch (outcome.kind) {
    case 'linked':
      return linked.message(outcome);
    case 'linked-before':
      return nothingDone('This chat is moved already', 'An earlier press did it.', outcome.account);
    case 'invalid-code':
      return nothingDone(
        'This code is not valid any more',
        'Somebody else has used it, or its time is over. If the other account is yours, get a new one on the platform.',
        outcome.account,
      );
    case 'overtaken':
      return nothingDone(
        'This chat has changed meanwhile',
        `It does not speak for ${from} any more, as it did when you were asked, so the answer does not count. To link it, send a new code.`,
        outcome.account,
      );
  }
}

function nothingDone(title: string, why: string, account: Account | null): Message {
  const stands = account === null ? 'This chat is linked to no account.' : `This chat is linked to ${named(account)}.`;
  return { title, paragraphs: [`${why} ${stands} Nothing was changed.`], buttons: [] };
}

function named({ name, accountId }: Account): string {
  return nameAndId(name, accountId);
}

function roleOf({ role }: Account): string {
  return role === 'affiliate' ? 'an affiliate' : `a ${role}`;
}

function whatIsLeft(others: number): string {
  if (others <= 0) return 'That account has no other chat, so its messages reach nobody until one is linked.';
  return `${countOf(others, 'other chat')} of that account ${others === 1 ? 'goes' : 'go'} on.`;
}

/** Questions of linking are a chat user's, and of no account. */
function asker({ channel, userId }: ChatPerson): string {
  return chatUser(channel, userId);
}

const LINK = 'link';
