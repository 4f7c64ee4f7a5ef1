import { type Connection, Schema } from 'mongoose';
import { driverCollection } from '../database/collection.ts';
import type { MinorUnits } from '../kernel/money.ts';
import { SEALED_INDEX } from '../seals/source.ts';

/**
 * A correction by hand; `account` is the ledger's, and `reason` is stored encrypted. `asked`: whether the balance covers what it takes is still
 * to be decided, which the ledger does; `refused`: it did not, and nothing was taken. `effectsPending`: what follows from it is
 * still to be done.
 */
export type StoredAdjustment = {
  _id: string;
  account: string;
  accountId: string;
  amount: MinorUnits;
  reason: string;
  actor: string;
  at: Date;
  state: 'asked' | 'made' | 'refused';
  effectsPending?: true;
  /** Real time when it was written. */
  insertedAt?: Date;
};

export const COLLECTION = 'adjustments';

const adjustmentSchema = new Schema<StoredAdjustment>(
  {
    _id: { type: String, required: true },
    account: String,
    accountId: String,
    amount: Number,
    reason: String,
    actor: String,
    at: Date,
    state: String,
    effectsPending: Boolean,
    insertedAt: Date,
  },
  { versionKey: false, collection: COLLECTION },
);
adjustmentSchema.index({ at: -1, _id: -1 });
adjustmentSchema.index({ account: 1, at: -1, _id: -1 });
adjustmentSchema.index({ accountId: 1, at: -1, _id: -1 });
adjustmentSchema.index({ effectsPending: 1 }, { partialFilterExpression: { effectsPending: true } });
// In the order in which they were written, to be sealed.
adjustmentSchema.index(...SEALED_INDEX);

export type AdjustmentStore = ReturnType<typeof createAdjustmentStore>;

export function createAdjustmentStore(connection: Connection) {
  return driverCollection(connection.model<StoredAdjustment>('Adjustment', adjustmentSchema));
}
