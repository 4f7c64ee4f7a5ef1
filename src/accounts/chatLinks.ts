import { afterDated, datedCursor } from '../database/datedCursor.ts';
import { unlessDuplicate } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import { deleteEvery } from '../database/everyDocument.ts';
import { readPage } from '../database/readPage.ts';
import { realMilliseconds } from '../kernel/clock.ts';
import type { Page, PageRequest } from '../kernel/page.ts';
import { pause } from '../kernel/wait.ts';
import { type Account, type Channel, chatUser, type Link, type LinkedAccount } from './account.ts';
import { rememberRefs } from './chatRefs.ts';
import { type CodeGuessing, createCodeGuessing } from './codeGuessing.ts';
import { countAttempt } from './linkAttempts.ts';
import { LINK_CODE_MINUTES, linkCodeHash, newLinkCode } from './linkCode.ts';
import { chatLocale, readerLocale } from './readerLocale.ts';
import type { AccountStore, LinkDocument } from './store.ts';
import { type ChatUser, type EndedLink, type Linked, type LinkWitness, takeCode, usable } from './takeCode.ts';

/** `would-move`: the chat user speaks for `from`, and nothing was changed; `moveLink` does it, once they have said so. */
export type LinkOutcome =
  | Linked
  | { kind: 'would-move'; from: Account; to: Account; codeHash: string }
  | { kind: 'invalid-code' }
  | { kind: 'too-many-attempts'; waitMinutes: number }
  /** Of all people together: the same code can be sent again in a moment. */
  | { kind: 'crowded' };

/** `linked-before`: by an earlier press. `overtaken`: the chat user does not speak for `from` any more, but for `account`. */
export type MoveOutcome =
  | Linked
  | { kind: 'linked-before'; account: Account }
  | { kind: 'invalid-code'; account: Account | null }
  | { kind: 'overtaken'; account: Account | null };

const MINUTE_MS = 60_000;

const NOBODY: LinkWitness = {
  record: async () => undefined,
  withdraw: async () => undefined,
  tell: async () => undefined,
};

export type ChatLinkDependencies = {
  guessing?: CodeGuessing;
  /** Somebody has tried a code that is none; `isFlood`: and so many were tried within the hour that somebody guesses. */
  onWrongCode?: (isFlood: boolean, now: Date) => Promise<void>;
};

/** Which chat users speak for which account. */
export function createChatLinks(
  store: AccountStore,
  getAccount: (accountId: string) => Promise<Account | null>,
  { guessing = createGuessing(), onWrongCode = async () => undefined }: ChatLinkDependencies = {},
) {
  /**
   * A code of one use for fifteen minutes of the service's clock, in place of the account's one before; null when there is
   * no such account, or it is erased. One that was made for somebody else than the owner links no manager: whoever has it could do what
   * managers do.
   */
  async function createLinkCode(
    accountId: string,
    now: Date,
    { byOwner } = { byOwner: true },
  ): Promise<{ code: string; expiresAt: Date } | null> {
    const account = await getAccount(accountId);
    if (account === null || account.isErased === true) return null;
    const code = newLinkCode();
    const expiresAt = new Date(now.getTime() + LINK_CODE_MINUTES * MINUTE_MS);
    const stored = { _id: linkCodeHash(code), accountId, expiresAt, byOwner, storedAt: new Date(realMilliseconds()) };
    // Of two at once one comes later, and its code is the one that is live.
    do await store.codes.deleteMany({ accountId });
    while ((await unlessDuplicate(store.codes.insertOne(stored, durable(store.codes)))) === null);
    return { code, expiresAt };
  }

  /**
   * Makes a chat user speak for the code's account, unless they speak for another one: then they have to be asked. Of two
   * users with one code the first has it. Guessing is bounded per user.
   */
  async function link(
    code: string | { hash: string },
    who: ChatUser,
    now: Date,
    witness: LinkWitness = NOBODY,
  ): Promise<LinkOutcome> {
    const { channel, userId } = who;
    const user = chatUser(channel, userId);
    const waitMs = await countAttempt(store, user, guessing.attempts());
    if (waitMs > 0) return { kind: 'too-many-attempts', waitMinutes: Math.ceil(waitMs / MINUTE_MS) };
    if (!(await guessing.turn())) {
      await store.attempts.updateOne({ _id: user }, { $inc: { attempts: -1 } });
      return { kind: 'crowded' };
    }
    const codeHash = typeof code === 'string' ? linkCodeHash(code) : code.hash;
    const to = await accountOfCode(codeHash, user, now);
    if (to === null) {
      await onWrongCode(guessing.noteWrong(), now);
      return { kind: 'invalid-code' };
    }
    const from = await byLink(channel, userId);
    if (from !== null && from.accountId !== to.accountId) return { kind: 'would-move', from, to, codeHash };
    const outcome = await takeCode(store, { codeHash, to, from: null }, who, now, witness);
    // Linked to another account in the same moment: the next try asks.
    return outcome.kind === 'linked' ? outcome : { kind: 'invalid-code' };
  }

  /** What a person was asked about, after `would-move`, and wants: their chat user speaks for `to`, and no longer for `from`. */
  async function moveLink(
    asked: { codeHash: string; from: string; to: string },
    user: ChatUser,
    now: Date,
    witness: LinkWitness,
  ): Promise<MoveOutcome> {
    const { codeHash, from, to } = asked;
    const account = await byLink(user.channel, user.userId);
    const wanted = await accountOfCode(codeHash, chatUser(user.channel, user.userId), now);
    if (wanted === null && account?.accountId === to) return { kind: 'linked-before', account };
    if (wanted?.accountId !== to) return { kind: 'invalid-code', account };
    const outcome = await takeCode(store, { codeHash, to: wanted, from }, user, now, witness);
    return outcome.kind === 'linked' ? outcome : { ...outcome, account: await byLink(user.channel, user.userId) };
  }

  /** The account of a code that this user can use at `now`, or null; a manager's only where the owner made the code. */
  async function accountOfCode(codeHash: string, user: string, now: Date): Promise<Account | null> {
    const code = await store.codes.findOne(usable(codeHash, user, now));
    const account = code === null ? null : await getAccount(code.accountId);
    if (account?.isErased === true) return null;
    // Made for somebody who was no manager yet.
    return account?.role === 'manager' && code?.byOwner !== true ? null : account;
  }

  /** Whether there was a link to take away. */
  async function unlink(channel: Channel, userId: string): Promise<boolean> {
    await rememberRefs(store, await store.links.find({ _id: chatUser(channel, userId) }).toArray());
    const { deletedCount } = await store.links.deleteOne({ _id: chatUser(channel, userId) }, durable(store.links));
    return deletedCount === 1;
  }

  /**
   * Ends the links of an account in a channel, or the one of a chat user there; answers the chat users that it had. `record` is told of
   * them first.
   */
  async function endLinks(
    accountId: string,
    { channel, userId }: Pick<Link, 'channel'> & Partial<Pick<Link, 'userId'>>,
    record: (ended: EndedLink[]) => Promise<void>,
  ): Promise<string[]> {
    const wanted = { accountId, channel, ...(userId === undefined ? {} : { userId }) };
    const found = await store.links.find(wanted, { projection: { userId: 1, ref: 1, linkedAt: 1 } }).toArray();
    if (found.length === 0) return [];
    await record(found.map(({ userId, ref }) => ({ channel, userId, link: ref })));
    await rememberRefs(store, found);
    // Only where it is the same link still: it may have moved to another account, or been linked anew.
    const same = found.map(({ _id, linkedAt }) => ({ _id, linkedAt }));
    await deleteEvery(store.links, { ...wanted, $or: same }, durable(store.links));
    return found.map((link) => link.userId);
  }

  /** The account that a chat user speaks for. */
  async function byLink(channel: Channel, userId: string): Promise<LinkedAccount | null> {
    const found = await store.links.findOne({ _id: chatUser(channel, userId) });
    const account = found === null ? null : await getAccount(found.accountId);
    if (found === null || account === null) return null;
    return { ...account, linkRef: found.ref, reads: await readerLocale(store, account, found.locale) };
  }

  /** The link of a chat user, or null when it is linked to nobody. */
  async function linkOf(channel: Channel, userId: string): Promise<Link | null> {
    const found = await store.links.findOne({ _id: chatUser(channel, userId) });
    return found === null ? null : toLink(found);
  }

  /** Those of these users who speak for an account. */
  async function linkedAmong(channel: Channel, userIds: string[]): Promise<Set<string>> {
    const ids = userIds.map((userId) => chatUser(channel, userId));
    const found = await store.links.find({ _id: { $in: ids } }, { projection: { _id: 0, userId: 1 } }).toArray();
    return new Set(found.map(({ userId }) => userId));
  }

  /** Every account with a chat that can be reached, once, by id. */
  async function* linkedAccounts(): AsyncGenerator<string> {
    let last = '';
    const found = store.links.find({ unreachable: { $exists: false } }, { projection: { _id: 0, accountId: 1 } });
    for await (const { accountId } of found.sort({ accountId: 1 })) {
      if (accountId !== last) yield accountId;
      last = accountId;
    }
  }

  /** All chats of these accounts. */
  async function linksOf(accountIds: string[]): Promise<Link[]> {
    const documents = await store.links.find({ accountId: { $in: [...new Set(accountIds)] } }).toArray();
    return documents.map(toLink);
  }

  /** Marks a chat user as unreachable; the first reason and instant stay until the person is heard of again. */
  async function markUnreachable(channel: Channel, userId: string, reason: string, now: Date): Promise<void> {
    await store.links.updateOne(
      { _id: chatUser(channel, userId), unreachable: { $exists: false } },
      { $set: { unreachable: { reason, since: now } } },
    );
  }

  /** The person wrote to us, so they can be reached again. `locale`: what the channel says of how they read. */
  async function markReachable(channel: Channel, userId: string, locale?: string): Promise<void> {
    const said = chatLocale(locale);
    const found = await store.links.findOneAndUpdate(
      {
        _id: chatUser(channel, userId),
        $or: [{ unreachable: { $exists: true } }, ...(said === undefined ? [] : [{ locale: { $ne: said } }])],
      },
      { $unset: { unreachable: 1 }, ...(said === undefined ? {} : { $set: { locale: said } }) },
    );
    if (found?.unreachable !== undefined) await store.unreached.deleteOne({ _id: found.accountId });
  }

  /** Unreachable chats, the longest first. */
  async function unreachable(limit: number): Promise<{ links: Link[]; count: number }> {
    const query = { unreachable: { $exists: true } };
    const [documents, count] = await Promise.all([
      store.links.find(query).sort({ 'unreachable.since': 1, _id: 1 }).limit(limit).toArray(),
      store.links.countDocuments(query),
    ]);
    return { links: documents.map(toLink), count };
  }

  /** All of them, a page at a time. */
  async function listUnreachable({ limit, after }: PageRequest): Promise<Page<UnreachableChat>> {
    const query = {
      unreachable: { $exists: true },
      ...(after === undefined ? {} : afterDated<LinkDocument>(SINCE, after)),
    };
    const found = store.links.find(query).sort({ [SINCE]: 1, _id: 1 });
    const { items, next } = await readPage(found, limit, ({ _id, unreachable }) =>
      datedCursor(unreachable?.since ?? new Date(0), _id),
    );
    return {
      items: items.flatMap(({ accountId, channel, unreachable }) =>
        unreachable === undefined ? [] : [{ accountId, channel, ...unreachable }],
      ),
      next,
    };
  }

  return {
    createLinkCode,
    link,
    moveLink,
    unlink,
    endLinks,
    byLink,
    linkOf,
    linkedAmong,
    linksOf,
    linkedAccounts,
    markUnreachable,
    markReachable,
    unreachable,
    listUnreachable,
  };
}

/** A chat that takes no messages: why, and since when. */
type UnreachableChat = { accountId: string; channel: Channel; reason: string; since: Date };

const SINCE = 'unreachable.since';

function createGuessing(): CodeGuessing {
  return createCodeGuessing({ milliseconds: () => performance.now(), wait: pause });
}

function toLink(document: LinkDocument): Link {
  const { accountId, channel, userId, chatId, ref, linkedAt, locale, unreachable } = document;
  return {
    ...{ accountId, channel, userId, chatId, ref, linkedAt },
    ...(locale === undefined ? {} : { locale }),
    ...(unreachable === undefined ? {} : { unreachable }),
  };
}
