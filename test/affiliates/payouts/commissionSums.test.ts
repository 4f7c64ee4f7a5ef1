import { afterAll, expect, test } from 'vitest';

import { sumCommissions, sumsPipeline } from '../../../src/affiliates/payouts/commissionSums.ts';
import { createAffiliateStore } from '../../../src/affiliates/store.ts';
import { createWorld } from '../../support/world.ts';

const world = await createWorld();
afterAll(world.close);

const commission = (_id: string, affiliateId: string, amount: number, more: object = {}) => {
  return { _id, affiliateId, cycle: '2026-04-01', state: 'approved', amount, programId: 'default', ...more };
};

test('takes what is approved and has its effects, and each correction that takes something back', async () => {
  const store = createAffiliateStore(world.database.connection);
  await world
    .collection('commissions')
    .insertMany([
      commission('a1', 'A', 300),
      commission('a2', 'A', 50, { effectsPending: true }),
      commission('a3', 'A', -20, { effectsPending: true }),
      commission('a4', 'A', -1),
      commission('a5', 'A', 10, { state: 'pending' }),
      commission('a6', 'A', 10, { cycle: '2026-04-16' }),
      commission('b1', 'B', 7),
      ...Array.from({ length: 500 }, (_, index) => commission(`c${index}`, `C${index}`, 1)),
    ]);
  const sums = await sumCommissions(store, '2026-04-01', ['A', 'B', 'D']);
  const { items = [], ...rest } = sums.get('A') ?? {};
  expect(rest).toEqual({ sum: 279, programIds: ['default'] });
  expect(items.sort((one, two) => one.amount - two.amount)).toEqual([
    { commissionId: 'a3', amount: -20 },
    { commissionId: 'a4', amount: -1 },
    { commissionId: 'a1', amount: 300 },
  ]);
  expect([sums.get('B')?.sum, sums.get('D')]).toEqual([7, undefined]);
});

test('reads the index alone, so that a payday of a million commissions needs none of them', async () => {
  const plan = await world
    .collection('commissions')
    .aggregate(sumsPipeline('2026-04-01', ['A', 'B']))
    .explain('executionStats');
  const [examined] = /"totalDocsExamined":\d+/.exec(JSON.stringify(plan)) ?? [];
  expect(examined).toBe('"totalDocsExamined":0');
});
