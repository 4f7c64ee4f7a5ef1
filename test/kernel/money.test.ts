import { describe, expect, test } from 'vitest';

import {
  currencyDecimals,
  decimalMoney,
  formatMoney,
  formatWholeMoney,
  isCurrency,
  parseMoney,
  shareOf,
  sum,
} from '../../src/kernel/money.ts';

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

describe('an amount has the decimals of its currency (ISO 4217)', () => {
  test.each([
    ['USD', 2],
    ['JPY', 0],
    ['KWD', 3],
    ['ISK', 0],
    ['UGX', 0],
    ['CLP', 0],
    ['CLF', 4],
    // Intl shows these as they are used: without decimals.
    ['HUF', 2],
    ['IDR', 2],
    ['COP', 2],
    ['IQD', 3],
    // Newer than the published list.
    ['XCG', 2],
  ])('%s has %i', (currency, decimals) => {
    expect(currencyDecimals(currency)).toBe(decimals);
    expect(isCurrency(currency)).toBe(true);
    expect(decimalMoney(12_345, currency)).toBe(
      decimals === 0 ? '12345' : `${String(12_345).padStart(5, '0').slice(0, -decimals)}.${'12345'.slice(-decimals)}`,
    );
    expect(parseMoney(decimalMoney(12_345, currency), currency)).toBe(12_345);
  });

  test.each([
    ['USD', -400, '-$4.00', '-4.00'],
    ['USD', 0, '$0.00', '0.00'],
    ['USD', -5, '-$0.05', '-0.05'],
    ['USD', 123_456, '$1,234.56', '1234.56'],
    ['JPY', 12_345, '¥12,345', '12345'],
    ['JPY', 0, '¥0', '0'],
    ['JPY', -7, '-¥7', '-7'],
    ['KWD', 12_345, 'KWD\u00a012.345', '12.345'],
    ['KWD', -5, '-KWD\u00a00.005', '-0.005'],
    ['HUF', 12_345, 'HUF\u00a0123.45', '123.45'],
    ['CLF', 5, 'CLF\u00a00.0005', '0.0005'],
    // A float would round this one.
    ['USD', 9_007_199_254_740_991, '$90,071,992,547,409.91', '90071992547409.91'],
  ])('%s: %i minor units read %s and %s', (currency, amount, forPeople, forSheets) => {
    expect(formatMoney(amount, currency)).toBe(forPeople);
    expect(decimalMoney(amount, currency)).toBe(forSheets);
  });

  test('where room is scarce the decimals go', () => {
    expect(formatWholeMoney(1_234_567, 'USD')).toBe('$12,345');
    expect(formatWholeMoney(1_234_567, 'JPY')).toBe('¥1,234,567');
    expect(formatWholeMoney(-1_234_567, 'KWD')).toBe('-KWD\u00a01,234');
  });

  test.each([
    ['USD', '500', 50_000],
    ['USD', '$500', 50_000],
    ['USD', '$500.5', 50_050],
    ['USD', 'US$500', 50_000],
    ['USD', 'usd 500', 50_000],
    ['USD', '500 USD', 50_000],
    ['USD', '$500 USD', null],
    ['USD', '€500.5', null],
    ['USD', '¥500', null],
    ['USD', 'abc5', null],
    ['EUR', '500€', 50_000],
    ['USD', '500.01', 50_001],
    ['USD', '500.000', 50_000],
    ['USD', '1,250.50', 125_050],
    ['USD', '0', 0],
    ['USD', '500.001', null],
    ['USD', '1,25', null],
    ['USD', '-5', null],
    ['USD', '', null],
    ['USD', 'much', null],
    ['USD', '99999999999', null],
    ['JPY', '500', 500],
    ['JPY', '¥12,345', 12_345],
    ['JPY', '500.00', 500],
    ['JPY', '500.5', null],
    ['KWD', '500', 500_000],
    ['KWD', 'KWD12.345', 12_345],
    ['KWD', 'KWD\u00a012.345', 12_345],
    ['KWD', '$12.345', null],
    ['KWD', '12.3456', null],
  ])('%s: %j typed is %j', (currency, typed, amount) => {
    expect(parseMoney(typed, currency)).toBe(amount);
  });

  test.each(['XXX', 'XTS', 'XAU', 'usd', 'US', 'QQQ'])('%s is no currency to count in', (code) => {
    expect(isCurrency(code)).toBe(false);
  });
});
