import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { earnedAsMarketer } from '../../affiliates/world.ts';
import { deepTest } from '../../support/depth.ts';
import { tell } from '../../support/events.ts';
import { createWorld } from '../../support/world.ts';
import { bearer, NOW, type TestService, testService } from '../service.ts';

/** What only the owner's key may do: roles, and codes for managers. `ops` is the owner's, `finance` is not. */

let service: TestService;
let app: ReturnType<TestService['app']>;
beforeAll(async () => {
  service = await testService();
  app = service.app();
  await service.world.account('mia', 'manager');
  await service.world.account('ava', 'model');
});
afterAll(() => service.database.close());

async function call(method: string, path: string, body?: unknown, key = 'key-of-ops') {
  const json = body === undefined ? {} : { body: JSON.stringify(body) };
  const headers = { ...bearer(key), 'content-type': 'application/json' };
  const response = await app.request(path, { method, headers, ...json });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : (JSON.parse(text) as Record<string, unknown>) };
}

describe("a key that is not the owner's", () => {
  it.each([
    ['POST', '/v1/accounts/mia/link-codes', undefined],
    ['PUT', '/v1/accounts/ava/role', { role: 'manager', reason: 'mine' }],
    ['PUT', '/v1/accounts/nobody/role', { role: 'manager', reason: 'mine' }],
    ['DELETE', '/v1/accounts/mia/role', { reason: 'mine' }],
  ])('is refused %s %s', async (method, path, body) => {
    expect(await call(method, path, body, 'key-of-finance')).toMatchObject({
      status: 403,
      body: { reason: 'scope_missing', scope: 'admin', detail: expect.stringContaining('finance') },
    });
  });

  it('makes codes for everybody else, which link no manager later', async () => {
    const { status, body } = await call('POST', '/v1/accounts/ava/link-codes', undefined, 'key-of-finance');
    expect(status).toBe(201);
    await service.world.account('ava', 'manager');
    expect(
      await service.accounts.link(String(body?.code), { channel: 'telegram', userId: '1', chatId: '1' }, NOW),
    ).toEqual({
      kind: 'invalid-code',
    });
    await service.world.account('ava', 'model');
  });

  it('may be every key: then none can', async () => {
    const none = service.app({ ownerKeys: [] });
    const response = await none.request('/v1/accounts/mia/link-codes', { method: 'POST', headers: bearer() });
    expect(response.status).toBe(403);
  });
});

describe("the owner's key", () => {
  it('makes a code for a manager', async () => {
    const { status, body } = await call('POST', '/v1/accounts/mia/link-codes');
    expect(status).toBe(201);
    expect(
      await service.accounts.link(String(body?.code), { channel: 'discord', userId: '2', chatId: '2' }, NOW),
    ).toMatchObject({ kind: 'linked' });
  });

  it('sets a role and releases it, with a reason', async () => {
    expect(await call('PUT', '/v1/accounts/mia/role', { role: 'model', reason: 'she left' })).toEqual({
      status: 200,
      body: { accountId: 'mia', role: 'model', decided: true },
    });
    const decision = { by: 'ops', reason: 'she left', at: NOW.toISOString() };
    expect((await call('GET', '/v1/accounts/mia')).body).toMatchObject({ role: 'model', roleDecision: decision });
    await service.world.send(tell.account('mia', 'manager', { at: NOW.toISOString() }));
    expect((await call('GET', '/v1/accounts/mia')).body).toMatchObject({ role: 'model' });
    expect(await call('DELETE', '/v1/accounts/mia/role', { reason: 'she is back' })).toEqual({
      status: 200,
      body: { accountId: 'mia', role: 'manager', decided: false },
    });
    expect((await call('GET', '/v1/accounts/mia')).body).toMatchObject({ role: 'manager', roleDecision: null });
    expect(await call('DELETE', '/v1/accounts/mia/role', { reason: 'again' })).toMatchObject({
      status: 409,
      body: { reason: 'role_not_decided', state: 'manager' },
    });
  });

  it.each([
    [404, 'PUT', '/v1/accounts/nobody/role', { role: 'model', reason: 'r' }],
    [422, 'PUT', '/v1/accounts/mia/role', { role: 'owner', reason: 'r' }],
    [422, 'PUT', '/v1/accounts/mia/role', { role: 'model' }],
    [422, 'DELETE', '/v1/accounts/mia/role', {}],
  ])('is answered %i for %s %s %o', async (status, method, path, body) => {
    expect((await call(method, path, body)).status).toBe(status);
  });
});

describe('what a manager may do', () => {
  const path = '/v1/accounts/mia/scopes';

  it('is what the policy says until the owner decides otherwise, which holds at once, and back again', async () => {
    const before = (await call('GET', path)).body;
    expect(before).toMatchObject({ accountId: 'mia', decision: null });
    expect(before?.scopes).not.toContain('admin');
    const wanted = { scopes: ['payouts.prepare', 'read'], reason: 'prepares paydays' };
    const decision = { by: 'ops', reason: 'prepares paydays', at: NOW.toISOString() };
    const decided = { accountId: 'mia', scopes: ['read', 'payouts.prepare'], decision };
    expect(await call('PUT', path, wanted)).toEqual({ status: 200, body: decided });
    expect((await call('GET', path)).body).toEqual(decided);
    expect((await call('PUT', path, { scopes: [], reason: 'on leave' })).body).toMatchObject({ scopes: [] });
    expect((await call('PUT', path, { scopes: null, reason: 'is back' })).body).toEqual(before);
  });

  it.each([
    [403, path, { scopes: ['admin'], reason: 'mine' }, 'key-of-finance'],
    [404, '/v1/accounts/nobody/scopes', { scopes: [], reason: 'r' }, 'key-of-ops'],
    [422, path, { scopes: ['everything'], reason: 'r' }, 'key-of-ops'],
    [422, path, { scopes: [] }, 'key-of-ops'],
  ])('is answered %i for PUT %s %o, and nothing is decided', async (status, at, body, key) => {
    expect((await call('PUT', at, body, key)).status).toBe(status);
    expect((await call('GET', path)).body).toMatchObject({ decision: null });
  });
});

describe('payouts that take two people', () => {
  deepTest('answer the first 202 with what is missing, and the second key completes', async () => {
    const world = await createWorld({ startsAt: '2026-03-20T12:00:00Z', policy: { payouts: { approvals: 2 } } });
    try {
      for (const [accountId, amount] of [
        ['kim', 700],
        ['lea', 50],
      ] as const) {
        await world.account(accountId, 'marketer');
        await earnedAsMarketer(world, accountId, amount);
      }
      await world.travelTo('2026-04-01T00:00:00Z');
      const { affiliates, clock } = world.core;
      app = service.app({ affiliates, clock });
      const path = '/v1/payouts/2026-04-01:kim/settle';
      const first = await call('POST', path, { reference: 'tx' });
      expect(first).toMatchObject({
        status: 202,
        body: {
          ...{ status: 'waiting', missing: 'second_person', action: 'payout.settle', askedBy: 'ops', count: 1 },
          ...{ amount: 700, askedAt: '2026-04-01T00:00:00.000Z', expiresAt: '2026-04-02T00:00:00.000Z' },
          ...{ startedOver: null, subject: 'payout:2026-04-01:kim' },
        },
      });
      expect((await call('POST', path, { reference: 'tx' })).status).toBe(202);
      expect(await call('POST', path, {}, 'key-of-finance')).toMatchObject({
        status: 200,
        body: { status: 'paid', reference: 'tx' },
      });
      const cycle = '/v1/payout-cycles/2026-04-01/settle';
      expect((await call('POST', cycle, { reference: 'all' })).status).toBe(202);
      const settled = { cycle: '2026-04-01', count: 1, total: 50 };
      expect(await call('POST', cycle, {}, 'key-of-finance')).toEqual({ status: 200, body: settled });
      expect((await call('POST', cycle)).body).toEqual({ ...settled, count: 0, total: 0 });
      expect((await call('POST', '/v1/payout-cycles/2026-04-02/settle')).status).toBe(422);
    } finally {
      await world.close();
    }
  });
});
