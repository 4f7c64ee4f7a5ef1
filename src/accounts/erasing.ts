import { durable } from '../database/durable.ts';
import { deleteEvery } from '../database/everyDocument.ts';
import { ERASED_NAME } from '../privacy/texts.ts';
import type { AccountStore } from './store.ts';

/** A chat that spoke for an account. */
export type Chat = { userId: string; chatId: string };

/** What goes when the person of an account is erased (docs/decisions/0025). Each can be done again. */
export function createErasing(store: AccountStore) {
  /**
   * From here on the account is a pseudonym: its id, role and terms, and a name that says so. No later version fills it again, and
   * nobody can link a chat to it.
   */
  async function makePseudonym(accountId: string, now: Date): Promise<void> {
    await store.accounts.updateOne(
      { _id: accountId },
      {
        $set: { erasedAt: now, searchWords: [], 'data.name': ERASED_NAME },
        $unset: { 'data.timeZone': '', 'data.locale': '', 'data.billing': '' },
      },
      durable(store.accounts),
    );
  }

  async function chatsOf(accountId: string): Promise<Chat[]> {
    const found = await store.links.find({ accountId }, { projection: { userId: 1, chatId: 1 } }).toArray();
    return found.map(({ userId, chatId }) => ({ userId, chatId }));
  }

  /** Ends every link of the account, and deletes what its person chose and what was noted of them. Its versions stay, encrypted. */
  async function erasePerson(accountId: string): Promise<void> {
    const links = await store.links.find({ accountId }, { projection: { _id: 1 } }).toArray();
    const users = { _id: { $in: links.map(({ _id }) => _id) } };
    await deleteEvery(store.attempts, users);
    await deleteEvery(store.refs, users);
    await deleteEvery(store.links, { accountId }, durable(store.links));
    await deleteEvery(store.codes, { accountId });
    await store.settings.deleteOne({ _id: accountId });
    await store.unreached.deleteOne({ _id: accountId });
  }

  return { makePseudonym, chatsOf, erasePerson };
}
