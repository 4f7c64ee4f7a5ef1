import { describe, expect, test } from 'vitest';

import { deadlineSteps, respondByOf } from '../../../src/orders/lifecycle/deadlineSteps.ts';

const PLACED = new Date('2026-03-02T00:00:00Z');
const HOUR = 3_600_000;

describe('the answer to an order (rules 3, 4.2)', () => {
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
