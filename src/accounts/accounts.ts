import type { mongo } from 'mongoose';
import { insertIgnoringDuplicates } from '../database/duplicates.ts';
import type { Role } from '../events/catalogue.ts';
import { searchWordsOf } from '../kernel/searchWords.ts';
import { writtenNow } from '../seals/source.ts';
import { type Account, type AccountVersion, latestVersions } from './account.ts';
import { type ChatLinkDependencies, createChatLinks } from './chatLinks.ts';
import { createErasing } from './erasing.ts';
import { createReach } from './reach.ts';
import { createRoles, type RoleDependencies } from './roles.ts';
import { sealedRoleDecisions, sealedVersions } from './sealed.ts';
import { createAccountSearch, toAccount } from './search.ts';
import { createSettings } from './settings.ts';
import type { AccountDocument, AccountStore } from './store.ts';
import { createUnfinishedLinks } from './unfinishedLinks.ts';
import { createAccountVerification } from './verify.ts';
import { verifyLinks } from './verifyLinks.ts';
import { verifyRoles } from './verifyRoles.ts';

export type { Account, AccountVersion, Link, LinkedAccount } from './account.ts';

export type Accounts = ReturnType<typeof createAccounts>;

/** People and businesses: who they are, and which chats speak for them. */
export function createAccounts(store: AccountStore, deps: RoleDependencies & ChatLinkDependencies) {
  /**
   * Applies `account.updated` events, in any order and however often: the latest version holds, and all are stored. One
   * call is a few bulk writes, so hand over whole batches. Answers who may be a manager now, or no longer, and which of the
   * accounts are erased: these stay so.
   */
  async function applyUpdates(updates: AccountVersion[]): Promise<{ managers: string[]; erased: Set<string> }> {
    if (updates.length === 0) return { managers: [], erased: new Set() };
    const ids = updates.map(({ data }) => data.accountId);
    const projection = { managersTold: 1, erasedAt: 1 } as const;
    const known = await store.accounts.find({ _id: { $in: ids } }, { projection }).toArray();
    const erased = new Set(known.flatMap(({ _id, erasedAt }) => (erasedAt === undefined ? [] : [_id])));
    const versions = updates.filter(({ data }) => !erased.has(data.accountId));
    const documents = versions.map(({ eventId, timestamp, data }) => ({
      ...{ _id: eventId, accountId: data.accountId, timestamp, data },
      ...writtenNow(),
    }));
    const stored = await deps.texts.protect('account_versions', documents, ({ path }, { accountId }) =>
      path === 'data.name' || path.startsWith('data.billing.') ? [accountId] : [],
    );
    await insertIgnoringDuplicates(store.versions, stored);
    return { managers: await replaceOlder(store, latestVersions(versions), known), erased };
  }

  async function get(accountId: string): Promise<Account | null> {
    const document = await store.accounts.findOne({ _id: accountId });
    return document === null ? null : toAccount(document);
  }

  async function getMany(accountIds: string[]): Promise<Map<string, Account>> {
    const documents = await store.accounts.find({ _id: { $in: [...new Set(accountIds)] } }).toArray();
    return new Map(documents.map((document) => [document._id, toAccount(document)]));
  }

  /** The names of these accounts, as the platform sent them. */
  async function namesOf(accountIds: readonly string[]): Promise<Map<string, string>> {
    if (accountIds.length === 0) return new Map();
    const documents = await store.accounts
      .find({ _id: { $in: [...new Set(accountIds)] } }, { projection: { 'data.name': 1 } })
      .toArray();
    return new Map(documents.map(({ _id, data }) => [_id, data.name]));
  }

  /** Which of these accounts are known, and have this role now where one is asked for. */
  async function existing(accountIds: string[], role?: Role): Promise<Set<string>> {
    const wanted = { _id: { $in: [...new Set(accountIds)] }, ...(role === undefined ? {} : { role }) };
    const found = await store.accounts.find(wanted, { projection: { _id: 1 } }).toArray();
    return new Set(found.map((document) => document._id));
  }

  /** The accounts of a role, by id: the recipients of what concerns all managers. */
  async function idsOfRole(role: Role): Promise<string[]> {
    const documents = await store.accounts
      .find({ role, erasedAt: { $exists: false } }, { projection: { _id: 1 } })
      .sort({ _id: 1 })
      .toArray();
    return documents.map((document) => document._id);
  }

  return {
    ...{ applyUpdates, get, getMany, namesOf, existing, idsOfRole },
    ...createAccountSearch(store),
    ...createErasing(store),
    ...createChatLinks(store, get, deps),
    unfinishedLinks: (witnessOf: Parameters<typeof createUnfinishedLinks>[2]) =>
      createUnfinishedLinks(store, get, witnessOf),
    ...createReach(store),
    ...createRoles(store, deps),
    ...createSettings(store),
    sealed: [sealedVersions(store), sealedRoleDecisions(store)],
    verification: createAccountVerification(store, deps.texts),
    verifyRoles: (trail: Parameters<typeof verifyRoles>[1]) => verifyRoles(store, trail),
    verifyLinks: (trail: Parameters<typeof verifyLinks>[1], now: Date) => verifyLinks(store, trail, now),
  };
}

/**
 * Puts these versions in place of older ones. A first version whose insert meets another's, of another process, is
 * tried as a replacement: accounts are never deleted.
 */
async function replaceOlder(
  store: AccountStore,
  versions: AccountVersion[],
  known: readonly Pick<AccountDocument, '_id' | 'managersTold'>[],
): Promise<string[]> {
  const ids = new Set(known.map((document) => document._id));
  const first = versions.filter((version) => !ids.has(version.data.accountId));
  const met = first.length === 0 ? [] : await insertIgnoringDuplicates(store.accounts, first.map(documentOf));
  const others = versions.filter((version) => ids.has(version.data.accountId));
  const replacements = [...others, ...first.filter((_, index) => met.includes(index))].map(replacement);
  if (replacements.length > 0) await store.accounts.bulkWrite(replacements, { ordered: false });
  const managers = versions.filter(({ data }) => data.role === 'manager').map(({ data }) => data.accountId);
  const told = known.filter(({ managersTold }) => managersTold === true).map(({ _id }) => _id);
  return [...new Set([...managers, ...told])];
}

function documentOf({ eventId, timestamp, data }: AccountVersion): AccountDocument {
  const searchWords = searchWordsOf(data.name, data.accountId);
  return { _id: data.accountId, eventId, timestamp, role: data.role, searchWords, data };
}

/** Replaces the account if what it has is an older version; what the owner decided about its role holds on. */
function replacement(version: AccountVersion): mongo.AnyBulkWriteOperation<AccountDocument> {
  const { _id, role, data, searchWords } = documentOf(version);
  const { timestamp, eventId } = version;
  // A name may look like an expression.
  const set = { timestamp, searchWords: { $literal: searchWords }, data: { $literal: data } };
  return {
    updateOne: {
      filter: {
        _id,
        erasedAt: { $exists: false },
        $or: [{ timestamp: { $lt: timestamp } }, { timestamp, eventId: { $lt: eventId } }],
      },
      update: [{ $set: { ...set, eventId: { $literal: eventId }, role: { $ifNull: ['$decision.role', role] } } }],
    },
  };
}
