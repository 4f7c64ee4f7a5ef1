import { type Connection, Schema } from 'mongoose';

import { driverCollection } from '../database/collection.ts';
import type { MinorUnits } from '../kernel/money.ts';
import type { Entry } from './entry.ts';

/** A stored sum: disposable, rebuilt on demand. `_id` is the account. */
export type Checkpoint = {
  _id: string;
  balance: MinorUnits;
  /** What the numbered entries of the account's own book have taken: the balance without them is what came in. */
  taken: MinorUnits;
  through: Date;
  /** Somebody sums up as far as that, and takes the sum for right only if this is still here then. */
  pending?: { through: Date; by: string };
};

/** A checkpoint that may be about to be made for the first time. */
export type StoredCheckpoint = Pick<Checkpoint, '_id' | 'pending'> & Partial<Checkpoint>;

const postingSchema = new Schema({ account: String, amount: Number }, { _id: false });

/**
 * An account's entries lie far apart, in the order in which they were written, and each is read with its whole page: of
 * the engine's 32 KiB nearly all would be read in vain once the ledger is larger than the cache. Pages of the smallest
 * size cannot be compressed further. The setting applies when the collection is created; an existing one stays as it
 * is.
 */
const SMALL_PAGES = { storageEngine: { wiredTiger: { configString: 'leaf_page_max=4KB,block_compressor=none' } } };

/** Entries in the order in which they take effect, for whoever keeps books. */
export const EFFECTIVE_INDEX = { effectiveAt: 1, _id: 1 } as const;

/** The entries of an account, in the order in which they were written. */
export const ACCOUNT_INDEX = { 'postings.account': 1, insertedAt: 1 } as const;

const entrySchema = new Schema<Entry>(
  {
    _id: { type: String, required: true },
    book: { type: String, required: true },
    postings: [postingSchema],
    hash: { type: String, required: true },
    effectiveAt: { type: Date, required: true },
    recordedAt: { type: Date, required: true },
    insertedAt: { type: Date, required: true },
    guard: Number,
    carried: new Schema({ balance: Number, taken: Number }, { _id: false }),
    bookAmount: Number,
    outcome: String,
    reverses: String,
    eventId: String,
    actor: String,
    reason: String,
  },
  { versionKey: false, collection: 'ledger_entries', collectionOptions: SMALL_PAGES },
);
// Each unique index begins with the shard key, `book`: a sharded cluster can enforce no other.
entrySchema.index({ book: 1, guard: 1 }, { unique: true, partialFilterExpression: { guard: { $exists: true } } });
entrySchema.index({ book: 1, outcome: 1 }, { unique: true, partialFilterExpression: { outcome: { $exists: true } } });
entrySchema.index({ book: 1, _id: 1 }, { unique: true });
entrySchema.index(ACCOUNT_INDEX);
// An account that only entries of its own book post to is summed up from this alone.
entrySchema.index(
  { book: 1, insertedAt: 1, bookAmount: 1, guard: 1 },
  { partialFilterExpression: { bookAmount: { $exists: true } } },
);
// What was written since an instant of the service's clock, so that a balance can be read as it stood then.
entrySchema.index({ recordedAt: 1 });
entrySchema.index(EFFECTIVE_INDEX);
// In the order in which they were written, to be sealed.
entrySchema.index({ insertedAt: 1 });

const checkpointSchema = new Schema<StoredCheckpoint>(
  {
    _id: { type: String, required: true },
    balance: Number,
    taken: Number,
    through: Date,
    pending: new Schema({ through: Date, by: String }, { _id: false }),
  },
  { versionKey: false, collection: 'ledger_checkpoints' },
);

export function createLedgerStore(connection: Connection) {
  const entries = driverCollection(connection.model<Entry>('LedgerEntry', entrySchema));
  const checkpoints = driverCollection(connection.model<StoredCheckpoint>('LedgerCheckpoint', checkpointSchema));
  return { entries, checkpoints };
}
