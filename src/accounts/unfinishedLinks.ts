import type { PendingAct, Unfinished } from '../kernel/unfinished.ts';
import { type Account, chatUser } from './account.ts';
import { refOf } from './chatRefs.ts';
import { readerLocale } from './readerLocale.ts';
import type { AccountStore, LinkCodeDocument } from './store.ts';
import { type ChatUser, type LinkWitness, takeCode } from './takeCode.ts';

type Store = Pick<AccountStore, 'codes' | 'links' | 'refs' | 'attempts' | 'unreached' | 'settings'>;

/**
 * Codes whose use was cut off: recorded perhaps, and the chat speaks for nobody yet, or for its earlier account. The person
 * wanted it, so it is done, with the instant of the first try, though the code may have expired since; withdrawn where the
 * account is nobody's any more whom such a code can link.
 */
export function createUnfinishedLinks(
  store: Store,
  getAccount: (accountId: string) => Promise<Account | null>,
  witnessOf: (user: ChatUser, now: Date) => LinkWitness,
): Unfinished {
  async function find(limit: number): Promise<PendingAct[]> {
    const found = store.codes.find(USED, { projection: { usedAt: 1 } }).limit(limit);
    return (await found.toArray()).map(({ _id, usedAt = new Date(0) }) => ({ id: _id, since: usedAt }));
  }

  async function finish(codes: string[], now: Date): Promise<void> {
    const found = await store.codes.find({ _id: { $in: codes }, ...USED }).toArray();
    for (const code of found) await finishOne(code, now);
  }

  async function finishOne(code: LinkCodeDocument, now: Date): Promise<void> {
    const { _id: codeHash, accountId, usedAt: at, usedIn, byOwner } = code;
    const user = userOf(code);
    if (user === null || at === undefined) return;
    const account = await getAccount(accountId);
    const from = usedIn?.movedFrom ?? null;
    const witness = witnessOf(user, now);
    if (account !== null && account.isErased !== true && (account.role !== 'manager' || byOwner)) {
      await takeCode(store, { codeHash, to: account, from }, user, at, witness);
      return;
    }
    if (account !== null) {
      const linkRef = await refOf(store, chatUser(user.channel, user.userId));
      const reads = await readerLocale(store, account, undefined);
      await witness.withdraw({ account: { ...account, linkRef, reads }, movedFrom: from, codeHash, at });
    }
    await store.codes.deleteOne({ _id: codeHash });
  }

  return { kind: 'chat links', find, finish };
}

/** One of an earlier version does not say in which chat: whoever used it uses it again. */
const USED = { usedAt: { $exists: true }, usedIn: { $exists: true } };

function userOf({ usedBy = '', usedIn }: LinkCodeDocument): ChatUser | null {
  const [, channel, userId = ''] = /^(telegram|discord):(.+)$/.exec(usedBy) ?? [];
  if (usedIn === undefined || (channel !== 'telegram' && channel !== 'discord')) return null;
  return { channel, userId, chatId: usedIn.chatId };
}
