import { Schema } from 'mongoose';
import { afterAll, expect, test } from 'vitest';

import { driverCollection } from '../../src/database/collection.ts';
import { testDatabase } from '../support/database.ts';

const database = await testDatabase({ ownIndexes: true });
afterAll(database.close);

type Thing = { _id: number };

test('what is read through a collection comes in pieces that memory has room for, and all of it comes', async () => {
  const schema = new Schema<Thing>({ _id: Number });
  const things = driverCollection(database.connection.model<Thing>('things', schema));
  const all = Array.from({ length: 2_500 }, (_, _id) => ({ _id }));
  await things.insertMany(all);

  for (const cursor of [things.find({}), things.find(), things.aggregate<Thing>([{ $match: {} }])]) {
    expect(await cursor.next()).toEqual({ _id: 0 });
    expect(cursor.bufferedCount()).toBe(999);
    expect(await cursor.toArray()).toEqual(all.slice(1));
  }
  const few = things.find({}, { batchSize: 10, limit: 25 });
  expect([await few.next(), few.bufferedCount()]).toEqual([{ _id: 0 }, 9]);
  expect(await few.toArray()).toEqual(all.slice(1, 25));
  expect(await things.find({}).limit(2_100).toArray()).toEqual(all.slice(0, 2_100));
  expect(await things.findOne({ _id: 7 })).toEqual({ _id: 7 });
});
