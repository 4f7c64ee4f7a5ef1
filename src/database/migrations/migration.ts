import { mongo } from 'mongoose';

import { updateEvery } from '../everyDocument.ts';

/** A change to the form of what is stored, for databases that an earlier version wrote. */
export type Migration = {
  /** `0001-what-it-does`. Databases remember it, so it never changes once it is released. */
  name: string;
  /** Must find nothing left to do where it ran before, wholly or in part: a killed run is done again from its beginning. */
  up(context: MigrationContext): Promise<void>;
};

export type MigrationContext = {
  database: mongo.Db;
  /** Throws when another process has taken over; called between batches. */
  assertLeased(): Promise<void>;
};

const BATCH = 10_000;
const NAMESPACE_NOT_FOUND = 26;
const INDEX_NOT_FOUND = 27;

/**
 * Updates the documents of a collection that `filter` finds, in bounded steps along their ids, which are strings in
 * every collection of ours. `filter` must not find what was updated already.
 */
export async function updateInBatches(
  { database, assertLeased }: MigrationContext,
  name: string,
  filter: mongo.Filter<mongo.Document>,
  update: mongo.UpdateFilter<mongo.Document> | mongo.Document[],
): Promise<void> {
  const collection = database.collection(name);
  let after: unknown = new mongo.MinKey();
  for (;;) {
    await assertLeased();
    const last = await collection
      .find({ _id: { $gt: after } } as mongo.Filter<mongo.Document>, { projection: { _id: 1 } })
      .sort({ _id: 1 })
      .skip(BATCH - 1)
      .limit(1)
      .next();
    const range = last === null ? { $gt: after } : { $gt: after, $lte: last._id };
    await updateEvery(collection, { $and: [{ _id: range } as mongo.Filter<mongo.Document>, filter] }, update);
    if (last === null) return;
    after = last._id;
  }
}

/** Gives top-level fields of a collection their new names, `{ from: to }`; a document that has none is left alone. */
export async function renameFields(
  context: MigrationContext,
  name: string,
  fields: Record<string, string>,
): Promise<void> {
  const some = { $or: Object.keys(fields).map((field) => ({ [field]: { $exists: true } })) };
  await updateInBatches(context, name, some, { $rename: fields });
}

/** Drops indexes by name; one that is gone already, or its whole collection, is no matter. The start builds new ones. */
export async function dropIndexes({ database }: MigrationContext, name: string, indexes: string[]): Promise<void> {
  for (const index of indexes) {
    try {
      await database.collection(name).dropIndex(index);
    } catch (error) {
      if (!(error instanceof mongo.MongoServerError)) throw error;
      if (error.code !== INDEX_NOT_FOUND && error.code !== NAMESPACE_NOT_FOUND) throw error;
    }
  }
}
