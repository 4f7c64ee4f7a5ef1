import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { receiveEvents } from '../../src/cli/receiveEvents.ts';
import { connectDatabase } from '../../src/database/connect.ts';
import { buildIndexes } from '../../src/database/indexes.ts';
import { type Cluster, startCluster } from '../support/cluster/cluster.ts';
import type { CodeName, Fault, Which } from '../support/cluster/faults.ts';
import { testEngine } from '../support/database.ts';
import { deepTest, sampleOf } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { eventually } from '../support/eventually.ts';
import { createWorld, PLATFORM, type World } from '../support/world.ts';

/** The business on what the driver takes for a replica set, of which the secondaries have nothing yet. */

let cluster: Cluster;
let world: World;
const calm: (() => void)[] = [];
beforeAll(async () => {
  cluster = await startCluster({ engine: testEngine() });
  world = await createWorld({
    ...{ environment: PLATFORM, startsAt: '2026-03-02T00:00:00Z', eventsPerBatch: 50 },
    // Whatever the string asks for: that it is refused as configuration is tested elsewhere.
    server: cluster.uri('test', '&readPreference=secondaryPreferred'),
  });
});
beforeEach(async () => {
  await world.reset('2026-03-02T00:00:00Z');
  await world.send(tell.account('M', 'model'), tell.account('c', 'marketer'), tell.campaign('C', 'M', 'c', 4_000));
  cluster.recorded.length = 0;
});
afterEach(async () => {
  for (const end of calm.splice(0)) end();
  await cluster.recover();
});
afterAll(async () => {
  await world?.close();
  cluster?.close();
});

function fault(which: Which, what: Fault): void {
  calm.push(cluster.fault(which, what));
}

/** Does a step until nothing stands in its way. */
async function insist(step: () => Promise<unknown>): Promise<void> {
  await eventually(async () => {
    await step();
    return true;
  });
}

async function balance(account: string): Promise<number> {
  return world.core.ledger.balance(account);
}

async function stateOf(eventId: string) {
  const { status, attempts } = (await world.core.inbox.get(eventId)) ?? {};
  return { status, attempts };
}

deepTest('everything is read from the primary, and what counts is written to a majority', async () => {
  await world.send(tell.topUp('t', 'M', 10_000), tell.payment('p', 1_000, '2026-03-03T12:00:00Z', { campaignId: 'C' }));
  await world.travelTo('2026-03-09T06:00:00Z');
  expect(await balance('model:M')).toBe(9_600);
  const reads = cluster.recorded.filter(({ name }) =>
    ['find', 'aggregate', 'count', 'distinct', 'getMore'].includes(name),
  );
  expect(reads.length).toBeGreaterThan(100);
  expect(reads.filter(({ role, readPreference }) => role !== 'primary' || readPreference !== 'primary')).toEqual([]);
  const money = cluster.recorded.filter(
    ({ name, collection = '' }) => name === 'insert' && ['events', 'ledger_entries', 'invoices'].includes(collection),
  );
  expect(money.length).toBeGreaterThan(2);
  expect(money.filter(({ wantsMajority }) => !wantsMajority)).toEqual([]);
  expect(await world.core.verify()).toEqual([]);
});

const ERRORS: CodeName[] = sampleOf(
  [
    ...(['NotWritablePrimary', 'PrimarySteppedDown', 'ShutdownInProgress', 'InterruptedDueToReplStateChange'] as const),
    ...(['FailedToSatisfyReadPreference', 'ExceededTimeLimit', 'HostUnreachable'] as const),
  ],
  3,
);

describe('no event is to blame for the trouble of the database', () => {
  const ofFacts = ['payments', 'transactions', 'ledger_entries', 'subscriptions', 'notice_deliveries'];
  test.each(
    sampleOf<[string, Fault]>(
      [
        ...ERRORS.map((error): [string, Fault] => [error, { error }]),
        ['WriteConcernTimeout', { concernError: 'WriteConcernTimeout' }],
        ['UnsatisfiableWriteConcern', { concernError: 'UnsatisfiableWriteConcern' }],
        ['a connection that breaks before', { breaks: 'before' }],
        ['a connection that breaks after', { breaks: 'after' }],
      ],
      1,
    ),
  )('%s: applied in the end, none quarantined, no try counted', async (_, what) => {
    const payments = Array.from({ length: 20 }, (_, index) =>
      tell.payment(`p${index}`, 100, '2026-03-01T12:00:00Z', { campaignId: 'C' }),
    );
    await world.receive(tell.topUp('t', 'M', 5_000), ...payments);
    // The driver tries once more by itself: each of these meets it, too, a few times over.
    fault({ only: 'writes', collections: ofFacts, times: 12 }, what);
    await insist(world.drain);
    for (const { id } of payments) expect(await stateOf(id)).toEqual({ status: 'applied', attempts: 0 });
    expect(await balance('model:M')).toBe(5_000);
    expect(await world.core.verify()).toEqual([]);
  });

  deepTest('a cursor that is lost between two batches', async () => {
    const payments = Array.from({ length: 300 }, (_, index) =>
      tell.payment(`p${index}`, 100, '2026-03-01T12:00:00Z', { campaignId: 'C' }),
    );
    await world.receive(...payments);
    fault({ commands: ['getMore'], collections: ['events'], times: 3 }, { error: 'CursorNotFound' });
    await insist(world.drain);
    expect(cluster.recorded.some(({ name, collection }) => name === 'getMore' && collection === 'events')).toBe(true);
    await insist(() => world.travelTo('2026-03-02T06:00:00Z'));
    expect((await world.core.inbox.counts()).quarantined).toBe(0);
    expect(await world.collection('transactions').countDocuments()).toBe(300);
  });
});

test.each(sampleOf(['stepDown', 'kill'] as const, 1))(
  'a week is billed once through %s of the primary in its midst',
  async (how) => {
    const models = Array.from({ length: 12 }, (_, index) => `m${index}`);
    await world.send(
      ...models.flatMap((id) => [
        tell.account(id, 'model'),
        tell.campaign(`C-${id}`, id, 'c', 4_000),
        tell.topUp(`t-${id}`, id, 1_000),
      ]),
    );
    await world.send(
      ...models.map((id) => tell.payment(`p-${id}`, 1_000, '2026-03-03T12:00:00Z', { campaignId: `C-${id}` })),
    );
    let failing: Promise<void> | undefined;
    calm.push(
      cluster.rule(({ name, collection }) => {
        // In the midst: some of the invoices are there.
        if (name === 'insert' && collection === 'ledger_entries')
          failing ??= cluster.failOver(how, { electionMs: 1_000 });
        return undefined;
      }),
    );
    await insist(() => world.travelTo('2026-03-09T06:00:00Z'));
    await failing;
    expect(failing).toBeDefined();
    await insist(() => world.core.invoicing.invoices.reconcile());
    for (const id of models) expect(await balance(`model:${id}`)).toBe(600);
    expect(await balance('marketer:c')).toBe(12 * 400);
    expect(await world.core.verify()).toEqual([]);
  },
);

test('a write whose answer was lost is answered from the memory of the server, and done once', async () => {
  const before = cluster.answeredFromMemory();
  fault({ commands: ['insert'], collections: ['events'], times: 1 }, { breaks: 'after' });
  expect(await world.receive(tell.topUp('t', 'M', 500))).toEqual(['accepted']);
  expect(cluster.answeredFromMemory()).toBe(before + 1);
  await world.drain();
  expect(await balance('model:M')).toBe(500);
});

deepTest('import waits for a database that has no primary for a moment', async () => {
  const failing = cluster.failOver('stepDown', { electionMs: 3_000 });
  const events = Array.from({ length: 50 }, (_, index) => tell.topUp(`t${index}`, 'M', 10));
  const incoming = events.map(({ id, type, timestamp, data }) => ({
    ...{ id, type, timestamp: new Date(timestamp), known: true },
    body: JSON.stringify({ type, timestamp, data }),
  }));
  const receipts = await receiveEvents(world.core.inbox, incoming, (ms) => new Promise((done) => setTimeout(done, ms)));
  await failing;
  expect(new Set(receipts)).toEqual(new Set(['accepted']));
  await insist(world.drain);
  expect(await balance('model:M')).toBe(500);
});

describe('one connection that gives no answer', () => {
  deepTest('holds up the events that it was given, and no other', async () => {
    fault({ commands: ['insert'], collections: ['events'], times: 1 }, { lateMs: 20_000 });
    const began = performance.now();
    const lost = world.core.inbox.receive(incoming('lost')).catch((error: Error) => error.message);
    await new Promise((done) => setTimeout(done, 100));
    // It waits behind the write that hangs, and goes when half of the time to answer is over.
    expect(await world.core.inbox.receive(incoming('next'))).toBe('accepted');
    expect(performance.now() - began).toBeLessThan(1_900);
    expect(await world.core.inbox.receive(incoming('third'))).toBe('accepted');
    expect(await lost).toBe('the database did not answer');
    // It is there all the same: the sender sends it again, and is told so.
    expect(await world.core.inbox.receive(incoming('lost'))).toBe('duplicate');
  });

  deepTest('holds up no event either where it was asked about secrets, which all of them need', async () => {
    await world.core.inbox.receive(incoming('before'));
    await new Promise((done) => setTimeout(done, 2_500));
    fault({ commands: ['find'], collections: ['key_revision'], times: 1 }, { lateMs: 20_000 });
    const began = performance.now();
    expect(await world.core.inbox.receive(incoming('after'))).toBe('accepted');
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  test('is given up, so that its place in the pool is free again', async () => {
    const database = await connectDatabase({ mongodbUri: cluster.uri('pool', '&maxPoolSize=1'), dataDir: '' });
    const { socketTimeoutMS, maxIdleTimeMS } = database.connection.getClient().options;
    expect([socketTimeoutMS, maxIdleTimeMS]).toEqual([30_000, 60_000]);
    fault({ commands: ['insert'], collections: ['things'], times: 1 }, { lateMs: 20_000 });
    const things = database.connection.collection('things');
    const began = performance.now();
    await things.insertOne({ name: 'a' }, { socketTimeoutMS: 500 } as object);
    expect(performance.now() - began).toBeLessThan(10_000);
    await database.patiently(async (own) => {
      expect(own.getClient().options.socketTimeoutMS).toBe(0);
    });
    await database.connection.dropDatabase();
    await database.close();
  });

  function incoming(id: string) {
    const { type, timestamp, data } = tell.topUp(`t-${id}`, 'M', 10);
    const body = JSON.stringify({ type, timestamp, data });
    return { id: `top-up-${id}`, type, timestamp: new Date(timestamp), body, known: true };
  }
});

deepTest('indexes are built by a majority, and beside another process that does the same', async () => {
  await Promise.all([buildIndexes(world.connection), buildIndexes(world.connection)]);
  const builds = cluster.recorded.filter(({ name }) => name === 'createIndexes');
  expect(builds.length).toBeGreaterThan(50);
  expect(builds.filter(({ body }) => body.commitQuorum !== 'majority')).toEqual([]);
});
