import { type Calendar, createCalendar } from '../../kernel/calendar.ts';
import { isSignOf, type MinorUnits, parseMoney } from '../../kernel/money.ts';
import type { PromiseTerms } from '../../promises/promises.ts';

/** What people type, in the ways they type it. Null, or undefined in a list, is what could not be understood. */

const TEXT_LENGTH = 1_000;

/** `3`, `3d`, `3 days` → 3. */
export function parseDays(text: string): number | null {
  const digits = /^(\d{1,4}) ?(d|days?)?$/i.exec(text.trim())?.[1];
  return digits === undefined ? null : Number(digits);
}

/** The amount that the first words name, and the words after it: its currency can stand apart, on either side of it. */
export function parseAmount(words: string[], currency: string): { amount: MinorUnits; rest: string[] } | null {
  const [first = '', second = ''] = words;
  const isApart = isSignOf(first, currency) || (second !== '' && isSignOf(second, currency));
  const text = isApart ? `${first} ${second}` : first;
  const amount = parseMoney(text, currency);
  return amount === null ? null : { amount, rest: words.slice(isApart ? 2 : 1) };
}

/** The same with a sign before it or within: `-5`, `+$5`, `$-5`, `- 5`, `USD -5`. What a balance is changed by, so it is never nothing. */
export function parseSignedAmount(words: string[], currency: string): { amount: MinorUnits; rest: string[] } | null {
  const [first = '', second = ''] = words;
  const [, before = '', sign = '', after = ''] = SIGNED.exec(first) ?? [];
  const isSignNext = sign === '' && first !== '' && isSignOf(first, currency);
  const [, , nextSign = '', next = ''] = isSignNext ? (SIGNED.exec(second) ?? []) : [];
  const unsigned = isSignNext ? [first, next, ...words.slice(2)] : [`${before}${after}`, ...words.slice(1)];
  const parsed = parseAmount(unsigned[0] === '' ? unsigned.slice(1) : unsigned, currency);
  if (parsed === null || parsed.amount === 0) return null;
  const isLess = /[−–-]/.test(sign + nextSign);
  return { ...parsed, amount: isLess ? -parsed.amount : parsed.amount };
}

/** What stands before a sign, as a currency's; the sign; the rest. */
const SIGNED = /^([^\d\s.,+−–-]{0,4}\s?)([+−–-]?)\s*(.*)$/;

/** `22:00`, `8:00` → `22:00`, `08:00`. */
export function parseTime(text: string): string | null {
  const [, hour, minute] = /^(\d{1,2}):(\d{2})$/.exec(text.trim()) ?? [];
  if (hour === undefined || minute === undefined || Number(hour) > 23 || Number(minute) > 59) return null;
  return `${hour.padStart(2, '0')}:${minute}`;
}

/** What a person says in the last words, as a reason or a reference: empty when that is nothing. */
export function parseText(words: string[]): string {
  return words.join(' ').trim().slice(0, TEXT_LENGTH);
}

/**
 * The instant that the first words name, and the words after it: a date (which it begins with), a date and time, both
 * in the person's zone, an instant with its own offset, or from `now` on so many hours, calendar days or weeks.
 */
export function parseUntil(words: string[], timeZone: string, now: Date): { until: Date; rest: string[] } | null {
  const [first = '', second = '', ...others] = words;
  const isTimeApart = /^\d{4}-\d{2}-\d{2}$/.test(first) && parseTime(second) !== null;
  const text = isTimeApart ? `${first}T${parseTime(second)}` : first.trim().replace(/\s+/, 'T');
  const until = instantOf(text, timeZone, now);
  return until === null ? null : { until, rest: isTimeApart ? others : words.slice(1) };
}

/** The arguments `ID UNTIL REASON`, which are checked before. */
export function parseIdUntilReason(
  [id = '', ...others]: string[],
  timeZone: string,
  now: Date,
): { id: string; until: Date; reason: string } {
  const parsed = parseUntil(others, timeZone, now);
  if (parsed === null) throw new Error(`an instant ${others[0]} was not refused`);
  return { id, until: parsed.until, reason: parseText(parsed.rest) };
}

const IN_PARTS = 'parts';

/**
 * By when somebody promises to pay, and whether in two parts: a day, which they have to its end, in `days` of theirs, so many days or
 * weeks from `now` on, or an instant; `parts`, with or without one of these. Nothing at all is as late as it may be.
 */
export function parsePromise(words: string[], days: Calendar, now: Date): PromiseTerms | null {
  const [first = '', ...others] = words.filter((word) => word !== '');
  const inParts = first.toLowerCase() === IN_PARTS;
  const when = (inParts ? others : [first, ...others]).filter((word) => word !== '');
  if (when.length === 0) return { inParts };
  const parsed = parseUntil(when, days.zone, now);
  if (parsed === null || parsed.rest.length > 0) return null;
  const isDay = when.length === 1 && /^(\d{4}-\d{2}-\d{2}|\d{1,3}[dw])$/i.test(when[0] ?? '');
  return { inParts, until: isDay ? { day: days.dayOf(parsed.until) } : { at: parsed.until } };
}

function instantOf(text: string, timeZone: string, now: Date): Date | null {
  const calendar = createCalendar(timeZone);
  const [, count, unit] = /^(\d{1,3})([hdw])$/i.exec(text) ?? [];
  if (count !== undefined && unit !== undefined) {
    if (unit.toLowerCase() === 'h') return new Date(now.getTime() + Number(count) * 3_600_000);
    return calendar.addDays(now, Number(count) * (unit.toLowerCase() === 'w' ? 7 : 1));
  }
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/i.test(text)) {
    // A day that does not exist is none, and not the day after.
    if (calendar.instantOf(text.slice(0, 10)) === null) return null;
    const at = new Date(text.toUpperCase());
    return Number.isNaN(at.getTime()) ? null : at;
  }
  return calendar.instantOf(text);
}
