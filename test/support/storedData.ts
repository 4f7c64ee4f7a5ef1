import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import mongoose from 'mongoose';

const { EJSON } = mongoose.mongo.BSON;

type Index = { key: Record<string, 1 | -1>; name: string } & Record<string, unknown>;
export type StoredCollection = { name: string; indexes: Index[]; documents: mongoose.mongo.Document[] };

/** A database of an earlier version, from `test/fixtures/`. */
export async function readStoredData(file: string): Promise<StoredCollection[]> {
  const bytes = await readFile(new URL(`../fixtures/${file}`, import.meta.url));
  const collections: StoredCollection[] = [];
  for (const line of gunzipSync(bytes).toString().trimEnd().split('\n')) {
    const value = EJSON.parse(line);
    if ('collection' in value) collections.push({ name: value.collection, indexes: value.indexes, documents: [] });
    else collections.at(-1)?.documents.push(value);
  }
  return collections;
}

/** What the version that wrote `file` came to when it was started on it: by collection and id. */
export async function readOutcome(file: string): Promise<Record<string, Record<string, unknown[]>>> {
  const bytes = await readFile(new URL(`../fixtures/${file}`, import.meta.url));
  return JSON.parse(gunzipSync(bytes).toString());
}

/** Makes the collections, with their indexes and documents. */
export async function writeStoredData(database: mongoose.mongo.Db, data: readonly StoredCollection[]): Promise<void> {
  for (const { name, indexes, documents } of data) {
    const collection = await database.createCollection(name);
    if (documents.length > 0) await collection.insertMany(documents);
    const ours = indexes.filter(({ name: index }) => index !== '_id_').map(({ collation: _, ...index }) => index);
    if (ours.length > 0) await collection.createIndexes(ours);
  }
}
