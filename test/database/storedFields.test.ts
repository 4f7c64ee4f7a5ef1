import type { mongo } from 'mongoose';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { readConfig } from '../../src/config.ts';
import { createCore } from '../../src/core.ts';
import type { Database } from '../../src/database/connect.ts';
import { buildIndexes } from '../../src/database/indexes.ts';
import { migrate } from '../../src/database/migrations/migrate.ts';
import { MIGRATIONS } from '../../src/database/migrations/migrations.ts';
import { createServiceClock } from '../../src/kernel/clock.ts';
import { searchWordsOf } from '../../src/kernel/searchWords.ts';
import { testDatabase } from '../support/database.ts';
import { deepTest } from '../support/depth.ts';
import { installFaults } from '../support/faults.ts';
import { readStoredData, writeStoredData } from '../support/storedData.ts';

/** What became of each field, and of which values; everything else is as it was. */
const RENAMED: Record<string, Record<string, string>> = {
  orders: { untold: 'pendingEffects', short: 'awaitingFunds', seq: 'acceptanceNumber' },
  order_amounts: { untold: 'notificationPending' },
  invoices: { followUp: 'pendingEffects', unreleased: 'releasePending' },
  standing_decisions: { unfollowed: 'pendingEffects' },
  standings: {
    told: 'announced',
    untold: 'pendingNotifications',
    hasUntold: 'hasPendingNotifications',
    seenAt: 'assessedAt',
  },
  transactions: { heldFrom: 'withdrawnFrom' },
  commissions: { todo: 'effectsPending', before: 'amountBefore', rev: 'revision', stepAt: 'nextStepAt' },
  payouts: { todo: 'effectsPending', unreleased: 'releasePending' },
  notice_deliveries: { toldAt: 'enqueuedAt' },
};

const data = await readStoredData('before-0001.ndjson.gz');

let database: Database;
let db: mongo.Db;
beforeAll(async () => {
  database = await testDatabase({ ownIndexes: true });
  db = database.connection.getClient().db(database.connection.name);
  await writeStoredData(db, data);
});
afterAll(() => database.close());

const run = () =>
  migrate({
    connection: database.connection,
    migrations: MIGRATIONS.filter(({ name }) => !name.startsWith('0006')),
    clock: createServiceClock(),
    apply: true,
    report: () => {},
  });

/** Of each document that an applied event brought about, by its collection and id: the event, and where it is named. */
function eventsOfEntries(): Map<string, Record<string, string>> {
  const named = new Map<string, Record<string, string>>();
  for (const { _id, type, status, body } of data.find(({ name }) => name === 'events')?.documents ?? []) {
    if (status !== 'applied') continue;
    const { topUpId, orderId, payoutId } = JSON.parse(body).data;
    if (type === 'balance.topped_up') named.set(`ledger_entries topup:${topUpId}`, { eventId: _id });
    if (type === 'order.placed') named.set(`orders ${orderId}`, { ...named.get(`orders ${orderId}`), eventId: _id });
    if (type === 'order.guarantee_violated') {
      named.set(`orders ${orderId}`, { ...named.get(`orders ${orderId}`), endedByEvent: _id });
    }
    if (type === 'payout.settled' || type === 'payout.failed') named.set(`payouts ${payoutId}`, { eventId: _id });
    if (type === 'payout.failed') named.set(`ledger_entries payout:${payoutId}:failed`, { eventId: _id });
  }
  return named;
}

const NAMED = eventsOfEntries();

/** As it must be afterwards, document by document. */
function expected(name: string, document: mongo.Document): mongo.Document {
  return { ...withoutItsEvent(name, document), ...NAMED.get(`${name} ${document._id}`) };
}

function withoutItsEvent(name: string, document: mongo.Document): mongo.Document {
  if (name === 'accounts') {
    const told = document.role === 'manager' ? { managersTold: true } : {};
    return { ...document, ...told, searchWords: searchWordsOf(document.data.name, document._id) };
  }
  if (name === 'telegram_updates' && document.state === 'handled') {
    const { update: _, ...rest } = document;
    return rest;
  }
  if (name === 'ledger_entries' && document.book.startsWith('affiliate:')) {
    const own = document.postings.filter(({ account }: { account: string }) => account === document.book);
    return {
      ...document,
      bookAmount: own.reduce((total: number, { amount }: { amount: number }) => total + amount, 0),
    };
  }
  const names = RENAMED[name] ?? {};
  const renamed = Object.fromEntries(Object.entries(document).map(([field, value]) => [names[field] ?? field, value]));
  if (name === 'payouts') return payoutOfTwoParts(renamed);
  if (name === 'commissions') return { ...renamed, approvesAt: renamed.holdUntil };
  if (name !== 'transactions' || renamed.withdrawnFrom === undefined) return renamed;
  const { billingWeek: _, ...withdrawn } = renamed;
  return { ...withdrawn, state: 'withdrawing' };
}

/** A payout of an affiliate or of a marketer has one part; what was carried over was none. */
function payoutOfTwoParts({ role, status, ...payout }: mongo.Document): mongo.Document {
  const { amount, count, reason, ...rest } = payout;
  if (status === 'carried') {
    const none = { amount: 0, count: 0, parts: { commissions: 0, earnings: 0 } };
    return { ...rest, ...none, status, carriedOver: { amount, count, why: reason } };
  }
  const parts = { commissions: role === 'affiliate' ? amount : 0, earnings: role === 'marketer' ? amount : 0 };
  return { ...payout, parts, status: status === 'drawing' ? 'generating' : status };
}

test('the database of before has each of the old names in it, and so each case of the migration', () => {
  for (const [name, fields] of Object.entries(RENAMED)) {
    const documents = data.find((one) => one.name === name)?.documents ?? [];
    const there = new Set(documents.flatMap((document) => Object.keys(document)));
    expect([...there], name).toEqual(expect.arrayContaining(Object.keys(fields)));
  }
  const payouts = data.find(({ name }) => name === 'payouts')?.documents ?? [];
  expect(payouts.map(({ status }) => status)).toContain('drawing');
});

deepTest('wherever the migration is cut off, each value ends under its new name', async () => {
  const faults = installFaults();
  let write = 0;
  try {
    for (let dead = true; dead; write += 1) {
      faults.plan([{ after: write, kind: write % 2 === 0 ? 'before' : 'after' }]);
      await run().catch(() => {});
      dead = faults.dead;
      faults.plan([]);
      await faults.restart(async () => {
        await db.collection('leases').deleteMany({});
      });
    }
  } finally {
    faults.uninstall();
  }
  expect(write).toBeGreaterThan(12);
  for (const { name, documents } of data) {
    const stored = await db.collection(name).find().sort({ _id: 1 }).toArray();
    expect(stored, name).toEqual(documents.map((document) => expected(name, document)));
  }
});

test('a charge of a trial that is not over is approved at its end, for the payday of that', async () => {
  const commissions = db.collection<{ _id: string }>('commissions');
  const dates = { holdUntil: new Date('2026-03-08T00:00:00Z'), listedFrom: new Date('2026-03-31T12:00:00Z') };
  const early = { _id: 'early', state: 'pending', cycle: '2026-03-16', approvalDay: '2026-03-08', ...dates };
  await commissions.insertOne(early);
  await db.collection('migrations').deleteMany({ _id: /^0002/ } as object);
  await run();
  expect(await commissions.findOne({ _id: 'early' })).toEqual({
    ...{ ...early, approvesAt: dates.listedFrom, nextStepAt: dates.listedFrom },
    ...{ cycle: '2026-04-16', approvalDay: '2026-03-31' },
  });
  await commissions.deleteOne({ _id: 'early' });
});

deepTest('afterwards there are the indexes of today, and no other', async () => {
  await run();
  const config = readConfig({});
  if ('errors' in config) throw new Error(config.errors.join());
  createCore({ database, config: config.config, clock: createServiceClock(), onError: () => {} });
  await buildIndexes(database.connection);
  for (const { collection, schema } of Object.values(database.connection.models)) {
    const built = await db.collection(collection.collectionName).indexes();
    const wanted = schema.indexes().map(([fields]) => JSON.stringify(fields));
    expect(built.map(({ key }) => JSON.stringify(key)).sort(), collection.collectionName).toEqual(
      ['{"_id":1}', ...wanted].sort(),
    );
  }
});
