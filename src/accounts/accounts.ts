import type { mongo } from 'mongoose';

import type { Role } from '../events/catalogue.ts';
import { type Account, type AccountVersion, latestVersions } from './account.ts';
import { createLinking } from './linking.ts';
import type { AccountDocument, AccountStore } from './store.ts';

export type { Account, AccountVersion, Channel, Link } from './account.ts';

export type Accounts = ReturnType<typeof createAccounts>;

/** People and businesses: who they are, and which chats speak for them. */
export function createAccounts(store: AccountStore) {
  /**
   * Takes in `account.updated` events, in any order and however often: the latest version holds, and all are kept.
   * One call is two bulk writes, so hand over whole batches.
   */
  async function applyUpdates(versions: AccountVersion[]): Promise<void> {
    if (versions.length === 0) return;
    await store.versions.bulkWrite(
      versions.map(({ eventId, timestamp, data }) => ({
        updateOne: {
          filter: { _id: eventId },
          update: { $setOnInsert: { accountId: data.accountId, timestamp, data } },
          upsert: true,
        },
      })),
      { ordered: false },
    );
    await replaceOlder(store, latestVersions(versions));
  }

  async function get(accountId: string): Promise<Account | null> {
    const document = await store.accounts.findOne({ _id: accountId });
    return document === null ? null : toAccount(document);
  }

  async function getMany(accountIds: string[]): Promise<Map<string, Account>> {
    const documents = await store.accounts.find({ _id: { $in: [...new Set(accountIds)] } }).toArray();
    return new Map(documents.map((document) => [document._id, toAccount(document)]));
  }

  /** Which of these accounts are known. */
  async function existing(accountIds: string[]): Promise<Set<string>> {
    const found = await store.accounts
      .find({ _id: { $in: [...new Set(accountIds)] } }, { projection: { _id: 1 } })
      .toArray();
    return new Set(found.map((document) => document._id));
  }

  /** The accounts of a role, by id: whom to tell what concerns all managers. */
  async function idsOfRole(role: Role): Promise<string[]> {
    const documents = await store.accounts
      .find({ role }, { projection: { _id: 1 } })
      .sort({ _id: 1 })
      .toArray();
    return documents.map((document) => document._id);
  }

  return { applyUpdates, get, getMany, existing, idsOfRole, ...createLinking(store, get) };
}

const DUPLICATE_KEY = 11_000;

/**
 * Replaces what is older than these versions. A newer one in place makes the filter miss, and the upsert then hits the
 * key that is there: that is how "nothing to do" looks. It is also how a lost race between two first versions looks,
 * so those are tried once more without the upsert: by then the account is there, and accounts are never deleted.
 */
async function replaceOlder(store: AccountStore, versions: AccountVersion[]): Promise<void> {
  try {
    await store.accounts.bulkWrite(
      versions.map((version) => replacement(version, true)),
      { ordered: false },
    );
  } catch (error) {
    const refused = duplicatesOf(error)
      .map((index) => versions[index])
      .filter((version) => version !== undefined);
    await store.accounts.bulkWrite(
      refused.map((version) => replacement(version, false)),
      { ordered: false },
    );
  }
}

function replacement(version: AccountVersion, upsert: boolean): mongo.AnyBulkWriteOperation<AccountDocument> {
  const { eventId, timestamp, data } = version;
  return {
    replaceOne: {
      filter: {
        _id: data.accountId,
        $or: [{ timestamp: { $lt: timestamp } }, { timestamp, eventId: { $lt: eventId } }],
      },
      replacement: { eventId, timestamp, role: data.role, data },
      upsert,
    },
  };
}

/** The positions of the operations that met a key that is there; any other error is thrown on. */
function duplicatesOf(error: unknown): number[] {
  const writeErrors = typeof error === 'object' && error !== null && 'writeErrors' in error ? error.writeErrors : null;
  const list: unknown[] = Array.isArray(writeErrors) ? writeErrors : [writeErrors];
  const positions: number[] = [];
  for (const one of list) {
    if (typeof one !== 'object' || one === null || !('code' in one) || one.code !== DUPLICATE_KEY) throw error;
    if (!('index' in one) || typeof one.index !== 'number') throw error;
    positions.push(one.index);
  }
  if (positions.length === 0) throw error;
  return positions;
}

function toAccount({ data }: AccountDocument): Account {
  const { accountId, role, name, timeZone, locale, discountBps, capacity } = data;
  return {
    accountId,
    role,
    name,
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(locale === undefined ? {} : { locale }),
    ...(discountBps === undefined ? {} : { discountBps }),
    ...(capacity === undefined ? {} : { capacity }),
  };
}
