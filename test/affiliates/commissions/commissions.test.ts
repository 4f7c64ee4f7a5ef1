import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { deepTest } from '../../support/depth.ts';
import { tell } from '../../support/events.ts';
import { createWorld } from '../../support/world.ts';
import { failed, program, settled, sold, views } from '../world.ts';

const world = await createWorld();
afterAll(world.close);
beforeEach(async () => {
  await world.reset('2026-03-01T00:00:00Z');
  await world.send(tell.account('A', 'affiliate'));
});

describe('the worked example of rules 6', () => {
  test.each([
    ['2026-03-16T10:00:00Z', '2026-03-20T10:00:00Z', '2026-04-01'],
    ['2026-03-20T00:00:00Z', '2026-03-24T00:00:00Z', '2026-04-16'],
    ['2026-03-19T23:59:59Z', '2026-03-23T23:59:59Z', '2026-04-01'],
  ])('charged %s, approved %s, paid on %s', async (paidAt, approvedAt, payday) => {
    await world.send(...sold('s1', 'A', '2026-03-13T10:00:00Z'));
    await world.travelTo(paidAt);
    await world.send(tell.payment('p1', 1_000, paidAt, { kind: 'subscription', subscriptionId: 's1' }));
    expect(await views(world)).toMatchObject([
      { status: 'pending', amount: 300, payday, payoutId: null, approvedAt: null },
    ]);

    await world.travelTo(approvedAt);
    expect(await views(world)).toMatchObject([{ status: 'approved', approvedAt: new Date(approvedAt), payday }]);
    expect(await world.core.ledger.balance('affiliate:A')).toBe(300);

    await world.travelTo(`${payday}T00:00:00Z`);
    const payoutId = `${payday}:A`;
    expect(await views(world)).toMatchObject([{ status: 'approved', payday, payoutId }]);
    expect(await world.core.affiliates.payouts.get(payoutId)).toMatchObject({ amount: 300, status: 'due', count: 1 });
    expect(await world.core.ledger.balance('affiliate:A')).toBe(0);

    await world.send(settled(payoutId, `${payday}T12:00:00Z`));
    expect(await views(world)).toMatchObject([{ status: 'paid', payday, payoutId }]);
    expect(await world.core.verify()).toEqual([]);
    expect(world.errors).toEqual([]);
  });
});

describe('refunds (rules 5.4-5.6)', () => {
  beforeEach(async () => {
    await world.send(...sold('s1', 'A', '2026-03-01T00:00:00Z'));
    await world.travelTo('2026-03-04T00:00:00Z');
    await world.send(tell.payment('p1', 1_000, '2026-03-04T00:00:00Z', { kind: 'subscription', subscriptionId: 's1' }));
  });

  test('within the hold it is rejected, and keeps its amount', async () => {
    await world.travelTo('2026-03-07T00:00:00Z');
    await world.send(tell.refund('r1', 'p1', 1_000, '2026-03-06T00:00:00Z'));
    await world.travelTo('2026-03-20T00:00:00Z');
    expect(await views(world)).toMatchObject([{ status: 'rejected', amount: 300, payoutId: null, payday: null }]);
    expect(await world.core.ledger.balance('affiliate:A')).toBe(0);
    expect(await world.core.verify()).toEqual([]);
  });

  deepTest(
    'a partial one leaves the rate of what is left, and a second one that exceeds it is quarantined',
    async () => {
      await world.send(tell.refund('r1', 'p1', 335, '2026-03-06T00:00:00Z'));
      await world.send(tell.refund('r2', 'p1', 700, '2026-03-06T01:00:00Z'));
      expect(await views(world)).toMatchObject([{ status: 'pending', amount: 200 }]);
      expect(await world.core.inbox.get('refund-r2')).toMatchObject({ status: 'quarantined' });
    },
  );

  deepTest('dated in the hold and arriving after the approval: rejected, and the ledger takes it back', async () => {
    await world.travelTo('2026-03-10T00:00:00Z');
    expect(await world.core.ledger.balance('affiliate:A')).toBe(300);
    await world.send(tell.refund('r1', 'p1', 1_000, '2026-03-07T23:59:59Z'));
    expect(await views(world)).toMatchObject([{ status: 'rejected', amount: 300 }]);
    expect(await world.core.ledger.balance('affiliate:A')).toBe(0);
    await world.travelTo('2026-03-17T00:00:00Z');
    expect(await world.core.affiliates.payouts.get('2026-03-16:A')).toBeNull();
    expect(await world.core.verify()).toEqual([]);
  });

  deepTest('arriving after the payout: a negative commission, linked, approved when it arrived', async () => {
    await world.travelTo('2026-03-20T00:00:00Z');
    await world.send(tell.refund('r1', 'p1', 1_000, '2026-03-07T23:59:59Z'));
    const [, reversal] = await views(world, 'commissionId');
    expect(reversal).toMatchObject({
      ...{ amount: -300, reverses: 's1~first', status: 'approved', payday: '2026-04-01' },
      approvedAt: new Date('2026-03-20T00:00:00Z'),
    });
    expect(await world.core.ledger.balance('affiliate:A')).toBe(-300);
    await world.travelTo('2026-04-02T00:00:00Z');
    // A sum below zero is carried over, with no payout.
    expect(await world.core.affiliates.payouts.get('2026-04-01:A')).toBeNull();
    expect((await views(world, 'commissionId'))[1]).toMatchObject({ payday: '2026-04-16', payoutId: null });
    expect(await world.core.verify()).toEqual([]);
  });

  deepTest('dated after the hold it changes nothing, unless the program claws back', async () => {
    await world.travelTo('2026-03-10T00:00:00Z');
    await world.send(tell.refund('r1', 'p1', 1_000, '2026-03-08T00:00:00Z'));
    expect(await views(world)).toMatchObject([{ status: 'approved', amount: 300 }]);
    await world.send(program('P', { clawback: true }), ...sold('s2', 'A', '2026-03-01T00:00:00Z', { programId: 'P' }));
    await world.send(tell.payment('p2', 1_000, '2026-03-04T00:00:00Z', { kind: 'renewal', subscriptionId: 's2' }));
    await world.send(tell.refund('r2', 'p2', 1_000, '2026-03-09T00:00:00Z'));
    expect((await views(world, 'commissionId'))[1]).toMatchObject({ status: 'rejected', amount: 300 });
    expect(await world.core.verify()).toEqual([]);
  });
});

describe('payouts (rules 6.2-6.5)', () => {
  async function approvedSale(subscriptionId: string, paidAt: string, more = {}): Promise<void> {
    await world.send(...sold(subscriptionId, 'A', paidAt, more));
    await world.send(tell.payment(`p-${subscriptionId}`, 1_000, paidAt, { kind: 'subscription', subscriptionId }));
  }

  deepTest('below the minimum it is carried over until it is reached', async () => {
    await world.send(program('P', { minimumPayout: 500 }));
    await approvedSale('s1', '2026-03-01T00:00:00Z', { programId: 'P' });
    await world.travelTo('2026-03-17T00:00:00Z');
    expect(await world.core.affiliates.payouts.get('2026-03-16:A')).toBeNull();
    await approvedSale('s2', '2026-03-17T00:00:00Z', { programId: 'P' });
    await world.travelTo('2026-04-01T00:00:00Z');
    expect(await world.core.affiliates.payouts.get('2026-04-01:A')).toMatchObject({ amount: 600, count: 2 });
    expect(await world.core.verify()).toEqual([]);
  });

  deepTest('a failed payout goes into the next cycle; settling what has ended otherwise is refused', async () => {
    await approvedSale('s1', '2026-03-01T00:00:00Z');
    await world.travelTo('2026-03-17T00:00:00Z');
    const { payouts } = world.core.affiliates;
    const at = new Date('2026-03-17T00:00:00Z');
    expect(await payouts.act('2026-04-01:A', 'settle', { actor: 'ops' }, at)).toEqual({ kind: 'not-found' });
    expect(await payouts.act('2026-03-16:A', 'fail', { actor: 'ops', reason: 'no account' }, at)).toMatchObject({
      kind: 'done',
    });
    expect(await world.core.ledger.balance('affiliate:A')).toBe(300);
    expect(await views(world)).toMatchObject([{ status: 'approved', payoutId: null, payday: '2026-04-01' }]);
    expect(await payouts.act('2026-03-16:A', 'settle', { actor: 'ops' }, at)).toMatchObject({
      kind: 'refused',
      state: 'failed',
    });
    await world.travelTo('2026-04-01T00:00:00Z');
    expect(await payouts.act('2026-04-01:A', 'settle', { actor: 'ops', reference: 'tx' }, at)).toMatchObject({
      kind: 'done',
    });
    expect(await payouts.act('2026-04-01:A', 'settle', { actor: 'ops' }, at)).toMatchObject({ kind: 'already' });
    expect(await payouts.act('2026-04-01:A', 'fail', { actor: 'ops' }, at)).toMatchObject({
      kind: 'refused',
      state: 'paid',
    });
    expect(await world.core.verify()).toEqual([]);
  });

  deepTest('what a later reversal has taken from the balance is not paid out', async () => {
    await approvedSale('s1', '2026-03-01T00:00:00Z');
    await approvedSale('s2', '2026-03-12T00:00:00Z');
    await world.travelTo('2026-03-25T00:00:00Z');
    await world.send(tell.refund('r1', 'p-s1', 1_000, '2026-03-02T00:00:00Z'));
    expect(await world.core.ledger.balance('affiliate:A')).toBe(0);
    await world.travelTo('2026-04-02T00:00:00Z');
    expect(await world.core.affiliates.payouts.get('2026-04-01:A')).toBeNull();
    await approvedSale('s3', '2026-04-02T00:00:00Z');
    await world.travelTo('2026-04-16T00:00:00Z');
    expect(await world.core.affiliates.payouts.get('2026-04-16:A')).toMatchObject({ amount: 300, count: 3 });
    expect(await world.core.verify()).toEqual([]);
  });

  deepTest('a failed payout whose sale was refunded since comes to nothing with its reversal', async () => {
    await approvedSale('s1', '2026-03-01T00:00:00Z');
    await world.travelTo('2026-03-17T00:00:00Z');
    await world.send(tell.refund('r1', 'p-s1', 1_000, '2026-03-02T00:00:00Z'));
    await world.send(failed('2026-03-16:A', '2026-03-18T00:00:00Z'));
    expect(await world.core.ledger.balance('affiliate:A')).toBe(0);
    await world.travelTo('2026-04-02T00:00:00Z');
    expect((await world.core.affiliates.payouts.list({ limit: 10 })).items).toMatchObject([{ status: 'failed' }]);
    expect(await world.core.verify()).toEqual([]);
  });

  deepTest('in Berlin the payday begins at 00:00 of Berlin, on either side of a change of the clock', async () => {
    await world.reset('2026-03-01T00:00:00Z', 'Europe/Berlin');
    await world.send(tell.account('A', 'affiliate'));
    // Approved at the last instant before the 24th of March in Berlin, and at the first of it.
    await approvedSale('s1', '2026-03-19T22:59:59.999Z');
    await approvedSale('s2', '2026-03-19T23:00:00.000Z');
    await world.travelTo('2026-03-31T21:59:59Z');
    expect((await world.core.affiliates.payouts.list({ limit: 10 })).items).toEqual([]);
    await world.travelTo('2026-03-31T22:00:00Z');
    expect((await world.core.affiliates.payouts.list({ limit: 10 })).items).toMatchObject([
      { cycle: '2026-04-01', count: 1 },
    ]);
    await world.travelTo('2026-04-15T22:00:00Z');
    expect(await world.core.affiliates.payouts.get('2026-04-16:A')).toMatchObject({ amount: 300 });
    await world.reset('2026-03-01T00:00:00Z', 'UTC');
  });

  deepTest('after five weeks down each missed cycle is drawn up with its own membership', async () => {
    await approvedSale('s1', '2026-03-01T00:00:00Z');
    await world.send(...sold('s2', 'A', '2026-03-01T00:00:00Z'));
    await world.send(tell.payment('p2', 2_000, '2026-03-12T00:00:00Z', { kind: 'subscription', subscriptionId: 's2' }));
    await world.travelTo('2026-04-20T00:00:00Z');
    expect(await world.core.affiliates.payouts.get('2026-03-16:A')).toMatchObject({ amount: 300 });
    expect(await world.core.affiliates.payouts.get('2026-04-01:A')).toMatchObject({ amount: 600 });
    expect(await world.core.verify()).toEqual([]);
  });

  deepTest('an event about a payout that is not there yet waits for it', async () => {
    await approvedSale('s1', '2026-03-01T00:00:00Z');
    await world.travelTo('2026-03-12T00:00:00Z');
    await world.send(settled('2026-03-16:A', '2026-03-16T09:00:00Z'));
    expect(await world.core.inbox.get('settled-2026-03-16:A')).toMatchObject({ status: 'waiting' });
    await world.travelTo('2026-03-16T00:00:00Z');
    await world.drain();
    expect(await world.core.affiliates.payouts.get('2026-03-16:A')).toMatchObject({ status: 'paid' });
  });
});
