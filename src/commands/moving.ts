import { type Account, chatUser } from '../accounts/account.ts';
import type { LinkOutcome } from '../accounts/chatLinks.ts';
import type { Linked, LinkWitness } from '../accounts/takeCode.ts';
import { type Message, nameAndId } from '../notices/messages/message.ts';
import type { Speech } from '../texts/speech.ts';
import { noSuchQuestion } from './core/answers.ts';
import { type ChatPerson, type CommandDependencies, speechTo } from './core/command.ts';
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
  const account = await deps.accounts.byLink(person.channel, person.userId);
  const { say } = speechTo(person, account, deps.platform);
  const [here, there] = [named(from), named(to)];
  return {
    title: say('linking.move.title'),
    paragraphs: [
      `${say('linking.move.from', { account: here, role: roleOf(from) })} ${say('linking.move.to', { account: there, role: roleOf(to) })}`,
      [
        say('linking.move.then', { account: here }),
        say('linking.move.left', { count: Math.max(0, chats.length - 1) }),
        say('linking.move.done', { account: there }),
      ].join(' '),
      say('linking.move.beware'),
      say('questions.within', { minutes: CONFIRM_MINUTES }),
    ],
    buttons: [
      [{ label: say('linking.move.yes', { account: there }), command: `/${LINK} !${token}` }],
      [{ label: say('linking.move.no', { account: here }), command: `/${LINK} !${token} no` }],
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
  const [question, account] = await Promise.all([
    deps.confirmations.asked(token, { command: LINK, accountId: asker(person) }),
    deps.accounts.byLink(person.channel, person.userId),
  ]);
  const speech = speechTo(person, account, deps.platform);
  const { say } = speech;
  if (question === null) return noSuchQuestion(speech);
  const [from = '', to = ''] = question.reason.split(' ');
  if (!isYes) return nothingDone(speech, 'notMoved', say('linking.notMoved.why'), account);
  if (now >= question.expiresAt && account?.accountId !== to) {
    return nothingDone(speech, 'tooLate', say('linking.tooLate.why', { minutes: CONFIRM_MINUTES }), account);
  }
  const outcome = await deps.accounts.moveLink({ codeHash: question.subject, from, to }, person, now, linked.witness);
  switch (outcome.kind) {
    case 'linked':
      return linked.message(outcome);
    case 'linked-before':
      return nothingDone(speech, 'movedBefore', say('linking.movedBefore.why'), outcome.account);
    case 'invalid-code':
      return nothingDone(speech, 'notValidNow', say('linking.notValidNow.why'), outcome.account);
    case 'overtaken':
      return nothingDone(speech, 'changed', say('linking.changed.why', { account: from }), outcome.account);
  }
}

type NotMoved = 'notMoved' | 'tooLate' | 'movedBefore' | 'notValidNow' | 'changed';

function nothingDone({ say }: Speech, what: NotMoved, why: string, account: Account | null): Message {
  const stands =
    account === null ? say('linking.stands.nobody') : say('linking.stands.account', { account: named(account) });
  const title = say(`linking.${what}.title`);
  return { title, paragraphs: [`${why} ${stands} ${say('answers.nothingChanged')}`], buttons: [] };
}

function named({ name, accountId }: Account): string {
  return nameAndId(name, accountId);
}

function roleOf({ role }: Account) {
  return role === 'manager' ? 'other' : role;
}

/** Questions of linking are a chat user's, and of no account. */
function asker({ channel, userId }: ChatPerson): string {
  return chatUser(channel, userId);
}

const LINK = 'link';
