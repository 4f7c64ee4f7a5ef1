import { type Connection, type mongo, Schema } from 'mongoose';

import { driverCollection } from '../database/collection.ts';

/**
 * The secret of an account (`account:m1`) or of a day (`day:2026-11-26`, UTC). While an account is being erased, `next` is the
 * one that is written with, and `secret` can still be read with. Deleting a secret is what erases.
 */
export type KeyDocument = { _id: string; secret: mongo.Binary; next?: mongo.Binary };

/** Counts the changes of secrets, so that every process notices that one of those it remembers is gone. */
export type RevisionDocument = { _id: 'keys'; number: number };

/**
 * A secret that only somebody with a key of the environment can have. `_id` is the id of the key that it was made for, `under` that
 * of the key that it is encrypted with now, `secretId` its own; none of the three tells anything of a key or a secret.
 */
export type LockedSecretDocument = { _id: string; secretId: string; under: string; encrypted: mongo.Binary };

const OPTIONS = { versionKey: false, strict: 'throw', autoIndex: false, autoCreate: false } as const;

const keySchema = new Schema<KeyDocument>(
  { _id: { type: String, required: true }, secret: { type: Buffer, required: true }, next: Buffer },
  { ...OPTIONS, collection: 'personal_keys' },
);

const revisionSchema = new Schema<RevisionDocument>(
  { _id: { type: String, required: true }, number: { type: Number, required: true } },
  { ...OPTIONS, collection: 'key_revision' },
);

const lockedSchema = new Schema<LockedSecretDocument>(
  {
    _id: { type: String, required: true },
    secretId: { type: String, required: true },
    under: { type: String, required: true },
    encrypted: { type: Buffer, required: true },
  },
  { ...OPTIONS, collection: 'payee_secrets' },
);

export type KeyStore = ReturnType<typeof createKeyStore>;

/** The secrets on this connection, which must be open. */
export function createKeyStore(connection: Connection) {
  return {
    keys: driverCollection(connection.model<KeyDocument>('PersonalKey', keySchema)),
    locked: driverCollection(connection.model<LockedSecretDocument>('PayeeSecret', lockedSchema)),
    revision: driverCollection(connection.model<RevisionDocument>('KeyRevision', revisionSchema)),
  };
}
