import { expect, test } from 'vitest';

import { awaitAll } from '../../src/kernel/wait.ts';

test('work side by side answers in its own order, whichever ends first', async () => {
  const late = soon('late');
  expect(await awaitAll([late, Promise.resolve('early')])).toEqual(['late', 'early']);
});

test('it rejects as the first that failed, and only when the others have ended', async () => {
  let ended = 0;
  const late = soon('late').finally(() => {
    ended += 1;
  });
  const work = awaitAll([Promise.reject(new Error('first')), late, Promise.reject(new Error('third'))]);
  await expect(work).rejects.toThrow('first');
  expect(ended).toBe(1);
});

test('without any work it has ended', async () => {
  expect(await awaitAll([])).toEqual([]);
});

/** Ends after everything that is ready now. */
function soon(answer: string): Promise<string> {
  return new Promise((resolve) => setImmediate(() => resolve(answer)));
}
