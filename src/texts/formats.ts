import {
  daysOfWeek,
  formatDate,
  formatDay,
  formatInstant,
  formatShortInstant,
  formatWeek,
  isoDayOf,
  type WeekId,
} from '../kernel/calendar.ts';
import {
  type BasisPoints,
  currencyDecimals,
  decimalMoney,
  formatMoney,
  formatRate,
  formatWholeMoney,
  type MinorUnits,
} from '../kernel/money.ts';
import { type Language, type Locale, languageOf } from './languages.ts';

/** How amounts, rates and times are written for somebody. */
export type Formats = {
  money(amount: MinorUnits): string;
  /** The same where room is scarce: without decimals. */
  wholeMoney(amount: MinorUnits): string;
  rate(rateBps: BasisPoints): string;
  /** An instant on the reader's clocks, always with its zone (rules 0). */
  instant(at: Date): string;
  /** The same where room is scarce, without weekday and zone: for tables in what says their zone elsewhere. */
  shortInstant(at: Date): string;
  /** The day that an instant lies in, in the reader's zone. */
  day(at: Date): string;
  /** The same as a date, `2026-04-01`, which others of these take. */
  dayOf(at: Date): string;
  /** A day of the platform's, `2026-04-01`. No zone moves it. */
  date(day: string): string;
  /** The same where room is scarce and the year is plain: without it. */
  shortDate(day: string): string;
  week(week: WeekId): string;
  /** The month that a day lies in, as a heading: `March 2026`. */
  month(day: string): string;
  /** The days of a week in the name of a thing, `2–8 Mar`: with the year only where it is not this one. */
  weekDays(week: WeekId): string;
  /** A day of the platform's in the name of a thing, `1 Jun`: likewise. */
  monthDay(day: string): string;
};

/** English, as the house writes it everywhere, in the API and the log, too. */
export function englishFormats(timeZone: string, currency: string, thisYear?: number): Formats {
  const withoutThisYear = (text: string) => text.replace(new RegExp(` ${thisYear}$`), '');
  return {
    money: (amount) => formatMoney(amount, currency),
    wholeMoney: (amount) => formatWholeMoney(amount, currency),
    rate: formatRate,
    instant: (at) => formatInstant(at, timeZone),
    shortInstant: (at) => formatShortInstant(at, timeZone),
    day: (at) => formatDay(at, timeZone),
    dayOf: (at) => isoDayOf(at, timeZone),
    date: formatDate,
    shortDate: (day) => formatDate(day).replace(/ \d{4}$/, ''),
    week: formatWeek,
    month: (day) => ENGLISH_MONTH.format(midnight(day)),
    weekDays: (week) => (isWithin(week, thisYear) ? withoutThisYear(formatWeek(week)) : formatWeek(week)),
    monthDay: (day) => withoutThisYear(formatDate(day)),
  };
}

/** As people write where a language is spoken. */
export function localFormats(locale: Locale, timeZone: string, currency: string, thisYear?: number): Formats {
  const decimals = currencyDecimals(currency);
  const money = { style: 'currency', currency } as const;
  const whole = amountFormat(locale, { ...money, maximumFractionDigits: 0, roundingMode: 'trunc' });
  const exact = amountFormat(locale, { ...money, minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 });
  const short = new Intl.DateTimeFormat(locale, { timeZone, ...DIGITS, ...CLOCK });
  const shortDay = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', day: DATE.day, month: DATE.month });
  const time = new Intl.DateTimeFormat(locale, { timeZone, ...CLOCK });
  const day = new Intl.DateTimeFormat(locale, { timeZone, weekday: 'short', ...DATE });
  const date = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...DATE });
  const month = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', month: 'long', year: 'numeric' });
  const named = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...DATE, month: 'long' });
  const namedThisYear = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', day: DATE.day, month: 'long' });
  return {
    // As text, so that no amount passes through a fraction that floats cannot hold.
    money: (amount) => exact.format(decimalMoney(amount, currency) as Intl.StringNumericLiteral),
    wholeMoney: (amount) => whole.format(decimalMoney(amount, currency) as Intl.StringNumericLiteral),
    rate: (rateBps) => percent.format(rateBps / 10_000),
    instant: (at) => `${day.format(at)}, ${time.format(at)} (${timeZone})`,
    shortInstant: (at) => short.format(at),
    day: (at) => day.format(at),
    dayOf: (at) => isoDayOf(at, timeZone),
    date: (text) => date.format(midnight(text)),
    shortDate: (text) => shortDay.format(midnight(text)),
    week: (week) => {
      const [first, last] = daysOfWeek(week);
      return date.formatRange(midnight(first), midnight(last));
    },
    month: (text) => capitalised(month.format(midnight(text)), locale),
    weekDays: (week) => {
      const [first, last] = daysOfWeek(week);
      const format = isWithin(week, thisYear) ? namedThisYear : named;
      const parts = format.formatRangeToParts(midnight(first), midnight(last));
      return parts
        .map(({ value }) => (DASH.test(value) ? (BETWEEN_DAYS[languageOf(locale) ?? 'en'] ?? value) : value))
        .join('');
    },
    monthDay: (day) => (day.startsWith(`${thisYear}-`) ? namedThisYear : named).format(midnight(day)),
  };
}

/** Whether both ends of a week lie in a year. */
function isWithin(week: WeekId, year: number | undefined): boolean {
  return daysOfWeek(week).every((day) => day.startsWith(`${year}-`));
}

/** What stands between two days where a dash would not be read as one word of a sentence: `del 2 al 8 de marzo`. */
const BETWEEN_DAYS: Partial<Record<Language, string>> = { es: ' al ', 'pt-BR': ' a ' };
const DASH = /^\s*–\s*$/;

const ENGLISH_MONTH = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', month: 'long', year: 'numeric' });

function capitalised(text: string, locale: Locale): string {
  return `${text.charAt(0).toLocaleUpperCase(locale)}${text.slice(1)}`;
}

const DATE = { day: 'numeric', month: 'short', year: 'numeric' } as const;
const DIGITS = { day: '2-digit', month: '2-digit', year: 'numeric' } as const;
const CLOCK = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;

/** `roundingMode` is younger than the types of the language level that we compile for. */
function amountFormat(locale: Locale, options: Intl.NumberFormatOptions & { roundingMode?: 'trunc' }) {
  return new Intl.NumberFormat(locale, options);
}

/** A day without a zone, as Intl takes it. */
function midnight(day: string): Date {
  return new Date(`${day}T00:00:00Z`);
}
