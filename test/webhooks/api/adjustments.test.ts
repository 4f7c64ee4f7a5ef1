import { beforeAll, expect, it, test } from 'vitest';
import { LARGEST_AMOUNT } from '../../../src/kernel/money.ts';
import { earnedAsMarketer } from '../../affiliates/world.ts';
import { tell } from '../../support/events.ts';
import { bearer, type TestService, testService } from '../service.ts';

let service: TestService;
let app: ReturnType<TestService['app']>;
beforeAll(async () => {
  service = await testService();
  app = service.app();
  await service.world.send(
    ...[tell.account('kim', 'affiliate'), tell.account('marco', 'marketer'), tell.account('ava', 'model')],
    tell.account('olga', 'manager'),
  );
});

const ADJUSTMENT = { account: 'kim', amount: 500, reason: 'Bonus' };

it('corrects a balance, lists it among the commissions, and answers it again under its key', async () => {
  const made = await post('/v1/adjustments', ADJUSTMENT, { 'idempotency-key': 'bonus' });
  expect([made.status, made.body]).toEqual([
    200,
    {
      ...{ adjustmentId: expect.stringMatching(/^adj~[\w-]{22}$/), account: 'affiliate:kim', accountId: 'kim' },
      ...{ amount: 500, reason: 'Bonus', madeBy: 'ops', at: '2026-11-23T06:00:00.000Z', payday: '2026-12-01' },
      name: 'kim',
      balance: 500,
    },
  ]);
  // The answer is gone, and the adjustment is there: it is the same.
  await service.world.collection('api_answers').deleteMany({});
  expect(await post('/v1/adjustments', ADJUSTMENT, { 'idempotency-key': 'bonus' })).toMatchObject(made);
  await service.world.collection('api_answers').deleteMany({});
  const other = await post('/v1/adjustments', { ...ADJUSTMENT, amount: 501 }, { 'idempotency-key': 'bonus' });
  expect(other).toMatchObject({ status: 422, body: { errors: [{ path: 'Idempotency-Key' }] } });

  const { balance: _, ...view } = made.body;
  expect(await get(`/v1/adjustments/${String(made.body.adjustmentId)}`)).toEqual(view);
  for (const account of ['kim', 'affiliate:kim']) {
    expect(await get(`/v1/adjustments?account=${account}`)).toEqual({ items: [view], next: null });
  }
  expect(await get('/v1/adjustments?account=marketer:kim')).toEqual({ items: [], next: null });
  const id = made.body.adjustmentId;
  expect(await get('/v1/commissions?affiliateId=kim')).toMatchObject({
    items: [{ commissionId: id, kind: 'adjustment', subscriptionId: '', amount: 500, payday: '2026-12-01' }],
  });
  expect(await get(`/v1/commissions/${String(id)}`)).toMatchObject({ kind: 'adjustment' });
  expect((await get(`/v1/ledger/entries?account=affiliate:kim`)).items).toMatchObject([
    { entryId: `adjustment:${String(id)}`, postings: [{ account: 'platform:adjustments', amount: -500 }, {}] },
  ]);
});

it('says what would be, and writes nothing', async () => {
  const before = await everything();
  for (const [account, amount] of [
    ['marco', -70],
    ['kim', -10_000],
    ['ava', 3],
  ] as const) {
    const { status, body } = await post('/v1/adjustments?simulate=true', { account, amount, reason: 'Trial' });
    expect([status, body]).toMatchObject([200, { simulated: true, adjustmentId: null, accountId: account, amount }]);
    expect(body.postings).toEqual([
      { account: 'platform:adjustments', amount: -amount },
      { account: body.account, name: body.name, amount },
    ]);
  }
  const missing = await post('/v1/adjustments?simulate=true', { account: 'ava', amount: -4, reason: 'Trial' });
  expect(missing).toMatchObject({ status: 409, body: { reason: 'insufficient_balance', balance: 0, missing: 4 } });
  expect(await everything()).toEqual(before);
});

test.each<[object, number, string]>([
  [{ account: 'nobody' }, 404, ''],
  [{ account: 'olga' }, 422, 'account'],
  [{ account: 'marketer:olga' }, 422, 'account'],
  [{ account: 'platform:revenue' }, 422, 'account'],
  [{ account: 'credit:ava' }, 422, 'account'],
  [{ account: 'world:payouts' }, 422, 'account'],
  [{ account: 'a b' }, 422, 'account'],
  [{ account: 'model:' }, 422, 'account'],
  [{ account: 'model:kim' }, 422, 'account'],
  [{ account: 7 }, 422, 'account'],
  [{ amount: 0 }, 422, 'amount'],
  [{ amount: 1.5 }, 422, 'amount'],
  [{ amount: '5' }, 422, 'amount'],
  [{ amount: 2 ** 53 }, 422, 'amount'],
  [{ amount: -LARGEST_AMOUNT - 1 }, 422, 'amount'],
  [{ reason: ' ' }, 422, 'reason'],
  [{ reason: 'x'.repeat(1_001) }, 422, 'reason'],
  [{ account: 'ava', amount: -1 }, 409, ''],
])('%j is answered %i', async (wrong, status, path) => {
  const answer = await post('/v1/adjustments', { account: 'marco', amount: 1, reason: 'Why', ...wrong });
  expect(answer.status).toBe(status);
  if (path !== '')
    expect(answer.body).toMatchObject({ errors: expect.arrayContaining([expect.objectContaining({ path })]) });
});

it('takes back a paid payout once, simulated before', async () => {
  const { world } = service;
  await earnedAsMarketer(world, 'marco', 700);
  await world.travelTo('2026-12-01T00:00:00Z');
  const id = '2026-12-01:marco';
  const early = await post(`/v1/payouts/${id}/return`, {});
  expect(early).toMatchObject({ status: 409, body: { state: 'due', reason: 'payout_not_paid' } });
  await post(`/v1/payouts/${id}/settle`, { reference: 'SEPA-1' });
  const before = await everything();
  const said = { reference: 'RET-1', reason: 'Account closed' };
  const paid = await get(`/v1/payouts/${id}`);
  const would = await post(`/v1/payouts/${id}/return?simulate=true`, said);
  expect([would.status, would.body]).toMatchObject([
    200,
    {
      ...paid,
      simulated: true,
      returned: said,
      postings: [{ account: 'world:payouts' }, { account: 'marketer:marco' }],
    },
  ]);
  expect(await everything()).toEqual(before);

  const returned = await post(`/v1/payouts/${id}/return`, said);
  const when = { at: '2026-12-01T00:00:00.000Z', ...said };
  expect([returned.status, returned.body]).toEqual([200, { ...paid, returned: when }]);
  expect(await post(`/v1/payouts/${id}/return`, said)).toMatchObject({
    ...{ status: 409, body: { state: 'paid', reason: 'already_returned' } },
  });
  expect((await post('/v1/payouts/2026-12-01:nobody/return', said)).status).toBe(404);
  expect(await get(`/v1/payouts?accountId=marco`)).toMatchObject({ items: [{ status: 'paid', returned: when }] });
});

type Answer = { status: number; body: Record<string, unknown> };

async function post(path: string, body: object, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await app.request(path, {
    method: 'POST',
    headers: { ...bearer(), 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

async function get(path: string): Promise<Record<string, unknown>> {
  const response = await app.request(path, { headers: bearer() });
  expect(response.status).toBe(200);
  return (await response.json()) as Record<string, unknown>;
}

/** All that is stored, by collection. */
async function everything(): Promise<Record<string, unknown[]>> {
  const db = service.world.connection.db;
  const names = (await db?.listCollections().toArray())?.map(({ name }) => name).sort() ?? [];
  const found = await Promise.all(names.map(async (name) => [name, await db?.collection(name).find().toArray()]));
  return Object.fromEntries(found);
}
