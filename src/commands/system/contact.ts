import { type Account, chatUser } from '../../accounts/account.ts';
import { ROLES } from '../../events/catalogue.ts';
import { type Message, quoted } from '../../notices/messages/message.ts';
import { isReachable } from '../../notices/recipients.ts';
import type { Speech } from '../../texts/speech.ts';
import { notFound, wrong } from '../core/answers.ts';
import type { Command, Request } from '../core/command.ts';
import { CONTACTS_AN_HOUR, REPLY_MINUTES } from '../core/contacts.ts';
import { modelName } from '../core/modelNames.ts';
import { parseText } from '../core/parseArguments.ts';
import { anybody } from '../core/suggestions.ts';

const contactCommand: Command = {
  name: 'contact',
  arguments: 'ACCOUNT TEXT',
  example: 'commands.contact.example',
  roles: ['manager'],
  scope: 'sanctions',
  description: 'commands.contact.description',
  changes: true,
  suggest: anybody,
  async run(request): Promise<Message> {
    const { deps, account, speech } = request;
    const { say } = speech;
    const [id = '', ...rest] = request.words;
    const text = parseText(rest);
    const to = await deps.accounts.get(id);
    if (to === null) return notFound(speech, 'account', id);
    if (to.accountId === account.accountId) {
      const example = `/contact ava ${say('commands.contact.example')}`;
      return wrong(speech, say('systemCommands.contact.own', { account: id }), example);
    }
    return send(request, to, { text });
  },
};

/** `ID` is that of the message; without a text the next words in Telegram are the reply. */
const replyCommand: Command = {
  name: 'reply',
  arguments: 'ID TEXT',
  thing: 'message',
  example: 'commands.reply.example',
  asksItselfFor: 'TEXT',
  roles: ROLES,
  scope: null,
  description: 'commands.reply.description',
  changes: true,
  async run(request): Promise<Message> {
    const { deps, person, account, speech } = request;
    const [id = '', ...rest] = request.words;
    const message = await deps.contacts.received(id, account.accountId);
    const to = message === null ? null : await deps.accounts.get(message.fromId);
    if (message === null || to === null) return notFound(speech, 'message', id);
    const text = parseText(rest);
    if (text === '') return askForReply(request, id, to);
    await deps.contacts.stopAwaiting(chatUser(person.channel, person.userId));
    return send(request, to, { text, replyTo: message._id });
  },
};

export const contactCommands: readonly Command[] = [contactCommand, replyCommand];

/** The command that words without a slash stand for while somebody writes a reply, or null. */
export async function awaitedReply({ deps, person, now }: Pick<Request, 'deps' | 'person' | 'now'>, text: string) {
  if (text.trim() === '') return null;
  const id = await deps.contacts.awaited(chatUser(person.channel, person.userId), now);
  return id === null ? null : { name: 'reply', words: [id, ...text.trim().split(/\s+/)] };
}

async function askForReply({ deps, person, speech: { say }, now }: Request, id: string, to: Account): Promise<Message> {
  const title = say('systemCommands.contact.replyTitle', { name: modelName(to, to.accountId) });
  // A bot in Discord reads no words, only commands.
  if (person.channel === 'discord') {
    return { title, paragraphs: [say('systemCommands.contact.send', { message: id })], buttons: [] };
  }
  await deps.contacts.awaitReply(id, chatUser(person.channel, person.userId), now);
  return { title, paragraphs: [say('systemCommands.contact.writeNow', { minutes: REPLY_MINUTES })], buttons: [] };
}

/** Stored first, so that a message that is repeated after a crash is the same one. */
async function send(request: Request, to: Account, { text, replyTo }: { text: string; replyTo?: string }) {
  const { deps, account, actor, speech, now } = request;
  const { say } = speech;
  const name = modelName(to, to.accountId);
  const links = await deps.accounts.linksOf([to.accountId]);
  if (!isReachable({ links })) return nobodyThere(name, speech);
  const isReply = replyTo !== undefined;
  const sides = { fromId: account.accountId, toId: to.accountId };
  const stored = await deps.contacts.store({ ...sides, text, ...(isReply ? { replyTo } : {}) }, now);
  if ('notBefore' in stored) return tooMany(name, stored.notBefore, speech);
  const contactId = stored.id;
  const notice = {
    ...{ key: `contact:${contactId}`, accountId: to.accountId, urgent: true, at: now },
    kind: 'contact.message' as const,
    data: { contactId, fromId: account.accountId, from: modelName(account, account.accountId), isReply, text },
  };
  await deps.notices.enqueue([notice], now);
  await deps.audit.record({
    ...{ key: `contact:${contactId}`, actor, action: isReply ? 'contact.reply' : 'contact.message' },
    // Under the person's account either way, so that it reads as the conversation that it was.
    ...{ subject: `account:${isManager(account) ? to.accountId : account.accountId}`, reason: text, at: now },
    about: [sides.fromId, sides.toId],
    after: { ...sides, contactId, ...(isReply ? { replyTo } : {}) },
  });
  return {
    title: say('systemCommands.contact.sentTitle', { name }),
    paragraphs: [
      quoted(text, 1_000),
      say(isReply ? 'systemCommands.contact.replySent' : 'systemCommands.contact.sent'),
    ],
    buttons: [],
  };
}

function tooMany(name: string, notBefore: Date, { say, instant }: Speech): Message {
  const at = instant(notBefore);
  return {
    title: say('systemCommands.contact.tooManyTitle'),
    paragraphs: [say('systemCommands.contact.tooMany', { name, count: CONTACTS_AN_HOUR, at })],
    buttons: [],
  };
}

function isManager({ role }: Account): boolean {
  return role === 'manager';
}

function nobodyThere(name: string, { say }: Speech): Message {
  return {
    title: say('systemCommands.contact.nobodyTitle'),
    paragraphs: [say('systemCommands.contact.nobody', { name })],
    buttons: [],
  };
}
