import { describe, expect, it } from 'vitest';

import { LANGUAGES } from '../../src/texts/languages.ts';
import { speechOf } from '../../src/texts/speech.ts';

const DISPLAY = { timeZone: 'Europe/Berlin', currency: 'USD' };
const NOON = new Date('2026-11-26T11:00:00Z');

/** Intl writes spaces that do not break. */
const plain = (text: string) => text.replace(/[\u00a0\u202f\u2009]/g, ' ');

describe('amounts, rates and times', () => {
  it.each([
    ['en', '$1,234.50', 'Thu 26 Nov 2026, 12:00 (Europe/Berlin)', '28 Dec 2026 – 3 Jan 2027', '2.5 %', '1 Apr 2026'],
    ['en-GB', '$1,234.50', 'Thu 26 Nov 2026, 12:00 (Europe/Berlin)', '28 Dec 2026 – 3 Jan 2027', '2.5 %', '1 Apr 2026'],
    [
      'ru',
      '1 234,50 $',
      'чт, 26 нояб. 2026 г., 12:00 (Europe/Berlin)',
      '28 дек. 2026 г. – 3 янв. 2027 г.',
      '2,5 %',
      '1 апр. 2026 г.',
    ],
    [
      'uk',
      '1 234,50 USD',
      'чт, 26 лист. 2026 р., 12:00 (Europe/Berlin)',
      '28 груд. 2026 – 3 січ. 2027 рр.',
      '2,5%',
      '1 квіт. 2026 р.',
    ],
    ['es', '1234,50 US$', 'jue, 26 nov 2026, 12:00 (Europe/Berlin)', '28 dic 2026 – 3 ene 2027', '2,5 %', '1 abr 2026'],
    [
      'es-MX',
      'USD 1,234.50',
      'jue, 26 de nov de 2026, 12:00 (Europe/Berlin)',
      '28 de dic de 2026 – 3 de ene de 2027',
      '2.5%',
      '1 abr 2026',
    ],
    [
      'pt-BR',
      'US$ 1.234,50',
      'qui., 26 de nov. de 2026, 12:00 (Europe/Berlin)',
      '28 de dez. de 2026 – 3 de jan. de 2027',
      '2,5%',
      '1 de abr. de 2026',
    ],
    ['tlh', '$1,234.50', 'Thu 26 Nov 2026, 12:00 (Europe/Berlin)', '28 Dec 2026 – 3 Jan 2027', '2.5 %', '1 Apr 2026'],
  ])('%s', (locale, money, instant, week, rate, date) => {
    const speech = speechOf({ ...DISPLAY, locale });
    expect(plain(speech.money(123_450))).toBe(money);
    expect(plain(speech.instant(NOON))).toBe(instant);
    expect(plain(speech.week('2026-W53'))).toBe(week);
    expect(plain(speech.rate(250))).toBe(rate);
    expect(plain(speech.date('2026-04-01'))).toBe(date);
  });

  it.each([
    ['en', '26 Nov 2026, 12:00'],
    ['ru', '26.11.2026, 12:00'],
    ['pt-BR', '26/11/2026, 12:00'],
  ])('%s: where room is scarce, an instant without weekday and zone', (locale, instant) => {
    expect(speechOf({ ...DISPLAY, locale }).shortInstant(NOON)).toBe(instant);
  });

  it.each(LANGUAGES)('%s: no amount is rounded, and none passes through a float', (locale) => {
    const digits = (text: string) => text.replace(/\D/g, '');
    const dollars = speechOf({ ...DISPLAY, locale });
    expect(digits(dollars.money(9_007_199_254_740_991))).toBe('9007199254740991');
    expect(digits(dollars.wholeMoney(199))).toBe('1');
    expect(dollars.money(-5)).toMatch(/^[-−]/);
    expect(digits(speechOf({ ...DISPLAY, currency: 'JPY', locale }).money(1_234))).toBe('1234');
    expect(digits(speechOf({ ...DISPLAY, currency: 'KWD', locale }).money(1_234))).toBe('1234');
    expect(digits(speechOf({ ...DISPLAY, currency: 'HUF', locale }).money(1_234))).toBe('1234');
  });

  it.each([
    ['uk', 'Сума увійде до вашої виплати від 1 квіт. 2026 р.'],
    ['ru', 'Сумма войдёт в вашу выплату от 1 апр. 2026 г.'],
    ['en', 'It goes into your payout of 1 Apr 2026.'],
  ])('%s: a date at the end of a sentence ends it with one full stop', (locale, said) => {
    const speech = speechOf({ ...DISPLAY, locale });
    expect(plain(speech.say('adjustments.payday', { payday: speech.date('2026-04-01') }))).toBe(said);
  });

  it('lists, with and without a last "or"', () => {
    expect(speechOf(DISPLAY).list(['a', 'b', 'c'])).toBe('a, b and c');
    expect(speechOf(DISPLAY).list(['a', 'b'], 'or')).toBe('a or b');
    expect(speechOf({ ...DISPLAY, locale: 'ru' }).list(['a', 'b', 'c'])).toBe('a, b и c');
    expect(speechOf({ ...DISPLAY, locale: 'es' }).list(['a', 'b'], 'or')).toBe('a o b');
  });
});
