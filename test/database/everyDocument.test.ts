import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';

import { deleteEvery, updateEvery } from '../../src/database/everyDocument.ts';
import { failed, settled, sold } from '../affiliates/world.ts';
import { deepTest } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { passOver } from '../support/passOver.ts';
import { createWorld, PLATFORM, throwIt } from '../support/world.ts';

const BY = { actor: 'ops', reason: 'because' };

const world = await createWorld({ environment: PLATFORM, onError: throwIt });
afterAll(world.close);

let passing: ReturnType<typeof passOver> | undefined;
afterEach(() => passing?.end());

describe('a change of all, which passes over one', () => {
  type Thing = { _id: string; state?: string };
  const things = () => world.connection.collection<Thing>('leases');
  beforeEach(async () => {
    await world.reset('2026-03-02T00:00:00Z');
    await things().insertMany(['a', 'b', 'c'].map((_id) => ({ _id, state: 'old' })));
    passing = passOver((_, asked) => asked < 2);
  });

  test('is done again until none is left', async () => {
    const collection = world.collection('leases') as never as Parameters<typeof updateEvery<Thing>>[0];
    expect(await updateEvery(collection, { state: 'old' }, { $set: { state: 'new' } })).toBe(3);
    expect(passing?.passed).toHaveLength(2);
    expect(await things().countDocuments({ state: 'new' })).toBe(3);
  });

  test('so is a deletion', async () => {
    const collection = world.collection('leases') as never as Parameters<typeof deleteEvery<Thing>>[0];
    expect(await deleteEvery(collection, { state: 'old' })).toBe(3);
    expect(await things().countDocuments({})).toBe(0);
  });

  test('does not go on for ever', async () => {
    const collection = world.collection('leases') as never as Parameters<typeof updateEvery<Thing>>[0];
    await expect(updateEvery(collection, { state: 'old' }, { $set: { state: 'old' } })).rejects.toThrow('passed over');
  });
});

/** Weeks of everything that changes many documents at once, after `begin`. Answers what became of it. */
async function story(begin = () => {}) {
  const at = (day: number) => `2026-03-${String(day).padStart(2, '0')}T12:00:00Z`;
  await world.reset('2026-03-01T12:00:00Z');
  begin();
  await world.send(...['M', 'N'].map((id) => tell.account(id, 'model')), tell.account('c', 'marketer'));
  // These wait for their campaigns, and those for an order.
  const payments = Array.from({ length: 12 }, (_, index) =>
    tell.payment(`p${index}`, 1_000, at(1), { campaignId: index % 2 === 0 ? 'A' : 'B' }),
  );
  const fans = [0, 1, 2, 3].map((index) => tell.fan(`f${index}`, 'o', '2026-03-02T13:00:00Z'));
  await world.send(...payments, ...fans);
  await world.send(tell.campaign('A', 'M', 'c', 5_000), tell.campaign('B', 'N', 'c', 5_000));
  await world.travelTo('2026-03-02T12:00:00Z');
  await world.send(tell.order('o', { placedAt: at(2), quantity: 4, chunkSize: 2 }));
  await world.core.orders.accept('o', BY, world.clock.now());
  await world.drain();
  await world.send(tell.account('A1', 'affiliate'), tell.account('A2', 'affiliate'), tell.account('A3', 'affiliate'));
  for (const id of ['A1', 'A2', 'A3']) {
    await world.send(
      ...sold(`s${id}`, id, '2026-02-25T00:00:00Z'),
      tell.payment(`c${id}`, 1_000, '2026-03-02T12:00:00Z', { kind: 'subscription', subscriptionId: `s${id}` }),
    );
  }
  await world.core.invoicing.invoices.void('2026-W09:N', BY, world.clock.now());
  await world.send(tell.campaign('A', 'M', 'c', 4_000, { id: 'campaign-A2', at: at(1) }));
  await world.send(...payments.slice(0, 1).map((one) => ({ ...one, id: 'again' })));
  await world.travelTo('2026-03-06T12:00:00Z');
  await world.send(tell.topUp('t', 'M', 10_000));
  await world.travelTo('2026-03-16T12:00:00Z');
  await world.core.affiliates.payouts.act('2026-03-16:A1', 'settle', { ...BY, reference: 'tx' }, world.clock.now());
  await world.send(failed('2026-03-16:A2', at(16)), settled('2026-03-16:A3', at(16)));
  await world.travelTo('2026-04-02T12:00:00Z');
  await repair();
  const all = (name: string, projection: object) => world.collection(name).find({}).project(projection).toArray();
  const state = { status: 1, state: 1, amount: 1, cycle: 1, billingWeek: 1, total: 1, pendingEffects: 1, waitsFor: 1 };
  return Object.fromEntries(
    await Promise.all(
      ['events', 'orders', 'order_amounts', 'invoices', 'transactions', 'commissions', 'payouts'].map(
        async (name) =>
          [name, (await all(name, state)).sort((a, b) => (String(a._id) < String(b._id) ? -1 : 1))] as const,
      ),
    ),
  );
}

/** What the service does by itself each minute, and each second. */
async function repair(): Promise<void> {
  const { core } = world;
  await core.accounts.repairRoles();
  await core.invoicing.invoices.reconcile();
  await core.standing.repair();
  await core.orders.repair(world.clock.now());
  await core.affiliates.repair();
  await core.notices.repair();
  await core.inboxWorker.repair();
  await world.drain();
  await core.followUps.look();
  await core.followUps.look();
}

deepTest('whatever an update of many passes over, the end is the same', { timeout: 120_000 }, async () => {
  const expected = await story();
  expect(await world.core.verify()).toEqual([]);
  // Every other one passes over a document.
  const found = await story(() => {
    passing = passOver((_, asked) => asked % 2 === 0);
  });
  passing?.end();
  const where = new Set(passing?.passed.map((one) => one.slice(0, one.indexOf('/'))));
  for (const collection of ['events', 'invoices', 'transactions', 'commissions', 'payouts', 'order_amounts']) {
    expect(where).toContain(collection);
  }
  expect(found).toEqual(expected);
  expect(await world.core.verify()).toEqual([]);
});

deepTest('events that nobody woke, though what they wait for is here, are woken by the repair', async () => {
  await world.reset('2026-03-02T00:00:00Z');
  await world.send(tell.account('M', 'model'), tell.account('c', 'marketer'));
  const payments = [0, 1, 2].map((index) =>
    tell.payment(`p${index}`, 100, '2026-03-01T00:00:00Z', { campaignId: 'A' }),
  );
  await world.send(...payments);
  // Who told of the campaign does not see that they wait for it.
  const waiting = world.connection.collection<{ waitsFor: string[] }>('events');
  await waiting.updateMany({ status: 'waiting' }, { $set: { waitsFor: ['campaign:other'] } });
  await world.send(tell.campaign('A', 'M', 'c', 5_000));
  await waiting.updateMany({ status: 'waiting' }, { $set: { waitsFor: ['campaign:A'] } });
  await world.drain();
  expect(await waiting.countDocuments({ status: 'waiting' })).toBe(3);
  expect(await world.core.verify()).toEqual(
    payments.map(({ id }) => `events/${id}: it waits for campaign:A, which is here`),
  );
  await repair();
  expect(await world.collection('events').countDocuments({ status: 'waiting' })).toBe(0);
  expect(await world.core.verify()).toEqual([]);
});
