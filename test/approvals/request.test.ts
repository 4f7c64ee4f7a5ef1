import { describe, expect, it } from 'vitest';

import { batchHash, isSamePerson, stateOf } from '../../src/approvals/request.ts';

const act = { action: 'payout.settle', subject: 'cycle:2026-04-01' };
const parts = [
  { id: '2026-04-01:a', amount: 100 },
  { id: '2026-04-01:b', amount: 200 },
];

describe('a batch', () => {
  it('is the same in whatever order, and another with any payee, amount, act or subject that differs', () => {
    const hash = batchHash({ ...act, parts });
    expect(batchHash({ ...act, parts: [...parts].reverse() })).toBe(hash);
    const others = [
      { ...act, parts: parts.slice(1) },
      { ...act, parts: [...parts, { id: '2026-04-01:c', amount: 1 }] },
      { ...act, parts: parts.map((part) => ({ ...part, amount: part.amount + 1 })) },
      { ...act, parts, action: 'payout.fail' },
      { ...act, parts, subject: 'cycle:2026-04-16' },
    ].map(batchHash);
    expect(new Set([hash, ...others]).size).toBe(6);
  });
});

describe('one person', () => {
  it.each([
    ['anna via telegram:1', 'anna via telegram:1', true],
    ['anna via telegram:1', 'anna via discord:9', true],
    ['anna via telegram:1', 'boris via telegram:1', true],
    ['anna via telegram:1', 'anna', true],
    ['Anna', 'anna via discord:2', true],
    ['ops', 'ops', true],
    ['anna via telegram:1', 'boris via telegram:2', false],
    ['anna via telegram:1', 'boris via discord:1', false],
    ['ops', 'finance', false],
    ['ops', 'anna via telegram:1', false],
  ])('%s and %s: %s', (a, b, same) => {
    expect([isSamePerson(a, b), isSamePerson(b, a)]).toEqual([same, same]);
  });
});

describe('a request', () => {
  const expiresAt = new Date('2026-04-02T00:00:00Z');
  const before = new Date('2026-04-01T23:59:59.999Z');

  it.each([
    ['waits', {}, { now: before }, 'waiting'],
    ['expires at its instant', {}, { now: expiresAt }, 'expired'],
    ['is worth nothing for something else', { approvedBy: 'x' }, { hash: 'other', now: before }, 'changed'],
    ['is approved until it expires', { approvedBy: 'x' }, { now: before, mayAsk: false }, 'approved'],
    ['is approved no longer than that', { approvedBy: 'x' }, { now: expiresAt }, 'expired'],
    ['is worth nothing once who asked may not', {}, { now: before, mayAsk: false }, 'asker-left'],
  ])('%s', (_, request, towards, state) => {
    expect(stateOf({ hash: 'h', expiresAt, ...request }, { hash: 'h', mayAsk: true, ...towards })).toBe(state);
  });
});
