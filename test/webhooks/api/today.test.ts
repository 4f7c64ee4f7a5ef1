import { afterAll, beforeAll, expect, test } from 'vitest';

import { TODAY_KINDS } from '../../../src/digests/today.ts';
import { tell } from '../../support/events.ts';
import { bearer, NOW, type TestService, testService } from '../service.ts';

type Item = {
  kind: string;
  count: number;
  amount: number | null;
  oldest: string | null;
  first: string[];
  names?: Record<string, string>;
};

let service: TestService;
let app: ReturnType<TestService['app']>;
beforeAll(async () => {
  service = await testService();
  app = service.app();
  await service.world.send(
    tell.account('m', 'model'),
    tell.account('c', 'marketer'),
    tell.account('lost', 'marketer', { name: 'Lost Lund' }),
  );
});
afterAll(() => service.database.close());

async function today(): Promise<Map<string, Item>> {
  const response = await app.request('/v1/today', { headers: bearer() });
  expect(response.status).toBe(200);
  const { items } = (await response.json()) as { items: Item[] };
  expect(items.map(({ kind }) => kind)).toEqual(TODAY_KINDS);
  return new Map(items.map((item) => [item.kind, item]));
}

const ago = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000);
const day = 24;

test('nothing needs anybody at first', async () => {
  for (const item of (await today()).values()) expect(item).toMatchObject({ count: 0, oldest: null, first: [] });
});

type Stored = { _id: string; [field: string]: unknown };

test('payees-missing: what is due to accounts that nobody knows how to pay, named by account', async () => {
  const { connection } = service.database;
  const payouts = connection.collection<Stored>('payouts');
  const payees = connection.collection<Stored>('payees');
  const cycle = '2026-01-01';
  const due = { cycle, status: 'due', amount: 700 };
  await payouts.insertMany([
    { _id: `${cycle}:lost`, accountId: 'lost', ...due },
    { _id: `${cycle}:known`, accountId: 'known', ...due },
    { _id: `${cycle}:sent`, accountId: 'sent', ...due, status: 'processing' },
  ]);
  const shown = { method: 'paypal', currency: 'USD', name: null, to: 'k…@example.com' };
  await payees.insertOne({ _id: 'known', number: 1, shown, changedAt: ago(900), by: 'ops' });
  const item = (await today()).get('payees-missing');
  await payouts.deleteMany({ cycle });
  await payees.deleteMany({});
  expect(item).toMatchObject({ count: 1, amount: 700, first: ['lost'], list: { operation: 'listPayouts' } });
  expect(item?.names).toEqual({ lost: 'Lost Lund' });
  expect(item?.oldest).toMatch(/^2025-12-31T|^2026-01-01T/);
});

/** As each slice stores it; `not` is beside it and needs nobody. */
const WAITING: [
  kind: string,
  collection: string,
  is: object,
  not: object,
  amount: number | null,
  oldest: Date | null,
][] = [
  [
    'overdue',
    'invoices',
    { status: 'open', dueAt: ago(50), total: 500, modelId: 'm', parts: [{ amount: 200 }] },
    { status: 'open', dueAt: ago(-5), total: 1 },
    300,
    ago(50),
  ],
  ['promises-ending', 'promises', { running: true, until: ago(-3) }, { running: true, until: ago(-40) }, null, ago(-3)],
  [
    'promises-broken',
    'promises',
    { ended: 'broken', endedAt: ago(3 * day) },
    { ended: 'broken', endedAt: ago(8 * day) },
    null,
    ago(3 * day),
  ],
  [
    'reviews',
    'standings',
    { announced: { terminationReview: true } },
    { announced: { terminationReview: false } },
    null,
    null,
  ],
  [
    'orders-unanswered',
    'orders',
    { status: 'placed', respondBy: ago(-23) },
    { status: 'placed', respondBy: ago(-25) },
    null,
    ago(-23),
  ],
  [
    'orders-idle',
    'orders',
    { status: 'running', idle: { since: ago(480), isWarned: true } },
    { status: 'running', idle: { since: ago(9) } },
    null,
    ago(480),
  ],
  [
    'events-quarantined',
    'events',
    { status: 'quarantined', receivedAt: ago(7) },
    { status: 'applied', receivedAt: ago(7) },
    null,
    ago(7),
  ],
  [
    'events-waiting',
    'events',
    { status: 'waiting', waitingSince: ago(2) },
    { status: 'waiting', waitingSince: ago(0.5) },
    null,
    ago(2),
  ],
  [
    'webhooks-parked',
    'outgoing_webhooks',
    { state: 'parked', parkedAt: ago(4), subject: 's', order: 1 },
    { state: 'delivered', subject: 's', order: 2 },
    null,
    ago(4),
  ],
  ['people-unreached', 'unreached_accounts', { since: ago(6) }, {}, null, ago(6)],
  [
    'approvals',
    'approval_requests',
    { amount: 700, askedAt: ago(1), expiresAt: ago(-23) },
    { amount: 1, askedAt: ago(25), expiresAt: ago(1) },
    700,
    ago(1),
  ],
  [
    'payouts-held',
    'payout_holds',
    { at: ago(9), until: ago(-9) },
    { at: ago(9), until: ago(-9), released: { at: ago(1) } },
    null,
    ago(9),
  ],
  [
    'payouts-returned',
    'payouts',
    { status: 'paid', amount: 900, returned: { at: ago(5 * day) } },
    { status: 'paid', amount: 1, returned: { at: ago(9 * day) } },
    900,
    ago(5 * day),
  ],
  [
    'erasures',
    'erasures',
    { state: 'announced', requestedAt: ago(3) },
    { state: 'done', requestedAt: ago(3) },
    null,
    ago(3),
  ],
];

test.each(WAITING)('%s', async (kind, collection, is, not, amount, oldest) => {
  const stored = service.database.connection.collection<{ _id: string }>(collection);
  const others = Object.keys(not).length === 0 ? [] : [{ _id: `no-${kind}`, ...not }];
  await stored.insertMany([{ _id: `is-${kind}`, ...is }, ...others]);
  const { list: _list, names, ...item } = (await today()).get(kind) as Item & { list: unknown };
  expect(item).toEqual({ ...{ kind, count: 1, amount }, oldest: oldest?.toISOString() ?? null, first: [`is-${kind}`] });
  // Nobody knows an account of that id.
  if (names !== undefined) expect(names).toEqual({ [`is-${kind}`]: `is-${kind}` });
  await stored.deleteMany({ _id: { $in: [`is-${kind}`, `no-${kind}`] } });
});

test('a payday by what is to be done with it next', async () => {
  const { connection } = service.database;
  const batches = connection.collection<{ _id: string }>('payout_batches');
  const payout = { _id: '2026-11-16:c', cycle: '2026-11-16', accountId: 'c', status: 'due', amount: 4_550 };
  await connection.collection<{ _id: string }>('payouts').insertOne(payout);
  const stages = [
    ['check', {}],
    ['approve', { checked: { at: NOW } }],
    ['settle', { checked: { at: NOW }, approved: { at: NOW } }],
  ] as const;
  for (const [stage, state] of stages) {
    await batches.replaceOne({ _id: '2026-11-16' }, state, { upsert: true });
    const found = await today();
    for (const [one] of stages) expect(found.get(`payday-${one}`)?.count).toBe(one === stage ? 1 : 0);
    expect(found.get(`payday-${stage}`)).toMatchObject({
      ...{ amount: 4_550, oldest: '2026-11-16T00:00:00.000Z', first: ['2026-11-16'] },
    });
  }
});

test('the forecast of a model, and of nobody', async () => {
  const get = (id: string) => app.request(`/v1/models/${id}/forecast`, { headers: bearer() });
  const invoiceId = await service.world.issue('m');
  const { now, steps } = (await (await get('m')).json()) as { now: object; steps: object[] };
  expect(now).toMatchObject({ modelId: 'm', campaigns: 'running' });
  const unless = { payment: 4_108, invoiceIds: [invoiceId] };
  expect(steps).toMatchObject([
    { what: 'campaigns-paused', unless },
    { what: 'cpl-orders-blocked', unless },
  ]);
  expect((await get('c')).status).toBe(404);
  expect((await get('nobody')).status).toBe(404);
});
