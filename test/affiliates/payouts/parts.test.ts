import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deepTest } from '../../support/depth.ts';
import { tell } from '../../support/events.ts';
import { createWorld } from '../../support/world.ts';
import { differencesOf, earnedAsMarketer, failed, program, sold, views } from '../world.ts';

const world = await createWorld();
afterAll(world.close);
beforeEach(async () => {
  await world.reset('2026-02-20T12:00:00Z');
  await world.send(tell.account('A', 'affiliate'), tell.account('K', 'marketer'));
});
afterEach(async () => {
  expect(await differencesOf(world)).toEqual([]);
  expect(world.errors).toEqual([]);
});

/** A sale that is approved four days after it was paid, told at the clock's instant. */
async function sale(id: string, paidAt: string, amount = 1_000, more = {}): Promise<void> {
  await world.send(...sold(id, 'A', paidAt, more));
  await world.send(tell.payment(`p-${id}`, amount, paidAt, { kind: 'subscription', subscriptionId: id }));
}

const payout = (payoutId: string) => world.core.affiliates.payouts.get(payoutId);
async function all() {
  const { items } = await world.core.affiliates.payouts.list({ limit: 100 });
  return Object.fromEntries(items.map(({ payoutId, amount }) => [payoutId, amount]));
}

describe('a correction that is known when the payouts are generated is in them (rules 6.2)', () => {
  test('a late cent lowers a payout by a cent, and never withholds it', async () => {
    await sale('old', '2026-02-20T12:00:00Z', 10);
    await world.travelTo('2026-03-16T12:00:00Z');
    expect(await all()).toEqual({ '2026-03-16:A': 3 });
    await sale('s1', '2026-03-16T12:00:00Z', 100_000);
    await world.travelTo('2026-03-25T00:00:00Z');
    // Approved after the cutoff of the 24th, known before the payday.
    await world.send(tell.refund('r', 'p-old', 3, '2026-02-21T00:00:00Z'));
    await world.travelTo('2026-04-02T00:00:00Z');
    expect(await payout('2026-04-01:A')).toMatchObject({ amount: 29_999, count: 2, status: 'due' });
    expect(await world.core.ledger.balance('affiliate:A')).toBe(0);
  });

  deepTest('also when it arrives after the payday and before a late run', async () => {
    await sale('old', '2026-02-20T12:00:00Z', 10);
    await world.travelTo('2026-03-16T12:00:00Z');
    await sale('s1', '2026-03-16T12:00:00Z', 100_000);
    await world.travelTo('2026-03-31T00:00:00Z');
    world.pin('2026-04-01T03:00:00Z');
    await world.send(tell.refund('r', 'p-old', 10, '2026-02-21T00:00:00Z'));
    await sale('late', '2026-03-18T00:00:00Z', 500);
    await world.travelTo('2026-04-01T04:00:00Z');
    expect(await payout('2026-04-01:A')).toMatchObject({ amount: 29_997, count: 2 });
    // What is earned after 00:00 is never in it, however late the run is.
    expect(await world.core.ledger.balance('affiliate:A')).toBe(150);
  });

  deepTest(
    'what it takes is never more than the balance: a correction of more is carried over with the sales',
    async () => {
      await sale('old', '2026-02-20T12:00:00Z', 5_000);
      await world.travelTo('2026-03-16T12:00:00Z');
      await sale('s1', '2026-03-16T12:00:00Z', 1_000);
      await world.travelTo('2026-03-25T00:00:00Z');
      await world.send(tell.refund('r', 'p-old', 5_000, '2026-02-21T00:00:00Z'));
      await world.travelTo('2026-04-02T00:00:00Z');
      expect(await payout('2026-04-01:A')).toBeNull();
      expect(await world.core.ledger.balance('affiliate:A')).toBe(-1_200);
      expect((await views(world)).map(({ payday }) => payday).sort()).toEqual([
        '2026-03-16',
        '2026-04-16',
        '2026-04-16',
      ]);
    },
  );
});

describe('one payout has both parts (rules 6.5)', () => {
  deepTest('of commissions, and of what was earned as a marketer', async () => {
    await sale('s1', '2026-02-20T12:00:00Z');
    await earnedAsMarketer(world, 'A', 700);
    await world.travelTo('2026-03-01T00:00:00Z');
    expect(await payout('2026-03-01:A')).toMatchObject({
      amount: 700,
      parts: { commissions: 0, earnings: 700 },
      count: 0,
    });
    await earnedAsMarketer(world, 'A', 50);
    await world.travelTo('2026-03-16T00:00:00Z');
    expect(await payout('2026-03-16:A')).toMatchObject({
      ...{ amount: 350, parts: { commissions: 300, earnings: 50 }, count: 1 },
    });
    expect(await world.core.ledger.balances(['affiliate:A', 'marketer:A'])).toEqual(
      new Map([
        ['affiliate:A', 0],
        ['marketer:A', 0],
      ]),
    );
    await world.send(failed('2026-03-16:A', '2026-03-17T00:00:00Z'));
    await world.travelTo('2026-04-01T00:00:00Z');
    expect(await payout('2026-04-01:A')).toMatchObject({ parts: { commissions: 300, earnings: 50 }, count: 1 });
  });

  deepTest('of several who only ever got something by the same entries each is paid', async () => {
    await world.send(tell.account('L', 'marketer'));
    const postings = [
      { account: 'marketer:K', amount: 700 },
      { account: 'marketer:L', amount: 200 },
      { account: 'platform:revenue', amount: -900 },
    ];
    const effectiveAt = world.clock.now();
    await world.core.ledger.append([{ entryId: 'earned:together', book: 'model:M', postings, effectiveAt }]);
    await world.travelTo('2026-03-01T00:00:00Z');
    expect(await all()).toEqual({ '2026-03-01:K': 700, '2026-03-01:L': 200 });
  });

  deepTest('a minimum concerns commissions alone: they are carried over, and what was earned is paid', async () => {
    await world.send(program('P', { minimumPayout: 1_000 }));
    await sale('s1', '2026-02-20T12:00:00Z', 1_000, { programId: 'P' });
    await earnedAsMarketer(world, 'A', 1);
    await world.travelTo('2026-03-16T00:00:00Z');
    expect(await all()).toEqual({ '2026-03-01:A': 1 });
    await earnedAsMarketer(world, 'A', 2);
    await world.travelTo('2026-04-01T00:00:00Z');
    expect(await payout('2026-04-01:A')).toMatchObject({ amount: 2, parts: { commissions: 0, earnings: 2 }, count: 0 });
    expect(await views(world)).toMatchObject([{ status: 'approved', payoutId: null, payday: '2026-04-16' }]);
  });

  deepTest('whatever the role is now: a marketer who became an affiliate, a model who takes orders', async () => {
    await earnedAsMarketer(world, 'K', 700);
    await world.send(tell.account('K', 'affiliate', { id: 'again', at: '2026-02-21T00:00:00Z' }));
    await world.send(tell.account('M', 'model'));
    await earnedAsMarketer(world, 'M', 40);
    await earnedAsMarketer(world, 'nobody-known', 5);
    await world.travelTo('2026-03-01T00:00:00Z');
    expect(await all()).toEqual({ '2026-03-01:K': 700, '2026-03-01:M': 40, '2026-03-01:nobody-known': 5 });
  });

  deepTest('with the policy off nothing that was earned so is paid', async () => {
    await earnedAsMarketer(world, 'K', 700);
    await world.restart({ payouts: { marketers: false } });
    await world.travelTo('2026-03-02T00:00:00Z');
    expect(await all()).toEqual({});
    await world.restart({});
  });
});

describe('a payday passes, whether or not anything is due (rules 6.6)', () => {
  deepTest('what is earned a day later is not paid by it', async () => {
    await world.travelTo('2026-03-02T06:00:00Z');
    await earnedAsMarketer(world, 'K', 700);
    await world.travelTo('2026-03-15T23:59:59Z');
    expect(await all()).toEqual({});
    await world.travelTo('2026-03-16T00:00:00Z');
    expect(await all()).toEqual({ '2026-03-16:K': 700 });
  });

  deepTest('after idle months the next payday pays, and none before it', async () => {
    await world.travelTo('2026-06-01T06:00:00Z');
    for (const day of ['01', '08', '15', '22']) {
      await world.travelTo(`2026-06-${day}T06:00:00Z`);
      await earnedAsMarketer(world, 'K', 100);
    }
    await world.travelTo('2026-07-02T00:00:00Z');
    expect(await all()).toEqual({ '2026-06-16:K': 300, '2026-07-01:K': 100 });
  });

  deepTest(
    'whether or not the service ran: after a stop each missed payday pays what there was at its 00:00',
    async () => {
      await world.travelTo('2026-02-25T00:00:00Z');
      for (const [at, amount] of [
        ['2026-02-28T23:59:59Z', 1],
        ['2026-03-01T00:00:00Z', 10],
        ['2026-03-16T00:00:01Z', 100],
      ] as const) {
        world.pin(at);
        await earnedAsMarketer(world, 'K', amount);
      }
      await world.travelTo('2026-04-20T00:00:00Z');
      expect(await all()).toEqual({ '2026-03-01:K': 1, '2026-03-16:K': 10, '2026-04-01:K': 100 });
    },
  );

  deepTest('also when the service starts exactly at 00:00 of one', async () => {
    await world.reset('2026-03-01T00:00:00Z');
    await earnedAsMarketer(world, 'K', 700);
    await world.travelTo('2026-03-10T00:00:00Z');
    expect(await all()).toEqual({});
    await world.travelTo('2026-03-16T00:00:00Z');
    expect(await all()).toEqual({ '2026-03-16:K': 700 });
  });

  deepTest('money that counts from its arrival is not paid before it, whatever date it has', async () => {
    await world.travelTo('2026-03-02T00:00:00Z');
    await world.core.ledger.append([
      {
        entryId: 'earned:backdated',
        book: 'marketer:K',
        postings: [
          { account: 'marketer:K', amount: 70 },
          { account: 'platform:revenue', amount: -70 },
        ],
        effectiveAt: new Date('2026-02-20T00:00:00Z'),
      },
    ]);
    await world.travelTo('2026-03-16T00:00:00Z');
    expect(await all()).toEqual({ '2026-03-16:K': 70 });
  });

  deepTest('what was taken back before a late run is not paid', async () => {
    await earnedAsMarketer(world, 'K', 700);
    await world.travelTo('2026-02-25T00:00:00Z');
    world.pin('2026-03-01T05:00:00Z');
    await earnedAsMarketer(world, 'K', -200);
    await world.travelTo('2026-03-01T06:00:00Z');
    expect(await all()).toEqual({ '2026-03-01:K': 500 });
  });
});
