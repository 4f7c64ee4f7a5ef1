import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { decimalOf, marksOf, minorUnitsOf, signedAmountOf } from '../../console/src/amounts.ts';
import { createFormats } from '../../console/src/format.ts';
import { timesOf } from '../support/depth.ts';

/** Amounts as people type them, in each language; without a browser. */

const POINT = ['en', 'en-US', 'es-MX', 'de-CH'];
const COMMA = ['es', 'pt-BR', 'ru', 'uk', 'de-AT'];
const CURRENCIES = ['USD', 'JPY', 'KWD'];

const formatsOf = (locale: string, currency = 'USD') => createFormats({ locale, timeZone: 'UTC', currency });
const digitsOf = (currency: string) =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 0;

describe('where a comma stands before the decimals', () => {
  test.each(COMMA)('in %s it is understood, and so is a point', (locale) => {
    const { amountOf } = formatsOf(locale);
    const typed = ['12,50', '12,5', '12.50', '0,01', ' 1250 ', '1250,00'];
    expect(typed.map(amountOf)).toEqual([1_250, 1_250, 1_250, 1, 125_000, 125_000]);
  });

  test.each(COMMA)('in %s what could be a thousand is no amount, nor is what nobody writes', (locale) => {
    const { amountOf } = formatsOf(locale);
    const typed = [
      '1,250',
      '1.250',
      '1,250.00',
      '1,2,3',
      '12,',
      ',5',
      '12,505',
      '1.250.000',
      '12 50',
      '1,25 0',
      '-1,5',
      '',
    ];
    for (const text of typed) expect([text, amountOf(text)]).toEqual([text, null]);
  });

  test('groups are those of the language: spaces, or points before a comma', () => {
    for (const locale of ['ru', 'uk']) {
      const typed = ['1 250', '1\u00a0250,50', '1\u202f250,5', '1 250.50', '12 345 678,90'];
      expect(typed.map(formatsOf(locale).amountOf)).toEqual([125_000, 125_050, 125_050, 125_050, 1_234_567_890]);
      expect(formatsOf(locale).amountOf('1.250,50')).toBeNull();
    }
    for (const locale of ['es', 'pt-BR']) {
      expect(formatsOf(locale).amountOf('1.250,50')).toBe(125_050);
      expect(formatsOf(locale).amountOf('1 250,50')).toBeNull();
      expect(formatsOf(locale).amountOf('1.250.50')).toBeNull();
    }
  });
});

test.each(POINT)('where a point stands there, as in %s, a comma is no decimal mark', (locale) => {
  const { amountOf } = formatsOf(locale);
  for (const text of ['12,50', '12,5', '1.250', '1.250,00']) expect([text, amountOf(text)]).toEqual([text, null]);
  expect(['12.50', '1 250.5'].map(amountOf)).toEqual([1_250, 125_050]);
});

test('three digits are a fraction only of a currency that has them, after the mark of the language', () => {
  expect(['1,250', '1.250', '1,25'].map(formatsOf('uk', 'KWD').amountOf)).toEqual([1_250, null, 1_250]);
  expect(['1.250', '1,250'].map(formatsOf('en', 'KWD').amountOf)).toEqual([1_250, 1_250_000]);
  expect(['12,00', '12,50', '12'].map(formatsOf('uk', 'JPY').amountOf)).toEqual([12, null, 12]);
});

describe.each([...POINT, ...COMMA])('in %s', (locale) => {
  // Eleven digits stand before the decimals of the longest.
  const amount = fc.integer({ min: 0, max: 99_999_999_999 });

  test.each(CURRENCIES)(
    'what is written of %s is read as that, or where no decimals say which mark it is, not at all',
    (currency) => {
      const decimals = digitsOf(currency);
      const { amountOf, typedHere } = formatsOf(locale, currency);
      const written = (useGrouping: boolean) =>
        new Intl.NumberFormat(locale, {
          useGrouping,
          minimumFractionDigits: decimals,
          maximumFractionDigits: decimals,
        });
      fc.assert(
        fc.property(amount, (minor) => {
          const exact = decimalOf(minor, decimals) as Intl.StringNumericLiteral;
          expect(amountOf(typedHere(minor))).toBe(minor);
          expect(amountOf(written(false).format(exact))).toBe(minor);
          const grouped = amountOf(written(true).format(exact));
          if (decimals > 0 || grouped !== null) expect(grouped).toBe(minor);
        }),
        { numRuns: timesOf(500) },
      );
    },
  );

  test('nothing that is read is worth more than its digits, or less than they without two or three', () => {
    const text = fc.string({ unit: fc.constantFrom(...'0123456789,. \u00a0-'), maxLength: 14 });
    fc.assert(
      fc.property(text, fc.constantFrom(...CURRENCIES), (typed, currency) => {
        const decimals = digitsOf(currency);
        const read = minorUnitsOf(typed, decimals, marksOf(locale));
        if (read === null) return;
        const digits = Number(typed.replace(/\D/g, ''));
        const fraction = /[.,](\d{1,3})$/.exec(typed.trim())?.[1]?.length ?? 0;
        expect([0, fraction].map((places) => Math.round((digits / 10 ** places) * 10 ** decimals))).toContain(read);
        // The mark of a fraction is not that of groups.
        if (/^\d{1,3}[.,]\d{3}$/.test(typed.trim()) && decimals < 3) expect(locale).toMatch(/^(en|es-MX)/);
      }),
      { numRuns: timesOf(2_000) },
    );
  });
});

test('below zero by either minus', () => {
  const { amountOf } = formatsOf('ru');
  expect(['-12,50', '−12,5', '--1', '0', '-0,00'].map((text) => signedAmountOf(text, amountOf))).toEqual([
    ...[-1_250, -1_250, null, null, null],
  ]);
});
