import type { mongo } from 'mongoose';

import { failedWrites, isDuplicateKey } from '../kernel/errors.ts';

/**
 * Inserts documents of which some may be there already, under their id or another unique key; those stay as they are.
 * Answers the positions of the ones that were there, in order: all others are in, as durably as `options` ask.
 */
export async function insertIgnoringDuplicates<T extends mongo.Document>(
  collection: mongo.Collection<T>,
  documents: mongo.OptionalUnlessRequiredId<T>[],
  options: { writeConcern?: mongo.WriteConcernSettings } & mongo.Abortable = {},
): Promise<number[]> {
  const [first] = documents;
  if (first === undefined) return [];
  try {
    // One alone is one insert, for which the driver does less.
    if (documents.length === 1) await collection.insertOne(first, options);
    else await collection.insertMany(documents, { ordered: false, ...options });
    return [];
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    return documents.length === 1 ? [0] : failedWrites(error);
  }
}

/** The answer of a write; null when a unique key stopped it, and nothing else did. */
export async function unlessDuplicate<T>(write: Promise<T>): Promise<T | null> {
  try {
    return await write;
  } catch (error) {
    if (isDuplicateKey(error)) return null;
    throw error;
  }
}

/** Two upserts of one key at once: the slower one meets the other's document and finds it the second time. */
export async function retryDuplicate<T>(upsert: () => Promise<T>): Promise<T> {
  try {
    return await upsert();
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    return upsert();
  }
}
