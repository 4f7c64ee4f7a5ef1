import type { mongo } from 'mongoose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { Database } from '../../src/database/connect.ts';
import { DatabaseNewer, MigrationsPending } from '../../src/database/errors.ts';
import { buildIndexes } from '../../src/database/indexes.ts';
import { nameEventsOfEntries } from '../../src/database/migrations/0004-events-of-entries.ts';
import { rolesAndCodes } from '../../src/database/migrations/0005-roles-and-codes.ts';
import { moreSearchWords } from '../../src/database/migrations/0009-more-search-words.ts';
import { sumsOfOverdue } from '../../src/database/migrations/0010-sums-of-overdue.ts';
import { migrate } from '../../src/database/migrations/migrate.ts';
import {
  dropIndexes,
  type Migration,
  type MigrationContext,
  updateInBatches,
} from '../../src/database/migrations/migration.ts';
import { describeState, readMigrations } from '../../src/database/migrations/status.ts';
import { createOverdueInvoices } from '../../src/invoicing/overdueInvoices.ts';
import { createInvoicingStore } from '../../src/invoicing/store.ts';
import { createCalendar } from '../../src/kernel/calendar.ts';
import { testDatabase } from '../support/database.ts';
import { deepTest } from '../support/depth.ts';

const NOW = new Date('2026-03-02T06:00:00Z');
const LATER = new Date('2026-04-01T00:00:00Z');

let database: Database;
let db: mongo.Db;
let ran: string[];
let reported: string[];
beforeAll(async () => {
  database = await testDatabase({ ownIndexes: true });
  db = database.connection.getClient().db(database.connection.name);
});
afterAll(() => database.close());
beforeEach(async () => {
  // Its collections as well: one that is there makes a database one that was used before.
  await db.dropDatabase();
  ran = [];
  reported = [];
});

function named(name: string, up: Migration['up'] = async () => {}): Migration {
  return {
    name,
    up: async (context) => {
      ran.push(name);
      await up(context);
    },
  };
}

function run(migrations: Migration[], options: { apply?: boolean; at?: Date } = {}): Promise<void> {
  return migrate({
    connection: database.connection,
    migrations,
    clock: { now: () => options.at ?? NOW },
    apply: options.apply ?? true,
    report: (line) => reported.push(line),
  });
}

/** Something is stored, by a version that had no migrations yet. */
async function storeSomething(): Promise<void> {
  await db.collection<{ _id: string }>('things').insertOne({ _id: 'a' });
}

/** Everything in the database. */
async function everything(): Promise<Record<string, unknown[]>> {
  const collections = await db.listCollections({}, { nameOnly: true }).toArray();
  const all = collections.map(async ({ name }) => [name, await db.collection(name).find().toArray()] as const);
  return Object.fromEntries(await Promise.all(all));
}

const records = () => db.collection<{ _id: string }>('migrations').find().sort({ _id: 1 }).toArray();
const applied = (_id: string, at = NOW) => ({ _id, startedAt: at, appliedAt: at });

describe('a database', () => {
  test('that is empty is marked as up to date; nothing runs', async () => {
    await run([named('0001'), named('0002')]);
    expect(ran).toEqual([]);
    expect(await records()).toEqual([applied('0001'), applied('0002')]);
  });

  test('of an earlier version goes through all of them in order, and through each once', async () => {
    await storeSomething();
    await run([named('0001'), named('0002')]);
    await run([named('0001'), named('0002'), named('0003')], { at: LATER });
    expect(ran).toEqual(['0001', '0002', '0003']);
    expect(await records()).toEqual([applied('0001'), applied('0002'), applied('0003', LATER)]);
    expect(reported).toEqual(['0001', '0002', '0003'].map((name) => `migrating the database: ${name}`));
  });

  test('that a run was cut off in goes on where it was: what is finished is not done again', async () => {
    await storeSomething();
    const fails = named('0002', () => Promise.reject(new Error('the power is gone')));
    await expect(run([named('0001'), fails])).rejects.toThrow('0002 (up) failed: Original error: the power is gone');
    expect(await records()).toEqual([applied('0001'), { _id: '0002', startedAt: NOW }]);
    await run([named('0001'), named('0002')]);
    expect(ran).toEqual(['0001', '0002', '0002']);
    expect(await records()).toEqual([applied('0001'), applied('0002')]);
  });

  test.each([
    ['finished', { startedAt: NOW, appliedAt: NOW }],
    ['begun', { startedAt: NOW }],
  ])('in which a newer version has %s a migration is refused by name, and nothing is written', async (_, record) => {
    await storeSomething();
    const migrations = db.collection<{ _id: string }>('migrations');
    await migrations.insertMany([
      { _id: '0001', ...record },
      { _id: '0009-later', ...record },
    ]);
    const before = await everything();
    for (const apply of [true, false]) {
      const failure = await run([named('0001'), named('0002')], { apply }).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(DatabaseNewer);
      expect(String(failure)).toContain('newer version of settlebot, which has migrated it: 0009-later.');
    }
    expect(ran).toEqual([]);
    expect(await everything()).toEqual(before);
  });
});

describe('who may not migrate', () => {
  test('is told what is pending, and nothing is written', async () => {
    await storeSomething();
    const failure = await run([named('0001'), named('0002')], { apply: false }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(MigrationsPending);
    expect(String(failure)).toContain('still to be migrated: 0001, 0002.');
    expect(await everything()).toEqual({ things: [{ _id: 'a' }] });
  });

  test('waits while somebody does', async () => {
    await storeSomething();
    const far = new Date('2100-01-01T00:00:00Z');
    await db.collection<{ _id: string }>('leases').insertOne({ _id: 'migrations', ...{ owner: 'other', until: far } });
    const reader = run([named('0001')], { apply: false });
    await until(() => reported.some((line) => line.startsWith('waiting while')));
    await db.collection<{ _id: string }>('migrations').insertOne(applied('0001'));
    await reader;
    expect(ran).toEqual([]);
  });

  test('gets an empty database marked as up to date, and an up-to-date one as it is', async () => {
    await run([named('0001')], { apply: false });
    await storeSomething();
    await run([named('0001')], { apply: false });
    expect(ran).toEqual([]);
  });
});

describe('of processes that start together', () => {
  test('one migrates, the others wait', async () => {
    await storeSomething();
    const slow = named('0001', () => until(() => reported.filter((line) => line.startsWith('waiting')).length === 2));
    await Promise.all([run([slow]), run([slow]), run([slow])]);
    expect(await records()).toEqual([applied('0001')]);
  });

  test('one that was frozen over its migration leaves it to who took over', async () => {
    await storeSomething();
    const frozen = named('0001', async ({ assertLeased }) => {
      // Its lease has passed to another process meanwhile, which is done.
      const until = new Date('2100-01-01T00:00:00Z');
      await db
        .collection<{ _id: string }>('leases')
        .updateOne({ _id: 'migrations' }, { $set: { owner: 'other', until } });
      await db.collection<{ _id: string }>('migrations').updateOne({ _id: '0001' }, { $set: { appliedAt: LATER } });
      await assertLeased();
      ran.push('went on all the same');
    });
    await run([frozen]);
    expect(ran).toEqual(['0001']);
    expect(await records()).toEqual([{ _id: '0001', startedAt: NOW, appliedAt: LATER }]);
  });
});

test('what `settlebot config` says of each', async () => {
  await storeSomething();
  const fails = named('0002', () => Promise.reject(new Error('no')));
  await run([named('0001'), fails]).catch(() => {});
  await db.collection<{ _id: string }>('migrations').insertOne({ _id: '0004', ...{ startedAt: NOW, appliedAt: NOW } });
  const { isEmpty, states } = await readMigrations(database.connection, [named('0001'), fails, named('0003')]);
  expect(states.map((state) => describeState(state, isEmpty))).toEqual([
    '0001: applied 2026-03-02T06:00:00.000Z',
    '0002: pending, begun 2026-03-02T06:00:00.000Z and not finished',
    '0003: pending',
    '0004: applied 2026-03-02T06:00:00.000Z, by a newer version',
  ]);
});

describe('the steps of a migration', () => {
  const context = () => ({ database: db, assertLeased: async () => void ran.push('leased') });

  deepTest('updates go through a collection in bounded steps, whatever the filter finds in each', async () => {
    const count = 25_000;
    const documents = Array.from({ length: count }, (_, number) => ({ _id: `d${number}`, number }));
    await db.collection<{ _id: string }>('many').insertMany(documents);
    const odd = { number: { $mod: [2, 1] }, twice: { $exists: false } };
    await updateInBatches(context(), 'many', odd, [{ $set: { twice: { $multiply: ['$number', 2] } } }]);
    expect(ran).toHaveLength(3);
    expect(await db.collection('many').countDocuments({ twice: { $exists: true } })).toBe(count / 2);
    expect(await db.collection('many').findOne({ number: 24_999 })).toMatchObject({ twice: 49_998 });
  });

  test('indexes that are gone already, with their collection or without, are no matter', async () => {
    await db.collection('many').createIndex({ number: 1 });
    for (let time = 0; time < 2; time += 1) await dropIndexes(context(), 'many', ['number_1', 'other_1']);
    await dropIndexes(context(), 'nowhere', ['number_1']);
    expect((await db.collection('many').indexes()).map(({ name }) => name)).toEqual(['_id_']);
  });
});

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  await expect.poll(holds, { timeout: 20_000 }).toBe(true);
}

describe('0004, on what an earlier version has stored', () => {
  const collection = (name: string) => db.collection<{ _id: string } & Record<string, unknown>>(name);
  const event = (_id: string, type: string, told: object, status = 'applied') => ({
    ...{ _id, type, status, body: JSON.stringify({ type, data: told }) },
  });

  test('each entry, order and payout names the event that it came of; nothing else names one', async () => {
    await collection('events').insertMany([
      event('e1', 'balance.topped_up', { topUpId: 't1' }),
      event('e2', 'order.placed', { orderId: 'cancelled' }),
      event('e3', 'order.cancelled', { orderId: 'cancelled' }),
      event('e4', 'order.placed', { orderId: 'stopped' }),
      event('e5', 'order.guarantee_violated', { orderId: 'stopped' }),
      event('e6', 'payout.settled', { payoutId: 'paid' }),
      event('e7', 'payout.failed', { payoutId: 'failed' }),
      event('e8', 'payout.failed', { payoutId: 'by-hand' }),
      event('e9', 'balance.topped_up', { topUpId: 't2' }, 'quarantined'),
    ]);
    const entries = [
      'topup:t1',
      'topup:t2',
      'order:cancelled:cancelled',
      'payout:failed:failed',
      'payout:by-hand:failed',
    ];
    await collection('ledger_entries').insertMany(entries.map((_id) => ({ _id })));
    await collection('orders').insertMany([
      { _id: 'cancelled', status: 'cancelled' },
      { _id: 'stopped', status: 'stopped', reasons: [{ kind: 'guarantee-violated' }] },
    ]);
    await collection('payouts').insertMany([
      { _id: 'paid', status: 'paid', actor: 'platform' },
      { _id: 'failed', status: 'failed', actor: 'platform' },
      { _id: 'by-hand', status: 'failed', actor: 'ops' },
    ]);
    await run([nameEventsOfEntries]);
    expect(await everything()).toMatchObject({
      ledger_entries: [
        { _id: 'topup:t1', eventId: 'e1' },
        { _id: 'topup:t2' },
        { _id: 'order:cancelled:cancelled', eventId: 'e3' },
        { _id: 'payout:failed:failed', eventId: 'e7' },
        { _id: 'payout:by-hand:failed' },
      ],
      orders: [
        { _id: 'cancelled', eventId: 'e2', endedByEvent: 'e3' },
        { _id: 'stopped', eventId: 'e4', endedByEvent: 'e5' },
      ],
      payouts: [{ _id: 'paid', eventId: 'e6' }, { _id: 'failed', eventId: 'e7' }, { _id: 'by-hand' }],
    });
    for (const _id of ['topup:t2', 'payout:by-hand:failed']) {
      expect(await collection('ledger_entries').findOne({ _id })).toEqual({ _id });
    }
    expect(await collection('payouts').findOne({ _id: 'by-hand' })).not.toHaveProperty('eventId');
  });

  test('of several events that tell the same the first is named, over many steps; a name that is there stays', async () => {
    const events = Array.from({ length: 450 }, (_, number) =>
      event(`e${String(number).padStart(3, '0')}`, 'balance.topped_up', { topUpId: `t${number % 225}` }),
    );
    await collection('events').insertMany(events);
    const entries = Array.from({ length: 225 }, (_, number) => ({ _id: `topup:t${number}` }));
    await collection('ledger_entries').insertMany([{ ...entries[0], eventId: 'mine' }, ...entries.slice(1)] as {
      _id: string;
    }[]);
    for (let time = 0; time < 2; time += 1) {
      await collection('migrations').deleteMany({});
      await run([nameEventsOfEntries]);
      expect(await collection('ledger_entries').find().toArray()).toEqual(
        entries.map(({ _id }, number) => ({
          ...{ _id, eventId: number === 0 ? 'mine' : `e${String(number).padStart(3, '0')}` },
        })),
      );
    }
  });
});

describe('0005, on what an earlier version has stored', () => {
  const CAME = new Date('2026-03-02T10:00:00Z');
  const version = (_id: string, timestamp: string, role: string) => ({
    ...{ _id, accountId: 'mia', timestamp: new Date(timestamp) },
    data: { accountId: 'mia', role, name: 'Mia' },
  });

  test('a version that was dated ahead counts from when it came; who came later replaces it', async () => {
    const ahead = version('ahead', '9999-12-31T00:00:00Z', 'manager');
    const later = version('later', '2026-03-05T00:00:00Z', 'model');
    await db.collection<{ _id: string }>('account_versions').insertMany([ahead, later]);
    const received = [
      { _id: 'ahead', receivedAt: CAME },
      { _id: 'later', receivedAt: new Date('2026-03-05T00:00:00Z') },
    ];
    await db.collection<{ _id: string }>('events').insertMany(received);
    const { accountId: _id, _id: eventId, ...rest } = ahead;
    await db
      .collection<{ _id: string }>('accounts')
      .insertOne({ _id, ...{ eventId, role: 'manager', searchWords: ['mia'] }, ...rest });
    await run([rolesAndCodes]);
    expect(await db.collection('accounts').findOne()).toMatchObject({
      ...{ eventId: 'later', role: 'model', timestamp: later.timestamp, managersTold: true },
    });
    expect(await db.collection<{ _id: string }>('account_versions').findOne({ _id: 'ahead' })).toMatchObject({
      timestamp: CAME,
    });
  });

  test('no code is left in clear, and none is live', async () => {
    const update = { update_id: 1, message: { text: '/start ABCDE23456' } };
    const collection = (name: string) => db.collection<{ _id: string }>(name);
    await collection('telegram_updates').insertOne({ _id: '1:1', state: 'handled', update } as { _id: string });
    const answer = { body: '{"code":"ABCDE23456","expiresAt":"2026-03-02T10:15:00.000Z"}' };
    await collection('api_answers').insertOne({ _id: 'ops:1', answer } as { _id: string });
    await collection('link_codes').insertOne({ _id: 'hash' });
    await run([rolesAndCodes]);
    const { migrations: _, ...all } = await everything();
    expect(JSON.stringify(all)).not.toContain('ABCDE23456');
    expect(all.link_codes).toEqual([]);
  });
});

describe('0009, on what an earlier version has stored', () => {
  const accounts = () => db.collection<{ _id: string } & Record<string, unknown>>('accounts');
  const account = (_id: string, name: string, searchWords: string[], more = {}) => ({
    ...{ _id, data: { name }, searchWords },
    ...more,
  });

  test('names are found by more words, over many pages and done again; of whoever was erased nothing is', async () => {
    const many = Array.from({ length: 1_100 }, (_, number) => `m${String(number).padStart(4, '0')}`);
    await accounts().insertMany([
      ...many.map((_id) => account(_id, "Ł. O'Brien", ['ł', 'o', 'brien', _id])),
      account('erased', 'an erased person', [], { erasedAt: NOW }),
    ]);
    for (let time = 0; time < 2; time += 1) {
      await db.collection('migrations').deleteMany({});
      await run([moreSearchWords]);
      expect(await accounts().countDocuments({ searchWords: "o'brien" })).toBe(many.length);
      expect((await accounts().findOne({ _id: 'm1099' }))?.searchWords).toEqual([
        'm1099',
        ...['l', 'o', 'brien', 'l.', "o'brien"],
      ]);
      expect((await accounts().findOne({ _id: 'erased' }))?.searchWords).toEqual([]);
    }
  });
});

describe('0010, on what an earlier version has stored', () => {
  const OF_BEFORE = 'status_1_dueAt_1__id_1';
  const OF_NOW = 'status_1_dueAt_1__id_1_modelId_1_total_1';
  const invoices = () => db.collection<{ _id: string } & Record<string, unknown>>('invoices');
  const invoice = (modelId: string, dueAt: string, total: number, more: object = {}) => ({
    ...{ _id: `2026-W08:${modelId}`, modelId, week: '2026-W08', status: 'open', issuedAt: new Date(dueAt) },
    ...{ dueAt: new Date(dueAt), total, lines: [], subtotal: total, discountBps: 0, discount: 0, credit: 0 },
    ...more,
  });
  const STORED = [
    invoice('ava', '2026-02-26T06:00:00Z', 10_000),
    invoice('bea', '2026-01-05T06:00:00Z', 60_000, {
      parts: [{ number: 1, amount: 20_000, paidAt: new Date('2026-01-06T06:00:00Z') }],
    }),
    invoice('cleo', '2026-04-02T06:00:00Z', 500),
    invoice('dora', '2026-02-26T06:00:00Z', 700, { status: 'void', voidReason: 'twice' }),
  ];

  /** As the version before had them: by an index that has neither models nor totals. */
  async function store(): Promise<void> {
    await invoices().insertMany(STORED);
    await invoices().createIndex({ status: 1, dueAt: 1, _id: 1 });
    expect(await indexNames()).toContain(OF_BEFORE);
  }
  const indexNames = async () => (await invoices().indexes()).map(({ name }) => name);

  test('its index goes, done again as well, no invoice is touched, and the start has the one that the sums are read from', async () => {
    await store();
    for (let time = 0; time < 2; time += 1) {
      await db.collection('migrations').deleteMany({});
      await run([sumsOfOverdue]);
      expect(await indexNames()).toEqual(['_id_']);
      expect(await invoices().find().sort({ _id: 1 }).toArray()).toEqual(STORED);
    }
    const invoicing = createInvoicingStore(database.connection);
    await buildIndexes(database.connection);
    expect(await indexNames()).toContain(OF_NOW);
    const overdue = createOverdueInvoices({ store: invoicing, calendar: createCalendar('UTC') });
    expect(await overdue.summary(NOW)).toMatchObject({ count: 2, models: 2, amount: 50_000 });
    expect((await overdue.list({ limit: 1 }, NOW)).items.map(({ modelId }) => modelId)).toEqual(['bea']);
    // The database has it until the next test begins with none.
    for (const name of database.connection.modelNames()) database.connection.deleteModel(name);
  });

  test.each([
    ['before the index has gone', async () => {}],
    ['when it has, and nobody has noted that', (context: MigrationContext) => sumsOfOverdue.up(context)],
  ])('killed %s, it is done at the next start', async (_, before) => {
    await store();
    const killed: Migration = {
      ...sumsOfOverdue,
      up: async (context) => {
        await before(context);
        throw new Error('the power is gone');
      },
    };
    await expect(run([killed])).rejects.toThrow('the power is gone');
    expect(await records()).toEqual([{ _id: sumsOfOverdue.name, startedAt: NOW }]);
    await run([sumsOfOverdue], { at: LATER });
    expect(await records()).toEqual([{ _id: sumsOfOverdue.name, startedAt: NOW, appliedAt: LATER }]);
    expect(await indexNames()).toEqual(['_id_']);
    expect(await invoices().find().sort({ _id: 1 }).toArray()).toEqual(STORED);
  });
});
