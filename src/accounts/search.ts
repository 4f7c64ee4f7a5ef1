import type { mongo } from 'mongoose';

import { readPage } from '../database/readPage.ts';
import type { Role } from '../events/catalogue.ts';
import type { Page, PageRequest } from '../kernel/page.ts';
import { typedWordsOf } from '../kernel/searchWords.ts';
import type { Account } from './account.ts';
import type { AccountDocument, AccountStore } from './store.ts';

/** What is being looked for: `typed` are beginnings of words of a name or an id, in whatever case, script and accents. */
export type AccountFilter = { role?: Role; typed?: string };

/** Accounts as people look for them. Whoever was erased is not found. */
export function createAccountSearch({ accounts }: Pick<AccountStore, 'accounts'>) {
  /**
   * Accounts of a role that are meant by what is being typed: each of its words begins a word of the name or the id, in
   * whatever case. By id; of more than `limit` any.
   */
  async function beginningWith(role: Role, typed: string, limit: number): Promise<Account[]> {
    const found = accounts.find(queryOf({ role, typed }));
    // Sorted by the database, all that begin so would have to be read first.
    const isSorted = typedWordsOf(typed).length === 0;
    const documents = await (isSorted ? found.sort({ _id: 1 }) : found).limit(limit).toArray();
    return documents.map(toAccount).sort((a, b) => (a.accountId < b.accountId ? -1 : 1));
  }

  /** Those that are meant, by id, a page at a time; without anything typed all of them. */
  async function search({ limit, after, ...filter }: PageRequest & AccountFilter): Promise<Page<Account>> {
    const query = queryOf(filter);
    const beyond = after === undefined ? {} : { _id: { $gt: after } };
    const sorted = accounts.find({ ...query, ...beyond }).sort({ _id: 1 });
    const found = (await areFew(query)) ? sorted.hint(byWords(filter)) : sorted.hint(byId(filter));
    const { items, next } = await readPage(found, limit, ({ _id }) => _id);
    return { items: items.map(toAccount), next };
  }

  /**
   * Few are read by their words and sorted; of many, a page is full after few of those that are next by id. The database would find
   * out by trying both, at each change of what is typed.
   */
  async function areFew(query: mongo.Filter<AccountDocument>): Promise<boolean> {
    if (query.$and === undefined) return false;
    return (await accounts.countDocuments(query, { limit: FEW, hint: byWords(query) })) < FEW;
  }

  /** The ids of those of some accounts that are meant by what is being typed. */
  async function meantAmong(accountIds: readonly string[], typed: string): Promise<string[]> {
    const found = accounts.find({ ...queryOf({ typed }), _id: { $in: accountIds } }, { projection: { _id: 1 } });
    return (await found.toArray()).map(({ _id }) => _id);
  }

  return { beginningWith, search, meantAmong };
}

/** So many are read and sorted within a few milliseconds. */
const FEW = 1_000;

const byWords = ({ role }: { role?: unknown }) =>
  role === undefined ? { searchWords: 1 } : { role: 1, searchWords: 1 };
const byId = ({ role }: { role?: unknown }) => (role === undefined ? { _id: 1 } : { role: 1, _id: 1 });

function queryOf({ role, typed = '' }: AccountFilter): mongo.Filter<AccountDocument> {
  const beginnings = typedWordsOf(typed).map((word) => ({
    searchWords: { $elemMatch: { $gte: word, $lt: `${word}\u{10ffff}` } },
  }));
  return {
    ...(role === undefined ? {} : { role }),
    erasedAt: { $exists: false },
    ...(beginnings.length === 0 ? {} : { $and: beginnings }),
  };
}

/** A stored account as the business knows it. */
export function toAccount({ data, role, erasedAt }: AccountDocument): Account {
  const { accountId, name, timeZone, locale, discountBps, capacity, billing } = data;
  return {
    accountId,
    role,
    name,
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(locale === undefined ? {} : { locale }),
    ...(discountBps === undefined ? {} : { discountBps }),
    ...(capacity === undefined ? {} : { capacity }),
    ...(billing === undefined ? {} : { billing }),
    ...(erasedAt === undefined ? {} : { isErased: true as const }),
  };
}
