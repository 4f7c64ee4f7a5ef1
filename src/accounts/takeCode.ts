import { retryDuplicate } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import { isDuplicateKey } from '../kernel/errors.ts';
import { type Account, type Channel, chatUser, type Link, type LinkedAccount } from './account.ts';
import { refOf } from './chatRefs.ts';
import { chatLocale, readerLocale } from './readerLocale.ts';
import type { AccountStore, LinkCodeDocument, LinkDocument } from './store.ts';

/** A user of a channel, and the chat they write in; `locale` is what the channel says of how they read. */
export type ChatUser = { channel: Channel; userId: string; chatId: string; locale?: string };

/** A link that is about to end, as the audit trail has it: `link` names it. */
export type EndedLink = Pick<Link, 'channel' | 'userId'> & { link: string };

/** A chat user is about to speak for `account`. `movedFrom`: and no longer for that one. `codeHash` names the code. */
export type Linking = { account: LinkedAccount; movedFrom: string | null; codeHash: string; at: Date };

/** A chat user speaks for `account`. `isNew`: they did not before, so that others have to know. */
export type Linked = { kind: 'linked'; isNew: boolean } & Linking;

/**
 * Who has to know of a link. `record` comes before it is there, so that nobody ever speaks for an account without a trace;
 * `withdraw` where it did not come to be, as the chat user speaks for another account by now; `tell` before the code is used
 * up. After a crash the same person does all of it once more, with the same `at`.
 */
export type LinkWitness = {
  record: (linking: Linking) => Promise<void>;
  withdraw: (linking: Linking) => Promise<void>;
  tell: (linked: Linked) => Promise<void>;
};

/** Makes a chat user speak for `to` by a code of that account, and no longer for `from`. */
export async function takeCode(
  store: Pick<AccountStore, 'codes' | 'links' | 'refs' | 'attempts' | 'unreached' | 'settings'>,
  { codeHash, to, from }: { codeHash: string; to: Account; from: string | null },
  { channel, userId, chatId, locale }: ChatUser,
  now: Date,
  witness: LinkWitness,
): Promise<Linked | { kind: 'invalid-code' | 'overtaken' }> {
  const user = chatUser(channel, userId);
  const usedIn = { chatId, ...(from === null ? {} : { movedFrom: from }) };
  const before = await claim(store, { codeHash, user, usedIn }, now);
  if (before === null) return { kind: 'invalid-code' };
  const ref = await refOf(store, user);
  const said = chatLocale(locale);
  const reads = await readerLocale(store, to, said);
  const linking = { account: { ...to, linkRef: ref, reads }, movedFrom: from, codeHash, at: before.usedAt ?? now };
  await witness.record(linking);
  const link = {
    ...{ _id: user, accountId: to.accountId, channel, userId, chatId, ref, linkedAt: linking.at },
    ...(said === undefined ? {} : { locale: said }),
  };
  const put = await putLink(store, link, from);
  if (put === null) {
    await witness.withdraw(linking);
    await store.codes.updateOne({ _id: codeHash, usedBy: user }, { $unset: { usedAt: 1 } });
    return { kind: 'overtaken' };
  }
  const isNew = from !== null || put.before === null || before.usedBy !== undefined;
  const linked = { kind: 'linked' as const, ...linking, isNew };
  await witness.tell(linked);
  // Only now is the code used up: a process that dies before this line lets the same person try again.
  await store.codes.deleteOne({ _id: codeHash });
  await store.attempts.deleteOne({ _id: user });
  await store.unreached.deleteOne({ _id: to.accountId });
  return linked;
}

/** Keeps a code for this user, and when and where they first used it; answers the code as it was before. */
async function claim(
  { codes }: Pick<AccountStore, 'codes'>,
  { codeHash, user, usedIn }: { codeHash: string; user: string; usedIn: LinkCodeDocument['usedIn'] },
  now: Date,
): Promise<LinkCodeDocument | null> {
  const used = {
    usedBy: { $literal: user },
    usedAt: { $ifNull: ['$usedAt', now] },
    usedIn: { $literal: usedIn },
  };
  return codes.findOneAndUpdate(usable(codeHash, user, now), [{ $set: used }], {
    returnDocument: 'before',
    ...durable(codes),
  });
}

/** A code that this user can use; whoever took it first may take it again until it is used up. */
export function usable(codeHash: string, user: string, now: Date) {
  return { _id: codeHash, expiresAt: { $gt: now }, $or: [{ usedBy: { $exists: false } }, { usedBy: user }] };
}

/**
 * Writes a link where there is none, or one of the same account, or of the one that it moves from; answers whose it was
 * before, or null when it is another's by now.
 */
async function putLink(
  { links }: Pick<AccountStore, 'links'>,
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
