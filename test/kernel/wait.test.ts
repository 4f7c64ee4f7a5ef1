import { expect, test } from 'vitest';

import { awaitAll, awaitAtMost, createTurns, hedged, pause, waitAtMost, withTimeout } from '../../src/kernel/wait.ts';

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

test('of work that has still to begin only so much is under way at a time, and it answers in its own order', async () => {
  let underWay = 0;
  let most = 0;
  const work = [3, 1, 2, 1, 1].map((turns, index) => async () => {
    underWay += 1;
    most = Math.max(most, underWay);
    for (let turn = 0; turn < turns; turn += 1) await soon('next');
    underWay -= 1;
    return index;
  });
  expect(await awaitAtMost(2, work)).toEqual([0, 1, 2, 3, 4]);
  expect(most).toBe(2);
});

const never = new Promise<never>(() => undefined);
const LONG_MS = 2 ** 31 - 1;

test('a pause ends at once when it is stopped, before or meanwhile', async () => {
  await pause(LONG_MS, AbortSignal.abort());
  const stopping = new AbortController();
  const paused = pause(LONG_MS, stopping.signal);
  stopping.abort();
  await paused;
});

test('waiting ends with the work, or when its time is up', async () => {
  await waitAtMost(soon('done'), LONG_MS);
  await waitAtMost(never, 1);
  await expect(waitAtMost(Promise.reject(new Error('broken')), LONG_MS)).rejects.toThrow('broken');
});

test('what takes too long is refused in the words given', async () => {
  expect(await withTimeout(LONG_MS, soon('done'), 'too late')).toBe('done');
  await expect(withTimeout(1, never, 'too late')).rejects.toThrow('too late');
});

test('turns are taken in the order of asking, also after one that failed', async () => {
  const inTurn = createTurns();
  const seen: string[] = [];
  const first = inTurn(() => soon('first').then((name) => seen.push(name)));
  const second = inTurn(() => Promise.reject(new Error('second')));
  const third = inTurn(async () => seen.push('third'));
  await expect(second).rejects.toThrow('second');
  await Promise.all([first, third]);
  expect(seen).toEqual(['first', 'third']);
});

/** Ends after everything that is ready now. */
function soon(answer: string): Promise<string> {
  return new Promise((resolve) => setImmediate(() => resolve(answer)));
}

test('a question that gets no answer is asked once more, and the first answer counts', async () => {
  const answers = [never, Promise.resolve('second')];
  expect(await hedged(1, () => answers.shift() ?? never)).toBe('second');
  expect(await hedged(LONG_MS, async () => 'first')).toBe('first');
  const failing = hedged(1, async () => {
    await pause(20);
    throw new Error('both');
  });
  await expect(failing).rejects.toThrow('both');
  await expect(hedged(LONG_MS, () => Promise.reject(new Error('at once')))).rejects.toThrow('at once');
});
