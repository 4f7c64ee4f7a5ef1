import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deepTest } from '../../support/depth.ts';
import { tell } from '../../support/events.ts';
import { outboxOf } from '../../support/outbox.ts';
import { createWorld, PLATFORM } from '../../support/world.ts';
import { failed, refundDeclined, refundRequested, sold, views } from '../world.ts';

const world = await createWorld({ environment: PLATFORM });
afterAll(world.close);

/** A charge of 10.00 on the 4th, in hold until the 8th. */
beforeEach(async () => {
  await world.reset('2026-03-04T00:00:00Z');
  await world.send(tell.account('A', 'affiliate'), ...sold('s1', 'A', '2026-03-01T00:00:00Z'));
  await world.send(tell.payment('p1', 1_000, '2026-03-04T00:00:00Z', { kind: 'subscription', subscriptionId: 's1' }));
});
afterEach(async () => {
  expect(await world.core.verify()).toEqual([]);
  expect(world.errors).toEqual([]);
});

const statusOf = async (id: string) => (await world.core.inbox.get(id))?.status;
const asked = refundRequested('r1', 'p1', '2026-03-06T00:00:00Z');

describe('a refund that was asked for within the hold (rules 5.5)', () => {
  test('keeps the commission pending until it is declined, and then approves it', async () => {
    await world.send(asked);
    await world.travelTo('2026-03-17T00:00:00Z');
    expect(await views(world)).toMatchObject([
      { status: 'pending', refundRequested: true, approvedAt: null, payday: null },
    ]);
    expect(await world.core.affiliates.payouts.get('2026-03-16:A')).toBeNull();
    expect(await world.core.ledger.balance('affiliate:A')).toBe(0);
    await world.send(refundDeclined('r1', '2026-03-16T12:00:00Z'));
    expect(await views(world)).toMatchObject([
      {
        status: 'approved',
        refundRequested: false,
        approvedAt: new Date('2026-03-16T12:00:00Z'),
        payday: '2026-04-01',
      },
    ]);
    await world.travelTo('2026-04-01T00:00:00Z');
    expect(await world.core.affiliates.payouts.get('2026-04-01:A')).toMatchObject({ amount: 300 });
  });

  deepTest('and declined within the hold leaves the approval where it was', async () => {
    await world.send(asked, refundDeclined('r1', '2026-03-07T00:00:00Z'));
    await world.travelTo('2026-03-08T00:00:00Z');
    expect(await views(world)).toMatchObject([{ status: 'approved', approvedAt: new Date('2026-03-08T00:00:00Z') }]);
  });

  deepTest('granted counts as dated when it was asked for, however late', async () => {
    await world.send(asked);
    await world.travelTo('2026-03-12T00:00:00Z');
    await world.send(tell.refund('r1', 'p1', 1_000, '2026-03-12T00:00:00Z'));
    expect(await views(world)).toMatchObject([{ status: 'rejected', rejectedFor: 'refunded', amount: 300 }]);
  });

  deepTest('granted in part approves the rest when it is granted', async () => {
    await world.send(asked);
    await world.travelTo('2026-03-12T00:00:00Z');
    await world.send(tell.refund('r1', 'p1', 500, '2026-03-12T00:00:00Z'));
    expect(await views(world)).toMatchObject([
      { status: 'approved', amount: 150, approvedAt: new Date('2026-03-12T00:00:00Z') },
    ]);
  });

  deepTest('of two, the last that is decided ends it', async () => {
    await world.send(asked, refundRequested('r2', 'p1', '2026-03-07T00:00:00Z'));
    await world.send(refundDeclined('r1', '2026-03-09T00:00:00Z'));
    await world.travelTo('2026-03-10T00:00:00Z');
    expect(await views(world)).toMatchObject([{ status: 'pending', refundRequested: true }]);
    await world.send(refundDeclined('r2', '2026-03-10T00:00:00Z'));
    expect(await views(world)).toMatchObject([{ status: 'approved', approvedAt: new Date('2026-03-10T00:00:00Z') }]);
  });

  deepTest('that arrives after the approval takes it back while it is in no payout', async () => {
    await world.travelTo('2026-03-10T00:00:00Z');
    expect(await world.core.ledger.balance('affiliate:A')).toBe(300);
    await world.send(asked);
    expect(await views(world)).toMatchObject([{ status: 'pending', refundRequested: true }]);
    expect(await world.core.ledger.balance('affiliate:A')).toBe(0);
    await world.travelTo('2026-03-17T00:00:00Z');
    expect(await world.core.affiliates.payouts.get('2026-03-16:A')).toBeNull();
  });

  deepTest('that arrives when a payout holds it changes nothing, until that payout fails', async () => {
    await world.travelTo('2026-03-17T00:00:00Z');
    await world.send(asked);
    expect(await views(world)).toMatchObject([{ status: 'approved', payoutId: '2026-03-16:A' }]);
    await world.send(failed('2026-03-16:A', '2026-03-18T00:00:00Z'));
    expect(await views(world)).toMatchObject([{ status: 'pending', refundRequested: true, payoutId: null }]);
    expect(await world.core.ledger.balance('affiliate:A')).toBe(0);
    await world.send(refundDeclined('r1', '2026-03-19T00:00:00Z'));
    await world.travelTo('2026-04-01T00:00:00Z');
    expect(await world.core.affiliates.payouts.get('2026-04-01:A')).toMatchObject({ amount: 300 });
  });
});

deepTest('a refund asked for after the hold holds nothing up', async () => {
  await world.send(refundRequested('r1', 'p1', '2026-03-08T00:00:00Z'));
  await world.travelTo('2026-03-09T00:00:00Z');
  await world.send(tell.refund('r1', 'p1', 1_000, '2026-03-09T00:00:00Z'));
  expect(await views(world)).toMatchObject([{ status: 'approved', amount: 300 }]);
});

deepTest('requests and declines wait for what they are about, and what cannot be right is quarantined', async () => {
  await world.send(refundDeclined('r9', '2026-03-07T00:00:00Z'), refundRequested('r9', 'p9', '2026-03-06T00:00:00Z'));
  expect([await statusOf('declined-r9'), await statusOf('requested-r9')]).toEqual(['waiting', 'waiting']);
  await world.send(tell.payment('p9', 500, '2026-03-05T00:00:00Z', { kind: 'renewal', subscriptionId: 's1' }));
  expect([await statusOf('declined-r9'), await statusOf('requested-r9')]).toEqual(['applied', 'applied']);
  await world.send(refundRequested('early', 'p1', '2026-03-03T23:59:59Z'));
  expect(await statusOf('requested-early')).toBe('quarantined');
  await world.send(asked, refundDeclined('r1', '2026-03-05T00:00:00Z'));
  expect(await statusOf('declined-r1')).toBe('quarantined');
  await world.send({ ...asked, id: 'again' }, { ...refundRequested('r1', 'p9', '2026-03-06T00:00:00Z'), id: 'other' });
  expect([await statusOf('again'), await statusOf('other')]).toEqual(['applied', 'quarantined']);
});

deepTest('the affiliate reads that the commission waits, and that it goes on', async () => {
  await world.linked('A', 'telegram', 1);
  await world.send(asked);
  await world.send(refundDeclined('r1', '2026-03-07T00:00:00Z'));
  const kinds = (await outboxOf(world.collection)).map(({ content }) => content.kind);
  expect(kinds.slice(-2)).toEqual(['commission.held', 'commission.resumed']);
  const { items } = await world.core.outgoing.list({ limit: 10 });
  expect(items.map(({ type }) => type)).toEqual(['commission.pending', 'commission.pending', 'commission.pending']);
});
