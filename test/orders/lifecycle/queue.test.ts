import { describe, expect, test } from 'vitest';

import { capacityOf, freePlace, queuePositions, type WaitingOrder } from '../../../src/orders/lifecycle/queue.ts';

describe('places (rules 4.4)', () => {
  test.each<[string, (number | null)[], number | null, number | null | 'none']>([
    ['nothing runs', [], 1, 0],
    ['as many run as may', [0], 1, 'none'],
    ['a place in the middle is free', [0, 2], 3, 1],
    ['the capacity was lowered', [2, 3], 2, 'none'],
    ['the capacity was lowered, and all but one have ended', [3], 2, 0],
    ['one that a fan started takes no numbered place, and counts', [null], 1, 'none'],
    ['one that a fan started, and a free place', [null, 0], 3, 1],
    ['more run than may, by their fans', [null, null, 0], 2, 'none'],
    ['no limit', [], null, null],
    ['no limit, whatever runs', [null, 0, 1], null, null],
  ])('%s', (_name, running, capacity, slot) => {
    expect(freePlace(running, capacity)).toEqual(slot === 'none' ? null : { slot });
  });

  test.each<[string, { capacity?: number } | undefined, number | null, number | null]>([
    ['neither says one: no limit', {}, null, null],
    ['the account is not known', undefined, null, null],
    ['the policy says one', {}, 4, 4],
    ['the account goes before the policy', { capacity: 2 }, 4, 2],
    ['the account goes before a policy without limit', { capacity: 2 }, null, 2],
    ['an account that still says 0 would hold escrow for ever', { capacity: 0 }, null, 1],
  ])('%s', (_name, account, usual, capacity) => {
    expect(capacityOf(account, usual)).toBe(capacity);
  });
});

describe('positions (rules 4.4)', () => {
  const accepted = (orderId: string, acceptanceNumber: number): WaitingOrder => ({ orderId, acceptanceNumber });
  const placed = (orderId: string, minute: number): WaitingOrder => {
    return { orderId, acceptanceNumber: null, placedAt: new Date(Date.UTC(2026, 2, 2, 0, minute)) };
  };

  test.each<[string, WaitingOrder[], string[]]>([
    ['nobody', [], []],
    ['the accepted in order of acceptance', [accepted('a', 3), accepted('b', 1), accepted('c', 2)], ['b', 'c', 'a']],
    ['the placed by placement', [placed('a', 3), placed('b', 1), placed('c', 2)], ['b', 'c', 'a']],
    ['equally old placed ones by id', [placed('b', 1), placed('c', 1), placed('a', 1)], ['a', 'b', 'c']],
    [
      'the accepted before the placed, however old those are',
      [placed('old', 0), accepted('late', 9), placed('older', 0), accepted('early', 8)],
      ['early', 'late', 'old', 'older'],
    ],
  ])('%s', (_name, waiting, order) => {
    expect([...queuePositions(waiting)]).toEqual(order.map((orderId, index) => [orderId, index + 1]));
    expect(queuePositions(waiting.toReversed())).toEqual(queuePositions(waiting));
  });
});
