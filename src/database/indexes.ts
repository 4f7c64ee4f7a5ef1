import type { Connection, IndexDefinition, IndexOptions, Model, mongo } from 'mongoose';
import { BrokenInvariant, messageOf } from '../kernel/errors.ts';
import { IndexBuildFailed } from './errors.ts';

/**
 * Creates the collections of all models on `connection`, and their indexes; what is there already stays. Throws
 * IndexBuildFailed, naming the index, when one cannot be built: then what it guarantees does not hold, and the service
 * must not start.
 */
export async function buildIndexes(connection: Connection): Promise<void> {
  const database = connection.db;
  if (!database) throw new BrokenInvariant('indexes were asked for before the connection was open');
  const listed = await database.listCollections({}, { nameOnly: true }).toArray();
  const existing = new Set(listed.map(({ name }) => name));
  await Promise.all(Object.values(connection.models).map((model) => buildModel(database, model, existing)));
}

async function buildModel(database: mongo.Db, model: Model<unknown>, existing: Set<string>): Promise<void> {
  // Models that are discriminators of another share its collection; mongoose takes an existing collection for success.
  if (!existing.has(model.collection.collectionName)) await createCollection(database, model);
  const collection = database.collection(model.collection.collectionName);
  for (const [fields, options] of model.schema.indexes()) await buildIndex(collection, fields, options);
}

/** A server that does not let a collection's storage be chosen makes it in its own way. */
async function createCollection(database: mongo.Db, model: Model<unknown>): Promise<void> {
  try {
    await model.createCollection();
  } catch (error) {
    if (model.schema.get('collectionOptions') === undefined) throw error;
    await database.createCollection(model.collection.collectionName);
  }
}

async function buildIndex(collection: mongo.Collection, fields: IndexDefinition, options: IndexOptions): Promise<void> {
  // `background` is mongoose's default, and nothing to MongoDB since 4.2.
  const { background: _, ...rest } = options;
  try {
    await collection.createIndex(fields as mongo.IndexSpecification, rest as mongo.CreateIndexesOptions);
  } catch (error) {
    const name = options.name ?? JSON.stringify(fields);
    throw new IndexBuildFailed(
      `index ${name} of collection ${collection.collectionName} cannot be built: ${messageOf(error)}`,
      { cause: error },
    );
  }
}
