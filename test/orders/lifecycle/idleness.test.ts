import { describe, expect, test } from 'vitest';

import { createCalendar } from '../../../src/kernel/calendar.ts';
import { dueIdleStep, idleSteps, watchFrom } from '../../../src/orders/lifecycle/idleness.ts';

const SINCE = new Date('2026-03-02T00:00:00Z');
const DAY = 86_400_000;
const daysAfter = (days: number) => new Date(SINCE.getTime() + days * DAY);
const utc = createCalendar('UTC');

describe('an order for which no fan counts (rules 4.10)', () => {
  test.each([
    [30, [20, 27, 30]],
    [60, [50, 57, 60]],
    [11, [1, 8, 11]],
    [10, [7, 10]],
    [3, [3]],
    [1, [1]],
    [0, []],
  ])('by a policy of %i days something is due after %j days', (idleDays, due) => {
    const steps = idleSteps(SINCE, idleDays, utc);
    expect(steps.map(({ at }) => (at.getTime() - SINCE.getTime()) / DAY)).toEqual(due);
    expect(steps.map(({ step }) => step)).toEqual(due.map((days) => (days === idleDays ? 'stop' : 'warn')));
    expect(steps.map(({ daysLeft }) => daysLeft)).toEqual(due.map((days) => idleDays - days));
    expect(watchFrom(SINCE, idleDays, utc)).toEqual(
      due.length === 0 ? null : { days: idleDays, since: SINCE, stepAt: daysAfter(due[0] ?? 0) },
    );
  });

  test('the days keep the wall-clock time across a change of the clocks', () => {
    const berlin = createCalendar('Europe/Berlin');
    const steps = idleSteps(new Date('2026-03-20T09:00:00Z'), 30, berlin);
    expect(steps.map(({ at }) => at.toISOString())).toEqual([
      '2026-04-09T08:00:00.000Z',
      '2026-04-16T08:00:00.000Z',
      '2026-04-19T08:00:00.000Z',
    ]);
  });

  test.each<[string, number, number, number | null, number | null]>([
    ['nothing yet', 20, 20 - 1 / DAY, null, 20],
    ['the first warning, to the millisecond', 20, 20, 10, 27],
    ['late, and still before the second', 20, 26, 10, 27],
    ['of two missed warnings only the last', 20, 28, 3, 30],
    ['all missed: it is stopped, and nobody is warned any more', 20, 30, 0, null],
    ['long after', 20, 300, 0, null],
    ['warned once already: nothing until the second', 27, 26, null, 27],
    ['warned twice: stopped', 30, 30, 0, null],
  ])('%s', (_name, from, now, daysLeft, next) => {
    const due = dueIdleStep(idleSteps(SINCE, 30, utc), daysAfter(from), daysAfter(now));
    expect(due.step?.daysLeft ?? null).toBe(daysLeft);
    expect(due.next).toEqual(next === null ? null : daysAfter(next));
  });
});
