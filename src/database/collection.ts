import type { Model, mongo } from 'mongoose';

import { BrokenInvariant } from '../kernel/errors.ts';

/**
 * The driver's own collection of a model, for hot paths: no casting, no documents, plain objects in and out.
 * The connection must be open.
 */
export function driverCollection<T extends mongo.Document>(model: Model<T>): mongo.Collection<T> {
  const database = model.db.db;
  if (database === undefined) throw new BrokenInvariant('a store was used before its connection was open');
  return database.collection<T>(model.collection.collectionName);
}
