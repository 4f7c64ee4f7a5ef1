import type { mongo } from 'mongoose';

import { BrokenInvariant } from '../kernel/errors.ts';

/** Chunks move one after the other, so a second try finds what the first has passed over; a third hardly ever has to. */
const TRIES = 20;

/**
 * Updates every document that `filter` finds. In a sharded cluster one update of many passes over a document whose chunk
 * moves meanwhile to a shard that is done already, so this asks whether any is left, and does it again. `filter` must
 * not find what was updated already. Answers how many were.
 */
export async function updateEvery<T extends mongo.Document>(
  collection: mongo.Collection<T>,
  filter: mongo.Filter<T>,
  update: mongo.UpdateFilter<T> | mongo.Document[],
  options: mongo.UpdateOptions = {},
): Promise<number> {
  return untilNone(
    collection,
    filter,
    async () => (await collection.updateMany(filter, update, options)).modifiedCount,
  );
}

/** Deletes every document that `filter` finds, in the same way. */
export async function deleteEvery<T extends mongo.Document>(
  collection: mongo.Collection<T>,
  filter: mongo.Filter<T>,
  options: mongo.DeleteOptions = {},
): Promise<number> {
  return untilNone(collection, filter, async () => (await collection.deleteMany(filter, options)).deletedCount);
}

async function untilNone<T extends mongo.Document>(
  collection: mongo.Collection<T>,
  filter: mongo.Filter<T>,
  change: () => Promise<number>,
): Promise<number> {
  let changed = 0;
  for (let tries = 0; tries < TRIES; tries += 1) {
    changed += await change();
    if ((await collection.findOne(filter, { projection: { _id: 1 } })) === null) return changed;
  }
  throw new BrokenInvariant(
    `${collection.collectionName} still has what ${TRIES} changes of all of it have passed over`,
  );
}
