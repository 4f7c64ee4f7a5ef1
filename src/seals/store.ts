import { type Connection, mongo, Schema } from 'mongoose';

import { driverCollection } from '../database/collection.ts';
import type { SealGroup } from './group.ts';
import type { SealHeader } from './seal.ts';

/** The documents of one source in a seal: ids, and the hashes of their leaves one after the other. */
export type SealedPart = {
  source: string;
  ids: string[];
  hashes: mongo.Binary;
  /** When those were written that were found behind the seals before, milliseconds of real time. */
  late: number[];
};

/** A seal; `_id` is its number, from 1 and without a gap. */
export type StoredSeal = Omit<SealHeader, 'number'> & {
  _id: number;
  hash: string;
  /** Which key made `mac`. */
  keyId: string;
  mac: string;
  /** In the order of its leaves. */
  parts: SealedPart[];
  /** Of the parts whose documents are counted by subject, in the order of their documents. */
  groups: SealGroup[];
};

/** A seal without what it has the leaves of. */
export type SealHead = Omit<StoredSeal, 'parts' | 'groups'>;

export const WITHOUT_PARTS = { parts: 0, groups: 0 } as const;

const mixed = Schema.Types.Mixed;

const sealSchema = new Schema<StoredSeal>(
  {
    _id: { type: Number, required: true },
    previous: String,
    at: Date,
    day: String,
    root: String,
    dayRoot: String,
    daysRoot: String,
    counts: mixed,
    reach: mixed,
    hash: String,
    keyId: String,
    mac: String,
    parts: [mixed],
    groups: [mixed],
  },
  { versionKey: false, collection: 'seals' },
);
sealSchema.index({ day: 1, _id: 1 });
sealSchema.index({ 'groups.key': 1, _id: 1 });

export type SealStore = ReturnType<typeof createSealStore>;

export function createSealStore(connection: Connection) {
  return driverCollection(connection.model<StoredSeal>('Seal', sealSchema));
}

export function headerOf(seal: SealHead): SealHeader {
  const { _id: number, previous, at, day, root, dayRoot, daysRoot, counts, reach } = seal;
  return { number, previous, at, day, root, dayRoot, daysRoot, counts, reach };
}

const HASH_BYTES = 32;

export function packed(hashes: readonly Buffer[]): mongo.Binary {
  return new mongo.Binary(Buffer.concat(hashes));
}

export function unpacked(hashes: mongo.Binary): Buffer[] {
  const bytes = Buffer.from(hashes.buffer);
  return Array.from({ length: Math.floor(bytes.length / HASH_BYTES) }, (_, index) =>
    bytes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES),
  );
}
