import { beforeAll, expect, it } from 'vitest';

import { earnedAsMarketer, settled } from '../../affiliates/world.ts';
import { chatsOf } from '../../commands/world.ts';
import { tell } from '../../support/events.ts';
import { noticesAndWaiting } from '../../support/notices.ts';
import { bearer, type TestService, testService } from '../service.ts';

/** A payday over HTTP, from its check to its settlement, by two people (docs/paydays.md). One world, in the order of the tests. */

const CYCLE = '2026-12-01';
const NEXT = '2026-12-16';
const [ANNA, BORIS, CLEO, DORA] = [`${CYCLE}:anna`, `${CYCLE}:boris`, `${CYCLE}:cleo`, `${CYCLE}:dora`];
const [FINANCE, BOSS, PAUL] = ['key-of-finance', 'key-of-boss', 'key-of-paul'];
const AT = `/v1/payout-cycles/${CYCLE}`;

let service: TestService;
let app: ReturnType<TestService['app']>;
beforeAll(async () => {
  service = await testService({ payouts: { approvals: 2 } });
  app = service.app({ apiKeys: [...service.apiKeys, { name: 'boss', key: BOSS }, { name: 'paul', key: PAUL }] });
  const { world } = service;
  const names = ['anna', 'boris', 'cleo', 'dora'];
  await world.send(...names.map((name) => tell.account(name, 'marketer')));
  for (const [index, name] of names.entries()) await earnedAsMarketer(world, name, (index + 1) * 10_000);
  await chatsOf(world, 'anna', 8_003);
});

async function call(method: string, path: string, body?: unknown, key?: string) {
  const response = await app.request(`http://localhost${path}`, {
    method,
    headers: { ...bearer(key), 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json');
  // biome-ignore lint/suspicious/noExplicitAny: the shape is what the tests check
  return { status: response.status, body: (isJson ? JSON.parse(text) : text) as any };
}
const post = (path: string, body: unknown = {}, key?: string) => call('POST', path, body, key);
const get = async (path: string) => (await call('GET', path)).body;

/** What an act is refused with. */
async function refusalOf(path: string, body: unknown = {}, key?: string): Promise<[number, string]> {
  const answer = await post(path, body, key);
  return [answer.status, answer.body.reason];
}

/** Simulates an act, and sees that nothing was written. */
async function simulated(path: string, body: unknown = {}, key?: string) {
  const before = await stored();
  const answer = await post(`${path}?simulate=true`, body, key);
  expect(await stored()).toEqual(before);
  return answer;
}

async function stored() {
  const collections = ['payout_batches', 'payout_batch_lines', 'payout_holds', 'payouts', 'audit', 'notices'];
  const others = ['approval_requests', 'ledger_entries', 'outgoing_messages'];
  const { world } = service;
  return Promise.all([...collections, ...others].map((name) => world.collection(name).find({}).toArray()));
}

it('is nothing before its payouts are drawn up, and wants the scope of each act', async () => {
  expect(await refusalOf(`${AT}/check`)).toEqual([409, 'payday_not_drawn_up']);
  expect(await refusalOf(`${AT}/approve`)).toEqual([409, 'payday_not_drawn_up']);
  await service.world.travelTo(`${CYCLE}T00:00:00Z`);
  expect(await get(AT)).toMatchObject({ payouts: 4, total: 100_000, batch: { state: 'drawn-up', total: 100_000 } });

  const { body } = await post('/v1/keys', { name: 'orders-only', scopes: ['orders'] });
  const [until, reason] = ['2026-12-05T00:00:00Z', 'x'];
  const acts: [string, unknown][] = [
    [`${AT}/check`, {}],
    [`${AT}/approve`, {}],
    [`${AT}/exclude`, { payoutId: ANNA, reason }],
    [`${AT}/include`, { payoutId: ANNA }],
    [`/v1/payouts/${ANNA}/hold`, { until, reason }],
    [`/v1/payouts/${ANNA}/release`, { reason }],
    ['/v1/accounts/anna/payout-hold', { until, reason }],
    ['/v1/accounts/anna/payout-release', { reason }],
  ];
  for (const [path, wanted] of acts) {
    expect([path, ...(await refusalOf(path, wanted, body.key))]).toEqual([path, 403, 'scope_missing']);
  }
});

it('takes out and puts back', async () => {
  const out = { payoutId: ANNA, reason: 'in dispute' };
  expect(await simulated(`${AT}/exclude`, out)).toMatchObject({ status: 200, body: { simulated: true } });
  expect(await post(`${AT}/exclude`, out)).toMatchObject({
    status: 200,
    body: { count: 3, total: 90_000, excluded: [{ ...out, amount: 10_000, by: 'ops' }] },
  });
  expect(await post(`${AT}/exclude`, out)).toMatchObject({ status: 200, body: { count: 3 } });
  expect(await simulated(`${AT}/include`, { payoutId: ANNA })).toMatchObject({ status: 200 });
  expect(await post(`${AT}/include`, { payoutId: ANNA })).toMatchObject({ body: { count: 4, excluded: [] } });
  expect(await refusalOf(`${AT}/include`, { payoutId: ANNA })).toEqual([409, 'payout_not_excluded']);
  expect((await post(`${AT}/exclude`, { payoutId: 'x', reason: 'y' })).status).toBe(404);
  expect((await post(`/v1/payout-cycles/${NEXT}/exclude`, out)).status).toBe(404);
  expect((await post(`${AT}/exclude`, { payoutId: ANNA })).status).toBe(422);
  expect((await post(`${AT}/exclude`, out)).status).toBe(200);
});

it('holds and releases one payout, and all of an account', async () => {
  const [until, reason] = ['2026-12-05T00:00:00.000Z', 'The IBAN is new'];
  for (const [place, release, held] of [
    [`/v1/payouts/${BORIS}/hold`, `/v1/payouts/${BORIS}/release`, BORIS],
    ['/v1/accounts/boris/payout-hold', '/v1/accounts/boris/payout-release', null],
  ] as const) {
    expect(await refusalOf(release, { reason })).toEqual([409, 'payout_not_held']);
    expect(await simulated(place, { until, reason })).toMatchObject({ status: 200, body: { simulated: true } });
    expect(await post(place, { until, reason })).toMatchObject({
      status: 200,
      body: { accountId: 'boris', payoutId: held, until, reason, by: 'ops', releasedAt: null, payouts: [{}] },
    });
    expect(await refusalOf(place, { until: '2026-11-30T00:00:00Z', reason })).toEqual([409, 'hold_not_in_future']);
    expect(await refusalOf(place, { until: '2028-01-01T00:00:00Z', reason })).toEqual([409, 'hold_too_long']);
    expect((await get(AT)).batch).toMatchObject({ count: 2, held: [{ payoutId: BORIS, until, reason, by: 'ops' }] });
    for (const act of ['process', 'settle', 'fail']) {
      expect(await refusalOf(`/v1/payouts/${BORIS}/${act}`)).toEqual([409, 'payout_held']);
      expect((await simulated(`/v1/payouts/${BORIS}/${act}`)).body).toMatchObject({ reason: 'payout_held' });
    }
    if (held === null) {
      expect(await refusalOf(`/v1/payouts/${BORIS}/release`, { reason })).toEqual([409, 'payout_held_by_account']);
    }
    expect(await simulated(release, { reason })).toMatchObject({ status: 200, body: { simulated: true } });
    expect((await post(release, { reason })).body.releasedAt).not.toBeNull();
  }
  for (const path of ['/v1/payouts/x/hold', '/v1/accounts/x/payout-hold']) {
    expect((await post(path, { until, reason })).status).toBe(404);
  }
});

it('is approved by two people who have changed nothing of it, as it was checked', async () => {
  expect(await refusalOf(`${AT}/approve`)).toEqual([409, 'batch_not_checked']);
  expect(await simulated(`${AT}/check`)).toMatchObject({ status: 200, body: { state: 'checked', simulated: true } });
  const { hash } = (await post(`${AT}/check`)).body;
  expect(await refusalOf(`${AT}/approve`, { hash: 'other' })).toEqual([409, 'batch_changed']);

  await post('/v1/adjustments', { account: 'marketer:cleo', amount: 5, reason: 'Bonus' }, FINANCE);
  expect(await post(`${AT}/approve`, { hash }, FINANCE)).toMatchObject({
    status: 409,
    body: { reason: 'not_independent', changes: [{ accountId: 'cleo' }] },
  });
  const payee = { method: 'paypal', email: 'dora@example.com' };
  expect(await call('PUT', '/v1/accounts/dora/payee', payee, PAUL)).toMatchObject({ status: 200 });
  expect(await post(`${AT}/approve`, { hash }, PAUL)).toMatchObject({
    status: 409,
    body: { reason: 'not_independent', changes: [{ accountId: 'dora', what: 'payee.changed' }] },
  });
  // A simulated first word is the first of two.
  expect(await simulated(`${AT}/approve`, { hash })).toMatchObject({
    status: 202,
    body: { status: 'waiting', simulated: true, askedBy: 'ops', count: 3 },
  });
  expect(await post(`${AT}/approve`, { hash })).toMatchObject({
    status: 202,
    body: { status: 'waiting', missing: 'second_person', action: 'payout.approve', askedBy: 'ops', hash },
  });
  expect((await post(`${AT}/approve`, { hash })).status).toBe(202);
  expect(await simulated(`${AT}/approve`, { hash }, BOSS)).toMatchObject({ status: 200, body: { state: 'approved' } });
  expect(await post(`${AT}/approve`, { hash }, BOSS)).toMatchObject({
    status: 200,
    body: { state: 'approved', hash, approvedBy: 'boss', askedBy: 'ops', count: 3, total: 90_000 },
  });
  expect((await post(`${AT}/approve`, { hash })).status).toBe(200);
  for (const path of ['check', 'exclude', 'include']) {
    const body = path === 'check' ? {} : { payoutId: CLEO, ...(path === 'exclude' ? { reason: 'x' } : {}) };
    expect(await refusalOf(`${AT}/${path}`, body)).toEqual([409, 'batch_approved']);
  }
});

it('counts what was carried where it is paid, in every list, and tells whose it is', async () => {
  expect(await get(AT)).toMatchObject({ payouts: 3, total: 90_000, carriedAway: { count: 1, total: 10_000 } });
  expect(await get(`/v1/payout-cycles/${NEXT}`)).toMatchObject({ total: 10_000, carriedIn: { count: 1 } });
  const rowsOf = async (cycle: string) =>
    (await get(`/v1/payout-cycles/${cycle}.csv`)).split('\r\n').map((row: string) => row.split(','));
  // Its table may be uploaded to a bank: what is paid with another payday is not in it.
  const [header, ...rows] = await rowsOf(CYCLE);
  expect(header.slice(-2)).toEqual(['carried', 'carriedTo']);
  expect(rows.map(([payoutId]: string[]) => payoutId)).toEqual([BORIS, CLEO, DORA, '']);
  const [, only, end] = await rowsOf(NEXT);
  expect([only[0], only.slice(-2), end]).toEqual([ANNA, ['in', NEXT], ['']]);
  const paidWith = async (cycle: string) =>
    (await get(`/v1/payouts?paidWith=${cycle}`)).items.map(({ payoutId }: { payoutId: string }) => payoutId).sort();
  expect([await paidWith(CYCLE), await paidWith(NEXT)]).toEqual([[BORIS, CLEO, DORA], [ANNA]]);
  expect(await noticesAndWaiting(service.world.core, 'anna', 'payout.carried')).toHaveLength(1);
});

it('shows what was held since in the approved batch; what the platform says ends it all the same', async () => {
  const reason = 'Asked us to wait';
  await post(`/v1/payouts/${DORA}/hold`, { until: '2026-12-05T00:00:00Z', reason });
  expect((await get(AT)).batch).toMatchObject({
    ...{ state: 'approved', count: 3, open: { count: 3 } },
    held: [{ payoutId: DORA, amount: 40_000, reason, by: 'ops' }],
  });
  // What two have approved one settles, without what is held.
  expect(await simulated(`${AT}/settle`)).toMatchObject({ status: 200, body: { count: 2, total: 50_000 } });
  expect(await post(`${AT}/settle`, { reference: 'tx' })).toMatchObject({ status: 200, body: { count: 2 } });
  expect((await get(AT)).batch).toMatchObject({ state: 'approved', open: { count: 1 }, held: [{ payoutId: DORA }] });
  await service.world.send(settled(DORA, '2026-12-01T00:00:00Z'));
  expect((await get(AT)).batch).toMatchObject({ state: 'settled', open: { count: 0 }, held: [] });
});

it('simulates what is done with one payout, the second person too', async () => {
  const one = `/v1/payouts/${ANNA}`;
  expect(await simulated(`${one}/process`)).toMatchObject({
    status: 200,
    body: { status: 'processing', postings: [] },
  });
  for (const act of ['settle', 'fail']) {
    expect(await simulated(`${one}/${act}`)).toMatchObject({ status: 202, body: { simulated: true, askedBy: 'ops' } });
  }
  await post(`${one}/fail`, { reason: 'closed' });
  expect(await simulated(`${one}/fail`, {}, FINANCE)).toMatchObject({
    status: 200,
    body: {
      ...{ simulated: true, status: 'failed', reason: 'closed' },
      postings: [
        { account: 'world:payouts', amount: -10_000 },
        { account: 'marketer:anna', amount: 10_000 },
      ],
    },
  });
  expect(await simulated(`/v1/payout-cycles/${NEXT}/settle`)).toMatchObject({ status: 202, body: { simulated: true } });
  expect((await post(`${one}/fail`, {}, FINANCE)).status).toBe(200);
  expect(await simulated(`${one}/settle`)).toMatchObject({ status: 409, body: { reason: 'payout_failed' } });
});
