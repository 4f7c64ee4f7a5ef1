import { describe, expect, test } from 'vitest';

import { createCalendar } from '../../src/kernel/calendar.ts';
import { defaultPolicy } from '../../src/policy.ts';
import { forecast } from '../../src/standing/forecast.ts';
import type { StandingFacts } from '../../src/standing/standing.ts';

const calendar = createCalendar('UTC');
const NOW = new Date('2026-03-10T00:00:00Z');

function invoice(invoiceId: string, total: number, due = '2026-03-12T06:00:00Z', paid: string | null = null) {
  return { invoiceId, dueAt: new Date(due), total, completedAt: paid === null ? null : new Date(paid) };
}

function ahead(facts: Partial<StandingFacts>, now = NOW) {
  const whole = { invoices: [], orders: [], graces: [], decisions: [], ...facts };
  return forecast(whole, defaultPolicy, calendar, now).map(({ sanction, at, payment, invoiceIds }) => ({
    ...{ sanction, payment, invoiceIds },
    at: at?.toISOString() ?? 'now',
  }));
}

describe('what happens when nothing is paid, and the smallest payment against it (rules 2.1, 2.2)', () => {
  test('nothing is open', () => {
    expect(ahead({})).toEqual([]);
    expect(ahead({ invoices: [invoice('a', 100, '2026-03-01T06:00:00Z', '2026-02-28T00:00:00Z')] })).toEqual([]);
  });

  test('a small invoice: paused when it is due, blocked three days later', () => {
    expect(ahead({ invoices: [invoice('a', 10_000)] })).toEqual([
      { sanction: 'campaigns-paused', at: '2026-03-12T06:00:00.000Z', payment: 10_000, invoiceIds: ['a'] },
      { sanction: 'cpl-orders-blocked', at: '2026-03-15T06:00:00.000Z', payment: 10_000, invoiceIds: ['a'] },
    ]);
  });

  test('more than $500: both at once', () => {
    expect(ahead({ invoices: [invoice('a', 50_001)] }).map(({ at }) => at)).toEqual([
      '2026-03-12T06:00:00.000Z',
      '2026-03-12T06:00:00.000Z',
    ]);
  });

  test('what holds already has no instant', () => {
    const late = [invoice('a', 60_000, '2026-03-01T06:00:00Z')];
    expect(ahead({ invoices: late }).map(({ at }) => at)).toEqual(['now', 'now']);
  });

  test.each([
    ['the smallest that brings the sum to $500', [40_000, 15_000, 6_000], ['c0', 'c1', 'c2'].slice(1, 2)],
    ['exactly $500 may stay', [50_000, 1], ['c1']],
    ['two small ones instead of a large one', [30_000, 20_000, 10_000, 9_000], ['c2', 'c3']],
  ])('against a block by amount: %s', (_, totals, paid) => {
    const invoices = totals.map((total, index) => invoice(`c${index}`, total));
    const block = ahead({ invoices }).find(({ sanction }) => sanction === 'cpl-orders-blocked');
    expect(block?.invoiceIds).toEqual(paid);
  });

  test('one that is too old is in it whatever it costs', () => {
    const invoices = [invoice('old', 45_000, '2026-03-01T06:00:00Z'), invoice('small', 100, '2026-03-09T06:00:00Z')];
    const block = ahead({ invoices }).find(({ sanction }) => sanction === 'cpl-orders-blocked');
    expect(block).toEqual({ sanction: 'cpl-orders-blocked', at: 'now', payment: 45_000, invoiceIds: ['old'] });
  });

  test('of more invoices than are searched, still a set that suffices', () => {
    const invoices = Array.from({ length: 30 }, (_, index) => invoice(`m${index}`, 10_000 + index));
    const block = ahead({ invoices }).find(({ sanction }) => sanction === 'cpl-orders-blocked');
    const left = 30 * 10_000 + 435 - (block?.payment ?? 0);
    expect(left).toBeLessThanOrEqual(50_000);
    expect(left).toBeGreaterThan(30_000);
  });

  test('a grace puts both off to its end', () => {
    const graces = [{ at: NOW, until: new Date('2026-03-20T12:00:00Z') }];
    expect(ahead({ invoices: [invoice('a', 10_000)], graces }).map(({ at }) => at)).toEqual([
      '2026-03-20T12:00:00.000Z',
      '2026-03-20T12:00:00.000Z',
    ]);
  });
});
