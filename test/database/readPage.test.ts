import { afterAll, beforeAll, expect, test } from 'vitest';

import { PAGE_BYTES, readPage } from '../../src/database/readPage.ts';
import { testDatabase } from '../support/database.ts';
import { deepTest } from '../support/depth.ts';

type Thing = { _id: string; text: string };

const database = await testDatabase({ ownIndexes: true });
const things = database.connection.collection<Thing>('things');
const THIRD = Math.ceil(PAGE_BYTES / 3);

beforeAll(async () => {
  const large = Array.from({ length: 5 }, (_, number) => ({ _id: `large${number}`, text: 'x'.repeat(THIRD) }));
  const small = Array.from({ length: 5 }, (_, number) => ({ _id: `small${number}`, text: '' }));
  await things.insertMany([...large, ...small]);
});
afterAll(database.close);

async function pages(limit: number, weigh?: (item: Thing) => number): Promise<number[]> {
  const sizes: number[] = [];
  for (let after: string | null = ''; after !== null; ) {
    const found = things.find({ _id: { $gt: after } }).sort({ _id: 1 });
    const page: Awaited<ReturnType<typeof readPage<Thing>>> = await readPage(found, limit, ({ _id }) => _id, weigh);
    sizes.push(page.items.length);
    after = page.next;
  }
  return sizes;
}

test('a page ends at its limit, or early once it holds enough bytes; together the pages hold everything', async () => {
  expect(await pages(4)).toEqual([3, 4, 3]);
  expect(await pages(500)).toEqual([3, 7]);
});

deepTest('what an item brings along counts, and a page holds one item at least', async () => {
  expect(await pages(500, () => PAGE_BYTES)).toEqual(Array.from({ length: 10 }, () => 1));
});
