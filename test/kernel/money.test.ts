import { describe, expect, test } from 'vitest';

import { decimalMoney, formatMoney, shareOf, sum } from '../../src/kernel/money.ts';

describe('a share is rounded once, half away from zero (rules 0)', () => {
  test.each([
    // The worked example of rules 1.
    [9_990, 4_000, 3_996],
    [-999, 4_000, -400],
    [2_555, 2_500, 639],
    [4_235, 300, 127],
    // Exactly half, a little less and a little more, on both sides.
    [1, 5_000, 1],
    [-1, 5_000, -1],
    [3, 5_000, 2],
    [-3, 5_000, -2],
    [1, 4_999, 0],
    [-1, 4_999, 0],
    [1, 5_001, 1],
    [25, 200, 1],
    [-25, 200, -1],
    [0, 10_000, 0],
    [-7, 0, 0],
    [123, 10_000, 123],
    // Floats would be off by one here.
    [9_000_000_000_000_000, 1, 900_000_000_000],
    [8_999_999_999_999_999, 9_999, 8_999_099_999_999_999],
  ])('%i at %i basis points is %i', (amount, rate, share) => {
    expect(shareOf(amount, rate)).toBe(share);
  });

  test('no share and no sum is minus zero', () => {
    expect(Object.is(shareOf(-1, 1), 0)).toBe(true);
    expect(Object.is(sum([-0]), 0)).toBe(true);
  });

  test('what leaves the safe integers throws', () => {
    expect(() => sum([Number.MAX_SAFE_INTEGER, 1])).toThrow(RangeError);
    expect(() => shareOf(Number.MAX_SAFE_INTEGER, 20_000)).toThrow(RangeError);
  });
});

test.each([
  [-400, '-$4.00', '-4.00'],
  [0, '$0.00', '0.00'],
  [-5, '-$0.05', '-0.05'],
  [123_456, '$1,234.56', '1234.56'],
])('%i cents read %s and %s', (amount, forPeople, forSheets) => {
  expect(formatMoney(amount, 'USD')).toBe(forPeople);
  expect(decimalMoney(amount)).toBe(forSheets);
});
