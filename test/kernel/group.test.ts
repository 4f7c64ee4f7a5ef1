import { expect, test } from 'vitest';

import { chunksOf, inBatches, roundsOf } from '../../src/kernel/group.ts';

async function* upTo(count: number) {
  for (let number = 1; number <= count; number += 1) yield number;
}

test.each([
  [0, []],
  [1, [[1]]],
  [2, [[1, 2]]],
  [5, [[1, 2], [3, 4], [5]]],
])('of %i items, two at a time: %j', async (count, batches) => {
  const seen: number[][] = [];
  for await (const batch of inBatches(upTo(count), 2)) seen.push(batch);
  expect(seen).toEqual(batches);
});

test.each([
  [[], []],
  [[1, 2], [[1, 2]]],
  [
    [1, 2, 3],
    [[1, 2], [3]],
  ],
])('pieces of two of %j: %j', (items, pieces) => {
  expect(chunksOf(items, 2)).toEqual(pieces);
});

test('a round has one of each key at most, and all keep their order', () => {
  expect(roundsOf(['a1', 'a2', 'b1', 'a3', 'b2'], (item) => item[0])).toEqual([['a1', 'b1'], ['a2', 'b2'], ['a3']]);
});
