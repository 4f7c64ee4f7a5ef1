import { describe, expect, test } from 'vitest';

import { KNOWN_ID, PLATFORM_ID } from '../../src/kernel/ids.ts';
import {
  campaignIdOf,
  decideAnswer,
  decideStop,
  isOrderCampaign,
  type Order,
  renewalIdOf,
  statusAt,
} from '../../src/orders/order.ts';

const PLACED = new Date('2026-03-02T00:00:00Z');
const HOUR = 3_600_000;
const later = (ms: number) => new Date(PLACED.getTime() + ms);

const terms = {
  ...{ orderId: 'o', modelId: 'M', marketerId: 'c', offerId: 'offer', quantity: 10, pricePerFan: 7 },
  ...{ prepaid: false, chunkSize: null, autoRenew: false, renewalOf: null, renewal: null, delivered: 0 },
  placedAt: PLACED,
  respondBy: later(72 * HOUR),
};
const accepted = { acceptedAt: PLACED, campaignId: 'cpl~o' };
const states = {
  placed: { ...terms, status: 'placed' },
  queued: { ...terms, status: 'queued', acceptanceNumber: 1, ...accepted },
  running: { ...terms, status: 'running', acceptanceNumber: 1, startedAt: PLACED, ...accepted },
  completed: { ...terms, status: 'completed', startedAt: PLACED, endedAt: PLACED, ...accepted },
  stopped: { ...terms, status: 'stopped', startedAt: null, endedAt: PLACED, reasons: [], ...accepted },
  rejected: { ...terms, status: 'rejected', endedAt: PLACED, reasons: [] },
  expired: { ...terms, status: 'expired', endedAt: PLACED, reasons: [] },
  refused: { ...terms, status: 'refused', endedAt: PLACED, reasons: [] },
  cancelled: { ...terms, status: 'cancelled', endedAt: PLACED, reasons: [] },
} as const satisfies Record<string, Order>;
type Status = keyof typeof states;

describe('answering (rules 4.2, 4.9)', () => {
  test.each([
    [0, 'answer', 'placed'],
    [72 * HOUR - 1, 'answer', 'placed'],
    [72 * HOUR, 'expire-first', 'expired'],
    [72 * HOUR + 1, 'expire-first', 'expired'],
  ] as const)('%i ms after placement an answer is: %s', (ms, kind, status) => {
    for (const answer of ['accept', 'reject', 'cancel'] as const) {
      expect(decideAnswer(states.placed, answer, later(ms))).toMatchObject({ kind });
    }
    expect(statusAt(states.placed, later(ms))).toBe(status);
  });

  test.each([
    [72 * HOUR - 1, { kind: 'refused', state: 'placed' }],
    [72 * HOUR, { kind: 'answer', at: terms.respondBy }],
    [900 * HOUR, { kind: 'answer', at: terms.respondBy }],
  ])('%i ms after placement it can expire, at its own instant: %j', (ms, decision) => {
    expect(decideAnswer(states.placed, 'expire', later(ms))).toMatchObject(decision);
  });

  test.each<[Status, Partial<Record<'accept' | 'reject' | 'cancel' | 'expire', 'already'>>]>([
    ['queued', { accept: 'already' }],
    ['running', { accept: 'already' }],
    ['completed', {}],
    ['stopped', {}],
    ['rejected', { reject: 'already' }],
    ['expired', { expire: 'already' }],
    ['refused', {}],
    ['cancelled', { cancel: 'already' }],
  ])('what is %s takes no other answer', (status, already) => {
    for (const answer of ['accept', 'reject', 'cancel', 'expire'] as const) {
      expect(decideAnswer(states[status], answer, PLACED).kind).toBe(already[answer] ?? 'refused');
    }
  });
});

describe('stopping (rules 2.5, 2.8, 4.7, 4.10)', () => {
  test.each<[Status, boolean, string, string, string]>([
    ['queued', false, 'stop', 'stop', 'refused'],
    ['queued', true, 'stop', 'stop', 'refused'],
    ['running', false, 'stop', 'stop', 'stop'],
    ['running', true, 'stop', 'refused', 'stop'],
    ['placed', false, 'refused', 'refused', 'refused'],
    ['completed', true, 'refused', 'refused', 'refused'],
    ['expired', false, 'refused', 'refused', 'refused'],
    ['stopped', true, 'already', 'already', 'already'],
  ])(
    '%s, prepaid %s: for a violation %s, by a termination %s, idle %s',
    (status, prepaid, violated, terminated, idle) => {
      const order = { ...states[status], prepaid };
      expect(decideStop(order, 'guarantee-violated').kind).toBe(violated);
      expect(decideStop(order, 'stopped-by-manager').kind).toBe(violated);
      expect(decideStop(order, 'partnership-terminated').kind).toBe(terminated);
      expect(decideStop(order, 'idle').kind).toBe(idle);
    },
  );
});

describe('ids', () => {
  test.each(['o', 'x'.repeat(60), 'x'.repeat(61), 'x'.repeat(64), 'o:r2', 'o~r2', `${'x'.repeat(61)}~r9`])(
    'of %s are within bounds, and none that the platform can give',
    (orderId) => {
      for (const id of [campaignIdOf(orderId), renewalIdOf(orderId)]) {
        expect(id).toMatch(KNOWN_ID);
        expect(id).not.toMatch(PLATFORM_ID);
        expect(id).not.toBe(orderId);
      }
      expect(isOrderCampaign(campaignIdOf(orderId))).toBe(true);
    },
  );

  test('a campaign of an earlier version can be an order’s, too', () => {
    expect(['cpl-o', 'cpl~o', 'A', 'xcpl~o'].map(isOrderCampaign)).toEqual([true, true, false, false]);
  });

  test('renewals are numbered, and long ids stay apart', () => {
    expect(renewalIdOf('o')).toBe('o~r2');
    expect(renewalIdOf('o~r9')).toBe('o~r10');
    // One that the platform gave, or an earlier version.
    expect(renewalIdOf('o:r9')).toBe('o:r9~r2');
    expect(renewalIdOf(`${'x'.repeat(63)}a`)).not.toBe(renewalIdOf(`${'x'.repeat(63)}b`));
    const [a, b] = [`${'x'.repeat(63)}a`, `${'x'.repeat(63)}b`];
    expect(campaignIdOf(a)).not.toBe(campaignIdOf(b));
  });
});
