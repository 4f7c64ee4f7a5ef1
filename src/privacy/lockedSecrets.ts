import { mongo } from 'mongoose';

import { insertIgnoringDuplicates } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import { takesMoments } from '../database/patience.ts';
import { decrypt, encrypt, keyOf, newSecret, type Secret, secretOf } from '../kernel/cipher.ts';
import type { LockedSecretDocument } from './store.ts';

/** Whose secrets these are: of what says how people are paid. */
export const PAYEES = 'payees';

export type LockedSecrets = ReturnType<typeof createLockedSecrets>;

/**
 * Secrets that are stored encrypted with a key of the environment (docs/decisions/0036): one for each key that was ever the
 * first. What they encrypt is never encrypted anew, because it may be sealed; a key is replaced by encrypting its secret with the next
 * one. `keys` are those that the environment names.
 */
export function createLockedSecrets(store: mongo.Collection<LockedSecretDocument>, keys: readonly Secret[]) {
  const [first] = keys;
  const byId = new Map(keys.map((key) => [key.id, key]));

  /** Those that the keys at hand open, and the one to write with, if it is there. */
  async function load(): Promise<{ write: Secret | null; all: ReadonlyMap<string, Secret> }> {
    const opened = (await store.find().toArray()).flatMap((document) => {
      const secret = openedBy(document, byId.get(document.under));
      return secret === null ? [] : [{ madeFor: document._id, secret }];
    });
    const write = opened.find(({ madeFor }) => madeFor === first?.id)?.secret ?? null;
    return { write, all: new Map(opened.map(({ secret }) => [secret.id, secret])) };
  }

  /** Makes the one that is written with, where there is none; of processes that do so at once the first has made it. */
  async function make(): Promise<void> {
    if (first === undefined) return;
    const document = lockedBy(first, first.id, secretOf(newSecret()));
    await insertIgnoringDuplicates(store, [document], { ...durable(store), ...takesMoments });
  }

  /** Encrypts all others with the first key, too: from then on the others are needed no more. Answers how many there were. */
  async function relock(): Promise<number> {
    if (first === undefined) return 0;
    let count = 0;
    for (const document of await store.find({ under: { $ne: first.id } }).toArray()) {
      const secret = openedBy(document, byId.get(document.under));
      if (secret === null) continue;
      const { under, encrypted } = lockedBy(first, document._id, secret);
      const isAsRead = { _id: document._id, under: document.under };
      const { modifiedCount } = await store.updateOne(isAsRead, { $set: { under, encrypted } }, durable(store));
      count += modifiedCount;
    }
    return count;
  }

  /** The ids of keys that some secret is encrypted with and that the environment does not name. */
  async function lacking(): Promise<string[]> {
    const documents = await store.find({}, { projection: { under: 1 } }).toArray();
    return [...new Set(documents.map(({ under }) => under))].filter((id) => !byId.has(id)).sort();
  }

  /** By which keys these secrets can be had, by the secret's id. */
  async function keysOf(secretIds: readonly string[]): Promise<Map<string, string>> {
    const found = await store.find({ secretId: { $in: [...secretIds] } }).toArray();
    return new Map(found.map(({ secretId, under }) => [secretId, under]));
  }

  /** A line for each that is not what was stored: the key is named, and does not open it. */
  async function verify(): Promise<string[]> {
    const documents = await store.find().toArray();
    return documents
      .filter((document) => byId.has(document.under) && openedBy(document, byId.get(document.under)) === null)
      .map(({ _id }) => `payee_secrets/${_id}: it is not what was stored`);
  }

  return {
    load,
    make,
    relock,
    lacking,
    keysOf,
    verify,
    /** Whether the environment names a key at all. */
    isOn: first !== undefined,
    has: (keyId: string) => byId.has(keyId),
    keyIds: keys.map(({ id }) => id),
  };
}

function lockedBy(key: Secret, madeFor: string, secret: Secret): LockedSecretDocument {
  const encrypted = new mongo.Binary(encrypt(keyOf([key]), placeOf(madeFor), secret.bytes.toString('base64')));
  return { _id: madeFor, secretId: secret.id, under: key.id, encrypted };
}

/** Null where the key lacks, or what is stored is something else. */
function openedBy({ _id, secretId, encrypted }: LockedSecretDocument, key: Secret | undefined): Secret | null {
  if (key === undefined || !(encrypted instanceof mongo.Binary)) return null;
  const text = decrypt(keyOf([key]), placeOf(_id), encrypted.value());
  if (text === null) return null;
  const secret = secretOf(Buffer.from(text, 'base64'));
  return secret.id === secretId ? secret : null;
}

function placeOf(madeFor: string): string {
  return `payee_secrets:${madeFor}`;
}
