import { expect, test } from 'vitest';

import { inBatches } from '../../src/kernel/group.ts';

async function* waitAtMost(count: number) {
  for (let number = 1; number <= count; number += 1) yield number;
}

test.each([
  [0, []],
  [1, [[1]]],
  [2, [[1, 2]]],
  [5, [[1, 2], [3, 4], [5]]],
])('of %i items, two at a time: %j', async (count, batches) => {
  const seen: number[][] = [];
  for await (const batch of inBatches(waitAtMost(count), 2)) seen.push(batch);
  expect(seen).toEqual(batches);
});
