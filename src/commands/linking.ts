import { chatActor, linkName } from '../accounts/account.ts';
import { LINK_CODE_MINUTES } from '../accounts/linkCode.ts';
import type { Linked, Linking, LinkWitness } from '../accounts/takeCode.ts';
import type { AuditRecord } from '../audit/audit.ts';
import { countOf, type Message } from '../notices/messages/message.ts';
import type { Notice } from '../notices/notices.ts';
import { howToLink } from './core/answers.ts';
import { actorOf, type ChatPerson, type CommandDependencies } from './core/command.ts';
import { askToMove } from './moving.ts';
import { helpFor } from './registry.ts';
import { welcome } from './welcome.ts';

/** `/start CODE` and `/link CODE`: the only thing that works without an account. */
export async function linkChat(
  deps: CommandDependencies,
  person: ChatPerson,
  code: string | { hash: string },
): Promise<Message> {
  const now = deps.clock.now();
  const { channel, userId } = person;
  const outcome = await deps.accounts.link(code, person, now, linkWitness(deps, person, now));
  switch (outcome.kind) {
    case 'linked':
      return linkedMessage(deps, outcome, now);
    case 'would-move':
      return askToMove(deps, person, outcome, now);
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
    case 'crowded':
      return {
        title: 'Not now',
        paragraphs: [
          'Very many wrong codes are being tried by others at this moment, so I take them slowly. Your code was not tried and stays valid: please send it again in a minute.',
        ],
        buttons: [],
      };
    case 'too-many-attempts':
      return {
        title: 'Too many wrong codes',
        paragraphs: [`Please wait ${countOf(outcome.waitMinutes, 'minute')}, then send a new code from the platform.`],
        buttons: [],
      };
  }
}

/**
 * What is written down of a link, and who hears of it: whoever gets hold of a code can act for the account, so the chats that
 * it has already are told at once, and so are those that lose one. After a crash the same once more is nothing new.
 */
export function linkWitness(
  { audit, notices }: Pick<CommandDependencies, 'audit' | 'notices'>,
  person: ChatPerson,
  now: Date,
): LinkWitness {
  return {
    async record(linking) {
      for (const act of actsOf(person, linking)) await audit.record(act);
    },
    async withdraw({ account, movedFrom, codeHash, at }) {
      const { channel, userId } = person;
      const before = { channel, userId, link: account.linkRef };
      await audit.record({
        ...{ key: `chat.overtaken:${codeHash}:${movedFrom ?? ''}:${at.getTime()}`, action: 'chat.unlinked', at: now },
        ...{ actor: actorOf(account, person), subject: `account:${account.accountId}` },
        ...{ before, after: { overtaken: true } },
      });
    },
    async tell(linked) {
      await notices.enqueue(noticesOf(person, linked), now);
    },
  };
}

/** A code that came too late for one account may be used for the same chat in another state, which is another act. */
function actsOf(person: ChatPerson, { account, movedFrom, codeHash, at }: Linking): AuditRecord[] {
  const { channel, userId } = person;
  const { linkRef: ref } = account;
  const details = { channel, userId, link: ref };
  const key = `${codeHash}:${movedFrom ?? ''}:${at.getTime()}`;
  const linked: AuditRecord = {
    ...{ key: `chat.linked:${key}`, actor: actorOf(account, person), action: 'chat.linked', at },
    ...{ subject: `account:${account.accountId}`, after: details },
  };
  if (movedFrom === null) return [linked];
  return [
    { ...linked, before: { movedFrom } },
    {
      ...{ key: `chat.unlinked:${key}`, actor: chatActor(movedFrom, { channel, ref }), action: 'chat.unlinked', at },
      ...{ subject: `account:${movedFrom}`, before: details, after: { movedTo: account.accountId } },
    },
  ];
}

function noticesOf({ channel, userId }: ChatPerson, { account, movedFrom, isNew, codeHash, at }: Linked): Notice[] {
  const { accountId, linkRef: ref } = account;
  const actor = chatActor(accountId, { channel, ref });
  const key = `${linkName({ channel, ref })}:${codeHash}`;
  const told: Notice[] = [];
  if (movedFrom !== null) {
    told.push({
      ...{ key: `account:${movedFrom}:chat_moved:${key}`, accountId: movedFrom, ...AT_ONCE, at, actor },
      ...{ kind: 'account.chat_moved' as const, data: { channel, userId, at } },
    });
  }
  if (isNew) {
    told.push({
      ...{ key: `account:${accountId}:chat_linked:${key}`, accountId, ...AT_ONCE, at, actor },
      ...{ kind: 'account.chat_linked' as const, data: { channel, userId, linkedAt: at } },
    });
  }
  return told;
}

const AT_ONCE = { urgent: true, toAllChats: true as const };

export async function linkedMessage(deps: CommandDependencies, linked: Linked, now: Date): Promise<Message> {
  const { account, movedFrom } = linked;
  const stands = await welcome(deps, account, now);
  const help = helpFor(account.role);
  return {
    title: `Welcome, ${account.name}`,
    paragraphs: [
      `This chat is now linked to your account ${account.accountId}${movedFrom === null ? '' : `, and no longer to ${movedFrom}`}. Your messages come here from now on. If that was not you, send /unlink.`,
      ...stands.paragraphs,
    ],
    ...(stands.table === undefined ? {} : { table: stands.table }),
    ...help,
    buttons: [...stands.buttons, ...help.buttons],
  };
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
