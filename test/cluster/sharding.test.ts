import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { createBotStore } from '../../bots/telegram/store.ts';
import { createClockStand } from '../../jobs/clockStand.ts';
import { SHARDING, shardKeys, shardScript } from '../../src/database/sharding.ts';
import { INVENTORY } from '../../src/erasure/inventory.ts';
import { program } from '../affiliates/world.ts';
import { PEOPLE } from '../demo/cast.ts';
import { QUICK, withCast } from '../demo/demo.ts';
import { createStage } from '../demo/stage.ts';
import { playFirstInvoice } from '../demo/story.ts';
import { type Cluster, startCluster } from '../support/cluster/cluster.ts';
import { commandOf } from '../support/cluster/command.ts';
import { shardingRefusal, wrongWithIndex } from '../support/cluster/sharding.ts';
import { testEngine } from '../support/database.ts';
import { deepTest } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { createWorld, PLATFORM, type World } from '../support/world.ts';

/** Every collection, index and write is held against the table of shard keys; the router of the stand-in refuses what a real one would. */

let cluster: Cluster;
let world: World;
beforeAll(async () => {
  cluster = await startCluster({ engine: testEngine(), kind: 'mongos', shardKeys: shardKeys() });
  world = await createWorld({ environment: PLATFORM, startsAt: '2026-03-02T00:00:00Z', server: cluster.uri('test') });
  createBotStore(world.connection, 'for its indexes');
  createClockStand(world.connection, 'test');
});
afterAll(async () => {
  await world?.close();
  cluster?.close();
});

test('the table has every collection once', () => {
  const named = SHARDING.flatMap(({ collections }) => collections);
  expect([...named].sort()).toEqual([...new Set(named)].sort());
  // The log of Agenda has no documents of ours, unless it is switched on.
  expect([...named].sort()).toEqual([...Object.keys(INVENTORY), 'agenda_logs'].sort());
});

test('every unique index begins with the shard key of its collection', () => {
  const keys = shardKeys();
  const wrong = Object.values(world.connection.models).flatMap(({ collection: { collectionName: name }, schema }) =>
    schema.indexes().flatMap(([fields, options]) => {
      const key = keys.get(name);
      if (key === null) return [];
      if (key === undefined) return [`${name} is not in the table`];
      return wrongWithIndex({ key: fields, unique: options.unique === true }, key).map((line) => `${name}: ${line}`);
    }),
  );
  expect(Object.keys(world.connection.models).length).toBeGreaterThan(40);
  expect(wrong).toEqual([]);
});

describe('the router of the stand-in', () => {
  const keys = new Map<string, readonly string[] | null>([
    ['things', ['book']],
    ['apart', null],
  ]);
  test.each<[string, Record<string, unknown>, boolean]>([
    ['an update of one by its id', { update: 'things', updates: [{ q: { _id: 1 }, u: {} }] }, true],
    ['an update of one by its shard key', { update: 'things', updates: [{ q: { book: 'b' }, u: {} }] }, true],
    ['an update of one by neither', { update: 'things', updates: [{ q: { name: 'n' }, u: {} }] }, false],
    ['an update of one by a range', { update: 'things', updates: [{ q: { _id: { $gt: 1 } }, u: {} }] }, false],
    ['an update of many by anything', { update: 'things', updates: [{ q: {}, u: {}, multi: true }] }, true],
    ['an upsert by its id alone', { update: 'things', updates: [{ q: { _id: 1 }, u: {}, upsert: true }] }, false],
    [
      'a change of the shard key',
      { update: 'things', updates: [{ q: { _id: 1 }, u: { $set: { book: 'c' } } }] },
      false,
    ],
    ['a deletion of one by neither', { delete: 'things', deletes: [{ q: { name: 'n' }, limit: 1 }] }, false],
    ['findAndModify by id alone', { findAndModify: 'things', query: { _id: 1 } }, false],
    ['findAndModify by the shard key in $and', { findAndModify: 'things', query: { $and: [{ book: 'b' }] } }, true],
    [
      'a unique index that begins elsewhere',
      { createIndexes: 'things', indexes: [{ key: { a: 1 }, unique: true }] },
      false,
    ],
    ['anything where nothing is sharded', { update: 'apart', updates: [{ q: { name: 'n' }, u: {} }] }, true],
    ['anything that nobody has decided on', { insert: 'new', documents: [] }, false],
  ])('takes %s, or not', (_, command, isTaken) => {
    const body = { ...command, $db: 'test' };
    const asked = commandOf({ id: 1, body, sequences: [], isLegacy: false, takesStream: false });
    expect(shardingRefusal(keys, asked) === undefined).toBe(isTaken);
  });
});

deepTest('weeks of invoices, orders, commissions, payouts and people go through it', async () => {
  const at = '2026-03-03T12:00:00Z';
  await world.send(
    ...[tell.account('M', 'model'), tell.account('c', 'marketer'), tell.account('a', 'affiliate')],
    ...[tell.account('boss', 'manager'), tell.campaign('C', 'M', 'c', 4_000), tell.topUp('t', 'M', 5_000)],
    program('P'),
  );
  await world.link('M', 'telegram', 1);
  await world.link('boss', 'telegram', 2);
  await world.send(
    tell.subscription('s', { affiliateId: 'a', programId: 'P', startedAt: at }),
    tell.payment('first', 10_000, '2026-03-06T12:00:00Z', { subscriptionId: 's', kind: 'subscription' }),
    tell.payment('p', 1_000, at, { campaignId: 'C' }),
    tell.payment('q', 1_000, at, { campaignId: 'C' }),
    tell.refund('r', 'q', 400, at),
    tell.order('o', { placedAt: '2026-03-02T00:00:00Z', quantity: 2, prepaid: true }),
    tell.order('late', { placedAt: '2026-03-02T00:00:00Z' }),
  );
  const by = { actor: 'ops' };
  expect((await world.core.orders.accept('o', by, world.clock.now())).kind).toBe('accepted');
  await world.travelTo(at);
  await world.send(tell.fan('f1', 'o', at), tell.fan('f2', 'o', at), tell.fan('f3', 'o', at));
  for (const words of ['/balance', '/invoices', '/settings', '/orders', '/nonsense']) {
    await world.core.runCommand({ channel: 'telegram', userId: '1', chatId: '1' }, words);
  }
  await world.travelTo('2026-04-02T00:00:00Z');
  const [payout] = (await world.core.affiliates.payouts.list({ limit: 10 })).items;
  expect(payout).toBeDefined();
  const managed = ['/settle 2026-04-01 bank-1', '/overdue', '/health', '/quarantine'];
  for (const words of managed) await world.core.runCommand({ channel: 'telegram', userId: '2', chatId: '2' }, words);
  await world.travelTo('2026-04-20T00:00:00Z');

  expect(await world.core.orders.get('o', world.clock.now())).toMatchObject({ status: 'completed' });
  const written = new Set(
    cluster.recorded.filter(({ name }) => name === 'insert' || name === 'update').map((one) => one.collection),
  );
  expect([...written]).toEqual(
    expect.arrayContaining(['invoices', 'ledger_entries', 'orders', 'order_fans', 'commissions', 'payouts', 'events']),
  );
  expect([...world.errors, ...cluster.refused]).toEqual([]);
  expect((await world.core.inbox.counts()).quarantined).toBe(0);
  expect(await world.core.verify()).toEqual([]);
});

deepTest('the first week of the demo, with its people in both channels, goes through it', async () => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const mongodbUri = cluster.uri(`demo-${process.pid}`);
  await withCast({ mongodbUri, limits: QUICK }, ({ telegram, discord, service }) =>
    playFirstInvoice(createStage({ service, telegram, discord, people: PEOPLE })),
  ).finally(() => vi.restoreAllMocks());
  expect(cluster.refused).toEqual([]);
});

test('the script shards what the table says, in the database of the service', () => {
  const script = shardScript('books');
  const calls = [...script.matchAll(/^sh\.shardCollection\("books\.(\w+)", \{(\w+): (1|"hashed")\}\);$/gm)];
  const sharded = [...shardKeys()].filter(([, key]) => key !== null);
  expect(Object.fromEntries(calls.map(([, name, field]) => [name, [field]]))).toEqual(Object.fromEntries(sharded));
  expect(script).toContain('sh.enableSharding("books");');
});
