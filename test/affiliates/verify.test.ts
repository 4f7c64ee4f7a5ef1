import { afterAll, beforeEach, expect, test } from 'vitest';

import { deepTest, sampleOf } from '../support/depth.ts';

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

test.each(
  sampleOf<[string, () => Promise<unknown>, RegExp]>(
    [
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
        /payout 2026-03-16:B is 301, but its parts are 300 and 0/,
      ],
      [
        'a payout whose amount was not taken',
        () => remove('ledger_entries', 'payout:2026-03-16:B:due'),
        /2026-03-16:B is due, but its amount was not taken/,
      ],
      [
        'a payout that is gone',
        () => remove('payouts', '2026-03-16:B'),
        /cycle 2026-03-16: B has 300 of commissions in it, its payout pays nothing/,
      ],
      [
        'a rejected commission in a payout',
        () => change('commissions', 's3~first', { state: 'rejected' }),
        /2026-03-16:B pays 300 for commission s3~first, which says otherwise/,
      ],
      [
        'what nobody would ever pay',
        () => change('commissions', 's2~first', { cycle: '2026-03-16' }),
        /cycle 2026-03-16: A has 600 of commissions in it, its payout pays 300/,
      ],
    ],
    1,
  ),
)('verify finds %s', async (_, damage, line) => {
  await damage();
  expect((await world.core.verify()).join('\n')).toMatch(line);
});

test.each(
  sampleOf<[string, string, RegExp]>(
    [
      ['of an affiliate without commissions', 'affiliate:Z', /affiliate:Z has 500, and no commission stands behind it/],
      ['of a model who is none any more', 'model:A', /model:A has 500, but its role is affiliate now/],
      ['of somebody unknown', 'model:nobody', /model:nobody has 500, but its role is unknown now/],
      ['in an account that no rule knows', 'manager:ops', /manager:ops: balance is 500, and no rule will ever pay it/],
    ],
    1,
  ),
)('verify names money that no rule will ever pay: %s', async (_, account, line) => {
  const postings = [
    { account, amount: 500 },
    { account: 'world:topups', amount: -500 },
  ];
  await world.core.ledger.append([{ entryId: 'stray', book: account, postings, effectiveAt: world.clock.now() }]);
  expect((await world.core.verify()).join('\n')).toMatch(line);
});

deepTest('verify is content with what waits for a refund, and finds an approval that nothing pays', async () => {
  const request = { refundId: 'r', paymentId: 'p-s2', requestedAt: '2026-03-13T00:00:00Z' };
  await world.send({ id: 'r', type: 'refund.requested', timestamp: '2026-03-13T00:00:00Z', data: request });
  expect(await world.core.verify()).toEqual([]);
  await change('commissions', 's2~first', { state: 'approved' });
  expect((await world.core.verify()).join('\n')).toMatch(
    /commission s2~first is approved, but has no cycle that pays it/,
  );
});

deepTest('verify finds a payout that is not the sum of its parts', async () => {
  await change('payouts', '2026-03-16:B', { parts: { commissions: 300, earnings: 7 } });
  expect((await world.core.verify()).join('\n')).toMatch(/payout 2026-03-16:B is 300, but its parts are 300 and 7/);
});
