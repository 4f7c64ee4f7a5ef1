import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import type { Database } from '../../src/database/connect.ts';
import { insertIgnoringDuplicates, unlessDuplicate } from '../../src/database/duplicates.ts';
import { durable } from '../../src/database/durable.ts';
import { createPeriodCursor } from '../../src/database/periodCursor.ts';
import { testDatabase } from '../support/database.ts';

type Thing = { _id: string; text: string };

let database: Database;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await things().deleteMany({});
});

function things() {
  const { db } = database.connection;
  if (db === undefined) throw new Error('not connected');
  return db.collection<Thing>('things');
}

const thing = (_id: string, text = 'new'): Thing => ({ _id, text });

test.each([
  { there: [], inserted: ['a', 'b'], known: [] },
  { there: ['a'], inserted: ['a', 'b', 'c'], known: [0] },
  { there: ['a', 'c'], inserted: ['a', 'b', 'c'], known: [0, 2] },
  { there: ['a'], inserted: ['a'], known: [0] },
  { there: [], inserted: ['a'], known: [] },
  { there: [], inserted: ['a', 'a'], known: [1] },
  { there: ['a'], inserted: [], known: [] },
])('of $inserted, $there there: known at $known, and the rest is in', async ({ there, inserted, known }) => {
  if (there.length > 0) await things().insertMany(there.map((id) => thing(id, 'old')));
  const options = durable(things());
  expect(
    await insertIgnoringDuplicates(
      things(),
      inserted.map((id) => thing(id)),
      options,
    ),
  ).toEqual(known);
  const stored = await things().find().sort({ _id: 1 }).toArray();
  const ids = [...new Set([...there, ...inserted])].sort();
  expect(stored).toEqual(ids.map((id) => thing(id, there.includes(id) ? 'old' : 'new')));
});

test('whatever else is wrong is thrown', async () => {
  const tooLarge = thing('large', 'x'.repeat(17 * 1024 * 1024));
  await things().insertOne(thing('a'));
  await expect(insertIgnoringDuplicates(things(), [thing('a'), tooLarge])).rejects.toThrow();
  await expect(unlessDuplicate(Promise.reject(new Error('broken')))).rejects.toThrow('broken');
});

test('a write that a unique key stops answers null, any other its own answer', async () => {
  expect(await unlessDuplicate(things().insertOne(thing('a')))).toMatchObject({ insertedId: 'a' });
  expect(await unlessDuplicate(things().insertOne(thing('a')))).toBeNull();
});

test('periods are begun one after the other, and never taken back', async () => {
  const { db } = database.connection;
  const periods = db?.collection<{ _id: string; state?: 'closing' | 'closed'; through?: string }>('periods');
  if (periods === undefined) throw new Error('not connected');
  const cursor = createPeriodCursor(periods, 'run');
  expect(await cursor.through()).toBeNull();
  await Promise.all(['2026-W02', '2026-W01', '2026-W03', '2026-W03'].map(cursor.begin));
  expect(await cursor.through()).toBe('2026-W03');
  await periods.updateOne({ _id: 'run:2026-W01' }, { $set: { state: 'closed' } });
  await cursor.begin('2026-W01');
  expect(await cursor.through()).toBe('2026-W03');
  expect(await periods.findOne({ _id: 'run:2026-W01' })).toMatchObject({ state: 'closed' });
  expect(await periods.findOne({ _id: 'run:2026-W02' })).toMatchObject({ state: 'closing' });
});
