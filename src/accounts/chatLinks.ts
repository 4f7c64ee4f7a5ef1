import { retryDuplicate, unlessDuplicate } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import { realMilliseconds } from '../kernel/clock.ts';
import { isDuplicateKey } from '../kernel/errors.ts';
import { pause } from '../kernel/wait.ts';
import { type Account, type Channel, chatUser, type Link, type LinkedAccount } from './account.ts';
import { refOf, rememberRefs } from './chatRefs.ts';
import { type CodeGuessing, createCodeGuessing } from './codeGuessing.ts';
import { LINK_CODE_MINUTES, linkCodeHash, newLinkCode } from './linkCode.ts';
import type { AccountStore, LinkDocument } from './store.ts';

/**
 * A chat user speaks for `account`. `movedFrom`: no longer for that one. `isNew`: they did not before, so that others have to
 * know. `codeHash` names the code that it came by.
 */
export type Linked = {
  kind: 'linked';
  account: LinkedAccount;
  movedFrom: string | null;
  isNew: boolean;
  codeHash: string;
};

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

/** A user of a channel, and the chat they write in. */
export type ChatUser = { channel: Channel; userId: string; chatId: string };

/** What has to be written down about a link before its code is used up; it is done again when a crash came between. */
type Record = (linked: Linked) => Promise<void>;

const MINUTE_MS = 60_000;
const ATTEMPTS_WINDOW_MS = LINK_CODE_MINUTES * MINUTE_MS;

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
    channel: Channel,
    userId: string,
    chatId: string,
    now: Date,
    record: Record = async () => undefined,
  ): Promise<LinkOutcome> {
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
    const outcome = await take({ codeHash, to, from: null }, { channel, userId, chatId }, now, record);
    // Linked to another account in the same moment: the next try asks.
    return outcome.kind === 'linked' ? outcome : { kind: 'invalid-code' };
  }

  /** What a person was asked about, after `would-move`, and wants: their chat user speaks for `to`, and no longer for `from`. */
  async function moveLink(
    asked: { codeHash: string; from: string; to: string },
    user: ChatUser,
    now: Date,
    record: Record,
  ): Promise<MoveOutcome> {
    const { codeHash, from, to } = asked;
    const account = await byLink(user.channel, user.userId);
    const wanted = await accountOfCode(codeHash, chatUser(user.channel, user.userId), now);
    if (wanted === null && account?.accountId === to) return { kind: 'linked-before', account };
    if (wanted?.accountId !== to) return { kind: 'invalid-code', account };
    return take({ codeHash, to: wanted, from }, user, now, record);
  }

  /** The account of a code that this user can use at `now`, or null; a manager's only where the owner made the code. */
  async function accountOfCode(codeHash: string, user: string, now: Date): Promise<Account | null> {
    const code = await store.codes.findOne(usable(codeHash, user, now));
    const account = code === null ? null : await getAccount(code.accountId);
    if (account?.isErased === true) return null;
    // Made for somebody who was no manager yet.
    return account?.role === 'manager' && code?.byOwner !== true ? null : account;
  }

  async function take(
    { codeHash, to, from }: { codeHash: string; to: Account; from: string | null },
    { channel, userId, chatId }: ChatUser,
    now: Date,
    record: Record,
  ): Promise<Linked | Extract<MoveOutcome, { kind: 'invalid-code' | 'overtaken' }>> {
    const user = chatUser(channel, userId);
    const claimed = await store.codes.findOneAndUpdate(usable(codeHash, user, now), { $set: { usedBy: user } });
    if (claimed === null) return { kind: 'invalid-code', account: await byLink(channel, userId) };
    const ref = await refOf(store, user);
    const link = { _id: user, accountId: to.accountId, channel, userId, chatId, ref, linkedAt: now };
    const put = await putLink(store, link, from);
    if (put === null) return { kind: 'overtaken', account: await byLink(channel, userId) };
    const isNew = from !== null || put.before === null || claimed.usedBy !== undefined;
    const account = { ...to, linkRef: ref };
    const linked = { kind: 'linked' as const, account, movedFrom: from, isNew, codeHash };
    await record(linked);
    // Only now is the code used up: a process that dies before this line lets the same person try again.
    await store.codes.deleteOne({ _id: codeHash });
    await store.attempts.deleteOne({ _id: user });
    await store.unreached.deleteOne({ _id: to.accountId });
    return linked;
  }

  /** Whether there was a link to take away. */
  async function unlink(channel: Channel, userId: string): Promise<boolean> {
    await rememberRefs(store, await store.links.find({ _id: chatUser(channel, userId) }).toArray());
    const { deletedCount } = await store.links.deleteOne({ _id: chatUser(channel, userId) }, durable(store.links));
    return deletedCount === 1;
  }

  /** Ends the links of an account in a channel, or the one of a chat user there; answers the chat users that it had. */
  async function endLinks(accountId: string, channel: Channel, userId?: string): Promise<string[]> {
    const wanted = { accountId, channel, ...(userId === undefined ? {} : { userId }) };
    const found = await store.links.find(wanted, { projection: { userId: 1, ref: 1 } }).toArray();
    await rememberRefs(store, found);
    // Only where it is still linked to this account: it may have moved to another meanwhile.
    await store.links.deleteMany({ ...wanted, _id: { $in: found.map(({ _id }) => _id) } }, durable(store.links));
    return found.map((link) => link.userId);
  }

  /** The account that a chat user speaks for. */
  async function byLink(channel: Channel, userId: string): Promise<LinkedAccount | null> {
    const found = await store.links.findOne({ _id: chatUser(channel, userId) });
    const account = found === null ? null : await getAccount(found.accountId);
    return found === null || account === null ? null : { ...account, linkRef: found.ref };
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

  /** The person wrote to us, so they can be reached again. */
  async function markReachable(channel: Channel, userId: string): Promise<void> {
    const found = await store.links.findOneAndUpdate(
      { _id: chatUser(channel, userId), unreachable: { $exists: true } },
      { $unset: { unreachable: 1 } },
    );
    if (found !== null) await store.unreached.deleteOne({ _id: found.accountId });
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
    markUnreachable,
    markReachable,
    unreachable,
  };
}

function createGuessing(): CodeGuessing {
  return createCodeGuessing({ milliseconds: () => performance.now(), wait: pause });
}

/**
 * Counts one more attempt of a user and answers how long to wait in milliseconds, 0 when the attempt may go on. It is
 * counted before the code is read, so attempts at the same moment cannot slip through together.
 */
async function countAttempt(store: AccountStore, user: string, allowed: number): Promise<number> {
  const now = realMilliseconds();
  const windowStart = new Date(now - ATTEMPTS_WINDOW_MS);
  await store.attempts.deleteOne({ _id: user, since: { $lte: windowStart } });
  const counted = await retryDuplicate(() =>
    store.attempts.findOneAndUpdate(
      { _id: user },
      { $inc: { attempts: 1 }, $setOnInsert: { since: new Date(now) } },
      { upsert: true, returnDocument: 'after' },
    ),
  );
  if (counted === null || counted.attempts <= allowed) return 0;
  return Math.max(1, counted.since.getTime() - windowStart.getTime());
}

/** A code that this user can use; whoever took it first may take it again until it is used up. */
function usable(codeHash: string, user: string, now: Date) {
  return { _id: codeHash, expiresAt: { $gt: now }, $or: [{ usedBy: { $exists: false } }, { usedBy: user }] };
}

/**
 * Writes a link where there is none, or one of the same account, or of the one that it moves from; answers whose it was
 * before, or null when it is another's by now.
 */
async function putLink(
  { links }: AccountStore,
  { _id, ...link }: LinkDocument,
  from: string | null,
): Promise<{ before: string | null } | null> {
  const mine = { _id, accountId: { $in: [link.accountId, ...(from === null ? [] : [from])] } };
  const options = { upsert: from === null, returnDocument: 'before' as const, ...durable(links) };
  try {
    const before = await retryDuplicate(() => links.findOneAndReplace(mine, link, options));
    return before === null && from !== null ? null : { before: before?.accountId ?? null };
  } catch (error) {
    if (isDuplicateKey(error)) return null;
    throw error;
  }
}

function toLink(document: LinkDocument): Link {
  const { accountId, channel, userId, chatId, ref, linkedAt, unreachable } = document;
  return { accountId, channel, userId, chatId, ref, linkedAt, ...(unreachable === undefined ? {} : { unreachable }) };
}
