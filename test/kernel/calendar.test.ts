import { describe, expect, test } from 'vitest';

import { createCalendar, formatInstant, isTimeZone } from '../../src/kernel/calendar.ts';
import { sampleOf } from '../support/depth.ts';

const SIX = { hour: 6, minute: 0 };
const HOUR_MS = 3_600_000;
const utc = createCalendar('UTC');
const berlin = createCalendar('Europe/Berlin');
const iso = (at: Date) => at.toISOString().replace('.000', '');
const calendarOf = (zone: string) => (zone === 'UTC' ? utc : berlin);

describe('weeks are half-open, Monday to Monday, in the platform zone (rules 0, 1.2)', () => {
  test.each([
    ['UTC', '2026-03-01T23:59:59.999Z', '2026-W09'],
    ['UTC', '2026-03-02T00:00:00.000Z', '2026-W10'],
    ['Europe/Berlin', '2026-03-01T22:59:59.999Z', '2026-W09'],
    ['Europe/Berlin', '2026-03-01T23:00:00.000Z', '2026-W10'],
    // Summer time begins on Sunday 29 March: the next Monday begins at 22:00 UTC.
    ['Europe/Berlin', '2026-03-29T21:59:59.999Z', '2026-W13'],
    ['Europe/Berlin', '2026-03-29T22:00:00.000Z', '2026-W14'],
    // It ends on Sunday 25 October.
    ['Europe/Berlin', '2026-10-25T22:59:59.999Z', '2026-W43'],
    ['Europe/Berlin', '2026-10-25T23:00:00.000Z', '2026-W44'],
    // A year of 53 weeks, and the first Monday of the next.
    ['UTC', '2026-12-27T23:59:59.999Z', '2026-W52'],
    ['UTC', '2026-12-28T00:00:00.000Z', '2026-W53'],
    ['UTC', '2027-01-03T23:59:59.999Z', '2026-W53'],
    ['UTC', '2027-01-04T00:00:00.000Z', '2027-W01'],
    // Years whose first days belong to the year before, or whose last ones to the next.
    ['UTC', '2025-12-29T00:00:00.000Z', '2026-W01'],
    ['UTC', '2028-01-01T12:00:00.000Z', '2027-W52'],
    ['UTC', '2028-02-29T12:00:00.000Z', '2028-W09'],
  ])('%s %s is in %s', (zone, at, week) => {
    // Twice: the second answer comes from memory.
    expect(calendarOf(zone).weekOf(new Date(at))).toBe(week);
    expect(calendarOf(zone).weekOf(new Date(at))).toBe(week);
  });

  test.each(sampleOf(['UTC', 'Europe/Berlin', 'America/New_York', 'Pacific/Apia', 'Asia/Kathmandu'], 1))(
    'in %s the weeks of ten years follow each other without a gap, and every instant lies in its own',
    (zone) => {
      const calendar = createCalendar(zone);
      let week = '2024-W01';
      for (let count = 0; count < 520; count += 1) {
        const { start, end } = calendar.weekPeriod(week);
        const next = calendar.nextWeek(week);
        expect(calendar.weekPeriod(next).start).toEqual(end);
        expect(next > week).toBe(true);
        expect([start, new Date(end.getTime() - 1)].map(calendar.weekOf)).toEqual([week, week]);
        expect(calendar.weekOf(end)).toBe(next);
        week = next;
      }
      expect(week).toBe('2033-W51');
    },
  );

  test('the last weeks are counted across the end of a year and a change of the clock, and begin at midnight', () => {
    expect(utc.weeksUntil(new Date('2027-01-06T12:00:00Z'), 3)).toEqual({
      weeks: ['2026-W52', '2026-W53', '2027-W01'],
      start: new Date('2026-12-21T00:00:00Z'),
    });
    const { weeks, start } = berlin.weeksUntil(new Date('2026-04-01T12:00:00Z'), 2);
    expect([weeks, iso(start)]).toEqual([['2026-W13', '2026-W14'], '2026-03-22T23:00:00Z']);
  });

  test('weeks of the two changes of Berlin have 167 and 169 hours', () => {
    const hours = ['2026-W13', '2026-W43', '2026-W20'].map((week) => {
      const { start, end } = berlin.weekPeriod(week);
      return (end.getTime() - start.getTime()) / HOUR_MS;
    });
    expect(hours).toEqual([167, 169, 168]);
  });
});

describe('invoices are issued on Monday at 06:00 of the wall clock (rules 1.2)', () => {
  test.each([
    ['UTC', '2026-W10', '2026-03-09T06:00:00Z'],
    ['Europe/Berlin', '2026-W12', '2026-03-23T05:00:00Z'],
    ['Europe/Berlin', '2026-W13', '2026-03-30T04:00:00Z'],
    ['Europe/Berlin', '2026-W43', '2026-10-26T05:00:00Z'],
    ['UTC', '2026-W53', '2027-01-04T06:00:00Z'],
    ['UTC', '2024-W09', '2024-03-04T06:00:00Z'],
  ])('%s %s at %s', (zone, week, at) => {
    expect(iso(calendarOf(zone).issueInstant(week, SIX))).toBe(at);
  });

  test.each([
    ['2026-03-09T05:59:59.999Z', '2026-W09'],
    ['2026-03-09T06:00:00.000Z', '2026-W10'],
    ['2026-03-15T23:59:59.999Z', '2026-W10'],
    ['2027-01-04T05:59:59.999Z', '2026-W52'],
    ['2027-01-04T06:00:00.000Z', '2026-W53'],
  ])('at %s the last week issued is %s', (at, week) => {
    expect(utc.latestIssuedWeek(new Date(at), SIX)).toBe(week);
  });
});

describe('days and months are those of the calendar (rules 1.4, 1.10)', () => {
  test.each([
    ['UTC', '2026-03-09T06:00:00Z', 3, '2026-03-12T06:00:00Z'],
    // Thursday after the change is at the same wall-clock time: an hour of real time less or more.
    ['Europe/Berlin', '2026-03-26T05:00:00Z', 4, '2026-03-30T04:00:00Z'],
    ['Europe/Berlin', '2026-10-23T04:00:00Z', 3, '2026-10-26T05:00:00Z'],
    ['UTC', '2028-02-28T06:00:00Z', 3, '2028-03-02T06:00:00Z'],
    ['UTC', '2026-02-26T06:00:00Z', 3, '2026-03-01T06:00:00Z'],
    ['UTC', '2026-12-30T06:00:00Z', 3, '2027-01-02T06:00:00Z'],
    // 02:30 does not exist on the day of the change: later. It exists twice on the other: the earlier.
    ['Europe/Berlin', '2026-03-28T01:30:00Z', 1, '2026-03-29T01:30:00Z'],
    ['Europe/Berlin', '2026-10-24T00:30:00Z', 1, '2026-10-25T00:30:00Z'],
  ])('%s: %s and %i days is %s', (zone, at, days, later) => {
    expect(iso(calendarOf(zone).addDays(new Date(at), days))).toBe(later);
  });

  test.each([
    ['UTC', '2026-05-25T06:00:00Z', '2026-02-25T06:00:00Z'],
    ['UTC', '2026-05-31T06:00:00Z', '2026-02-28T06:00:00Z'],
    ['UTC', '2028-05-29T06:00:00Z', '2028-02-29T06:00:00Z'],
    ['UTC', '2027-02-01T06:00:00Z', '2026-11-01T06:00:00Z'],
    ['Europe/Berlin', '2026-05-04T04:00:00Z', '2026-02-04T05:00:00Z'],
  ])('%s: three months before %s is %s', (zone, at, earlier) => {
    expect(iso(calendarOf(zone).addMonths(new Date(at), -3))).toBe(earlier);
  });
});

test('an instant reads with its zone', () => {
  expect(formatInstant(new Date('2026-11-26T05:00:00Z'), 'Europe/Berlin')).toBe(
    'Thu 26 Nov 2026, 06:00 (Europe/Berlin)',
  );
});

test('an unknown zone is refused', () => {
  expect(isTimeZone('Europe/Berlin')).toBe(true);
  expect(isTimeZone('Europe/Nowhere')).toBe(false);
});

test.each(['UTC', 'Etc/GMT+5', 'America/Argentina/Buenos_Aires', 'EST5EDT', 'Asia/Calcutta'])(
  '%s is a zone',
  (zone) => {
    expect(isTimeZone(zone)).toBe(true);
  },
);

test.each([
  ...['+05:30', '-03', '+0530', 'UTC+3', 'GMT-05:00', 'Z', '<+03>-3', 'CET-1CEST', 'EST5EDT,M3.2.0,M11.1.0'],
  ...['2026-01-01T00:00:00Z', '2026-01-01T00:00[Europe/Berlin]', '', ' UTC', '../UTC'],
])('%s is none', (zone) => {
  expect(isTimeZone(zone)).toBe(false);
  expect(() => createCalendar('Europe/Nowhere')).toThrow(RangeError);
});
