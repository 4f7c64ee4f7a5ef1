import { expect, it } from 'vitest';

import { parseDays, parseTime, parseUntil } from '../../../src/commands/core/parseArguments.ts';

it.each([
  ['3', 3],
  ['3d', 3],
  ['3 days', 3],
  ['1 day', 1],
  ['0', 0],
  ['-1', null],
  ['3.5', null],
  ['soon', null],
  ['99999', null],
])('%j is so many days', (typed, days) => {
  expect(parseDays(typed)).toBe(days);
});

it.each([
  ['22:00', '22:00'],
  ['8:05', '08:05'],
  ['24:00', null],
  ['22', null],
  ['22:60', null],
])('%j is this time of day', (typed, time) => {
  expect(parseTime(typed)).toBe(time);
});

it.each<[string, string | null, string]>([
  ['2026-12-01 slow bank', '2026-11-30T23:00:00.000Z', 'slow bank'],
  ['2026-12-01T10:30 slow bank', '2026-12-01T09:30:00.000Z', 'slow bank'],
  ['2026-12-01 10:30 slow bank', '2026-12-01T09:30:00.000Z', 'slow bank'],
  ['2026-12-01T10:30Z slow', '2026-12-01T10:30:00.000Z', 'slow'],
  ['2026-12-01T10:30:00.000Z slow', '2026-12-01T10:30:00.000Z', 'slow'],
  ['2026-12-01T10:30:00+05:00 slow', '2026-12-01T05:30:00.000Z', 'slow'],
  ['3d slow', '2026-10-27T09:00:00.000Z', 'slow'],
  ['12h slow', '2026-10-24T20:00:00.000Z', 'slow'],
  ['2w slow', '2026-11-07T09:00:00.000Z', 'slow'],
  ['2026-02-30 slow', null, ''],
  ['2026-02-30T00:00:00Z slow', null, ''],
  ['2026-13-01 slow', null, ''],
  ['tomorrow slow', null, ''],
  ['', null, ''],
])('%j is an instant in Berlin, and a reason', (typed, until, reason) => {
  // The clocks go back in the night after: three days later is the same time of day, and not 72 hours later.
  const parsed = parseUntil(typed.split(' '), 'Europe/Berlin', new Date('2026-10-24T08:00:00Z'));
  expect(parsed?.until.toISOString() ?? null).toBe(until);
  expect(parsed?.rest.join(' ') ?? '').toBe(reason);
});

it('a channel may hand over a date and a time as one argument', () => {
  const parsed = parseUntil(['2026-12-01 10:30', 'slow', 'bank'], 'UTC', new Date('2026-10-24T08:00:00Z'));
  expect(parsed).toEqual({ until: new Date('2026-12-01T10:30:00Z'), rest: ['slow', 'bank'] });
});
