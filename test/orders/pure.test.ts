import { describe, expect, test } from 'vitest';

import { PLATFORM_ID } from '../../src/kernel/ids.ts';
import { type CountingOrder, isEarlier, qualifyFan } from '../../src/orders/fans/fan.ts';
import { deadlineSteps, respondByOf } from '../../src/orders/lifecycle/deadlineSteps.ts';
import { freeSlot } from '../../src/orders/lifecycle/queues.ts';
import {
  campaignIdOf,
  decideAnswer,
  decideStop,
  isOrderCampaign,
  type Order,
  renewalIdOf,
  statusAt,
} from '../../src/orders/order.ts';
import {
  amountsDue,
  isAnythingDue,
  progressSteps,
  returnedAt,
  settledBy,
} from '../../src/orders/settlement/settlement.ts';

const PLACED = new Date('2026-03-02T00:00:00Z');
const HOUR = 3_600_000;
const later = (ms: number) => new Date(PLACED.getTime() + ms);

const terms = {
  ...{ orderId: 'o', modelId: 'M', marketerId: 'c', offerId: 'offer', quantity: 10, pricePerFan: 7 },
  ...{ prepaid: false, chunkSize: null, autoRenew: false, renewalOf: null, renewal: null, delivered: 0 },
  placedAt: PLACED,
  respondBy: later(72 * HOUR),
};
const accepted = { acceptedAt: PLACED, campaignId: 'cpl-o' };
const states = {
  placed: { ...terms, status: 'placed' },
  queued: { ...terms, status: 'queued', acceptanceNumber: 1, ...accepted },
  running: { ...terms, status: 'running', acceptanceNumber: 1, slot: 0, startedAt: PLACED, ...accepted },
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

  test.each([
    [72, [48, 66, 71, 72]],
    [6, [5, 6]],
    [1, [1]],
    [0, [0]],
  ])('with %i h to answer, something is due after %j h', (answerHours, due) => {
    const steps = deadlineSteps({ placedAt: PLACED, respondBy: respondByOf(PLACED, answerHours) });
    expect(steps.map(({ at }) => (at.getTime() - PLACED.getTime()) / HOUR)).toEqual(due);
    expect(steps.at(-1)?.step).toBe('expire');
  });
});

describe('stopping (rules 2.5, 2.8, 4.7)', () => {
  test.each<[Status, boolean, string, string]>([
    ['queued', false, 'stop', 'stop'],
    ['queued', true, 'stop', 'stop'],
    ['running', false, 'stop', 'stop'],
    ['running', true, 'stop', 'refused'],
    ['placed', false, 'refused', 'refused'],
    ['completed', true, 'refused', 'refused'],
    ['expired', false, 'refused', 'refused'],
    ['stopped', true, 'already', 'already'],
  ])('what is %s, prepaid %s: for a violation %s, by a termination %s', (status, prepaid, violated, terminated) => {
    const order = { ...states[status], prepaid };
    expect(decideStop(order, 'guarantee-violated').kind).toBe(violated);
    expect(decideStop(order, 'stopped-by-manager').kind).toBe(violated);
    expect(decideStop(order, 'partnership-terminated').kind).toBe(terminated);
  });
});

describe('fans (rules 4.5)', () => {
  const order: CountingOrder = { modelId: 'M', quantity: 2, delivered: 1, startedAt: PLACED, isStopped: false };
  const fan = { subscriptionId: 's', fanId: 'f', startedAt: PLACED, returning: false, bot: false };
  const worst = { ...fan, modelId: 'N', startedAt: later(-1), returning: true, bot: true };

  test.each([
    ['surplus', worst, { ...order, delivered: 2, isStopped: true }],
    ['not_running', worst, order],
    ['not_running', { ...worst, startedAt: PLACED }, { ...order, isStopped: true }],
    ['not_running', { ...worst, startedAt: PLACED }, { ...order, startedAt: null }],
    ['other_source', { ...worst, startedAt: PLACED }, order],
    ['not_real', { ...worst, startedAt: PLACED, modelId: 'M' }, order],
    ['returning', { ...fan, returning: true }, order],
    ['counted', fan, order],
  ])('the first reason that applies: %s', (verdict, one, of) => {
    expect(qualifyFan(one, of, false)).toBe(verdict);
  });

  test('one that is known already is returning', () => {
    expect(qualifyFan(fan, order, true)).toBe('returning');
  });

  test.each([
    [-1, 'a', 'b', true],
    [0, 'a', 'b', true],
    [0, 'b', 'a', false],
    [1, 'a', 'b', false],
  ])('%i ms apart, %s is earlier than %s: %s', (ms, one, other, earlier) => {
    expect(isEarlier({ subscriptionId: one, startedAt: later(ms) }, { subscriptionId: other, startedAt: PLACED })).toBe(
      earlier,
    );
  });
});

describe('amounts (rules 4.6, 4.7)', () => {
  const amounts = (more: object, settled: number, delivered: number, isOver = false) =>
    amountsDue({ ...terms, ...more }, settled, delivered, isOver).map(({ number, amount }) => [number, amount]);

  test.each<[string, object, number, number, boolean, number[][]]>([
    ['on completion', {}, 0, 9, false, []],
    ['on completion', {}, 0, 10, false, [[1, 70]]],
    ['on completion, stopped', {}, 0, 9, true, [[1, 63]]],
    ['stopped with none', {}, 0, 0, true, []],
    ['chunks', { chunkSize: 4 }, 0, 3, false, []],
    ['chunks', { chunkSize: 4 }, 0, 4, false, [[1, 28]]],
    ['chunks', { chunkSize: 4 }, 4, 8, false, [[2, 28]]],
    [
      'chunks and the rest',
      { chunkSize: 4 },
      0,
      10,
      false,
      [
        [1, 28],
        [2, 28],
        [3, 14],
      ],
    ],
    ['the rest, stopped', { chunkSize: 4 }, 4, 7, true, [[2, 21]]],
    ['a full chunk, stopped', { chunkSize: 4 }, 4, 8, true, [[2, 28]]],
    ['settled before', { chunkSize: 4 }, 10, 10, true, []],
    [
      'fan by fan',
      { prepaid: true },
      1,
      3,
      false,
      [
        [2, 7],
        [3, 7],
      ],
    ],
    ['prepaid chunks', { prepaid: true, chunkSize: 5 }, 5, 10, false, [[2, 35]]],
  ])('%s %j: %i settled, %i delivered, over %s', (_name, more, settled, delivered, isOver, due) => {
    expect(amounts(more, settled, delivered, isOver)).toEqual(due);
  });

  test('all amounts and what returns come to the price, wherever it ends', () => {
    for (const more of [{}, { chunkSize: 3 }, { chunkSize: 10 }, { prepaid: true }, { prepaid: true, chunkSize: 4 }]) {
      const order = { ...terms, ...more };
      for (let delivered = 0; delivered <= 10; delivered += 1) {
        const paid = amountsDue(order, 0, delivered, true).reduce((sum, { amount }) => sum + amount, 0);
        expect(paid).toBe(delivered * 7);
        expect(returnedAt(order, delivered)).toBe(order.prepaid ? 70 - paid : 0);
        const before = settledBy(order, delivered, false);
        const steps = [...amountsDue(order, 0, delivered, false), ...amountsDue(order, before, delivered, true)];
        expect(steps.reduce((sum, { amount }) => sum + amount, 0)).toBe(paid);
        expect(new Set(steps.map(({ number }) => number)).size).toBe(steps.length);
      }
    }
  });

  test.each([
    [100, 0, 24, []],
    [100, 0, 25, [25]],
    [100, 25, 49, []],
    [100, 25, 100, [50, 75, 100]],
    [3, 0, 1, [25]],
    [3, 25, 2, [50]],
    [1, 0, 1, [25, 50, 75, 100]],
  ])('of %i fans, told %i %%, delivered %i: %j', (quantity, told, delivered, steps) => {
    expect(progressSteps(quantity, told, delivered)).toEqual(steps);
  });

  test.each<[string, { prepaid?: boolean; chunkSize?: number }, number, number, number, boolean]>([
    ['fan by fan: the next fan', { prepaid: true }, 1, 0, 2, true],
    ['fan by fan: the same fans again', { prepaid: true }, 2, 0, 2, false],
    ['by chunk: within a chunk', { chunkSize: 4 }, 0, 0, 2, false],
    ['by chunk: a whole one', { chunkSize: 4 }, 0, 25, 4, true],
    ['at the end: on the way', {}, 0, 25, 4, false],
    ['at the end: a step of progress', {}, 0, 25, 5, true],
    ['at the end: the last fan', {}, 0, 75, 10, true],
    ['all is settled and told, and perhaps not complete yet', {}, 10, 100, 10, true],
  ])('whether anything is due, %s', (_name, more, settled, progress, delivered, isDue) => {
    expect(isAnythingDue({ ...terms, ...more, settled, progress }, delivered)).toBe(isDue);
  });
});

describe('the queue (rules 4.4)', () => {
  test.each([
    [[], 1, 0],
    [[], 0, null],
    [[0], 1, null],
    [[0, 2], 3, 1],
    [[2, 3], 2, null],
    [[3], 2, 0],
  ])('with %j taken and capacity %i: place %s', (taken, capacity, slot) => {
    expect(freeSlot(taken, capacity)).toBe(slot);
  });
});

describe('ids', () => {
  test.each(['o', 'x'.repeat(60), 'x'.repeat(61), 'x'.repeat(64), 'o:r2', `${'x'.repeat(61)}:r9`])(
    'of %s',
    (orderId) => {
      const campaignId = campaignIdOf(orderId);
      expect(campaignId).toMatch(PLATFORM_ID);
      expect(isOrderCampaign(campaignId)).toBe(true);
      expect(renewalIdOf(orderId)).toMatch(PLATFORM_ID);
      expect(renewalIdOf(orderId, 'hashed')).toMatch(PLATFORM_ID);
      expect(renewalIdOf(orderId)).not.toBe(orderId);
    },
  );

  test('renewals are numbered, and long ids stay apart', () => {
    expect(renewalIdOf('o')).toBe('o:r2');
    expect(renewalIdOf('o:r9')).toBe('o:r10');
    const [a, b] = [`${'x'.repeat(63)}a`, `${'x'.repeat(63)}b`];
    expect(campaignIdOf(a)).not.toBe(campaignIdOf(b));
  });
});
