import { type Connection, Schema } from 'mongoose';
import { randomToken } from '../kernel/ids.ts';
import { oneAtATime } from '../kernel/shared.ts';
import { driverCollection } from './collection.ts';
import { unlessDuplicate } from './duplicates.ts';
import { takesMoments } from './patience.ts';

type LeaseDocument = { _id: string; owner: string; until: Date };

const leaseSchema = new Schema<LeaseDocument>(
  { _id: { type: String, required: true }, owner: String, until: Date },
  { versionKey: false, collection: 'leases' },
);

const LONG_AGO = new Date(0);

/** A lease that is held: `extend` answers false when it was lost, and whoever holds it must stop. */
export type Lease = { extend(holdMs: number): Promise<boolean>; release(): Promise<void> };

/** A lease that renews itself: `isHeld` asks the database. */
export type KeptLease = { isHeld(): Promise<boolean>; release(): Promise<void> };

/**
 * A renewed lease is free this long after its holder died or froze: a killed service must be ready again in five
 * seconds.
 */
const KEPT_MS = 2_000;
const RENEW_MS = 500;

export type Leases = ReturnType<typeof createLeases>;

/**
 * Leases share work out, among processes and within one. A lease says who should work, by the database's own time; a
 * frozen holder may still wake up late, so what is done under one is idempotent all the same.
 */
export function createLeases(connection: Connection) {
  const leases = driverCollection(connection.model<LeaseDocument>('Lease', leaseSchema));

  /** Takes a lease for `holdMs` of real time; null while another holds it. */
  async function acquire(name: string, holdMs: number): Promise<Lease | null> {
    const owner = randomToken();
    if (!(await write(name, owner, holdMs))) return null;
    return {
      extend: (ms) => write(name, owner, ms),
      release: async () => {
        await leases.deleteOne({ _id: name, owner }, takesMoments);
      },
    };
  }

  /** Takes a lease and renews it until it is released, however long that takes; null while another holds it. */
  async function keep(name: string): Promise<KeptLease | null> {
    const lease = await acquire(name, KEPT_MS);
    if (lease === null) return null;
    // Where the database is slow, many at a time would take all connections. The next renewal makes up for one that fails, or
    // the lease is lost, which does no harm.
    const renew = oneAtATime(() => lease.extend(KEPT_MS).catch(() => false));
    let renewal: Promise<unknown> | undefined;
    const renewing = setInterval(() => {
      renewal = renew();
    }, RENEW_MS);
    renewing.unref();
    return {
      isHeld: () => lease.extend(KEPT_MS),
      release: async () => {
        clearInterval(renewing);
        // A renewal under way would take the lease again after its release.
        await renewal;
        await lease.release();
      },
    };
  }

  /** One update decides: who finds the lease free, or already owns it, writes its name; others change nothing. */
  async function write(name: string, owner: string, holdMs: number): Promise<boolean> {
    const free = { $or: [{ $eq: ['$owner', owner] }, { $lte: [{ $ifNull: ['$until', LONG_AGO] }, '$$NOW'] }] };
    // Of two upserts at once the slower meets the key of the other.
    const lease = await unlessDuplicate(
      leases.findOneAndUpdate(
        { _id: name },
        [
          {
            $set: {
              owner: { $cond: [free, owner, '$owner'] },
              until: { $cond: [free, { $add: ['$$NOW', holdMs] }, '$until'] },
            },
          },
        ],
        { upsert: true, returnDocument: 'after', ...takesMoments },
      ),
    );
    return lease?.owner === owner;
  }

  /** Whether anybody holds it; writes nothing. */
  async function isTaken(name: string): Promise<boolean> {
    return (await leases.findOne({ _id: name, $expr: { $gt: ['$until', '$$NOW'] } })) !== null;
  }

  return { acquire, keep, isTaken };
}
