import { describe, expect, test } from 'vitest';

import { boundOf, decideTakes, isCovered, takenUnguarded } from '../../src/ledger/guards.ts';
import { debit, topUp } from './world.ts';

const had = (balance: number, taken = 0) => ({ balance, taken });

describe('takes from one book are decided one after the other', () => {
  test('each on what the one before has left, numbered without a gap', () => {
    const asked = [debit('1', 60), debit('2', 50), debit('3', 40), debit('4', 0)];
    expect(decideTakes(asked, { guard: 7 }, had(100, 900))).toEqual([
      { kind: 'numbered', guard: 8, carried: { balance: 40, taken: 960 } },
      { kind: 'insufficient', balance: 40, missing: 10 },
      { kind: 'numbered', guard: 9, carried: { balance: 0, taken: 1_000 } },
      { kind: 'numbered', guard: 10, carried: { balance: 0, taken: 1_000 } },
    ]);
    expect(isCovered(asked, had(100))).toBe(false);
    expect(isCovered(asked, had(150))).toBe(true);
  });

  test('one that means the same as one before, or answers its question, waits for that', () => {
    const asked = [debit('1', 10, 'model:M', 'q'), debit('2', 10, 'model:M', 'q'), debit('1', 10, 'model:M', 'q')];
    const kinds = (balance: number) => decideTakes(asked, { guard: 0 }, had(balance)).map(({ kind }) => kind);
    expect(kinds(10)).toEqual(['numbered', 'after-another', 'after-another']);
    expect(kinds(9)).toEqual(['insufficient', 'insufficient', 'insufficient']);
  });

  test('where something can be taken without a number, only what was taken by numbers is carried', () => {
    expect(decideTakes([debit('1', 10, 'marketer:x')], { guard: 3 }, had(10))).toEqual([
      { kind: 'numbered', guard: 4, carried: { taken: 10 } },
    ]);
    expect(boundOf('marketer:x', { guard: 3, carried: had(5) })).toBeUndefined();
  });
});

test.each([
  ['before the first decrease nothing was taken', 'model:M', { guard: 0 }, had(0)],
  ['the last decrease says it', 'credit:M', { guard: 2, carried: had(5, 7) }, had(5, 7)],
  ['one from before there was such a thing says nothing', 'model:M', { guard: 2 }, undefined],
  ['one that carries no balance says nothing', 'model:M', { guard: 2, carried: { taken: 5 } }, undefined],
])('what an account has at least: %s', (_, book, last, expected) => {
  expect(boundOf(book, last)).toEqual(expected);
});

test.each([
  ['a decrease under its number', { ...debit('1', 5), guard: 1 }, undefined],
  ['a decrease without one', debit('1', 5), 'model:M'],
  ['one in the book of another', { ...debit('1', 5), book: 'model:N', guard: 1 }, 'model:M'],
  ['an increase', topUp('1', 5), undefined],
  ['a correction of what a marketer earned', topUp('1', -5, 'marketer:c'), undefined],
])('what takes from a guarded account outside its numbers: %s', (_, draft, account) => {
  expect(takenUnguarded(draft)).toBe(account);
});
