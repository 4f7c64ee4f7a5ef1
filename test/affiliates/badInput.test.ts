import { afterAll, beforeEach, expect, test } from 'vitest';
import { deepTest } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { createWorld } from '../support/world.ts';
import { cancelled, failed, program, settled, sold, views } from './world.ts';

const world = await createWorld();
afterAll(world.close);
beforeEach(async () => {
  await world.reset('2026-03-01T00:00:00Z');
  await world.send(tell.account('A', 'affiliate'));
});

const charge = (paymentId: string, paidAt: string, more = {}) =>
  tell.payment(paymentId, 1_000, paidAt, { kind: 'subscription', subscriptionId: 's1', ...more });
const statusOf = async (id: string) => (await world.core.inbox.get(id))?.status;

test('a charge whose subscription is not known waits for it; one without any earns nothing', async () => {
  await world.send(
    charge('p1', '2026-03-04T00:00:00Z'),
    charge('p2', '2026-03-04T00:00:00Z', { subscriptionId: undefined }),
  );
  expect(await statusOf('payment-p1')).toBe('waiting');
  expect(await statusOf('payment-p2')).toBe('applied');
  await world.send(...sold('s1', 'A', '2026-03-01T00:00:00Z'));
  await world.travelTo('2026-03-05T00:00:00Z');
  expect(await views(world)).toMatchObject([{ paymentId: 'p1', amount: 300 }]);
});

deepTest('a subscription that starts after its own charge has earned with it', async () => {
  await world.travelTo('2026-03-10T00:00:00Z');
  await world.send(...sold('s1', 'A', '2026-03-06T00:00:00Z'), charge('p1', '2026-03-05T00:00:00Z'));
  expect(await views(world)).toMatchObject([{ status: 'approved', approvedAt: new Date('2026-03-09T00:00:00Z') }]);
  expect(await world.core.verify()).toEqual([]);
});

deepTest('tips, charges of nothing and subscriptions without an affiliate earn nothing', async () => {
  await world.send(...sold('s1', 'A', '2026-03-01T00:00:00Z'), tell.subscription('s2'));
  await world.send(
    charge('p1', '2026-03-04T00:00:00Z', { kind: 'tip' }),
    charge('p2', '2026-03-04T00:00:00Z', { subscriptionId: 's2' }),
    tell.payment('p3', 0, '2026-03-04T00:00:00Z', { kind: 'subscription', subscriptionId: 's1' }),
  );
  await world.travelTo('2026-03-20T00:00:00Z');
  expect(await views(world)).toEqual([]);
});

deepTest(
  'a refund larger than its payment, one dated before it, and a second one: quarantined, with no effect',
  async () => {
    await world.send(...sold('s1', 'A', '2026-03-01T00:00:00Z'), charge('p1', '2026-03-04T00:00:00Z'));
    await world.travelTo('2026-03-05T00:00:00Z');
    await world.send(
      tell.refund('large', 'p1', 1_001, '2026-03-05T00:00:00Z'),
      tell.refund('early', 'p1', 1, '2026-03-03T00:00:00Z'),
    );
    expect([await statusOf('refund-large'), await statusOf('refund-early')]).toEqual(['quarantined', 'quarantined']);
    expect(await views(world)).toMatchObject([{ status: 'pending', amount: 300 }]);
    await world.send(tell.refund('whole', 'p1', 1_000, '2026-03-05T00:00:00Z'));
    await world.send(tell.refund('second', 'p1', 1_000, '2026-03-06T00:00:00Z'));
    expect(await statusOf('refund-second')).toBe('quarantined');
    expect(await views(world)).toMatchObject([{ status: 'rejected', amount: 300 }]);
  },
);

deepTest('cancelled in the trial there is no commission, whichever comes first', async () => {
  await world.send(...sold('s1', 'A', '2026-03-01T00:00:00Z'), ...sold('s2', 'A', '2026-03-01T00:00:00Z'));
  await world.send(cancelled('s1', '2026-03-02T00:00:00Z'), charge('p1', '2026-03-04T00:00:00Z'));
  await world.send(charge('p2', '2026-03-04T00:00:00Z', { subscriptionId: 's2' }));
  await world.send(cancelled('s2', '2026-03-02T00:00:00Z'));
  await world.travelTo('2026-04-02T00:00:00Z');
  expect(await views(world)).toEqual([]);
  expect(await world.core.ledger.balance('affiliate:A')).toBe(0);
});

test('nothing is listed in trial, also when the charge came early', async () => {
  await world.send(...sold('s1', 'A', '2026-03-01T00:00:00Z'), charge('p1', '2026-03-02T00:00:00Z'));
  await world.travelTo('2026-03-03T23:59:59Z');
  expect(await views(world)).toEqual([]);
  await world.travelTo('2026-03-04T00:00:00Z');
  expect(await views(world)).toMatchObject([{ status: 'pending' }]);
});

deepTest('payout.settled twice is one; payout.failed after it is quarantined, for people to look at', async () => {
  await world.send(...sold('s1', 'A', '2026-03-01T00:00:00Z'), charge('p1', '2026-03-04T00:00:00Z'));
  await world.travelTo('2026-03-16T00:00:00Z');
  const paid = settled('2026-03-16:A', '2026-03-16T10:00:00Z');
  await world.send(paid, { ...paid, id: 'again' });
  await world.send(failed('2026-03-16:A', '2026-03-16T11:00:00Z'));
  expect([await statusOf(paid.id), await statusOf('again')]).toEqual(['applied', 'applied']);
  expect(await statusOf('failed-2026-03-16:A')).toBe('quarantined');
  expect(await views(world)).toMatchObject([{ status: 'paid', payoutId: '2026-03-16:A' }]);
  expect(await world.core.verify()).toEqual([]);
});

deepTest('of several versions of a program the one in force at the charge holds, until the approval', async () => {
  await world.send(
    program('P'),
    ...sold('s1', 'A', '2026-03-01T00:00:00Z', { programId: 'P' }),
    charge('p1', '2026-03-04T00:00:00Z'),
  );
  await world.travelTo('2026-03-05T00:00:00Z');
  await world.send(program('P', { id: 'v2', at: '2026-03-04T00:00:00Z', rateBps: 5_000 }));
  expect(await views(world)).toMatchObject([{ amount: 500 }]);
  await world.travelTo('2026-03-08T00:00:00Z');
  await world.send(program('P', { id: 'v3', at: '2026-03-04T00:00:00Z', rateBps: 7_000 }));
  await world.send(tell.refund('r1', 'p1', 500, '2026-03-05T00:00:00Z'));
  expect(await views(world)).toMatchObject([{ status: 'approved', amount: 250 }]);
  expect(await world.core.verify()).toEqual([]);
});
