import type { mongo } from 'mongoose';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { readConfig } from '../../src/config.ts';
import { type Core, createCore } from '../../src/core.ts';
import type { Database } from '../../src/database/connect.ts';
import { buildIndexes } from '../../src/database/indexes.ts';
import { migrate } from '../../src/database/migrations/migrate.ts';
import { MIGRATIONS } from '../../src/database/migrations/migrations.ts';
import { createServiceClock } from '../../src/kernel/clock.ts';
import { dumpOf, foundIn } from '../erasure/dump.ts';
import { testDatabase } from '../support/database.ts';
import { installFaults } from '../support/faults.ts';
import { readStoredData, writeStoredData } from '../support/storedData.ts';

const data = await readStoredData('before-0001.ndjson.gz');
const CLEAR = 'a reason that somebody wrote';

let database: Database;
let core: Core;

beforeAll(async () => {
  database = await testDatabase({ ownIndexes: true });
  const { connection } = database;
  await writeStoredData(connection.getClient().db(connection.name), data);
  await collection('chat_links').insertOne(LINK as mongo.Document & { _id: string });
  await collection('audit_records').insertMany(AUDIT as (mongo.Document & { _id: string })[]);
  for (const [name, document] of OTHERS) await collection(name).insertOne(document as mongo.Document & { _id: string });
  await collection('ledger_entries').insertOne({ ...ENTRY, insertedAt: new Date() } as mongo.Document & {
    _id: string;
  });
  const faults = installFaults();
  faults.plan([{ after: 8, kind: 'half' }]);
  await run().catch(() => {});
  await faults.restart(async () => {});
  await collection('leases').deleteMany({});
  faults.uninstall();
  await run();
  const result = readConfig({});
  if ('errors' in result) throw new Error(result.errors.join());
  core = createCore({ database, config: result.config, clock: createServiceClock(), onError: () => {} });
  await buildIndexes(connection);
}, 120_000);
afterAll(() => database.close());

const collection = (name: string) => database.connection.collection<mongo.Document & { _id: string }>(name);

const run = () =>
  migrate({
    connection: database.connection,
    migrations: MIGRATIONS,
    clock: createServiceClock(),
    apply: true,
    report: () => {},
  });

const AT = new Date('2026-03-02T09:00:00Z');
const LINK = {
  ...{ _id: 'telegram:8800000001', accountId: 'legacy', channel: 'telegram' },
  ...{ userId: '8800000001', chatId: '8800000001', linkedAt: AT },
};
const BEFORE = { channel: 'telegram', userIds: ['8800000001'] };
const AUDIT = [
  {
    ...{ _id: 'a1', order: 'a1', actor: 'legacy via telegram:8800000001', action: 'invoice.void', at: AT },
    ...{ subject: 'invoice:2026-W01:legacy', reason: CLEAR },
  },
  {
    ...{ _id: 'a2', order: 'a2', actor: 'ops', action: 'chat.unlinked', at: AT },
    ...{ subject: 'account:legacy', before: BEFORE },
  },
  {
    ...{ _id: 'a3', order: 'a3', actor: 'ops', action: 'payout.settle.approved', at: AT },
    ...{ subject: 'payout:2026-03-01:kim', before: { askedBy: 'legacy via telegram:8800000001' } },
  },
];
const ORDER = {
  _id: 'legacy',
  stopping: { cause: 'marketer', reason: 'x', actor: 'legacy via telegram:8800000001', at: AT },
  pendingEffects: [
    { key: 'k1', kind: 'placed', at: AT },
    { key: 'k2', kind: 'stopped', at: AT, actor: 'legacy via telegram:8800000001' },
  ],
};
const APPROVAL = { _id: 'payout.settle:x', askedBy: 'legacy via telegram:8800000001', approvedBy: 'ops' };
const UPDATE = { _id: '1:1', updateId: 1, state: 'handled', lane: 0, chatId: '8800000001', receivedAt: AT };
const DECISION = { _id: 'legacy#1', accountId: 'legacy', number: 1, role: 'model', by: 'ops', reason: CLEAR, at: AT };
/** One that is to be told, and one that was. */
const NOTICES = [
  { _id: 'n1>telegram:1', accountId: 'kim', state: 'due', content: { kind: 'contact.message', data: { text: 'due' } } },
  {
    _id: 'n2>telegram:1',
    accountId: 'kim',
    state: 'sent',
    content: { kind: 'contact.message', data: { text: CLEAR } },
  },
];
const WEBHOOK = {
  _id: 'w1',
  type: 'account.unreachable',
  subject: 'account:legacy',
  body: JSON.stringify({ type: 'account.unreachable', data: { accountId: 'legacy', reason: CLEAR } }),
};
const ENTRY = {
  ...{ _id: 'void:legacy', book: 'model:legacy', postings: [], hash: '', effectiveAt: AT, recordedAt: AT },
  ...{ actor: 'legacy via telegram:8800000001', reason: CLEAR, outcome: 'end:legacy' },
};

const OTHERS: [name: string, document: object][] = [
  ['orders', ORDER],
  ['approval_requests', APPROVAL],
  ['telegram_updates', UPDATE],
  ['role_decisions', DECISION],
  ...NOTICES.map((notice): [string, object] => ['notice_deliveries', notice]),
  ['outgoing_webhooks', WEBHOOK],
];

test('every body reads as before, also after a run that was killed, and its hash is that of what is stored', async () => {
  const before = new Map(data.find(({ name }) => name === 'events')?.documents.map(({ _id, body }) => [_id, body]));
  expect(before.size).toBeGreaterThan(100);
  for await (const [{ _id }, body] of core.inbox.bodies.stream({})) {
    expect(body).toEqual({ kind: 'readable', text: before.get(_id) });
    before.delete(_id);
  }
  expect(before.size).toBe(0);
  expect(await collection('events').countDocuments({ body: { $type: 'string' } })).toBe(0);
});

test('what people wrote is encrypted and reads as before; who acted is named by the link', async () => {
  const trail = (await core.audit.list({ limit: 500 })).items;
  const link = await collection('chat_links').findOne({ _id: LINK._id });
  expect(trail.find(({ auditId }) => auditId === 'a1')).toMatchObject({
    actor: `legacy via telegram:${link?.ref}`,
    reason: CLEAR,
  });
  expect(trail.find(({ auditId }) => auditId === 'a2')).toMatchObject({ before: BEFORE });
  expect(await core.ledger.outcome('model:legacy', 'end:legacy')).toMatchObject({
    actor: `legacy via telegram:${link?.ref}`,
    reason: CLEAR,
  });
  const dump = await dumpOf(database.connection);
  expect(foundIn(dump, [CLEAR])).toEqual([]);
  expect(foundIn(dump, ['8800000001'])).toEqual(['chat_links: 8800000001']);
});

test('what waits is named by the link and goes on; what was told, or handled, is forgotten', async () => {
  const actor = `legacy via telegram:${(await collection('chat_links').findOne({ _id: LINK._id }))?.ref}`;
  expect(await collection('orders').findOne({ _id: 'legacy' })).toMatchObject({
    stopping: { actor },
    pendingEffects: [{ key: 'k1' }, { key: 'k2', actor }],
  });
  expect(await collection('approval_requests').findOne({})).toMatchObject({ askedBy: actor, approvedBy: 'ops' });
  expect(await collection('audit_records').findOne({ _id: 'a3' })).toMatchObject({ before: { askedBy: actor } });
  expect(await collection('telegram_updates').findOne({ _id: '1:1' })).not.toHaveProperty('chatId');
  const told = await collection('notice_deliveries').find({ accountId: 'kim' }).sort({ _id: 1 }).toArray();
  expect(told.map(({ content }) => content.data)).toMatchObject([{ text: 'due' }, {}]);
  expect(await core.outgoing.get('w1')).toMatchObject({ data: { accountId: 'legacy', reason: CLEAR } });
  expect(await core.accounts.roleDecisionOf('legacy')).toMatchObject({ reason: CLEAR });
});
