import { describe, expect, test } from 'vitest';

import { decideCommissions } from '../../../src/affiliates/payouts/payout.ts';
import { createPayoutCalendar, isCycleDate, nextCycle } from '../../../src/affiliates/payouts/payoutCycle.ts';
import { createCalendar } from '../../../src/kernel/calendar.ts';

const calendars = {
  UTC: createPayoutCalendar(createCalendar('UTC')),
  'Europe/Berlin': createPayoutCalendar(createCalendar('Europe/Berlin')),
};
type Zone = keyof typeof calendars;
const iso = (at: Date) => at.toISOString().replace('.000Z', 'Z');

describe('a payday takes the approvals up to its cutoff (rules 6.1)', () => {
  test.each<[Zone, string, string]>([
    // The worked example: charged four days before.
    ['UTC', '2026-03-20T10:00:00Z', '2026-04-01'],
    ['UTC', '2026-03-24T00:00:00Z', '2026-04-16'],
    ['UTC', '2026-03-23T23:59:59Z', '2026-04-01'],
    ['UTC', '2026-03-08T23:59:59.999Z', '2026-03-16'],
    ['UTC', '2026-03-09T00:00:00Z', '2026-04-01'],
    // Year's end, and a leap day.
    ['UTC', '2026-12-23T23:59:59.999Z', '2027-01-01'],
    ['UTC', '2026-12-24T00:00:00Z', '2027-01-16'],
    ['UTC', '2026-12-31T23:59:59.999Z', '2027-01-16'],
    ['UTC', '2027-01-01T00:00:00Z', '2027-01-16'],
    ['UTC', '2028-02-29T12:00:00Z', '2028-03-16'],
    ['UTC', '2028-02-24T00:00:00Z', '2028-03-16'],
    ['UTC', '2028-02-23T23:59:59.999Z', '2028-03-01'],
    // Berlin is an hour ahead in winter and two in summer, which lasts from 29 March to 25 October 2026.
    ['Europe/Berlin', '2026-03-23T22:59:59.999Z', '2026-04-01'],
    ['Europe/Berlin', '2026-03-23T23:00:00Z', '2026-04-16'],
    ['Europe/Berlin', '2026-03-29T01:30:00Z', '2026-04-16'],
    ['Europe/Berlin', '2026-04-08T21:59:59.999Z', '2026-04-16'],
    ['Europe/Berlin', '2026-04-08T22:00:00Z', '2026-05-01'],
    ['Europe/Berlin', '2026-10-23T21:59:59.999Z', '2026-11-01'],
    ['Europe/Berlin', '2026-10-23T22:00:00Z', '2026-11-16'],
    ['Europe/Berlin', '2026-11-08T22:59:59.999Z', '2026-11-16'],
    ['Europe/Berlin', '2026-11-08T23:00:00Z', '2026-12-01'],
    ['Europe/Berlin', '2026-12-23T22:59:59.999Z', '2027-01-01'],
    ['Europe/Berlin', '2026-12-31T23:00:00Z', '2027-01-16'],
  ])('%s: approved %s is paid on %s', (zone, at, cycle) => {
    expect(calendars[zone].cycleOf(new Date(at))).toBe(cycle);
  });

  test.each<[Zone, string, string, string, string]>([
    ['UTC', '2026-04-01', '2026-03-09T00:00:00Z', '2026-03-24T00:00:00Z', '2026-04-01T00:00:00Z'],
    ['UTC', '2026-04-16', '2026-03-24T00:00:00Z', '2026-04-09T00:00:00Z', '2026-04-16T00:00:00Z'],
    ['UTC', '2027-01-01', '2026-12-09T00:00:00Z', '2026-12-24T00:00:00Z', '2027-01-01T00:00:00Z'],
    ['UTC', '2027-01-16', '2026-12-24T00:00:00Z', '2027-01-09T00:00:00Z', '2027-01-16T00:00:00Z'],
    // The periods that hold a change of the clock.
    ['Europe/Berlin', '2026-04-16', '2026-03-23T23:00:00Z', '2026-04-08T22:00:00Z', '2026-04-15T22:00:00Z'],
    ['Europe/Berlin', '2026-11-16', '2026-10-23T22:00:00Z', '2026-11-08T23:00:00Z', '2026-11-15T23:00:00Z'],
  ])('%s: the cycle %s takes [%s, %s) at %s', (zone, cycle, start, end, payday) => {
    const period = calendars[zone].periodOf(cycle);
    expect([iso(period.start), iso(period.end), iso(calendars[zone].paydayOf(cycle))]).toEqual([start, end, payday]);
  });
});

test.each(Object.entries(calendars))(
  '%s: the periods of ten years leave no gap and do not overlap',
  (_zone, calendar) => {
    let cycle = '2024-01-01';
    for (let count = 0; count < 240; count++) {
      const { start, end } = calendar.periodOf(cycle);
      expect(calendar.cycleOf(start)).toBe(cycle);
      expect(calendar.cycleOf(new Date(end.getTime() - 1))).toBe(cycle);
      expect(calendar.periodOf(nextCycle(cycle)).start).toEqual(end);
      expect(calendar.paydayOf(cycle) > end).toBe(true);
      expect(calendar.cycleFrom(calendar.paydayOf(cycle))).toBe(cycle);
      expect(calendar.cycleFrom(new Date(calendar.paydayOf(cycle).getTime() + 1))).toBe(nextCycle(cycle));
      expect(calendar.cycleBefore(calendar.paydayOf(nextCycle(cycle)))).toBe(cycle);
      cycle = nextCycle(cycle);
    }
  },
);

test('from a signup at a uniformly random instant to its payday it is 21.8 days in the mean (rules 6.6)', () => {
  // A trial of 3 days, the charge at its end, a hold of 4. Within a period the payday is one, so the mean wait over it
  // is the wait of its middle, and over four years with their leap day it is the mean weighted by length: no sampling.
  const calendar = calendars.UTC;
  const dayMs = 86_400_000;
  const first = calendar.periodOf('2025-01-16').start.getTime();
  let weighted = 0n;
  let cycle = '2025-01-16';
  let until = first;
  for (let count = 0; count < 96; count++) {
    const { start, end } = calendar.periodOf(cycle);
    const [from, to, payday] = [start, end, calendar.paydayOf(cycle)].map((at) => BigInt(at.getTime()));
    if (from === undefined || to === undefined || payday === undefined) throw new Error('three instants');
    // Twice the integral of the wait over the approvals of the period, in square milliseconds.
    weighted += (payday - from) ** 2n - (payday - to) ** 2n;
    until = end.getTime();
    cycle = nextCycle(cycle);
  }
  const wholeMs = until - first;
  expect(wholeMs / dayMs).toBe(1_461);
  const meanDays = 7 + Number(weighted / BigInt(2 * wholeMs)) / dayMs;
  expect(meanDays.toFixed(1)).toBe('21.8');
});

describe('a sum is paid whole or carried over whole (rules 6.2)', () => {
  test.each([
    [1, 0, { kind: 'paid', amount: 1 }],
    [0, 0, { kind: 'carried', why: 'nothing-due' }],
    [-5, 0, { kind: 'carried', why: 'nothing-due' }],
    [4_999, 5_000, { kind: 'carried', why: 'below-minimum' }],
    [5_000, 5_000, { kind: 'paid', amount: 5_000 }],
  ])('%i with a minimum of %i', (sum, minimum, decision) => {
    expect(decideCommissions({ sum, minimum })).toEqual(decision);
  });
});

test.each([
  ['2026-04-01', true],
  ['2026-04-16', true],
  ['2026-04-15', false],
  ['2026-13-01', false],
  ['2026-4-1', false],
])('%s names a cycle: %s', (text, is) => {
  expect(isCycleDate(text)).toBe(is);
});
