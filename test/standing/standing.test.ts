import { describe, expect, test } from 'vitest';

import { createCalendar } from '../../src/kernel/calendar.ts';
import { defaultPolicy } from '../../src/policy.ts';
import { type StandingFacts, standingAt, trustChanges } from '../../src/standing/standing.ts';

const calendar = createCalendar('UTC');
const DUE = '2026-03-12T06:00:00Z';

/** One invoice of $100, due on 12 March, unless said otherwise. */
function invoice(facts: { id?: string; due?: string; total?: number; paid?: string } = {}) {
  const { id = 'i1', due = DUE, total = 10_000, paid } = facts;
  return { invoiceId: id, dueAt: new Date(due), total, completedAt: paid === undefined ? null : new Date(paid) };
}

function order(id: string, quantity: number, at: string) {
  return { orderId: id, quantity, completedAt: new Date(at) };
}

function standing(facts: Partial<StandingFacts>, now: string) {
  const whole = { invoices: [], orders: [], graces: [], decisions: [], ...facts };
  return standingAt(whole, defaultPolicy, calendar, new Date(now));
}

describe('campaigns are paused while an invoice is overdue (rules 2.1)', () => {
  test.each([
    ['a millisecond before it is due', '2026-03-12T05:59:59.999Z', undefined, 'running'],
    ['at the instant it is due', DUE, undefined, 'paused'],
    ['paid before it is due', '2026-03-13T00:00:00Z', '2026-03-12T05:59:59.999Z', 'running'],
    ['paid late, looked at before that', '2026-03-13T00:00:00Z', '2026-03-14T00:00:00Z', 'paused'],
    ['paid late, at the instant it is paid', '2026-03-14T00:00:00Z', '2026-03-14T00:00:00Z', 'running'],
  ])('%s', (_, now, paid, campaigns) => {
    const invoices = [invoice(paid === undefined ? {} : { paid })];
    expect(standing({ invoices }, now).campaigns).toBe(campaigns);
  });

  test('one paid invoice does not resume them while another is overdue', () => {
    const invoices = [invoice({ id: 'a', paid: '2026-03-13T00:00:00Z' }), invoice({ id: 'b' })];
    expect(standing({ invoices }, '2026-03-14T00:00:00Z').campaigns).toBe('paused');
  });
});

describe('CPL orders are blocked (rules 2.2)', () => {
  test.each([
    ['just short of three days past due', [invoice()], '2026-03-15T05:59:59.999Z', 'allowed'],
    ['three days past due', [invoice()], '2026-03-15T06:00:00Z', 'blocked'],
    ['exactly $500 overdue', [invoice({ total: 50_000 })], DUE, 'allowed'],
    ['a cent more than $500 overdue', [invoice({ total: 50_001 })], DUE, 'blocked'],
    [
      'more than $500 in all of two',
      [invoice({ id: 'a', total: 30_000 }), invoice({ id: 'b', total: 20_001 })],
      DUE,
      'blocked',
    ],
    ['much is open and nothing due', [invoice({ total: 900_000 })], '2026-03-12T05:59:59.999Z', 'allowed'],
  ])('%s', (_, invoices, now, cplOrders) => {
    expect(standing({ invoices }, now).cplOrders).toBe(cplOrders);
  });

  test('the three days keep the wall-clock time across a change of the clocks', () => {
    const berlin = createCalendar('Europe/Berlin');
    // Friday 27 March 06:00 in Berlin; on Sunday the clocks go forward.
    const invoices = [invoice({ due: '2026-03-27T05:00:00Z' })];
    const facts = { invoices, orders: [], graces: [], decisions: [] };
    const at = (now: string) => standingAt(facts, defaultPolicy, berlin, new Date(now)).cplOrders;
    expect(at('2026-03-30T03:59:59.999Z')).toBe('allowed');
    expect(at('2026-03-30T04:00:00Z')).toBe('blocked');
  });

  test('with overdueDays 0 the block begins when an invoice goes overdue', () => {
    const policy = { ...defaultPolicy, sanctions: { ...defaultPolicy.sanctions, overdueDays: 0 } };
    const facts = { invoices: [invoice()], orders: [], graces: [], decisions: [] };
    expect(standingAt(facts, policy, calendar, new Date(DUE)).cplOrders).toBe('blocked');
  });
});

describe('trust score (rules 2.3)', () => {
  test.each<[string, Partial<StandingFacts>, number]>([
    ['starts at 50', {}, 50],
    ['paid on time: +2', { invoices: [invoice({ paid: '2026-03-10T00:00:00Z' })] }, 52],
    ['paid at the due instant is late: −10', { invoices: [invoice({ paid: DUE })] }, 40],
    ['overdue: −10', { invoices: [invoice()] }, 40],
    [
      'another overdue eight weeks before: −20',
      { invoices: [invoice({ due: '2026-01-15T06:00:00Z' }), invoice({ id: 'i2' })] },
      20,
    ],
    [
      'another overdue a moment more than eight weeks before: −10',
      { invoices: [invoice({ due: '2026-01-15T05:59:59.999Z' }), invoice({ id: 'i2' })] },
      30,
    ],
    ['two overdue at the same instant: −10 each', { invoices: [invoice(), invoice({ id: 'i2' })] }, 30],
    ['an order completed: +1', { orders: [order('o1', 100, '2026-03-01T00:00:00Z')] }, 51],
  ])('%s', (_, facts, score) => {
    expect(standing(facts, '2026-04-01T00:00:00Z').trustScore).toBe(score);
  });

  test('is clamped at each step, in the order of effective time', () => {
    const late = Array.from({ length: 6 }, (_, week) =>
      invoice({ id: `late${week}`, due: new Date(Date.parse(DUE) + week * 7 * 86_400_000).toISOString() }),
    );
    const onTime = invoice({ id: 'last', due: '2026-06-01T00:00:00Z', paid: '2026-05-30T00:00:00Z' });
    expect(standing({ invoices: [onTime, ...late] }, '2026-07-01T00:00:00Z').trustScore).toBe(2);
  });

  test('every change is kept with its cause and the score after it; equal instants go by id', () => {
    const facts = {
      invoices: [invoice({ id: 'b' }), invoice({ id: 'a', paid: '2026-03-10T00:00:00Z' })],
      orders: [order('c', 100, DUE)],
      graces: [],
      decisions: [],
    };
    expect(trustChanges(facts, defaultPolicy, calendar, new Date('2026-04-01T00:00:00Z'))).toEqual([
      { at: new Date('2026-03-10T00:00:00Z'), cause: 'invoice-on-time', subject: 'a', change: 2, score: 52 },
      { at: new Date(DUE), cause: 'invoice-late', subject: 'b', change: -10, score: 42 },
      { at: new Date(DUE), cause: 'order-completed', subject: 'c', change: 1, score: 43 },
    ]);
  });
});

describe('tier (rules 2.4): the first that applies', () => {
  const paid = (count: number) =>
    Array.from({ length: count }, (_, index) =>
      invoice({
        id: `p${index}`,
        due: `2026-0${(index % 9) + 1}-12T06:00:00Z`,
        paid: `2026-0${(index % 9) + 1}-10T00:00:00Z`,
      }),
    );
  const orders = (count: number) =>
    Array.from({ length: count }, (_, index) => order(`o${index}`, 100, '2026-03-01T00:00:00Z'));
  test.each<[string, Partial<StandingFacts>, string]>([
    ['nothing yet', {}, 'new'],
    ['two things completed', { invoices: paid(1), orders: orders(1) }, 'new'],
    ['three things completed', { invoices: paid(2), orders: orders(1) }, 'standard'],
    ['a score of 79', { orders: orders(29) }, 'standard'],
    ['a score of 80', { orders: orders(30) }, 'trusted'],
    ['a score of 30', { invoices: [invoice(), invoice({ id: 'i2' })] }, 'new'],
    [
      'a score below 30, before anything else',
      { invoices: [invoice(), invoice({ id: 'i2' }), invoice({ id: 'i3' })] },
      'at-risk',
    ],
  ])('%s', (_, facts, tier) => {
    expect(standing(facts, '2026-12-31T00:00:00Z').tier).toBe(tier);
  });
});

describe('termination review (rules 2.5)', () => {
  const three = ['2026-02-26T06:00:00Z', '2026-03-05T06:00:00Z', DUE].map((due, index) =>
    invoice({ id: `i${index}`, due, paid: '2026-03-20T00:00:00Z' }),
  );
  test.each<[string, Partial<StandingFacts>, string, boolean]>([
    ['two overdue within eight weeks', { invoices: three.slice(1) }, '2026-03-25T00:00:00Z', false],
    ['the third overdue within eight weeks', { invoices: three }, DUE, true],
    ['all three paid since: it stays open', { invoices: three }, '2026-05-01T00:00:00Z', true],
    ['one, just short of 21 days past due', { invoices: [invoice()] }, '2026-04-02T05:59:59.999Z', false],
    ['one, 21 days past due', { invoices: [invoice()] }, '2026-04-02T06:00:00Z', true],
    [
      'paid after 21 days: it stays open',
      { invoices: [invoice({ paid: '2026-04-03T00:00:00Z' })] },
      '2026-05-01T00:00:00Z',
      true,
    ],
    ['paid before 21 days', { invoices: [invoice({ paid: '2026-04-02T05:00:00Z' })] }, '2026-05-01T00:00:00Z', false],
    [
      'kept: what went overdue before no longer counts',
      { invoices: three, decisions: [{ kind: 'keep', at: new Date('2026-03-13T00:00:00Z') }] },
      '2026-05-01T00:00:00Z',
      false,
    ],
    [
      'terminated: no longer a proposal',
      { invoices: three, decisions: [{ kind: 'terminate', at: new Date('2026-03-13T00:00:00Z') }] },
      '2026-05-01T00:00:00Z',
      false,
    ],
  ])('%s', (_, facts, now, open) => {
    expect(standing(facts, now).terminationReview).toBe(open);
  });

  test('terminated: campaigns stopped, orders blocked', () => {
    const decisions = [{ kind: 'terminate' as const, at: new Date('2026-03-13T00:00:00Z') }];
    expect(standing({ decisions }, '2026-03-12T23:59:59.999Z')).toMatchObject({
      terminated: false,
      campaigns: 'running',
    });
    expect(standing({ decisions }, '2026-03-13T00:00:00Z')).toMatchObject({
      terminated: true,
      campaigns: 'stopped',
      cplOrders: 'blocked',
    });
  });
});

describe('grace (rules 2.6): sanctions wait, trust does not', () => {
  const graces = [{ at: new Date('2026-03-13T00:00:00Z'), until: new Date('2026-03-20T00:00:00Z') }];
  test.each([
    ['before it is granted', '2026-03-12T23:59:59.999Z', 'paused', 40],
    ['while it lasts', '2026-03-19T23:59:59.999Z', 'running', 40],
    ['when it ends', '2026-03-20T00:00:00Z', 'paused', 40],
  ])('%s', (_, now, campaigns, trustScore) => {
    expect(standing({ invoices: [invoice()], graces }, now)).toMatchObject({ campaigns, trustScore });
  });

  test('of two the longer holds', () => {
    const longer = { at: new Date('2026-03-14T00:00:00Z'), until: new Date('2026-03-25T00:00:00Z') };
    const { campaigns, reasons } = standing(
      { invoices: [invoice()], graces: [...graces, longer] },
      '2026-03-15T00:00:00Z',
    );
    expect(campaigns).toBe('running');
    expect(reasons).toContainEqual({ kind: 'grace', until: longer.until });
  });
});

describe('growth advice while the tier is new (rules 2.7)', () => {
  test.each<[string, [number, string][], number | null]>([
    ['nothing yet', [], 100],
    ['half of the stage', [[50, '2026-03-01T00:00:00Z']], 100],
    ['more than half of the stage', [[51, '2026-03-01T00:00:00Z']], 200],
    ['one large order takes one stage', [[5_000, '2026-03-01T00:00:00Z']], 200],
    [
      'by the order of completion, not of the list',
      [
        [100, '2026-03-05T00:00:00Z'],
        [51, '2026-03-01T00:00:00Z'],
      ],
      200,
    ],
    [
      'no advice to who is not new',
      [
        [100, '2026-03-01T00:00:00Z'],
        [100, '2026-03-02T00:00:00Z'],
        [100, '2026-03-03T00:00:00Z'],
      ],
      null,
    ],
  ])('%s', (_, completed, quantity) => {
    const orders = completed.map(([fans, at], index) => order(`o${index}`, fans, at));
    expect(standing({ orders }, '2026-04-01T00:00:00Z').recommendedMaxQuantity).toBe(quantity);
  });
});

describe('with onlyAfterWarning pausing and blocking wait (rules 2.9)', () => {
  const careful = { ...defaultPolicy, sanctions: { ...defaultPolicy.sanctions, onlyAfterWarning: true } };
  const stands = (
    facts: { warnedAt?: string; unreachedAt?: string; total?: number },
    now: string,
    policy = careful,
  ) => {
    const { warnedAt, unreachedAt, ...rest } = facts;
    const warned = {
      warnedAt: warnedAt === undefined ? null : new Date(warnedAt),
      unreachedAt: unreachedAt === undefined ? null : new Date(unreachedAt),
    };
    const invoices = [{ ...invoice(rest), ...warned }];
    return standingAt({ invoices, orders: [], graces: [], decisions: [] }, policy, calendar, new Date(now));
  };

  test.each([
    ['nobody was warned', {}, '2026-04-12T06:00:00Z', 'running', 'allowed'],
    ['warned before it was due', { warnedAt: '2026-03-11T06:00:00Z' }, DUE, 'paused', 'allowed'],
    [
      'warned after, a millisecond before',
      { warnedAt: '2026-03-13T09:00:00Z' },
      '2026-03-13T08:59:59.999Z',
      'running',
      'allowed',
    ],
    [
      'warned after, at that instant',
      { warnedAt: '2026-03-13T09:00:00Z' },
      '2026-03-13T09:00:00Z',
      'paused',
      'allowed',
    ],
    [
      'three days past due, warned on the fifth',
      { warnedAt: '2026-03-17T06:00:00Z' },
      '2026-03-17T06:00:00Z',
      'paused',
      'blocked',
    ],
    ['told unreached, 24 h not over', { unreachedAt: DUE }, '2026-03-13T05:59:59.999Z', 'running', 'allowed'],
    ['told unreached, 24 h over', { unreachedAt: DUE }, '2026-03-13T06:00:00Z', 'paused', 'allowed'],
    [
      'told unreached long before it is due',
      { unreachedAt: '2026-03-09T06:00:00Z' },
      '2026-03-12T05:59:59.999Z',
      'running',
      'allowed',
    ],
    ['more than $500, not warned', { total: 50_001 }, DUE, 'running', 'allowed'],
    ['more than $500, warned', { total: 50_001, warnedAt: DUE }, DUE, 'paused', 'blocked'],
  ])('%s', (_, facts, now, campaigns, cplOrders) => {
    expect(stands(facts, now)).toMatchObject({ campaigns, cplOrders });
  });

  test('going overdue and what it costs in trust wait for nothing, and the reason says what does', () => {
    const { overdue, trustScore, reasons } = stands({}, DUE);
    expect({ overdue: overdue.count, trustScore }).toEqual({ overdue: 1, trustScore: 40 });
    expect(reasons).toContainEqual({ kind: 'not-warned', count: 1 });
  });

  test('of several invoices each waits for its own warning', () => {
    const invoices = [
      { ...invoice({ id: 'a', total: 30_000 }), warnedAt: new Date(DUE), unreachedAt: null },
      { ...invoice({ id: 'b', total: 30_000 }), warnedAt: null, unreachedAt: null },
    ];
    const facts = { invoices, orders: [], graces: [], decisions: [] };
    expect(standingAt(facts, careful, calendar, new Date(DUE))).toMatchObject({
      campaigns: 'paused',
      cplOrders: 'allowed',
    });
  });

  test('without the policy no warning is asked for', () => {
    expect(stands({}, DUE, defaultPolicy)).toMatchObject({ campaigns: 'paused' });
  });
});

describe('how many of the last invoices were paid on time (rules 2.10)', () => {
  const paid = (id: string, due: string) => invoice({ id, due, paid: new Date(Date.parse(due) - 1).toISOString() });
  const many = Array.from({ length: 12 }, (_, week) => {
    const due = new Date(Date.parse(DUE) + week * 7 * 86_400_000).toISOString();
    return week < 3 ? invoice({ id: `i${week}`, due }) : paid(`i${week}`, due);
  });

  test.each<[string, StandingFacts['invoices'], string, number, number]>([
    ['none', [], DUE, 0, 0],
    ['open, and not due yet', [invoice()], '2026-03-12T05:59:59.999Z', 0, 0],
    ['overdue', [invoice()], DUE, 0, 1],
    ['paid before it was due', [paid('a', DUE)], DUE, 1, 1],
    ['paid at the instant it was due', [invoice({ paid: DUE })], DUE, 0, 1],
    ['paid late', [invoice({ paid: '2026-03-13T00:00:00Z' })], '2026-03-14T00:00:00Z', 0, 1],
    ['paid later than now', [paid('a', '2026-03-19T06:00:00Z')], DUE, 0, 0],
    ['twelve, of which the first three are late: the last ten', many, '2026-07-01T00:00:00Z', 9, 10],
    ['the same in another order', many.toReversed(), '2026-07-01T00:00:00Z', 9, 10],
  ])('%s', (_, invoices, now, paidOnTime, count) => {
    expect(standing({ invoices }, now)).toMatchObject({ paidOnTime, invoices: count });
  });
});

describe('an invoice that a manager ended (rules 1.7)', () => {
  const ended = (facts: { completedAt?: string; paidAt?: string; writtenOffAt?: string }) => ({
    ...invoice(facts.completedAt === undefined ? {} : { paid: facts.completedAt }),
    ...(facts.paidAt === undefined ? {} : { paidAt: new Date(facts.paidAt) }),
    ...(facts.writtenOffAt === undefined ? {} : { writtenOffAt: new Date(facts.writtenOffAt) }),
  });
  const NOTED = '2026-03-20T00:00:00Z';

  test.each([
    ['written off before it was due', { writtenOffAt: '2026-03-12T05:59:59.999Z' }, 50, 0, 0],
    ['written off at the instant it was due', { writtenOffAt: DUE }, 40, 0, 1],
    ['written off late', { writtenOffAt: NOTED }, 40, 0, 1],
    [
      'paid outside before it was due, noted late',
      { completedAt: NOTED, paidAt: '2026-03-12T05:59:59.999Z' },
      52,
      1,
      1,
    ],
    ['paid outside at the instant it was due', { completedAt: NOTED, paidAt: DUE }, 40, 0, 1],
  ])('%s', (_, facts, trustScore, paidOnTime, invoices) => {
    const now = '2026-03-20T00:00:00Z';
    const stands = standing({ invoices: [ended(facts)] }, now);
    expect(stands).toMatchObject({ campaigns: 'running', trustScore, paidOnTime, invoices, tier: 'new' });
    expect(stands.overdue).toEqual({ count: 0, total: 0, oldestDueAt: null });
  });

  test.each([
    ['written off', { writtenOffAt: NOTED }],
    ['paid outside', { completedAt: NOTED, paidAt: '2026-03-10T00:00:00Z' }],
  ])('is overdue until it is noted as %s, and opens no review later', (_, facts) => {
    const invoices = [ended(facts)];
    expect(standing({ invoices }, '2026-03-19T23:59:59.999Z').campaigns).toBe('paused');
    expect(standing({ invoices }, NOTED).campaigns).toBe('running');
    expect(standing({ invoices }, '2026-06-01T00:00:00Z').terminationReview).toBe(false);
  });

  test('a review that was open when it was written off stays open; one that it was paid before closes', () => {
    const now = '2026-04-10T00:00:00Z';
    expect(standing({ invoices: [ended({ writtenOffAt: now })] }, now).terminationReview).toBe(true);
    const paid = ended({ completedAt: now, paidAt: '2026-03-30T00:00:00Z' });
    expect(standing({ invoices: [paid] }, now).terminationReview).toBe(false);
  });

  test.each([
    ['completed', ['a', 'b', 'c'].map((id) => invoice({ id, paid: '2026-03-10T00:00:00Z' })), 'standard'],
    [
      'written off',
      ['a', 'b', 'c'].map((id) => ({ ...invoice({ id }), writtenOffAt: new Date('2026-03-10T00:00:00Z') })),
      'new',
    ],
  ])('three that are %s count for the tier, or not', (_, invoices, tier) => {
    expect(standing({ invoices }, NOTED).tier).toBe(tier);
  });
});
