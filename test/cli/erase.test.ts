import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { mongo } from 'mongoose';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import { dumpOf, foundIn } from '../erasure/dump.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { deepTest } from '../support/depth.ts';
import { workplace } from './command.ts';
import { asLines } from './events.ts';

const AT = '2026-03-02T00:00:00Z';
const NAME = 'Ávila Sörensen';

let database: TestDatabase;
let place: ReturnType<typeof workplace>;
let environment: Record<string, string>;

beforeAll(async () => {
  database = await testDatabase({ ownIndexes: true });
  environment = { TEST_CLOCK: '1', TEST_CLOCK_START: '2026-03-04T00:00:00Z', MONGODB_URI: database.uri };
});
beforeEach(() => {
  place = workplace();
});
afterEach(async () => {
  await place.close();
  await database.clearAllBut('migrations');
});
afterAll(() => database.close());

const settlebot = (...words: string[]) => place.settlebot(words, environment);

async function takeIn(...lines: Parameters<typeof asLines>[0]): Promise<void> {
  const file = join(place.folder, 'events.ndjson');
  writeFileSync(file, asLines(lines));
  expect(await settlebot('import', file)).toMatchObject({ code: 0 });
}

const account = (accountId: string, name: string) => ({
  ...{ id: `account-${accountId}`, type: 'account.updated', timestamp: AT },
  data: { accountId, role: 'model', name },
});

test('`erase` says what has to be settled first, and knows who there is', async () => {
  const topUp = { topUpId: 't', accountId: 'ava', amount: 1_000, toppedUpAt: AT };
  await takeIn(account('ava', NAME), { id: 't', type: 'balance.topped_up', timestamp: AT, data: topUp });
  const { code, out } = await settlebot('erase', 'ava');
  expect(code).toBe(1);
  expect(out.trim().split('\n')).toEqual([
    'ava cannot be erased yet; first settle:',
    '- the balance of model:ava, $10.00',
  ]);
  expect(await settlebot('erase', 'nobody')).toMatchObject({
    ...{ code: 1, out: '' },
    err: expect.stringContaining('there is no account nobody'),
  });
});

deepTest('`erase` erases, and `erase-again` erases what an older backup has brought back', async () => {
  await takeIn(account('ava', NAME), account('kim', 'Kim'));
  const names = ['accounts', 'account_versions', 'events', 'personal_keys'];
  const backup = await Promise.all(names.map((name) => collection(name).find().toArray()));

  expect(await settlebot('erase', 'ava')).toMatchObject({ code: 0, out: 'ava is erased\n' });
  expect(foundIn(await dumpOf(database.connection), [NAME])).toEqual([]);
  for (const [index, name] of names.entries()) {
    await collection(name).deleteMany({});
    await collection(name).insertMany(backup[index] ?? []);
  }
  expect(foundIn(await dumpOf(database.connection), [NAME])).not.toEqual([]);

  const { code, out } = await settlebot('erase-again');
  expect({ code, lines: out.trim().split('\n') }).toEqual({
    code: 0,
    lines: ['ava is erased', '1 erasure was carried out again'],
  });
  expect(foundIn(await dumpOf(database.connection), [NAME])).toEqual([]);
  expect((await collection('accounts').findOne({ _id: 'kim' }))?.data.name).toBe('Kim');
});

function collection(name: string) {
  return database.connection.collection<mongo.Document & { _id: string }>(name);
}
