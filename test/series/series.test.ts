import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { SERIES, SERIES_NAMES, type SeriesName } from '../../src/series/catalogue.ts';
import type { StoredPoint } from '../../src/series/store.ts';
import { deepTest, sampleOf } from '../support/depth.ts';
import { documentsRead } from '../support/documentsRead.ts';
import { bearer, NOW, type TestService, testService } from '../webhooks/service.ts';

type Point = { at: string; values: Record<string, number | null>; asOf: string | null };

let service: TestService;
let app: ReturnType<TestService['app']>;
beforeAll(async () => {
  service = await testService();
  app = service.app();
  for (const [name, documents] of Object.entries(FACTS)) await facts(name).insertMany(documents);
});
afterAll(() => service.database.close());
beforeEach(async () => {
  await points().deleteMany({});
});

const at = (day: number, hour = 0) => new Date(Date.UTC(2026, 10, day, hour));
const later = (from: Date, ms: number) => new Date(from.getTime() + ms);
const facts = (name: string) => service.world.connection.collection<{ _id: string }>(name);
const points = () => service.world.connection.collection<StoredPoint>('series_points');

const held = (_id: string, account: string, amount: number, effectiveAt: Date) => ({
  ...{ _id, book: account, hash: _id, effectiveAt, recordedAt: effectiveAt, insertedAt: effectiveAt },
  postings: [
    { account, amount },
    { account: 'model:m', amount: -amount },
  ],
});
const webhook = (_id: string, state: string, ms: number) => ({
  ...{ _id, subject: _id, type: 'invoice.issued', body: '', state, replays: 0, order: 1, emittedAt: at(20, 9) },
  ...(state === 'delivered' ? { deliveredAt: later(at(20, 9), ms) } : { parkedAt: later(at(20, 9), ms) }),
});
const order = (_id: string, marketerId: string, more: object) => ({
  ...{ _id, marketerId, modelId: 'm', prepaid: true, placedAt: at(17, 8), insertedAt: at(17, 8), delivered: 0 },
  ...more,
});
const fan = (_id: string, orderId: string, verdict: string, judgedAt: Date) => ({ _id, orderId, verdict, judgedAt });
const payout = (_id: string, cycle: string, status: string, amount: number) => ({
  ...{ _id: `${cycle}:${_id}`, cycle, accountId: _id, status, amount, count: 1 },
  ...(status === 'due' ? {} : { endedAt: at(17) }),
});

/** What each slice stores; today is the morning of Monday the 23rd. */
const FACTS: Record<string, { _id: string }[]> = {
  invoices: [
    // Three days late at the end of the week of the 9th, and paid in the next.
    {
      ...{ _id: '2026-W45:m', week: '2026-W45', modelId: 'm', status: 'completed', total: 500 },
      ...{ issuedAt: at(9, 6), dueAt: at(12, 6), completedAt: at(18) },
    },
    {
      ...{ _id: '2026-W45:v', week: '2026-W45', modelId: 'v', status: 'void', total: 70 },
      ...{ issuedAt: at(9, 6), dueAt: at(12, 6), voidedAt: at(17) },
    },
    {
      ...{ _id: '2026-W45:n', week: '2026-W45', modelId: 'n', status: 'completed', total: 900 },
      ...{ issuedAt: at(9, 6), dueAt: at(12, 6), completedAt: at(9, 6) },
    },
    {
      ...{ _id: '2026-W46:n', week: '2026-W46', modelId: 'n', status: 'open', total: 300 },
      ...{ issuedAt: at(16, 6), dueAt: at(19, 6), parts: [{ number: 1, amount: 100, paidAt: at(20) }] },
    },
  ] as { _id: string }[],
  orders: [
    order('o', 'c', { status: 'running', acceptedAt: at(18, 10) }),
    order('p', 'd', { status: 'completed', acceptedAt: at(19), endedAt: at(21, 12) }),
  ],
  ledger_entries: [
    held('e1', 'escrow:o', 1_000, at(18, 10)),
    held('e2', 'escrow:o', -300, at(20, 10)),
    held('e3', 'escrow:p', 500, at(19, 10)),
    held('e4', 'escrow:p', -500, at(21, 12)),
  ],
  order_fans: [
    fan('f1', 'o', 'counted', at(20, 1)),
    fan('f2', 'o', 'counted', at(20, 2)),
    fan('f3', 'p', 'returning', at(20, 3)),
    fan('f4', 'o', 'surplus', at(21, 3)),
    fan('end/p', 'p', 'end', at(21, 12)),
  ],
  payouts: [
    payout('a', '2026-11-16', 'due', 100),
    payout('b', '2026-11-16', 'paid', 250),
    payout('a', '2026-11-01', 'paid', 50),
    payout('b', '2026-11-01', 'failed', 20),
  ],
  outgoing_webhooks: [
    ...[webhook('w1', 'delivered', 100), webhook('w2', 'delivered', 200), webhook('w3', 'delivered', 90_400)],
    webhook('w4', 'parked', 97_200_000),
  ],
};

async function ask(path: string): Promise<Response> {
  return app.request(`/v1/series/${path}`, { headers: bearer() });
}

/** The points of a series, of each value that is not 0 or null. */
async function shown(path: string): Promise<Record<string, Record<string, number | null>>> {
  const response = await ask(path);
  expect(response.status).toBe(200);
  const body = (await response.json()) as { points: Point[] };
  return Object.fromEntries(
    body.points.map((point) => [
      point.at,
      Object.fromEntries(Object.entries(point.values).filter(([, value]) => (value ?? 0) !== 0)),
    ]),
  );
}

/** Draws until nothing is due. */
async function drawAll(now = NOW): Promise<void> {
  while ((await service.series.drawDue(now)) !== null);
}

const EXPECTED: Record<SeriesName, Record<string, object>> = {
  'overdue-by-age': {
    '2026-11-09': { amount3to7: 570, count3to7: 2 },
    '2026-11-16': { amount3to7: 200, count3to7: 1 },
    // This week is as of now: four days and no more.
    '2026-11-23': { amount3to7: 200, count3to7: 1 },
  },
  'paid-on-time': {
    '2026-11-09': { invoices: 2, onTime: 1, late: 1, rate: 5_000 },
    '2026-11-16': { invoices: 1, unpaid: 1 },
    '2026-11-23': {},
  },
  escrow: {
    ...{ '2026-11-17': {}, '2026-11-18': { held: 1_000 }, '2026-11-19': { held: 1_500 } },
    ...{ '2026-11-20': { held: 1_200 }, '2026-11-21': { held: 700 }, '2026-11-22': { held: 700 } },
    '2026-11-23': { held: 700 },
  },
  payouts: { '2026-11-01': { paid: 50, failed: 20 }, '2026-11-16': { payable: 100, paid: 250 } },
  fans: {
    ...{ '2026-11-20': { counted: 2, returning: 1 }, '2026-11-21': { surplus: 1 } },
    ...{ '2026-11-22': {}, '2026-11-23': {} },
  },
  'webhook-latency': {
    '2026-11-20': { p50: 200, p95: 90_000, delivered: 3, parked: 1 },
    ...{ '2026-11-21': {}, '2026-11-22': {}, '2026-11-23': {} },
  },
};

test.each(SERIES_NAMES)('%s says what its facts say, and of each value its unit', async (name) => {
  await drawAll();
  expect(await shown(name)).toEqual(EXPECTED[name]);
  const { values, points: list } = (await (await ask(name)).json()) as {
    values: { key: string; unit: string }[];
    points: Point[];
  };
  expect(values).toEqual(Object.entries(SERIES[name].values).map(([key, unit]) => ({ key, unit })));
  expect(Object.keys(list[0]?.values ?? {})).toEqual(values.map(({ key }) => key));
  expect(list.map(({ asOf }) => asOf)).toEqual([...list.slice(1).map(() => null), NOW.toISOString()]);
});

test('the fans of one marketer', async () => {
  await drawAll();
  expect(await shown('fans?marketer=d')).toEqual({
    ...EXPECTED.fans,
    '2026-11-20': { returning: 1 },
    '2026-11-21': {},
  });
  expect(await shown('fans?marketer=nobody&from=2026-11-20&to=2026-11-20')).toEqual({ '2026-11-20': {} });
});

test('a period is asked for by its days', async () => {
  await drawAll();
  expect(Object.keys(await shown('escrow?from=2026-11-18&to=2026-11-20'))).toEqual([
    ...['2026-11-18', '2026-11-19', '2026-11-20'],
  ]);
  // The week of a day, whichever.
  expect(Object.keys(await shown('paid-on-time?from=2026-11-11&to=2026-11-15'))).toEqual(['2026-11-09']);
});

test.each([
  ['escrow?from=2026-02-30', 'from', 'must be a calendar day, as 2026-11-23'],
  ['escrow?to=0001-01-01', 'to', 'must be a calendar day, as 2026-11-23'],
  ['escrow?from=2026-11-02&to=2026-11-01', 'from', 'must not be after `to`'],
  ['escrow?from=2026-01-01', 'from', 'must be at most 180 days before `to`'],
  ['payouts?from=2025-01-01', 'from', 'must be at most 24 cycles before `to`'],
  ['escrow?marketer=c', 'marketer', 'is for fans alone'],
])('%s is refused', async (path, field, message) => {
  const response = await ask(path);
  expect(response.status).toBe(422);
  expect(await response.json()).toMatchObject({ errors: [{ path: field, message }] });
});

test('today is drawn when it is asked for, and by the clock once there is much of it', async () => {
  const mine = { type: 'invoice.issued', subject: 'many', state: 'delivered', replays: 0, emittedAt: at(23, 1) };
  const message = (_: unknown, index: number) => ({ _id: `many-${index}`, ...mine, order: 1, deliveredAt: at(23, 1) });
  const [first, ...others] = Array.from({ length: 2_001 }, message);
  const counted = async () => (await shown('webhook-latency?from=2026-11-23'))['2026-11-23'];
  await facts('outgoing_webhooks').insertMany(others);
  try {
    expect(await counted()).toMatchObject({ delivered: 2_000 });
    if (first !== undefined) await facts('outgoing_webhooks').insertOne(first);
    expect(await counted()).toBeUndefined();
    await drawAll();
    expect(await counted()).toMatchObject({ delivered: 2_001 });
  } finally {
    await facts('outgoing_webhooks').deleteMany({ subject: 'many' });
  }
});

test('of webhooks those of the period alone are read, however many there were before', async () => {
  const message = (_: unknown, order: number) => ({
    ...{ _id: `past-${String(order).padStart(4, '0')}`, type: 'invoice.issued', subject: 'past', state: 'delivered' },
    ...{ replays: 0, order, emittedAt: order < 2_000 ? at(1, 1) : at(23, 1), deliveredAt: at(23, 2) },
  });
  await facts('outgoing_webhooks').insertMany(Array.from({ length: 2_300 }, message));
  try {
    const read = await documentsRead('outgoing_webhooks', () => shown('webhook-latency?from=2026-11-23'));
    expect(read).toBeGreaterThanOrEqual(300);
    expect(read).toBeLessThan(1_000);
  } finally {
    await facts('outgoing_webhooks').deleteMany({ subject: 'past' });
  }
});

test('there is no other series', async () => {
  expect((await ask('ledger')).status).toBe(422);
});

deepTest('a point that is being drawn by two, is cut off, or drawn again is the same', async () => {
  await drawAll();
  const whole = await points().find().sort({ _id: 1 }).toArray();
  await points().deleteMany({ name: { $in: ['escrow', 'fans'] }, at: { $lt: '2026-11-21' } });
  await Promise.all([drawAll(), drawAll()]);
  await drawAll();
  expect(await points().find().sort({ _id: 1 }).toArray()).toEqual(whole);
});

deepTest('what has changed since is drawn anew the next day, and verify waits for it', async () => {
  await drawAll();
  const paid = { status: 'completed', completedAt: later(NOW, 1_000) };
  await facts('invoices').updateOne({ _id: '2026-W46:n' }, { $set: paid });
  try {
    expect(await service.series.verification.facts(later(NOW, 60_000))).toEqual([]);
    await drawAll(later(NOW, 60_000));
    expect(await shown('paid-on-time?from=2026-11-16&to=2026-11-16')).toEqual({
      '2026-11-16': { invoices: 1, unpaid: 1 },
    });
    await drawAll(later(NOW, 24 * 3_600_000));
    expect(await shown('paid-on-time?from=2026-11-16&to=2026-11-16')).toEqual({
      '2026-11-16': { invoices: 1, late: 1 },
    });
    // A level stays as it was.
    expect(await shown('overdue-by-age?from=2026-11-16&to=2026-11-16')).toEqual({
      '2026-11-16': EXPECTED['overdue-by-age']['2026-11-16'],
    });
  } finally {
    await facts('invoices').updateOne({ _id: '2026-W46:n' }, { $set: { status: 'open' }, $unset: { completedAt: '' } });
  }
});

test.each(
  sampleOf<[string, Record<string, number>]>(
    [
      ['escrow:2026-11-22', { 'values.held': 701 }],
      ['overdue-by-age:2026-11-16', { 'values.count3to7': 2 }],
      ['paid-on-time:2026-11-09', { 'values.onTime': 2 }],
      ['payouts:2026-11-01', { 'values.paid': 51 }],
      ['fans:2026-11-21:c', { 'values.surplus': 0 }],
    ],
    1,
  ),
)('verify says of %s that facts say otherwise', async (_id, change) => {
  const now = later(NOW, 3_600_000);
  await drawAll(now);
  expect(await service.series.verification.facts(now)).toEqual([]);
  await points().updateOne({ _id }, { $set: change });
  expect(await service.series.verification.facts(now)).toEqual([expect.stringContaining(`series_points/${_id} says `)]);
  expect(await service.verify()).toContainEqual(expect.stringContaining(`series_points/${_id} says `));
});
