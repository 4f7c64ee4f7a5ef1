import { decimalOf, marksOf, minorUnitsOf } from './amounts.ts';

/** How amounts, counts and times are written for somebody. */
export type Formats = ReturnType<typeof createFormats>;

export type Reader = {
  /** `de-AT`; English without a region is written as the house writes it, day before month. */
  locale: string;
  /** The reader's own: every instant is shown on their clocks. */
  timeZone: string;
  /** The platform's one currency. */
  currency: string;
  /** How many decimals its amounts have; what Intl says, unless told. */
  currencyDecimals?: number | undefined;
};

const DATE = { day: 'numeric', month: 'short', year: 'numeric' } as const;
const CLOCK = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;

/** Amounts are whole minor units, rates basis points, instants RFC 3339, days `2026-11-23`, weeks `2026-W47`. */
export function createFormats({ locale: asked, timeZone, currency, currencyDecimals }: Reader) {
  const locale = asked === 'en' ? 'en-GB' : asked;
  const decimals = currencyDecimals ?? decimalsOf(currency);
  const marks = marksOf(locale);
  const amounts = {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  } as const;
  const money = new Intl.NumberFormat(locale, amounts);
  const count = new Intl.NumberFormat(locale);
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 });
  const day = new Intl.DateTimeFormat(locale, { timeZone, ...DATE });
  const instant = new Intl.DateTimeFormat(locale, { timeZone, ...DATE, ...CLOCK });
  const time = new Intl.DateTimeFormat(locale, { timeZone, ...CLOCK });
  const date = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...DATE });

  return {
    /** As text through Intl, so that no amount passes through a fraction that floats cannot hold. */
    money: (minor: number) => money.format(decimalOf(minor, decimals) as Intl.StringNumericLiteral),
    count: (value: number) => count.format(value),
    rate: (bps: number) => percent.format(bps / 10_000),
    /** The day that an instant lies in. */
    day: (at: string) => day.format(new Date(at)),
    instant: (at: string) => instant.format(new Date(at)),
    time: (at: string) => time.format(new Date(at)),
    /** A day of the platform's. No zone moves it. */
    date: (iso: string) => date.format(midnight(iso)),
    week: (week: string) => {
      const [first, last] = daysOfWeek(week);
      return date.formatRange(first, last);
    },
    /** When a day begins on the reader's clocks, as an instant. */
    startOf: (iso: string) => startOfDay(iso, timeZone).toISOString(),
    /** What somebody typed as an amount, as minor units; null for what is none. */
    amountOf: (typed: string) => minorUnitsOf(typed, decimals, marks),
    /** An amount as somebody types it here: `1234,50`, or `1234.50`. */
    typedHere: (minor: number) => decimalOf(minor, decimals).replace('.', marks.decimal),
    /** An amount as a file has it: `1234.50`. */
    typed: (minor: number) => decimalOf(minor, decimals),
  };
}

/** The Monday and the Sunday of an ISO week. */
function daysOfWeek(week: string): [first: Date, last: Date] {
  const [, year, number] = /^(\d{4})-W(\d{2})$/.exec(week) ?? [];
  if (year === undefined) throw new RangeError(`${week} is no week`);
  // 4 January lies in the first week of its year.
  const fourth = new Date(`${year}-01-04T00:00:00Z`);
  const weekday = (fourth.getUTCDay() + 6) % 7;
  const monday = fourth.getTime() + ((Number(number) - 1) * 7 - weekday) * DAY_MS;
  return [new Date(monday), new Date(monday + 6 * DAY_MS)];
}

const DAY_MS = 86_400_000;

/** Where the clocks are moved at midnight, the first instant of that day. */
export function startOfDay(day: string, timeZone: string): Date {
  const wanted = midnight(day).getTime();
  const guess = wanted - aheadOfUtc(wanted, timeZone);
  const both = [guess, wanted - aheadOfUtc(guess, timeZone)];
  return new Date(Math.min(...both.filter((at) => at + aheadOfUtc(at, timeZone) >= wanted)));
}

/** By how many milliseconds the clocks of a zone are ahead of UTC at an instant. */
function aheadOfUtc(at: number, timeZone: string): number {
  const clock = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return Date.parse(`${clock.format(at).replace(' ', 'T')}Z`) - at;
}

function midnight(day: string): Date {
  return new Date(`${day}T00:00:00Z`);
}

function decimalsOf(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}
