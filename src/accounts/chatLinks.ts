import { unlessDuplicate } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import { realMilliseconds } from '../kernel/clock.ts';
import { isDuplicateKey } from '../kernel/errors.ts';
import { randomToken } from '../kernel/ids.ts';
import { type Account, type Channel, chatUser, type Link, type LinkedAccount } from './account.ts';
import { LINK_ATTEMPTS, LINK_CODE_MINUTES, linkCodeHash, newLinkCode } from './linkCode.ts';
import type { AccountStore, LinkDocument } from './store.ts';

export type LinkOutcome =
  | { kind: 'linked'; account: LinkedAccount; before: string | null }
  | { kind: 'invalid-code' }
  | { kind: 'too-many-attempts'; waitMinutes: number };

const MINUTE_MS = 60_000;
const REF_BYTES = 6;
const ATTEMPTS_WINDOW_MS = LINK_CODE_MINUTES * MINUTE_MS;

/** Which chat users speak for which account. */
export function createChatLinks(store: AccountStore, getAccount: (accountId: string) => Promise<Account | null>) {
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
   * Makes a chat user speak for the code's account. A chat user who spoke for another one until now (`before`) no
   * longer does. Of two users with one code the first has it. Guessing is bounded per user.
   */
  async function link(
    code: string | { hash: string },
    channel: Channel,
    userId: string,
    chatId: string,
    now: Date,
  ): Promise<LinkOutcome> {
    const user = chatUser(channel, userId);
    const waitMs = await countAttempt(store, user);
    if (waitMs > 0) return { kind: 'too-many-attempts', waitMinutes: Math.ceil(waitMs / MINUTE_MS) };
    const claimed = await claimCode(store, typeof code === 'string' ? linkCodeHash(code) : code.hash, user, now);
    const account = claimed === null ? null : await getAccount(claimed.accountId);
    if (claimed === null || account === null || account.isErased === true) return { kind: 'invalid-code' };
    // Made for somebody who was no manager yet.
    if (account.role === 'manager' && !claimed.byOwner) return { kind: 'invalid-code' };
    const linkRef = await refOf(store, user);
    const before = await store.links.findOneAndReplace(
      { _id: user },
      { accountId: account.accountId, channel, userId, chatId, ref: linkRef, linkedAt: now },
      { upsert: true, returnDocument: 'before', ...durable(store.links) },
    );
    // Only now is the code used up: a process that dies before this line lets the same person try again.
    await store.codes.deleteOne({ _id: claimed._id });
    await store.attempts.deleteOne({ _id: user });
    await store.unreached.deleteOne({ _id: account.accountId });
    return { kind: 'linked', account: { ...account, linkRef }, before: before?.accountId ?? null };
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
    unlink,
    endLinks,
    byLink,
    linkOf,
    linksOf,
    markUnreachable,
    markReachable,
    unreachable,
  };
}

/**
 * Counts one more attempt of a user and answers how long to wait in milliseconds, 0 when the attempt may go on. It is
 * counted before the code is read, so attempts at the same moment cannot slip through together.
 */
async function countAttempt(store: AccountStore, user: string): Promise<number> {
  const now = realMilliseconds();
  const windowStart = new Date(now - ATTEMPTS_WINDOW_MS);
  await store.attempts.deleteOne({ _id: user, since: { $lte: windowStart } });
  const counted = await retryOnce(() =>
    store.attempts.findOneAndUpdate(
      { _id: user },
      { $inc: { attempts: 1 }, $setOnInsert: { since: new Date(now) } },
      { upsert: true, returnDocument: 'after' },
    ),
  );
  if (counted === null || counted.attempts <= LINK_ATTEMPTS) return 0;
  return Math.max(1, counted.since.getTime() - windowStart.getTime());
}

/** The name of a chat user's links: the one that they have or had until lately, or a new one. */
async function refOf(store: AccountStore, user: string): Promise<string> {
  const linked = await store.links.findOne({ _id: user }, { projection: { ref: 1 } });
  const ref = linked?.ref ?? randomToken(REF_BYTES);
  const update = { $setOnInsert: { ref }, $set: { storedAt: new Date(realMilliseconds()) } };
  const known = await retryOnce(() =>
    store.refs.findOneAndUpdate({ _id: user }, update, { upsert: true, returnDocument: 'after' }),
  );
  return known?.ref ?? ref;
}

/** Before links end: what named them. */
async function rememberRefs(store: AccountStore, links: Pick<LinkDocument, '_id' | 'ref'>[]): Promise<void> {
  const storedAt = new Date(realMilliseconds());
  for (const { _id, ref } of links) {
    await store.refs.updateOne({ _id }, { $set: { ref, storedAt } }, { upsert: true, ...durable(store.refs) });
  }
}

/** Takes the code for this user; whoever took it first may take it again until it is used up. */
async function claimCode(store: AccountStore, hash: string, user: string, now: Date) {
  return store.codes.findOneAndUpdate(
    { _id: hash, expiresAt: { $gt: now }, $or: [{ usedBy: { $exists: false } }, { usedBy: user }] },
    { $set: { usedBy: user } },
  );
}

/** Two upserts of one key at once: the slower one meets the other's document and finds it the second time. */
async function retryOnce<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    return attempt();
  }
}

function toLink(document: LinkDocument): Link {
  const { accountId, channel, userId, chatId, ref, linkedAt, unreachable } = document;
  return { accountId, channel, userId, chatId, ref, linkedAt, ...(unreachable === undefined ? {} : { unreachable }) };
}
