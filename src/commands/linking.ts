import { chatActor, linkName } from '../accounts/account.ts';
import { LINK_CODE_MINUTES } from '../accounts/linkCode.ts';
import type { Linked, Linking, LinkWitness } from '../accounts/takeCode.ts';
import type { AuditRecord } from '../audit/audit.ts';
import type { Message } from '../notices/messages/message.ts';
import type { Notice } from '../notices/notices.ts';
import { speechOf } from '../texts/speech.ts';
import { howToLink, linkCommand } from './core/answers.ts';
import { actorOf, type ChatPerson, type CommandDependencies, displayContextOf, speechTo } from './core/command.ts';
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
  if (outcome.kind === 'linked') return linkedMessage(deps, outcome, now);
  if (outcome.kind === 'would-move') return askToMove(deps, person, outcome, now);
  const account = await deps.accounts.byLink(channel, userId);
  const { say } = speechTo(person, account, deps.platform);
  switch (outcome.kind) {
    case 'invalid-code': {
      const stays =
        account === null ? [] : [say('linking.invalid.stays', { account: `${account.name} (${account.accountId})` })];
      const command = linkCommand(say, channel);
      return {
        title: say('linking.invalid.title'),
        paragraphs: [say('linking.invalid.what', { minutes: LINK_CODE_MINUTES, command }), ...stays],
        buttons: [],
      };
    }
    case 'crowded':
      return {
        title: say('linking.crowded.title'),
        paragraphs: [say('linking.crowded.what')],
        buttons: [],
      };
    case 'too-many-attempts':
      return {
        title: say('linking.tooMany.title'),
        paragraphs: [say('linking.tooMany.what', { minutes: outcome.waitMinutes })],
        buttons: [],
      };
  }
}

/**
 * What is written down of a link, and who hears of it: whoever gets hold of a code can act for the account, so the chats that
 * it has already are told at once, and so are those that lose one. After a crash the same once more is nothing new.
 */
export function linkWitness(
  { audit, notices, digests }: Pick<CommandDependencies, 'audit' | 'notices' | 'digests'>,
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
      await digests.include([linked.account], now);
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

/** Whom the chat speaks for now, how they stand, and what they can do. */
export async function linkedMessage(deps: CommandDependencies, linked: Linked, now: Date): Promise<Message> {
  const { account, movedFrom } = linked;
  const stands = await welcome(deps, account, now);
  const { say } = speechOf(displayContextOf(account, deps.platform, now));
  const { role } = account;
  const { menu, ...help } = helpFor({ role, scopes: await deps.scopesOf(account) }, say);
  const what =
    movedFrom === null
      ? say('linking.linked.new', { account: account.accountId })
      : say('linking.linked.moved', { account: account.accountId, from: movedFrom });
  return {
    title: say('linking.linked.title', { name: account.name }),
    paragraphs: [`${what} ${say('linking.linked.from')}`, ...stands.paragraphs],
    ...(stands.table === undefined ? {} : { table: stands.table }),
    ...help,
    ...(stands.buttons.length > 0 || menu === undefined ? {} : { menu }),
    buttons: [...stands.buttons, ...help.buttons],
  };
}

/** `/start` without a code: how to link, or that it is done. */
export async function greet(deps: CommandDependencies, person: ChatPerson): Promise<Message> {
  const account = await deps.accounts.byLink(person.channel, person.userId);
  const speech = speechTo(person, account, deps.platform);
  if (account === null) return howToLink(speech, person.channel);
  const { say } = speech;
  return {
    title: say('linking.greet.title', { name: account.name }),
    paragraphs: [say('linking.greet.what', { account: account.accountId })],
    ...helpFor({ role: account.role, scopes: await deps.scopesOf(account) }, say),
  };
}
