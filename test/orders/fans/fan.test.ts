import { describe, expect, test } from 'vitest';

import { type CountingOrder, isEarlier, qualifyFan } from '../../../src/orders/fans/fan.ts';

const PLACED = new Date('2026-03-02T00:00:00Z');
const later = (ms: number) => new Date(PLACED.getTime() + ms);

describe('fans (rules 4.5)', () => {
  const order: CountingOrder = { modelId: 'M', quantity: 2, delivered: 1, acceptedAt: PLACED, isStopped: false };
  const fan = { subscriptionId: 's', fanId: 'f', startedAt: PLACED, returning: false, bot: false };
  const worst = { ...fan, modelId: 'N', startedAt: later(-1), returning: true, bot: true };

  test.each([
    ['surplus', worst, { ...order, delivered: 2, isStopped: true }],
    ['not_running', worst, order],
    ['not_running', { ...worst, startedAt: PLACED }, { ...order, isStopped: true }],
    ['not_running', { ...worst, startedAt: later(-1) }, order],
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
