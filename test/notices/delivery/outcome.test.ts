import { describe, expect, it } from 'vitest';

import { afterOutcome, MAX_FAILURES, MAX_THROTTLES, retryDelayMs } from '../../../src/notices/delivery/outcome.ts';

const NOW = 1_000_000;
const fresh = { failures: 0, throttles: 0, urgent: false };

describe('what an outcome means for a delivery', () => {
  it('sent, unreachable and refused are final', () => {
    expect(afterOutcome(fresh, { kind: 'sent', messageId: '7' }, NOW)).toMatchObject({ state: 'sent', messageId: '7' });
    expect(afterOutcome(fresh, { kind: 'unreachable', reason: 'x' }, NOW)).toMatchObject({ state: 'undeliverable' });
    expect(afterOutcome(fresh, { kind: 'refused', reason: 'x' }, NOW)).toMatchObject({ state: 'failed', error: 'x' });
  });

  it('a throttled one waits as long as the channel said, and not for ever', () => {
    const change = afterOutcome(fresh, { kind: 'throttled', retryAfterMs: 7_000 }, NOW);
    expect(change).toMatchObject({ state: 'due', failures: 0, throttles: 1, retryAt: new Date(NOW + 7_000) });
    const last = { ...fresh, throttles: MAX_THROTTLES - 1 };
    expect(afterOutcome(last, { kind: 'throttled', retryAfterMs: 1 }, NOW)).toMatchObject({ state: 'failed' });
  });

  it('a failed one is tried again with growing delays, for hours, and then given up', () => {
    const delays = Array.from({ length: MAX_FAILURES - 1 }, (_, index) => retryDelayMs(index + 1));
    expect(delays.slice(0, 4)).toEqual([1_000, 3_000, 9_000, 27_000]);
    expect([...delays].sort((a, b) => a - b)).toEqual(delays);
    expect(delays.reduce((sum, delay) => sum + delay, 0)).toBeGreaterThan(2 * 3_600_000);
    const last = { ...fresh, failures: MAX_FAILURES - 1 };
    expect(afterOutcome(last, { kind: 'failed', reason: '502' }, NOW)).toMatchObject({ state: 'failed', error: '502' });
  });

  it('a refused token costs no try', () => {
    expect(afterOutcome(fresh, { kind: 'off' }, NOW)).toEqual({ state: 'due', failures: 0, throttles: 0 });
  });

  describe('of what may have arrived', () => {
    const timeout = { kind: 'failed', reason: 'no answer', mayHaveArrived: true } as const;

    it('an urgent one is sent again: twice is better than never', () => {
      expect(afterOutcome({ ...fresh, urgent: true }, timeout, NOW)).toMatchObject({ state: 'due', failures: 1 });
    });
    it('a change of a card is made again, for it is the same twice', () => {
      expect(afterOutcome({ ...fresh, replaces: 'card' }, timeout, NOW)).toMatchObject({ state: 'due' });
    });
    it('any other is not', () => {
      expect(afterOutcome(fresh, timeout, NOW)).toMatchObject({ state: 'unconfirmed', error: 'no answer' });
    });
  });

  it('what is out of season waits, by the service’s clock', () => {
    const until = new Date('2026-11-23T08:00:00Z');
    expect(afterOutcome(fresh, { kind: 'put-off', until }, NOW)).toMatchObject({ state: 'due', notBefore: until });
  });
});
