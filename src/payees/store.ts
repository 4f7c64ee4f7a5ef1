import { type Connection, type mongo, Schema } from 'mongoose';

import { driverCollection } from '../database/collection.ts';
import type { MaskedPayee } from './payee.ts';

/** What a change still sets off: the audit trail, a hold, the person. */
export type PendingChange = { before: MaskedPayee | null; isFirst: boolean; reason?: string };

/**
 * How an account is paid now. `number` counts the changes there were: it names the version in force. `at` and `versionId` are by
 * which the latest version holds: those of the platform's event, or of a call of the API, whose id begins with `~`.
 */
export type PayeeDocument = {
  _id: string;
  number: number;
  at: Date;
  versionId: string;
  /** The service's clock, and who did it. */
  changedAt: Date;
  actor: string;
  /** What may be shown of it; missing where the payee was removed. */
  shown?: MaskedPayee;
  /** The payee as JSON, encrypted with the secrets of the account and of payees; missing likewise. */
  encrypted?: mongo.Binary;
  keys?: string[];
  pending?: PendingChange;
  /** The number of the change that its person says was not theirs. */
  denied?: number;
};

const shownSchema = new Schema<MaskedPayee>({ method: String, masked: String }, { _id: false });

const pendingSchema = new Schema<PendingChange>(
  { before: { type: shownSchema, default: null }, isFirst: Boolean, reason: String },
  { _id: false },
);

const payeeSchema = new Schema<PayeeDocument>(
  {
    _id: { type: String, required: true },
    number: { type: Number, required: true },
    at: { type: Date, required: true },
    versionId: { type: String, required: true },
    changedAt: { type: Date, required: true },
    actor: { type: String, required: true },
    shown: { type: shownSchema },
    encrypted: Buffer,
    keys: { type: [String], default: undefined },
    pending: { type: pendingSchema },
    denied: Number,
  },
  { versionKey: false, strict: 'throw', autoIndex: false, autoCreate: false, collection: 'payees' },
);
payeeSchema.index({ changedAt: 1 }, { partialFilterExpression: { pending: { $exists: true } } });

export type PayeeStore = ReturnType<typeof createPayeeStore>;

/** The payees on this connection, which must be open. */
export function createPayeeStore(connection: Connection) {
  return { payees: driverCollection(connection.model<PayeeDocument>('Payee', payeeSchema)) };
}
