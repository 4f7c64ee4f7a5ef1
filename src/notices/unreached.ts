import { chatUser } from '../accounts/account.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Role } from '../events/catalogue.ts';
import { groupBy } from '../kernel/group.ts';
import type { Unfinished } from '../kernel/unfinished.ts';
import type { Outgoing, OutgoingMessage } from '../outgoing/outgoing.ts';
import { unreachedNotices } from './messages/managers.ts';
import type { Notice } from './messages/noticeContent.ts';

export type Unreached = ReturnType<typeof createUnreached>;

/** People whom something had to be told, and whom nothing reaches: managers and the platform are, once (rules 2.9). */
export function createUnreached(deps: {
  accounts: Pick<
    Accounts,
    ('noteUnreached' | 'markUnreachedTold' | 'unreachedUntold') | ('getMany' | 'linksOf' | 'idsOfRole')
  >;
  outgoing: Pick<Outgoing, 'emit'>;
  enqueue: (notices: Notice[], now: Date) => Promise<void>;
}) {
  const { accounts } = deps;

  /** These people could not be reached at `now`; tells of those of whom it is news. */
  async function report(accountIds: string[], now: Date): Promise<void> {
    const fresh = await accounts.noteUnreached(accountIds, now);
    if (fresh.length > 0)
      await announce(
        fresh.map((accountId) => ({ accountId, since: now })),
        now,
      );
  }

  async function announce(unreached: { accountId: string; since: Date }[], now: Date): Promise<void> {
    const ids = unreached.map(({ accountId }) => accountId);
    const [known, links, managerIds] = await Promise.all([
      accounts.getMany(ids),
      accounts.linksOf(ids),
      accounts.idsOfRole('manager'),
    ]);
    const chats = groupBy(links, ({ accountId }) => accountId);
    const people = unreached.flatMap(({ accountId, since }) => {
      const account = known.get(accountId);
      if (account === undefined) return [];
      return [{ accountId, since, name: account.name, role: account.role, chats: chats.get(accountId) ?? [] }];
    });
    await deps.outgoing.emit(people.map(messageOf), now);
    const told = people.map(({ chats: own, ...person }) => ({ ...person, hasChat: own.length > 0 }));
    await deps.enqueue(unreachedNotices(managerIds, told), now);
    await accounts.markUnreachedTold(ids);
  }

  /** Tells what a crash cut off. */
  async function repair(): Promise<void> {
    const left = await accounts.unreachedUntold();
    for (const [since, group] of groupBy(left, (one) => one.since.getTime())) await announce(group, new Date(since));
  }

  const unfinished: Unfinished = {
    kind: 'people out of reach',
    find: async (limit) =>
      (await accounts.unreachedUntold()).slice(0, limit).map(({ accountId, since }) => ({ id: accountId, since })),
    finish: repair,
  };

  return { report, repair, unfinished };
}

function messageOf(person: {
  accountId: string;
  name: string;
  role: Role;
  since: Date;
  chats: { channel: 'telegram' | 'discord'; userId: string; unreachable?: { reason: string; since: Date } }[];
}): OutgoingMessage {
  const { accountId, name, role, since, chats } = person;
  return {
    key: `account.unreachable:${accountId}:${since.toISOString()}`,
    subject: `account:${accountId}`,
    type: 'account.unreachable',
    at: since,
    data: {
      ...{ accountId, role, name, since },
      chats: chats.map(({ channel, userId, unreachable }) => ({
        ...{ channel, chatUser: chatUser(channel, userId) },
        ...(unreachable === undefined ? {} : { reason: unreachable.reason, since: unreachable.since }),
      })),
    },
  };
}
