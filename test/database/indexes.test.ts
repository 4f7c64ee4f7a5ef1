import { Schema } from 'mongoose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../src/database/connect.ts';
import { IndexBuildFailed } from '../../src/database/errors.ts';
import { buildIndexes } from '../../src/database/indexes.ts';
import { testDatabase } from '../support/database.ts';

let database: Database;
beforeAll(async () => {
  database = await testDatabase({ ownIndexes: true });
});
afterAll(() => database.close());

const payoutSchema = new Schema({ account: String, cycle: String, note: String }, { collection: 'payouts' })
  .index({ account: 1, cycle: 1 }, { unique: true })
  .index({ note: 1 }, { name: 'notes', partialFilterExpression: { note: { $exists: true } } });

test('collections and indexes are made, and made once', async () => {
  const { connection } = database;
  connection.model('Payout', payoutSchema);
  connection.model('Plain', new Schema({ a: Number }, { collection: 'plain' }));
  await buildIndexes(connection);
  await buildIndexes(connection);
  const indexes = await connection.collection('payouts').indexes();
  expect(indexes.map(({ name, unique = false }) => ({ name, unique }))).toEqual([
    { name: '_id_', unique: false },
    { name: 'account_1_cycle_1', unique: true },
    { name: 'notes', unique: false },
  ]);
  expect(await connection.listCollections()).toContainEqual(expect.objectContaining({ name: 'plain' }));
});

test('a collection that the server would store otherwise is made, with its indexes', async () => {
  const { connection } = database;
  const collectionOptions = { storageEngine: { anotherEngine: {} } };
  connection.model('Stored', new Schema({ a: Number }, { collection: 'stored', collectionOptions }).index({ a: 1 }));
  await expect(connection.model('Stored').createCollection()).rejects.toThrow('anotherEngine');
  await buildIndexes(connection);
  expect((await connection.collection('stored').indexes()).map(({ name }) => name)).toEqual(['_id_', 'a_1']);
});

test('a unique index over duplicates fails the start, and the message names it', async () => {
  const { connection } = database;
  await connection.collection('doubled').insertMany([{ key: 1 }, { key: 1 }]);
  connection.model(
    'Doubled',
    new Schema({ key: Number }, { collection: 'doubled' }).index({ key: 1 }, { unique: true }),
  );
  const failure = await buildIndexes(connection).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(IndexBuildFailed);
  expect(String(failure)).toMatch(/index \{"key":1\} of collection doubled cannot be built: .*E11000/);
});
