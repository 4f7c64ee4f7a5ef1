import { afterAll, beforeAll, expect, test } from 'vitest';

import { eventually } from '../support/eventually.ts';
import { createWorld, throwIt, type World } from '../support/world.ts';

/** A month that is open and has more entries than are added up for each answer. */

const STARTS_AT = '2026-11-20T00:00:00Z';
const MOST = 2_000;
let world: World;

beforeAll(async () => {
  world = await createWorld({ startsAt: STARTS_AT, onError: throwIt });
});
afterAll(() => world.close());

async function record(from: number, count: number): Promise<void> {
  const at = world.clock.now();
  const entry = (_: unknown, index: number) => ({
    ...{ _id: `e${from + index}`, book: 'model:ava', hash: '', effectiveAt: at, recordedAt: at, insertedAt: at },
    postings: [
      { account: 'world:topups', amount: -1 },
      { account: 'model:ava', amount: 1 },
    ],
  });
  await world.connection.collection<{ _id: string }>('ledger_entries').insertMany(Array.from({ length: count }, entry));
}

const later = (seconds: number) => world.pin(new Date(world.clock.now().getTime() + seconds * 1_000));

test('it is kept with its instant, and read again behind an answer; a lighter one is of now', async () => {
  const page = () => world.core.books.months.page('2026-11', { limit: 1 });
  await record(0, MOST);
  expect(await page()).toMatchObject({ entries: MOST, asOf: new Date(STARTS_AT), state: 'open' });
  later(1);
  expect(await page()).toMatchObject({ entries: MOST, asOf: world.clock.now() });
  await record(MOST, 1);
  const first = await page();
  expect(first).toMatchObject({ entries: MOST + 1, asOf: world.clock.now() });
  await record(MOST + 1, 1);
  later(30);
  expect(await page()).toEqual(first);
  later(31);
  expect(await page()).toEqual(first);
  await eventually(async () => (await page()).entries === MOST + 2, { what: 'the month of now' });
  expect(await page()).toMatchObject({
    asOf: world.clock.now(),
    totals: { opening: 0, debits: MOST + 2, credits: MOST + 2 },
  });
  await record(MOST + 2, 1);
  later(3_601);
  expect(await page()).toMatchObject({ entries: MOST + 3, asOf: world.clock.now() });
});

test('once it is closed it is what was recorded, whatever was kept', async () => {
  const { months } = world.core.books;
  await months.page('2026-11', { limit: 1 });
  await record(MOST + 3, 5);
  world.pin('2026-12-01T01:00:00Z');
  await months.run(world.clock.now());
  expect(await months.page('2026-11', { limit: 1 })).toMatchObject({ state: 'closed', asOf: null, entries: MOST + 8 });
});
