import { type Connection, Schema } from 'mongoose';

import { driverCollection } from '../database/collection.ts';
import { SEALED_INDEX } from '../seals/source.ts';

/**
 * That somebody holds a payout, or every payout of an account, until an instant. `subject` is `payout:{id}` or `account:{id}`;
 * `released`: it ended earlier. `pendingEffects`: the audit trail, the platform and the people are still to hear of it.
 */
export type StoredHold = {
  _id: string;
  subject: string;
  accountId: string;
  at: Date;
  until: Date;
  reason: string;
  actor: string;
  insertedAt?: Date;
  released?: { at: Date; actor: string; reason: string };
  pendingEffects?: true;
};

const id = { type: String, required: true } as const;

const holdSchema = new Schema<StoredHold>(
  {
    _id: id,
    subject: String,
    accountId: String,
    at: Date,
    until: Date,
    reason: String,
    actor: String,
    insertedAt: Date,
    released: { at: Date, actor: String, reason: String },
    pendingEffects: Boolean,
  },
  { versionKey: false, collection: 'payout_holds' },
);
holdSchema.index({ subject: 1, until: 1 });
// Those that may still hold are few, however many payouts are asked about.
holdSchema.index({ until: 1 });
holdSchema.index({ pendingEffects: 1 }, { partialFilterExpression: { pendingEffects: true } });
// In the order in which they were written, to be sealed.
holdSchema.index(...SEALED_INDEX);

export type PaydayStore = ReturnType<typeof createPaydayStore>;

export function createPaydayStore(connection: Connection) {
  return { holds: driverCollection(connection.model<StoredHold>('PayoutHold', holdSchema)) };
}
