import { type Connection, Schema } from 'mongoose';

import { isDuplicateKey } from '../kernel/errors.ts';
import { randomToken } from '../kernel/ids.ts';
import { driverCollection } from './collection.ts';

type LeaseDocument = { _id: string; owner: string; until: Date };

const leaseSchema = new Schema<LeaseDocument>(
  { _id: { type: String, required: true }, owner: String, until: Date },
  { versionKey: false, collection: 'leases' },
);

export type Leases = ReturnType<typeof createLeases>;

/**
 * Leases share work out among processes. A lease says who should work, by the database's own time; it does not keep a
 * frozen holder from waking up late, so whatever is done under one is idempotent.
 */
export function createLeases(connection: Connection) {
  const leases = driverCollection(connection.model<LeaseDocument>('Lease', leaseSchema));
  const owner = randomToken();

  /** Takes or extends the lease for `holdMs`; false while another process holds it. */
  async function hold(name: string, holdMs: number): Promise<boolean> {
    try {
      await leases.updateOne(
        { _id: name, $expr: { $or: [{ $eq: ['$owner', owner] }, { $lte: ['$until', '$$NOW'] }] } },
        [{ $set: { owner, until: { $add: ['$$NOW', holdMs] } } }],
        { upsert: true },
      );
      return true;
    } catch (error) {
      // The filter did not match because another holds it, so the upsert met its key.
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  /** Gives the lease back, if this process still has it. */
  async function release(name: string): Promise<void> {
    await leases.deleteOne({ _id: name, owner });
  }

  return { hold, release };
}
