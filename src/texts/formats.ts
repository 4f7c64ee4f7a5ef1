import {
  daysOfWeek,
  formatDate,
  formatDay,
  formatInstant,
  formatShortInstant,
  formatWeek,
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
import type { Locale } from './languages.ts';

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
  /** A day of the platform's, `2026-04-01`. No zone moves it. */
  date(day: string): string;
  /** The same where room is scarce and the year is plain: without it. */
  shortDate(day: string): string;
  week(week: WeekId): string;
};

/** English, as the house writes it everywhere, in the API and the log, too. */
export function englishFormats(timeZone: string, currency: string): Formats {
  return {
    money: (amount) => formatMoney(amount, currency),
    wholeMoney: (amount) => formatWholeMoney(amount, currency),
    rate: formatRate,
    instant: (at) => formatInstant(at, timeZone),
    shortInstant: (at) => formatShortInstant(at, timeZone),
    day: (at) => formatDay(at, timeZone),
    date: formatDate,
    shortDate: (day) => formatDate(day).replace(/ \d{4}$/, ''),
    week: formatWeek,
  };
}

/** As people write where a language is spoken. */
export function localFormats(locale: Locale, timeZone: string, currency: string): Formats {
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
  return {
    // As text, so that no amount passes through a fraction that floats cannot hold.
    money: (amount) => exact.format(decimalMoney(amount, currency) as Intl.StringNumericLiteral),
    wholeMoney: (amount) => whole.format(decimalMoney(amount, currency) as Intl.StringNumericLiteral),
    rate: (rateBps) => percent.format(rateBps / 10_000),
    instant: (at) => `${day.format(at)}, ${time.format(at)} (${timeZone})`,
    shortInstant: (at) => short.format(at),
    day: (at) => day.format(at),
    date: (text) => date.format(midnight(text)),
    shortDate: (text) => shortDay.format(midnight(text)),
    week: (week) => {
      const [first, last] = daysOfWeek(week);
      return date.formatRange(midnight(first), midnight(last));
    },
  };
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
