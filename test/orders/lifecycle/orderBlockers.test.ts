import { describe, expect, test } from 'vitest';

import { createCalendar } from '../../../src/kernel/calendar.ts';
import { blockersOf } from '../../../src/orders/lifecycle/orderBlockers.ts';
import { defaultPolicy } from '../../../src/policy.ts';
import { type Standing, standingAt } from '../../../src/standing/standing.ts';

const calm = standingAt(
  { invoices: [], orders: [], graces: [], decisions: [] },
  defaultPolicy,
  createCalendar('UTC'),
  new Date('2026-03-02T00:00:00Z'),
);
const overdue = { count: 2, total: 60_000, oldestDueAt: new Date('2026-02-20T06:00:00Z') };

describe('what keeps a client from ordering (rules 2.2, 2.5, 4.6)', () => {
  test.each<[string, Partial<Standing>, number, object[]]>([
    ['nothing', {}, 0, []],
    ['overdue, and not blocked yet', { overdue }, 0, []],
    [
      'blocked',
      { cplOrders: 'blocked', overdue },
      0,
      [{ kind: 'client-blocked', overdueCount: 2, overdueTotal: 60_000 }],
    ],
    ['owing for fans', {}, 1, [{ kind: 'client-owes', amount: 1 }]],
    [
      'blocked and owing',
      { cplOrders: 'blocked', overdue },
      500,
      [
        { kind: 'client-blocked', overdueCount: 2, overdueTotal: 60_000 },
        { kind: 'client-owes', amount: 500 },
      ],
    ],
    ['terminated, which blocks, too', { terminated: true, cplOrders: 'blocked' }, 0, [{ kind: 'client-terminated' }]],
    [
      'terminated and owing',
      { terminated: true, cplOrders: 'blocked' },
      500,
      [{ kind: 'client-terminated' }, { kind: 'client-owes', amount: 500 }],
    ],
  ])('%s', (_name, standing, owed, blockers) => {
    expect(blockersOf({ ...calm, ...standing }, owed)).toEqual(blockers);
  });

  test('a client of whom nothing is known yet may order', () => {
    expect(blockersOf(undefined, 0)).toEqual([]);
  });
});
