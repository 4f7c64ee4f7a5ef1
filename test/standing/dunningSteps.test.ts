import { expect, test } from 'vitest';

import { createCalendar } from '../../src/kernel/calendar.ts';
import { defaultPolicy } from '../../src/policy.ts';
import { dunningSteps } from '../../src/standing/dunningSteps.ts';

const calendar = createCalendar('UTC');

function steps(issued: string, due: string, zone = calendar) {
  const invoice = { issuedAt: new Date(issued), dueAt: new Date(due) };
  return dunningSteps(invoice, defaultPolicy.sanctions, zone).map(({ at, step, number }) => [
    at.toISOString(),
    step,
    number,
  ]);
}

test('the steps of an invoice that stays unpaid (rules 3): ten messages with its issue, and two looks at standing', () => {
  expect(steps('2026-03-09T06:00:00Z', '2026-03-12T06:00:00Z')).toEqual([
    ['2026-03-11T06:00:00.000Z', 'before-due', 2],
    ['2026-03-12T06:00:00.000Z', 'overdue', 3],
    ['2026-03-13T06:00:00.000Z', 'reminder', 4],
    ['2026-03-15T06:00:00.000Z', 'standing', 3],
    ['2026-03-16T06:00:00.000Z', 'reminder', 5],
    ['2026-03-19T06:00:00.000Z', 'reminder', 6],
    ['2026-03-22T06:00:00.000Z', 'reminder', 7],
    ['2026-03-25T06:00:00.000Z', 'reminder', 8],
    ['2026-03-28T06:00:00.000Z', 'reminder', 9],
    ['2026-03-31T06:00:00.000Z', 'reminder', 10],
    ['2026-04-02T06:00:00.000Z', 'standing', 21],
  ]);
});

test('the 24 hours before and after are hours, the three days are calendar days', () => {
  // Berlin, due on Saturday 28 March 06:00; the clocks go forward on Sunday.
  const berlin = createCalendar('Europe/Berlin');
  expect(steps('2026-03-25T05:00:00Z', '2026-03-28T05:00:00Z', berlin).slice(0, 5)).toEqual([
    ['2026-03-27T05:00:00.000Z', 'before-due', 2],
    ['2026-03-28T05:00:00.000Z', 'overdue', 3],
    ['2026-03-29T05:00:00.000Z', 'reminder', 4],
    ['2026-03-31T04:00:00.000Z', 'standing', 3],
    ['2026-04-01T05:00:00.000Z', 'reminder', 5],
  ]);
});

test('what would come before the issue, or with it, is left out', () => {
  expect(steps('2026-03-12T00:00:00Z', '2026-03-12T18:00:00Z')[0]).toEqual(['2026-03-12T18:00:00.000Z', 'overdue', 3]);
});

test('what is due at its issue goes overdue then, and reminders follow as after any due date (rules 1.10)', () => {
  expect(steps('2026-03-09T06:00:00Z', '2026-03-09T06:00:00Z').slice(0, 4)).toEqual([
    ['2026-03-09T06:00:00.000Z', 'overdue', 3],
    ['2026-03-10T06:00:00.000Z', 'reminder', 4],
    ['2026-03-12T06:00:00.000Z', 'standing', 3],
    ['2026-03-13T06:00:00.000Z', 'reminder', 5],
  ]);
});

test('what is due a day after its issue gets no reminder with its issue', () => {
  expect(steps('2026-03-09T06:00:00Z', '2026-03-10T06:00:00Z')[0]).toEqual(['2026-03-10T06:00:00.000Z', 'overdue', 3]);
});
