import { describe, expect, test } from 'vitest';

import { coveredFans } from '../../src/orders/clientRecords.ts';

describe('for how many of the fans to come there is money now (rules 2.10)', () => {
  const order = { status: 'placed', quantity: 10, delivered: 0, pricePerFan: 100, prepaid: false, escrow: 0 } as const;

  test.each<[string, Partial<Parameters<typeof coveredFans>[0]>, number, number]>([
    ['nothing on the balance', {}, 0, 0],
    ['a cent less than a fan', {}, 99, 0],
    ['a fan', {}, 100, 1],
    ['all but a cent', {}, 999, 9],
    ['all', {}, 1_000, 10],
    ['more than all', {}, 5_000, 10],
    ['a balance below zero', {}, -500, 0],
    ['prepaid, and not held yet', { prepaid: true }, 400, 4],
    ['prepaid and held: the balance does not matter', { status: 'running', prepaid: true, escrow: 1_000 }, 0, 10],
    ['prepaid, in the queue', { status: 'queued', prepaid: true, escrow: 1_000 }, 0, 10],
    ['held, and a chunk begun', { status: 'running', prepaid: true, escrow: 600, delivered: 6 }, 0, 4],
    ['running: of the fans to come', { status: 'running', delivered: 6 }, 300, 3],
    ['completed', { status: 'completed', delivered: 10 }, 5_000, 0],
    ['stopped', { status: 'stopped', delivered: 4 }, 5_000, 0],
    ['rejected', { status: 'rejected' }, 5_000, 0],
  ])('%s', (_name, more, balance, covered) => {
    expect(coveredFans({ ...order, ...more }, balance)).toBe(covered);
  });
});
