import { afterAll, beforeEach, expect, test } from 'vitest';

import { tell } from '../support/events.ts';
import { createWorld } from '../support/world.ts';
import { settled, sold } from './world.ts';

const world = await createWorld();
afterAll(world.close);

/** A is paid for s1, and s2 is still unpaid; B has one payout that is due. */
beforeEach(async () => {
  await world.reset('2026-03-01T12:00:00Z');
  await world.send(tell.account('A', 'affiliate'), tell.account('B', 'affiliate'));
  for (const [subscriptionId, affiliateId, day] of [
    ['s1', 'A', '04'],
    ['s2', 'A', '12'],
    ['s3', 'B', '04'],
  ] as const) {
    await world.send(
      ...sold(subscriptionId, affiliateId, '2026-03-01T00:00:00Z'),
      tell.payment(`p-${subscriptionId}`, 1_000, `2026-03-${day}T00:00:00Z`, { kind: 'subscription', subscriptionId }),
    );
  }
  await world.travelTo('2026-03-17T00:00:00Z');
  await world.send(settled('2026-03-16:A', '2026-03-17T00:00:00Z'));
  expect(await world.core.verify()).toEqual([]);
});

const change = (collection: string, _id: string, fields: object) =>
  world.collection(collection).updateOne({ _id }, { $set: fields });
const remove = (collection: string, _id: string) => world.collection(collection).deleteOne({ _id });

test.each<[string, () => Promise<unknown>, RegExp]>([
  [
    'an amount that the ledger was not told of',
    () => change('commissions', 's2~first', { amount: 301 }),
    /affiliate A: earned 601, but the ledger was told of 600/,
  ],
  [
    'a commission that is gone',
    () => remove('commissions', 's2~first'),
    /affiliate A: earned 300, 300 of it is in payouts, but its balance is 300/,
  ],
  [
    'an approval without its entry',
    () => remove('ledger_entries', 'commission:s2~first:approved'),
    /affiliate A: earned 600, 300 of it is in payouts, but its balance is 0/,
  ],
  [
    'a commission that two payouts could hold',
    () => change('commissions', 's1~first', { cycle: '2026-04-01' }),
    /payout 2026-03-16:A pays 300 for commission s1~first, which says otherwise/,
  ],
  [
    'a payout of another amount',
    () => change('payouts', '2026-03-16:B', { amount: 301 }),
    /payout 2026-03-16:B is 301 for 1, but its 1 commissions are 300/,
  ],
  [
    'a payout whose amount was not taken',
    () => remove('ledger_entries', 'payout:2026-03-16:B:due'),
    /2026-03-16:B is due, but its amount was not taken/,
  ],
  [
    'a payout that is gone',
    () => remove('payouts', '2026-03-16:B'),
    /cycle 2026-03-16: B has 300 booked for it, its payout is missing/,
  ],
  [
    'a rejected commission in a payout',
    () => change('commissions', 's3~first', { state: 'rejected' }),
    /2026-03-16:B pays 300 for commission s3~first, which says otherwise/,
  ],
  [
    'what nobody would ever pay',
    () => change('commissions', 's2~first', { cycle: '2026-03-16' }),
    /cycle 2026-03-16: A has 600 booked for it, its payout is 300/,
  ],
])('verify finds %s', async (_, damage, line) => {
  await damage();
  expect((await world.core.verify()).join('\n')).toMatch(line);
});
