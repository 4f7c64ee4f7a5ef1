import { type LinkedAccount, linkName } from '../accounts/account.ts';
import { LINK_CODE_MINUTES } from '../accounts/linkCode.ts';
import { countOf, type Message } from '../notices/messages/message.ts';
import { howToLink } from './core/answers.ts';
import { actorOf, type ChatPerson, type CommandDependencies } from './core/command.ts';
import { helpFor } from './registry.ts';
import { welcome } from './welcome.ts';

/** `/start CODE` and `/link CODE`: the only thing that works without an account. */
export async function linkChat(
  deps: CommandDependencies,
  person: ChatPerson,
  code: string | { hash: string },
): Promise<Message> {
  const now = deps.clock.now();
  const { channel, userId, chatId } = person;
  const outcome = await deps.accounts.link(code, channel, userId, chatId, now);
  switch (outcome.kind) {
    case 'linked': {
      const { account, before } = outcome;
      const actor = actorOf(account, person);
      await deps.audit.record({
        ...{ actor, action: 'chat.linked', subject: `account:${account.accountId}`, at: now },
        after: { channel, userId, link: account.linkRef },
      });
      if (before !== account.accountId) await tellOtherChats(deps, account, person, now);
      const moved = before !== null && before !== account.accountId;
      const stands = await welcome(deps, account, now);
      const help = helpFor(account.role);
      return {
        title: `Welcome, ${account.name}`,
        paragraphs: [
          `This chat is now linked to your account ${account.accountId}${moved ? `, and no longer to ${before}` : ''}. Your messages come here from now on. If that was not you, send /unlink.`,
          ...stands.paragraphs,
        ],
        ...(stands.table === undefined ? {} : { table: stands.table }),
        ...help,
        buttons: [...stands.buttons, ...help.buttons],
      };
    }
    case 'invalid-code': {
      const account = await deps.accounts.byLink(channel, userId);
      const stands = account === null ? [] : [`This chat stays linked to ${account.name} (${account.accountId}).`];
      return {
        title: 'This code is not valid',
        paragraphs: [
          `A code works once and for ${LINK_CODE_MINUTES} minutes. Get a new one on the platform and send it here: ${channel === 'telegram' ? '/start CODE' : '/link CODE'}`,
          ...stands,
        ],
        buttons: [],
      };
    }
    case 'too-many-attempts':
      return {
        title: 'Too many wrong codes',
        paragraphs: [`Please wait ${countOf(outcome.waitMinutes, 'minute')}, then send a new code from the platform.`],
        buttons: [],
      };
  }
}

/** Whoever gets hold of a code can act for the account, so the chats that it has already hear of it at once. */
async function tellOtherChats(
  { notices }: CommandDependencies,
  account: LinkedAccount,
  person: ChatPerson,
  now: Date,
): Promise<void> {
  const { accountId, linkRef } = account;
  const { channel, userId } = person;
  const notice = {
    key: `account:${accountId}:chat_linked:${linkName({ channel, ref: linkRef })}:${now.toISOString()}`,
    ...{ accountId, urgent: true, at: now, toAllChats: true as const },
    actor: actorOf(account, person),
    ...{ kind: 'account.chat_linked' as const, data: { channel, userId, linkedAt: now } },
  };
  await notices.enqueue([notice], now);
}

/** `/start` without a code: how to link, or that it is done. */
export async function greet(deps: CommandDependencies, person: ChatPerson): Promise<Message> {
  const account = await deps.accounts.byLink(person.channel, person.userId);
  if (account === null) return howToLink(person.channel);
  return {
    title: `Hello, ${account.name}`,
    paragraphs: [`This chat is linked to your account ${account.accountId}.`],
    ...helpFor(account.role),
  };
}
