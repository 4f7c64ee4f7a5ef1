import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deepTest, sampleOf } from '../../support/depth.ts';
import { type TestEvent, tell } from '../../support/events.ts';
import { createWorld } from '../../support/world.ts';
import { cancelled, sold, views } from '../world.ts';

const world = await createWorld();
afterAll(world.close);
beforeEach(async () => {
  await world.reset('2026-03-01T00:00:00Z');
  await world.send(tell.account('A', 'affiliate'));
});
afterEach(async () => {
  expect(await world.core.verify()).toEqual([]);
});

const statusOf = async (id: string) => (await world.core.inbox.get(id))?.status;
const charge = (paidAt: string) => tell.payment('p1', 10_000, paidAt, { kind: 'subscription', subscriptionId: 's1' });

/** The same subscription, told at an instant with an end of its trial. */
function told(trialEndsAt: string | undefined, timestamp: string, more = {}): TestEvent {
  const startedAt = '2026-03-01T00:00:00Z';
  const event = tell.subscription('s1', {
    affiliateId: 'A',
    startedAt,
    ...(trialEndsAt ? { trialEndsAt } : {}),
    ...more,
  });
  return { ...event, id: `told-${timestamp}`, timestamp };
}

describe('an early charge in a paid trial (rules 5.5)', () => {
  beforeEach(async () => {
    await world.send(...sold('s1', 'A', '2026-03-01T00:00:00Z', { trialEndsAt: '2026-03-31T00:00:00Z' }));
    await world.send(charge('2026-03-01T00:00:00Z'));
  });

  test("is approved at the trial's end, not at the end of the hold, and paid by the payday of that", async () => {
    await world.travelTo('2026-03-30T23:59:59Z');
    expect(await views(world)).toEqual([]);
    expect(await world.core.ledger.balance('affiliate:A')).toBe(0);
    expect((await world.core.affiliates.payouts.list({ limit: 1 })).items).toEqual([]);
    await world.travelTo('2026-04-02T00:00:00Z');
    expect(await views(world)).toMatchObject([
      {
        ...{ status: 'approved', holdUntil: new Date('2026-03-05T00:00:00Z'), payday: '2026-04-16' },
        approvedAt: new Date('2026-03-31T00:00:00Z'),
      },
    ]);
    await world.travelTo('2026-04-16T00:00:00Z');
    expect(await world.core.affiliates.payouts.get('2026-04-16:A')).toMatchObject({ amount: 3_000 });
  });

  deepTest('that is cancelled within it leaves nothing behind', async () => {
    await world.travelTo('2026-03-20T00:00:00Z');
    await world.send(cancelled('s1', '2026-03-20T00:00:00Z'));
    await world.travelTo('2026-04-16T00:00:00Z');
    expect(await views(world)).toEqual([]);
    expect(await world.core.ledger.balance('affiliate:A')).toBe(0);
  });

  deepTest('that is refunded before the approval is rejected, also after the hold', async () => {
    await world.travelTo('2026-03-20T00:00:00Z');
    await world.send(tell.refund('r1', 'p1', 10_000, '2026-03-20T00:00:00Z'));
    await world.travelTo('2026-04-16T00:00:00Z');
    expect(await views(world)).toMatchObject([{ status: 'rejected', rejectedFor: 'refunded' }]);
  });
});

describe('a subscription that is told again with another trial', () => {
  const first = told(undefined, '2026-03-01T00:00:00Z');
  const longer = told('2026-03-20T00:00:00Z', '2026-03-02T00:00:00Z');

  test.each(
    sampleOf(
      [
        ['in order', [first, longer]],
        ['in the other order', [longer, first]],
      ],
      1,
    ),
  )('is a new version, %s', async (_, events) => {
    for (const event of events) await world.send(event);
    await world.send(charge('2026-03-02T00:00:00Z'));
    await world.travelTo('2026-03-19T23:59:59Z');
    expect(await views(world)).toEqual([]);
    await world.travelTo('2026-03-20T00:00:00Z');
    expect(await views(world)).toMatchObject([{ status: 'approved', approvedAt: new Date('2026-03-20T00:00:00Z') }]);
    expect(await Promise.all(events.map(({ id }) => statusOf(id)))).toEqual(['applied', 'applied']);
  });

  deepTest('changes a commission that is pending', async () => {
    await world.send(first, charge('2026-03-05T00:00:00Z'));
    await world.travelTo('2026-03-06T00:00:00Z');
    expect(await views(world)).toMatchObject([{ status: 'pending' }]);
    await world.send({ ...longer, timestamp: '2026-03-06T00:00:00Z' });
    expect(await views(world)).toEqual([]);
    await world.travelTo('2026-03-20T00:00:00Z');
    expect(await views(world)).toMatchObject([{ status: 'approved', payday: '2026-04-01' }]);
  });

  deepTest('is a conflict once a commission of it is approved, and so is any other content', async () => {
    await world.send(first, charge('2026-03-02T00:00:00Z'));
    await world.travelTo('2026-03-06T00:00:00Z');
    expect(await views(world)).toMatchObject([{ status: 'approved' }]);
    await world.send(longer);
    expect(await world.core.inbox.get(longer.id)).toMatchObject({ status: 'quarantined' });
    const other = told(undefined, '2026-03-03T00:00:00Z', { fanId: 'another' });
    await world.send(other);
    expect(await statusOf(other.id)).toBe('quarantined');
    expect(await views(world)).toMatchObject([{ status: 'approved', approvedAt: new Date('2026-03-06T00:00:00Z') }]);
  });

  deepTest('is none where the end that holds by itself is named', async () => {
    await world.send(first, charge('2026-03-02T00:00:00Z'));
    await world.travelTo('2026-03-06T00:00:00Z');
    const named = told('2026-03-04T00:00:00Z', '2026-03-05T00:00:00Z');
    await world.send(named, { ...first, id: 'unnamed', timestamp: '2026-03-06T00:00:00Z' });
    expect([await statusOf(named.id), await statusOf('unnamed')]).toEqual(['applied', 'applied']);
    expect(await views(world)).toMatchObject([{ status: 'approved', approvedAt: new Date('2026-03-06T00:00:00Z') }]);
  });

  deepTest('of an earlier version nothing changes, also when it comes after the approval', async () => {
    await world.send(longer, charge('2026-03-02T00:00:00Z'));
    await world.travelTo('2026-03-21T00:00:00Z');
    await world.send(first);
    expect(await statusOf(first.id)).toBe('applied');
    expect(await views(world)).toMatchObject([{ status: 'approved', approvedAt: new Date('2026-03-20T00:00:00Z') }]);
  });
});

describe('a fact that names the currency, or what holds anyway, is the same fact', () => {
  const facts: [string, TestEvent][] = [
    ['subscription.started', told(undefined, '2026-03-01T00:00:00Z')],
    ['payment.succeeded', charge('2026-03-02T00:00:00Z')],
    ['payment.refunded', tell.refund('r1', 'p1', 100, '2026-03-03T00:00:00Z')],
    ['subscription.cancelled', cancelled('s1', '2026-03-09T00:00:00Z')],
    ['order.placed', tell.order('o1', { placedAt: '2026-03-01T00:00:00Z' })],
    ['balance.topped_up', tell.topUp('t1', 'M', 500)],
    ['campaign.updated', tell.campaign('c1', 'M', 'c', 4_000)],
  ];

  test.each(sampleOf(facts, 1))('%s', async (_, fact) => {
    await world.send(tell.account('M', 'model'), tell.account('c', 'marketer'));
    const before = facts.slice(0, 3).map(([, event]) => event);
    await world.send(...before.filter((event) => event !== fact), fact);
    const again = { ...fact, id: `${fact.id}-again`, data: { ...fact.data, currency: 'USD' } };
    await world.send(again);
    expect([await statusOf(fact.id), await statusOf(again.id)]).toEqual(['applied', 'applied']);
  });

  test.each([{ programId: 'default' }, { fan: {} }, { fan: { bot: false } }])(
    '%j named is the same as not',
    async (more) => {
      await world.send(told(undefined, '2026-03-01T00:00:00Z'), told(undefined, '2026-03-02T00:00:00Z', more));
      expect(await statusOf('told-2026-03-02T00:00:00Z')).toBe('applied');
    },
  );
});
