import type { Connection, IndexDefinition, IndexOptions, Model, mongo } from 'mongoose';
import { BrokenInvariant, messageOf } from '../kernel/errors.ts';
import { IndexBuildFailed } from './errors.ts';

/**
 * Creates the collections of all models on `connection`, and their indexes; what is there already stays. Throws
 * IndexBuildFailed, naming the index, when one cannot be built: then what it guarantees does not hold, and the service
 * must not start. The work goes over `connection`, unless over another one of the same database.
 */
export async function buildIndexes(connection: Connection, { db: database } = connection): Promise<void> {
  if (!database) throw new BrokenInvariant('indexes were asked for before the connection was open');
  const listed = await database.listCollections({}, { nameOnly: true }).toArray();
  const existing = new Set(listed.map(({ name }) => name));
  await Promise.all(Object.values(connection.models).map((model) => buildModel(database, model, existing)));
}

async function buildModel(database: mongo.Db, model: Model<unknown>, existing: Set<string>): Promise<void> {
  const name = model.collection.collectionName;
  if (!existing.has(name)) await createCollection(database, name, model.schema.get('collectionOptions'));
  const collection = database.collection(name);
  const indexes = model.schema.indexes();
  if (indexes.length === 0) return;
  try {
    await collection.createIndexes(indexes.map(descriptionOf), quorumOf(collection));
  } catch {
    // One by one, so that the one that cannot be built is named.
    for (const [fields, options] of indexes) await buildIndex(collection, fields, options);
  }
}

/** A server that does not let a collection's storage be chosen makes it in its own way. */
async function createCollection(database: mongo.Db, name: string, storage?: mongo.Document): Promise<void> {
  try {
    await database.createCollection(name, storage);
  } catch (error) {
    // Another process that starts, too, was first, or another model of the same collection.
    if ((error as { code?: unknown }).code === NAMESPACE_EXISTS) return;
    if (storage === undefined) throw error;
    await createCollection(database, name);
  }
}

const NAMESPACE_EXISTS = 48;

function descriptionOf([fields, options]: [IndexDefinition, IndexOptions]): mongo.IndexDescription {
  // `background` is mongoose's default, and nothing to MongoDB since 4.2.
  const { background: _, ...rest } = options;
  return { key: fields as mongo.IndexDescription['key'], ...(rest as Omit<mongo.IndexDescription, 'key'>) };
}

async function buildIndex(collection: mongo.Collection, fields: IndexDefinition, options: IndexOptions): Promise<void> {
  try {
    await collection.createIndexes([descriptionOf([fields, options])], quorumOf(collection));
  } catch (error) {
    const name = options.name ?? JSON.stringify(fields);
    throw new IndexBuildFailed(
      `index ${name} of collection ${collection.collectionName} cannot be built: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

/**
 * An index is there when a majority has built it: by default the server waits for every voting member, so that one that is down
 * would stop each start. One server alone knows no quorum.
 */
function quorumOf(collection: mongo.Collection): { commitQuorum?: string } {
  return collection.writeConcern?.w === 'majority' ? { commitQuorum: 'majority' } : {};
}
