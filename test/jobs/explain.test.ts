import type { mongo } from 'mongoose';
import mongoose from 'mongoose';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { ticksOf } from '../../jobs/ticks.ts';
import { failed, program, settled, sold } from '../affiliates/world.ts';
import { deepTest } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { createWorld, type World } from '../support/world.ts';

/**
 * Watches every read of the driver while ticks and lists run, and asks the database afterwards how it would answer it:
 * none may look through a whole collection. Writes that search are asked for as the reads they begin with.
 */
type Seen = { collection: string; filter: mongo.Document };

const SEARCHES = [
  'find',
  'findOne',
  'updateOne',
  'updateMany',
  'deleteOne',
  'deleteMany',
  'findOneAndUpdate',
  'countDocuments',
] as const;
type Search = (this: mongo.Collection, ...args: unknown[]) => unknown;

let world: World;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

async function watched(work: () => Promise<unknown>): Promise<Map<string, Seen>> {
  // Methods of many signatures, each only passed on.
  const prototype = mongoose.mongo.Collection.prototype as unknown as Record<string, Search>;
  const originals = ['aggregate', 'distinct', ...SEARCHES].map((name) => [name, prototype[name]] as const);
  const seen = new Map<string, Seen>();
  for (const [name, original] of originals) {
    prototype[name] = function search(...args) {
      const filter = filterOf(name, args);
      const key = `${this.collectionName} ${name} ${JSON.stringify(filter)}`;
      if (filter !== undefined) seen.set(key, { collection: this.collectionName, filter });
      return original?.apply(this, args);
    };
  }
  try {
    await work();
  } finally {
    for (const [name, original] of originals) if (original !== undefined) prototype[name] = original;
  }
  return seen;
}

function filterOf(name: string, args: unknown[]): mongo.Document | undefined {
  if (name === 'distinct') return args[1] as mongo.Document;
  if (name !== 'aggregate') return args[0] as mongo.Document;
  const [first] = args[0] as mongo.Document[];
  return first?.$match as mongo.Document | undefined;
}

async function planOf({ collection, filter }: Seen): Promise<string> {
  const plan = await world.database.connection.collection(collection).find(filter).explain('queryPlanner');
  return JSON.stringify(plan.queryPlanner.winningPlan);
}

test('every query that a tick, an event or a list runs has an index', async () => {
  await world.reset('2026-03-02T00:00:00Z');
  const seen = await watched(async () => {
    const { core } = world;
    await world.send(
      tell.account('M', 'model'),
      tell.account('N', 'model'),
      tell.account('c', 'marketer'),
      tell.campaign('A', 'M', 'c', 5_000),
      tell.subscription('s1', { campaignId: 'A' }),
      tell.payment('p1', 1_000, '2026-03-03T00:00:00Z', { campaignId: 'A' }),
      tell.payment('p2', 1_000, '2026-03-03T00:00:00Z', { subscriptionId: 's1' }),
      tell.payment('early', 1_000, '2026-03-03T00:00:00Z', { campaignId: 'unknown' }),
      tell.refund('r1', 'p1', 600, '2026-03-04T00:00:00Z'),
      tell.refund('r2', 'p1', 600, '2026-03-05T00:00:00Z'),
      tell.topUp('t1', 'M', 10),
    );
    await world.send(tell.campaign('A', 'N', 'c', 5_000, { id: 'other', at: '2026-03-04T00:00:00Z' }));
    await world.travelTo('2026-03-16T07:00:00Z');
    const now = world.clock.now();
    const by = { actor: 'ops', reason: 'a mistake' };
    await core.invoicing.invoices.pay('2026-W10:M', by, now);
    await core.invoicing.invoices.void('2026-W10:M', by, now);
    await core.invoicing.invoices.reconcile();
    await core.invoicing.invoices.unpaid('M', now);
    for (const request of [
      { limit: 10 },
      { limit: 10, modelId: 'M' },
      { limit: 10, week: '2026-W10' },
      { limit: 10, modelId: 'M', status: 'overdue' as const },
      ...(['open', 'overdue', 'completed', 'void', 'credited'] as const).map((status) => ({ limit: 10, status })),
    ]) {
      await core.invoicing.invoices.list(request, now);
    }
    await useOrders();
    await core.ledger.entries({ limit: 10 });
    await core.ledger.entries({ limit: 10, account: 'model:M' });
    await core.ledger.balances(['model:M', 'model:N']);
    await core.inbox.list({ limit: 10 });
    // Nearly all events are applied: of those the first in the order of ids are near, without an index.
    for (const status of ['received', 'waiting', 'ignored', 'quarantined'] as const) {
      await core.inbox.list({ limit: 10, status });
    }
    await core.inbox.counts();
    await core.inbox.replay('refund-r2');
    await world.drain();
    for (const filter of [{ subject: 'invoice:2026-W10:M' }, { actor: 'boss' }, { action: 'event' }, { from: now }]) {
      await core.audit.list({ limit: 10, ...filter });
    }
  });
  await expectIndexes(seen, 40);
});

deepTest('so has every query about commissions and payouts', async () => {
  await world.reset('2026-03-02T00:00:00Z');
  await world.send(tell.account('A', 'affiliate'), tell.account('B', 'affiliate'), tell.account('c', 'marketer'));
  const seen = await watched(async () => {
    const { commissions, payouts, cycles, repair } = world.core.affiliates;
    const of = { kind: 'subscription', subscriptionId: 's1' };
    await world.send(program('P'), ...sold('s1', 'A', '2026-03-02T00:00:00Z', { programId: 'P' }));
    await world.send(tell.payment('p1', 1_000, '2026-03-04T00:00:00Z', of), program('P', { id: 'v2', rateBps: 2_000 }));
    await world.travelTo('2026-03-17T00:00:00Z');
    await world.send(
      tell.refund('r1', 'p1', 400, '2026-03-05T00:00:00Z'),
      failed('2026-03-16:A', '2026-03-17T00:00:00Z'),
    );
    await world.travelTo('2026-04-02T00:00:00Z');
    await world.send(settled('2026-04-01:A', '2026-04-02T00:00:00Z'));
    const now = world.clock.now();
    for (const status of [undefined, 'pending', 'approved', 'rejected', 'paid'] as const) {
      const wanted = { limit: 10, ...(status === undefined ? {} : { status }) };
      await commissions.list(wanted, now);
      await commissions.list({ ...wanted, affiliateId: 'A' }, now);
    }
    for (const status of ['due', 'processing', 'paid', 'failed'] as const) await payouts.list({ limit: 10, status });
    await payouts.list({ limit: 10, accountId: 'A' });
    await payouts.list({ limit: 10, cycle: '2026-04-01' });
    await payouts.itemsOf(['2026-04-01:A']);
    await cycles.get('2026-04-01');
    await repair();
  });
  await expectIndexes(seen, 30);
});

test('so has every query of an idle beat', async () => {
  await world.reset('2026-03-02T00:00:00Z');
  const { core } = world;
  const ticks = ticksOf(core);
  const asked = await watched(() => Promise.all(ticks.map(({ nextDue }) => nextDue())));
  const looked = await watched(() => core.followUps.pending());
  await expectIndexes(new Map([...asked, ...looked]), ticks.length);
});

deepTest('so has every look at what needs somebody', async () => {
  await world.reset('2026-03-02T00:00:00Z');
  const { core } = world;
  const looked = await watched(() => core.today(world.clock.now()));
  await expectIndexes(looked, 14);
});

async function expectIndexes(seen: Map<string, Seen>, atLeast: number): Promise<void> {
  // What nothing is searched by reads all of it in the order of ids, page by page.
  const searching = [...seen].filter(([, { filter }]) => Object.keys(filter).length > 0);
  expect(searching.length).toBeGreaterThan(atLeast);
  const scans: string[] = [];
  for (const [key, one] of searching) if (/COLLSCAN/.test(await planOf(one))) scans.push(key);
  expect(scans).toEqual([]);
}

/** Orders that go every way, so that everything that is ever asked about them is asked. */
async function useOrders(): Promise<void> {
  const { orders } = world.core;
  const now = world.clock.now();
  const at = now.toISOString();
  const by = { actor: 'ops', reason: 'a mistake' };
  await world.send(tell.account('P', 'model'), tell.account('d', 'marketer'), tell.topUp('p', 'P', 1_000));
  const terms = { placedAt: at, modelId: 'P', quantity: 2 };
  for (const [index, more] of [{ prepaid: true }, {}, { chunkSize: 1, marketerId: 'd' }, { prepaid: true }].entries()) {
    await world.send(tell.order(`o${index}`, { ...terms, autoRenew: true, ...more }));
    await orders.accept(`o${index}`, by, now);
  }
  await world.send(tell.order('late', terms), tell.order('no', terms), tell.orderCancelled('no', at));
  await orders.reject('late', by, now);
  const fans = ['o0', 'o2'].flatMap((id) => [tell.fan(`${id}-1`, id, at), tell.fan(`${id}-2`, id, at)]);
  await world.send(...fans, tell.subscription('before', { fanId: 'fan-o0-1', campaignId: 'A' }));
  await world.send(tell.violation('o1', at), tell.fan('after', 'o1', at, { fanId: 'fan-o0-1' }));
  await world.send(tell.account('d', 'marketer', { id: 'one', at: '2026-02-01T00:00:00Z', capacity: 1 }));
  for (const id of ['runs', 'queues', 'fan-first']) {
    await world.send(tell.order(id, { ...terms, marketerId: 'd' }));
    await orders.accept(id, by, now);
  }
  await world.send(tell.fan('first', 'fan-first', at));
  await world.send(tell.order('waits', terms));
  for (const request of [
    {},
    { modelId: 'P' },
    { marketerId: 'c' },
    { status: 'expired' as const },
    { status: 'queued' as const },
  ]) {
    const page = await orders.list({ limit: 1, ...request }, now);
    await orders.list({ limit: 1, ...request, ...(page.next === null ? {} : { after: page.next }) }, now);
  }
  await orders.marketerQueue('c', 10, now);
  await orders.fans('o0', { limit: 1, after: 'a' });
  await orders.deadlines.nextDue();
  await orders.deadlines.run(new Date(now.getTime() + 71 * 3_600_000));
  await orders.repair(now);
  await orders.stopAll('P', now);
}
