import { describe, expect, test } from 'vitest';

import {
  amountsDue,
  isAnythingDue,
  progressSteps,
  returnedAt,
  settledBy,
} from '../../../src/orders/settlement/settlement.ts';

const terms = { quantity: 10, pricePerFan: 7, prepaid: false, chunkSize: null };

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
