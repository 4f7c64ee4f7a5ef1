import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { earnedAsMarketer, failed, settled } from '../../affiliates/world.ts';
import { tell } from '../../support/events.ts';
import { bearer, type TestService, testService } from '../service.ts';

/** Two paydays beside each other, in one world: of the first an excluded payout is carried to the second. */

const [FIRST, SECOND] = ['2026-12-01', '2026-12-16'];
const EARNED: [string, number, number][] = [
  ['anna', 10_000, 25_000],
  ['boris', 20_000, 20_000],
  ['cleo', 30_000, 0],
  ['dora', 0, 4_000],
  ['emil', 5_000, 0],
  ['finn', 9_000, 1_000],
];

let service: TestService;
let app: ReturnType<TestService['app']>;
beforeAll(async () => {
  service = await testService({ payouts: { approvals: 1 } });
  app = service.app();
  const { world } = service;
  await world.send(...EARNED.map(([name]) => tell.account(name, 'marketer')));
  for (const [name, first] of EARNED) if (first > 0) await earnedAsMarketer(world, name, first);
  await world.travelTo(`${FIRST}T09:00:00Z`);
  await post(`/v1/payout-cycles/${FIRST}/exclude`, { payoutId: `${FIRST}:emil`, reason: 'in dispute' });
  await post('/v1/accounts/boris/payout-hold', { until: '2027-01-01T00:00:00Z', reason: 'asked' });
});
afterAll(async () => {
  expect(service.errors).toEqual([]);
  await service.world.close();
});

async function call(method: string, path: string, body?: unknown) {
  const response = await app.request(`http://localhost${path}`, {
    method,
    headers: { ...bearer(), 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: the shape is what the tests check
  return { status: response.status, body: (await response.json()) as any };
}
const post = (path: string, body: unknown = {}) => call('POST', path, body);
const get = async (path: string) => (await call('GET', path)).body;

const NONE = { count: 0, total: 0 };

describe('paydays', () => {
  it('are listed with what is payable, held and excluded', async () => {
    expect(await get('/v1/payout-cycles')).toEqual({
      items: [
        {
          ...{ cycle: FIRST, payday: `${FIRST}T00:00:00.000Z`, status: 'closed', state: 'drawn-up' },
          ...{ payouts: 5, total: 74_000, payable: { count: 5, total: 74_000 }, paid: NONE, failed: NONE },
          held: { count: 1, total: 20_000 },
          excluded: { count: 1, total: 5_000 },
          ...{ carriedIn: NONE, carriedAway: NONE },
        },
      ],
      next: null,
    });
    expect(await get(`/v1/payout-cycles/${FIRST}/changes`)).toMatchObject({
      before: null,
      totals: { new: { count: 5, amount: 74_000, before: 0, difference: 74_000 }, gone: { count: 0 } },
    });
    expect(await call('GET', `/v1/payout-cycles/${SECOND}/changes`)).toMatchObject({
      status: 409,
      body: { reason: 'payday_not_drawn_up' },
    });
  });

  it('say what was paid, failed and carried, the newest first, page by page', async () => {
    const { world } = service;
    await post('/v1/accounts/boris/payout-release', { reason: 'answered' });
    await post(`/v1/payout-cycles/${FIRST}/check`);
    expect((await post(`/v1/payout-cycles/${FIRST}/approve`)).status).toBe(200);
    await world.send(settled(`${FIRST}:anna`, '2026-12-02T00:00:00Z'), failed(`${FIRST}:finn`, '2026-12-02T00:00:00Z'));
    for (const [name, , second] of EARNED) if (second > 0) await earnedAsMarketer(world, name, second);
    await world.travelTo(`${SECOND}T09:00:00Z`);

    const { items, next } = await get('/v1/payout-cycles?limit=1');
    const rest = await get(`/v1/payout-cycles?limit=1&after=${next}`);
    expect([...items, ...rest.items].map(({ cycle }: { cycle: string }) => cycle)).toEqual([SECOND, FIRST]);
    expect([next, rest.next]).toEqual([SECOND, null]);
    expect(rest.items[0]).toMatchObject({
      ...{ state: 'approved', payouts: 4, total: 69_000, held: NONE },
      payable: { count: 2, total: 50_000 },
      paid: { count: 1, total: 10_000 },
      failed: { count: 1, total: 9_000 },
      excluded: { count: 1, total: 5_000 },
      carriedAway: { count: 1, total: 5_000 },
    });
    // What failed is in it as well.
    expect(items[0]).toMatchObject({ state: 'drawn-up', payouts: 5, carriedIn: { count: 1, total: 5_000 } });
    expect((await call('GET', '/v1/payout-cycles?after=x')).status).toBe(422);
    for (const { cycle, payouts, total } of [...items, ...rest.items]) {
      expect(await get(`/v1/payout-cycles/${cycle}`)).toMatchObject({ payouts, total });
    }
  });

  it('are compared with the one before, account by account, the biggest difference first', async () => {
    const one = await get(`/v1/payout-cycles/${SECOND}/changes`);
    const change = (accountId: string, kind: string, before: number, amount: number) => ({
      ...{ accountId, name: accountId, change: kind, before, amount, difference: amount - before },
    });
    expect(one).toMatchObject({ cycle: SECOND, before: FIRST, next: null });
    expect(one.items).toEqual([
      change('cleo', 'gone', 30_000, 0),
      change('anna', 'more', 10_000, 25_000),
      change('emil', 'new', 0, 5_000),
      change('dora', 'new', 0, 4_000),
      change('finn', 'more', 9_000, 10_000),
    ]);
    expect(one.totals).toEqual({
      new: { count: 2, amount: 9_000, before: 0, difference: 9_000 },
      gone: { count: 1, amount: 0, before: 30_000, difference: -30_000 },
      more: { count: 2, amount: 35_000, before: 19_000, difference: 16_000 },
      less: { count: 0, amount: 0, before: 0, difference: 0 },
      same: { count: 1, amount: 20_000, before: 20_000, difference: 0 },
    });
    const [second, first] = (await get('/v1/payout-cycles')).items;
    const differences = Object.values(one.totals as Record<string, { difference: number }>);
    expect(differences.reduce((sum, { difference }) => sum + difference, 0)).toBe(second.total - first.total);

    const paged: unknown[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const page: typeof one = await get(
        `/v1/payout-cycles/${SECOND}/changes?limit=2${next === '' ? '' : `&after=${next}`}`,
      );
      expect(page.totals).toEqual(one.totals);
      paged.push(...page.items);
      next = page.next;
    }
    expect(paged).toEqual(one.items);
  });
});
