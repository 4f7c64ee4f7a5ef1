import { expect, it } from 'vitest';

import { createCodeGuessing, WRONG_CODES_AN_HOUR } from '../../src/accounts/codeGuessing.ts';

const HOUR_MS = 3_600_000;

function guessing() {
  let now = 1_000;
  const waited: number[] = [];
  const wait = async (ms: number) => {
    waited.push(ms);
  };
  const bound = createCodeGuessing({ milliseconds: () => now, wait });
  const guess = (count: number) => Array.from({ length: count }, () => bound.noteWrong()).filter(Boolean).length;
  const pass = (ms: number) => {
    now += ms;
  };
  return { bound, waited, guess, pass };
}

it('leaves people alone who mistype, however long', async () => {
  const { bound, waited, guess, pass } = guessing();
  for (let hours = 0; hours < 48; hours += 1) {
    expect(guess(WRONG_CODES_AN_HOUR - 1)).toBe(0);
    pass(HOUR_MS);
  }
  expect(await bound.turn()).toBe(true);
  expect(waited).toEqual([]);
  expect(bound.attempts()).toBe(10);
});

it('slows all who try, once told, while somebody guesses, and forgets it an hour after', async () => {
  const { bound, waited, guess, pass } = guessing();
  expect(guess(WRONG_CODES_AN_HOUR * 3)).toBe(1);
  expect(bound.attempts()).toBe(2);
  const turns = await Promise.all(Array.from({ length: 150 }, () => bound.turn()));
  expect(turns.filter(Boolean)).toHaveLength(101);
  expect(waited.slice(0, 3)).toEqual([0, 100, 200]);
  expect(Math.max(...waited)).toBe(10_000);
  pass(11_000);
  expect(await bound.turn()).toBe(true);
  pass(HOUR_MS);
  expect(bound.attempts()).toBe(10);
  expect(guess(WRONG_CODES_AN_HOUR)).toBe(1);
});
