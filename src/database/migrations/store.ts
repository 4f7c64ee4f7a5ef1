import { type Connection, Schema } from 'mongoose';

import { isDuplicateKey } from '../../kernel/errors.ts';
import { driverCollection } from '../collection.ts';
import { durable } from '../durable.ts';

/** That a migration was begun and, with `appliedAt`, finished. `_id` is its name. */
export type MigrationRecord = { _id: string; startedAt: Date; appliedAt?: Date };

const recordSchema = new Schema<MigrationRecord>(
  { _id: { type: String, required: true }, startedAt: Date, appliedAt: Date },
  { versionKey: false, collection: 'migrations' },
);

export type MigrationStore = ReturnType<typeof createMigrationStore>;

export function createMigrationStore(connection: Connection) {
  const records = driverCollection(connection.model<MigrationRecord>('Migration', recordSchema));

  /** So that an older version refuses the database from the first change on, not only after the last. */
  async function recordStart(name: string, startedAt: Date): Promise<void> {
    await records.updateOne({ _id: name }, { $setOnInsert: { startedAt } }, { upsert: true, ...durable(records) });
  }

  async function recordApplied(name: string, appliedAt: Date): Promise<void> {
    const applied = { $cond: [{ $eq: [{ $type: '$appliedAt' }, 'date'] }, '$appliedAt', appliedAt] };
    await records.updateOne({ _id: name }, [{ $set: { appliedAt: applied } }], durable(records));
  }

  /** For a database that is still empty: there is nothing in it to migrate. */
  async function recordAll(names: readonly string[], at: Date): Promise<void> {
    if (names.length === 0) return;
    try {
      await records.insertMany(
        names.map((name) => ({ _id: name, startedAt: at, appliedAt: at })),
        { ordered: false, ...durable(records) },
      );
    } catch (error) {
      // Another process that starts at the same moment was first.
      if (!isDuplicateKey(error)) throw error;
    }
  }

  return { all: () => records.find().sort({ _id: 1 }).toArray(), recordStart, recordApplied, recordAll };
}
