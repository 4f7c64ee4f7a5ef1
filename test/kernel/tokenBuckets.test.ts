import { expect, it } from 'vitest';

import { createTokenBuckets } from '../../src/kernel/tokenBuckets.ts';

it('takes a burst and then one each interval; says once which is too many, until half is there again', () => {
  let now = 0;
  const { take, isFull, giveBack } = createTokenBuckets({ burst: 4, refillMs: 1_000 }, () => now);
  const takes = (count: number) => Array.from({ length: count }, () => take('a'));
  expect(takes(6)).toEqual(['taken', 'taken', 'taken', 'taken', 'one-too-many', 'refused']);
  expect([isFull('a'), isFull('b')]).toEqual([false, true]);
  expect(take('b')).toBe('taken');
  now = 1_000;
  expect(takes(3)).toEqual(['taken', 'refused', 'refused']);
  now = 4_000;
  expect(takes(5)).toEqual(['taken', 'taken', 'taken', 'one-too-many', 'refused']);
  giveBack('a');
  expect(takes(2)).toEqual(['taken', 'refused']);
});

it('remembers so many keys at most', () => {
  const { take } = createTokenBuckets({ burst: 1, refillMs: 1_000 }, () => 0);
  take('first');
  for (let key = 0; key < 20_000; key += 1) take(String(key));
  expect(take('first')).toBe('taken');
  expect(take('19999')).toBe('one-too-many');
});
