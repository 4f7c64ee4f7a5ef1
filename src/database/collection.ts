import type { Model, mongo } from 'mongoose';

import { BrokenInvariant } from '../kernel/errors.ts';

/**
 * So many documents come at once, where a read says nothing else. Of itself a server sends as many as 16 MB hold, and the driver keeps all
 * of them: going through 400 000 invoices took 330 MB and twice the time.
 */
const TOGETHER = 1_000;

/**
 * The driver's own collection of a model, for hot paths: no casting, no documents, plain objects in and out.
 * The connection must be open.
 */
export function driverCollection<T extends mongo.Document>(model: Model<T>): mongo.Collection<T> {
  const database = model.db.db;
  if (database === undefined) throw new BrokenInvariant('a store was used before its connection was open');
  const collection = database.collection<T>(model.collection.collectionName);
  return Object.assign<mongo.Collection<T>, Pick<mongo.Collection<T>, 'find' | 'aggregate'>>(
    Object.create(collection),
    {
      find: (filter: mongo.Filter<T> = {}, options: mongo.FindOptions = {}) =>
        collection.find(filter, { batchSize: TOGETHER, ...options }),
      aggregate: <R extends mongo.Document>(stages?: mongo.Document[], options: mongo.AggregateOptions = {}) =>
        collection.aggregate<R>(stages, { batchSize: TOGETHER, ...options }),
    } as Pick<mongo.Collection<T>, 'find' | 'aggregate'>,
  );
}
