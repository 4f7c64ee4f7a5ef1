import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createKeyring } from '../../../src/privacy/keyring.ts';
import { createTexts } from '../../../src/privacy/texts.ts';
import { isApiKey, newApiKey } from '../../../src/rights/apiKey.ts';
import { createRights } from '../../../src/rights/rights.ts';
import type { Scope } from '../../../src/rights/scope.ts';
import { outboxOf } from '../../support/outbox.ts';
import { bearer, NOW, type TestService, testService } from '../service.ts';

let service: TestService;
let app: ReturnType<TestService['app']>;
const warned: unknown[][] = [];
const HOUR_MS = 3_600_000;

beforeAll(async () => {
  service = await testService();
  app = service.app({ log: { error: () => {}, warn: (...parts: unknown[]) => warned.push(parts) } });
  await service.world.account('boss', 'manager');
  await service.world.link('boss', 'telegram', '1');
});
afterAll(() => service.world.close());
beforeEach(() => {
  warned.length = 0;
  service.world.clock.pin(NOW);
});

async function call(method: string, path: string, body?: unknown, key?: string, more: Record<string, string> = {}) {
  const response = await app.request(`http://localhost${path}`, {
    method,
    headers: { ...bearer(key), 'content-type': 'application/json', ...more },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  // biome-ignore lint/suspicious/noExplicitAny: the shape is what the tests check
  return { status: response.status, body: (text === '' ? null : JSON.parse(text)) as any };
}

async function make(name: string, scopes: Scope[], more: Record<string, unknown> = {}): Promise<string> {
  const { status, body } = await call('POST', '/v1/keys', { name, scopes, ...more });
  expect([name, status]).toEqual([name, 201]);
  return body.key;
}

/** Whether a key is one now; asked as the API asks, without what becomes of wrong ones. */
const opens = async (key: string) => (await service.world.core.rights.keys.find(key))?.kind === 'active';

describe('a new key', () => {
  it('is shown once, with a form that scanners know, and says who it is', async () => {
    const { status, body } = await call('POST', '/v1/keys', {
      name: 'till-1',
      scopes: ['orders', 'invoices', 'orders'],
    });
    expect(status).toBe(201);
    const { key, ...shown } = body;
    expect([isApiKey(key), isApiKey(`${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`)]).toEqual([true, false]);
    expect(shown).toEqual({
      ...{ name: 'till-1', kind: 'stored', state: 'active', scopes: ['invoices', 'orders'], by: 'ops' },
      ...{ createdAt: NOW.toISOString(), expiresAt: null, revokedAt: null, overlapUntil: null, lastUsed: null },
    });
    expect((await call('GET', '/v1/me', undefined, key)).body).toEqual({
      ...{ name: 'till-1', scopes: ['invoices', 'orders'], allows: ['read', 'invoices', 'orders'] },
    });
    const listed = await call('GET', '/v1/keys/till-1');
    expect(listed.body.state).toBe('active');
    expect(JSON.stringify(listed.body)).not.toContain(key);
  });

  it.each([
    [{ name: 'bad name', scopes: ['read'] }, 'name'],
    [{ name: 'x', scopes: [] }, 'scopes'],
    [{ name: 'x', scopes: ['read', 'everything'] }, 'scopes.1'],
    [{ name: 'x', scopes: ['__proto__'] }, 'scopes.0'],
    [{ name: 'x', scopes: 'admin' }, 'scopes'],
    [{ name: 'x', scopes: ['read'], expiresAt: NOW.toISOString() }, 'expiresAt'],
    [{ name: 'x', scopes: ['read'], key: 'mine' }, ''],
  ])('of %j is refused', async (body, path) => {
    const answer = await call('POST', '/v1/keys', body);
    expect([answer.status, answer.body.errors[0].path]).toEqual([422, path]);
    expect((await call('GET', '/v1/keys/x')).status).toBe(404);
  });

  it('may be called __proto__, as it is a name like others', async () => {
    const key = await make('__proto__', ['read']);
    expect((await call('GET', '/v1/me', undefined, key)).body.name).toBe('__proto__');
    expect((await call('GET', '/v1/keys/constructor')).status).toBe(404);
  });

  it('is not in the answer that is kept for its Idempotency-Key', async () => {
    const body = { name: 'once', scopes: ['read'] };
    const first = await call('POST', '/v1/keys', body, undefined, { 'idempotency-key': 'once' });
    const again = await call('POST', '/v1/keys', body, undefined, { 'idempotency-key': 'once' });
    expect([first.status, again.status, again.body.reason]).toEqual([201, 409, 'answer_not_kept']);
  });

  it('is stored nowhere, nor logged', async () => {
    const key = await make('hidden', ['read']);
    await call('GET', `/v1/keys/hidden?key=${key}`, undefined, `${key}x`);
    const all = await everything();
    expect([all.includes(key), all.includes(key.slice(3, 67)), JSON.stringify(warned).includes(key)]).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe('a name', () => {
  it('is never used again: revoked, in other letters, of the environment, or of who else acts', async () => {
    await make('Gone', ['read']);
    expect((await call('DELETE', '/v1/keys/Gone')).status).toBe(204);
    await service.world.core.rights.keys.noteEnvironment([{ name: 'ops', scopes: ['admin'] }]);
    for (const name of ['Gone', 'gone', 'ops', 'OPS', 'platform', 'service']) {
      const { status, body } = await call('POST', '/v1/keys', { name, scopes: ['read'] });
      expect([name, status, body.reason]).toEqual([name, 409, 'key_name_taken']);
    }
  });

  it('of a stored key is none for the environment', async () => {
    await make('mine', ['read']);
    const noted = service.world.core.rights.keys.noteEnvironment([{ name: 'Mine', scopes: ['read'] }]);
    await expect(noted).rejects.toThrow('API_KEYS: Mine is the name of a stored key');
    await service.world.core.rights.keys.noteEnvironment([{ name: 'ops', scopes: ['admin'] }]);
  });

  it('of the environment is changed there', async () => {
    const { body } = await call('GET', '/v1/keys/ops');
    expect(body).toMatchObject({ kind: 'environment', state: 'active' });
    for (const [method, path] of [
      ['POST', '/v1/keys/ops/rotate'],
      ['POST', '/v1/keys/ops/expire'],
      ['DELETE', '/v1/keys/ops'],
    ] as const) {
      expect((await call(method, path, {})).body.reason).toBe('key_of_environment');
    }
  });
});

describe('what has ended', () => {
  it('opens nothing: by the service’s clock, at its instant', async () => {
    const expiresAt = new Date(NOW.getTime() + HOUR_MS);
    const key = await make('short', ['read'], { expiresAt: expiresAt.toISOString() });
    service.world.clock.pin(new Date(expiresAt.getTime() - 1));
    expect(await opens(key)).toBe(true);
    service.world.clock.pin(expiresAt);
    expect(await opens(key)).toBe(false);
    expect((await call('GET', '/v1/keys/short')).body.state).toBe('expired');
    expect((await call('POST', '/v1/keys/short/rotate')).body.reason).toBe('key_expired');
    expect((await call('POST', '/v1/keys/short/expire', { expiresAt: null })).body.reason).toBe('key_expired');
  });

  it('ends at once when it is revoked, here and in another process within its trust', async () => {
    let milliseconds = 0;
    const other = otherProcess(() => milliseconds);
    const key = await make('lost', ['read']);
    expect([await opens(key), (await other.keys.find(key))?.kind]).toEqual([true, 'active']);
    expect((await call('DELETE', '/v1/keys/lost')).status).toBe(204);
    expect(await opens(key)).toBe(false);
    milliseconds = 999;
    expect((await other.keys.find(key))?.kind).toBe('active');
    milliseconds = 1_000;
    expect(await other.keys.find(key)).toEqual({ kind: 'revoked', name: 'lost' });
    expect((await call('DELETE', '/v1/keys/lost')).status).toBe(204);
  });

  it('is answered like a key that never was, and named in the log', async () => {
    const key = await make('named', ['read']);
    await call('DELETE', '/v1/keys/named');
    const [was, never] = [
      await call('GET', '/v1/me', undefined, key),
      await call('GET', '/v1/me', undefined, newApiKey()),
    ];
    expect(was).toEqual(never);
    expect(was.status).toBe(401);
    expect(warned).toEqual([[{ address: 'unknown', key: 'named' }, 'an API key that is revoked was used']]);
  });
});

describe('a rotation', () => {
  it('lets the old key open for its overlap alone', async () => {
    const old = await make('turning', ['read']);
    const { body } = await call('POST', '/v1/keys/turning/rotate', { overlapHours: 2 });
    expect(body.overlapUntil).toBe(new Date(NOW.getTime() + 2 * HOUR_MS).toISOString());
    expect([await opens(old), await opens(body.key)]).toEqual([true, true]);
    service.world.clock.pin(new Date(NOW.getTime() + 2 * HOUR_MS));
    expect([await opens(old), await opens(body.key)]).toEqual([false, true]);
    const { body: last } = await call('POST', '/v1/keys/turning/rotate');
    expect([await opens(body.key), await opens(last.key)]).toEqual([false, true]);
  });

  it('at the same moment as another is refused to one of them', async () => {
    await make('raced', ['read']);
    const answers = await Promise.all([1, 2, 3].map(() => call('POST', '/v1/keys/raced/rotate')));
    const made = answers.filter(({ status }) => status === 200);
    expect(answers.filter(({ body }) => body.reason === 'key_changed').length + made.length).toBe(3);
    const open = await Promise.all(made.map(({ body }) => opens(body.key)));
    expect(open.filter(Boolean)).toHaveLength(1);
    // Each that was shown was the key until another rotation, which had seen it, took its place.
    const { items } = await service.world.core.audit.list({ subject: 'key:raced', limit: 10 });
    expect(items.filter(({ action }) => action === 'key.rotated')).toHaveLength(made.length);
  });
});

describe('what a key may do', () => {
  it('is refused before anything is read or done, with the scope that it lacks', async () => {
    const key = await make('reader', ['read']);
    for (const [method, path, scope] of [
      ['POST', '/v1/invoices/none/pay', 'invoices'],
      ['POST', '/v1/models/none/grace', 'sanctions'],
      ['POST', '/v1/orders/none/accept', 'orders'],
      ['POST', '/v1/payouts/none/settle', 'payouts.approve'],
      ['POST', '/v1/accounts/boss/link-codes', 'orders'],
      ['PUT', '/v1/accounts/boss/role', 'admin'],
      ['PUT', '/v1/accounts/boss/scopes', 'admin'],
      ['GET', '/v1/keys', 'admin'],
      ['POST', '/v1/keys', 'admin'],
      ['DELETE', '/v1/keys/reader', 'admin'],
      ['POST', '/v1/no/such/thing', 'admin'],
    ] as const) {
      const { status, body } = await call(method, path, method === 'GET' ? undefined : 'no object', key, {
        'idempotency-key': 'k',
      });
      expect([method, path, status, body.reason, body.scope]).toEqual([method, path, 403, 'scope_missing', scope]);
    }
    expect((await call('GET', '/v1/invoices', undefined, key)).status).toBe(200);
    expect((await call('POST', '/v1/invoices/none/pay')).status).toBe(404);
  });

  it('makes no code for a manager without admin', async () => {
    const key = await make('desk', ['orders']);
    const { status, body } = await call('POST', '/v1/accounts/boss/link-codes', undefined, key);
    expect([status, body.scope]).toEqual([403, 'admin']);
  });

  it('does not follow from the address, the letters of the scheme, or a key elsewhere than in its header', async () => {
    const key = await make('speller', ['read']);
    const ask = (path: string, headers: Record<string, string> = {}) =>
      app.request(`http://localhost${path}`, { headers });
    expect((await ask('/v1/me', { authorization: `bearer ${key}` })).status).toBe(200);
    expect((await ask(`/v1/me?key=${key}&access_token=${key}&api_key=${key}`)).status).toBe(401);
    expect((await ask('/v1/me', { authorization: key })).status).toBe(401);
    expect((await ask('/v1/me', { authorization: `Basic ${key}` })).status).toBe(401);
    expect((await ask('/v1/me', { cookie: `key=${key}` })).status).toBe(401);
    expect((await ask('/v1/%6Beys', { authorization: `Bearer ${key}` })).status).toBe(403);
    expect((await ask('/v1//keys', { authorization: `Bearer ${key}` })).status).toBe(404);
  });
});

describe('the last use', () => {
  it('is kept with its network, and is a write in a minute at most', async () => {
    let milliseconds = 0;
    const other = otherProcess(() => milliseconds);
    await make('busy', ['read']);
    const lastUsed = async () => (await call('GET', '/v1/keys/busy')).body.lastUsed;
    const use = async (at: number) => {
      milliseconds = at;
      service.world.clock.pin(new Date(NOW.getTime() + at));
      other.keys.noteUse('busy', '203.0.113.7');
      await other.keys.get('busy');
    };
    await use(0);
    await expect.poll(lastUsed).toEqual({ at: NOW.toISOString(), network: '203.0.113.7' });
    await use(59_999);
    expect((await lastUsed()).at).toBe(NOW.toISOString());
    await use(60_001);
    await expect.poll(async () => (await lastUsed()).at).toBe(new Date(NOW.getTime() + 60_001).toISOString());
  });
});

describe('who hears of it', () => {
  it('is the audit trail, of each act, and the managers, of a key that gives rights', async () => {
    await make('root-2', ['admin']);
    await call('POST', '/v1/keys/root-2/rotate', { overlapHours: 1 });
    await call('POST', '/v1/keys/root-2/expire', { expiresAt: new Date(NOW.getTime() + HOUR_MS).toISOString() });
    await call('DELETE', '/v1/keys/root-2');
    const { items } = await service.world.core.audit.list({ subject: 'key:root-2', limit: 10 });
    expect(items.map(({ action, actor }) => `${actor} ${action}`)).toEqual([
      'ops key.revoked',
      'ops key.expiry',
      'ops key.rotated',
      'ops key.created',
    ]);
    const told = await outboxOf(service.world.collection, { 'content.kind': 'manager.admin_key', accountId: 'boss' });
    const changes = told.map(({ content }) => content.data as { name: string; change: string });
    const mine = changes.filter(({ name }) => name === 'root-2').map(({ change }) => change);
    expect(mine.sort()).toEqual(['created', 'expiry', 'revoked', 'rotated']);
    expect(changes.filter(({ name }) => name === 'reader')).toEqual([]);
  });

  it('is nobody twice, and nobody is left out when the process dies between the two', async () => {
    await make('cut-off', ['admin']);
    const keys = service.world.collection('api_keys');
    const trail = service.world.collection('audit_records');
    await trail.deleteOne({ _id: 'key:cut-off#1' });
    await keys.updateOne({ _id: 'cut-off' }, { $set: { effectsPending: true, noted: 0 } });
    const [unfinished] = service.world.core.rights.unfinished;
    expect(await unfinished?.find(10)).toMatchObject([{ id: 'cut-off' }]);
    for (const _ of [1, 2]) await unfinished?.finish(['cut-off'], NOW);
    expect(await trail.countDocuments({ subject: 'key:cut-off' })).toBe(1);
    expect(await unfinished?.find(10)).toEqual([]);
  });
});

it('ten thousand wrong keys open nothing, and do not hold up a right one', async () => {
  const right = await make('patient', ['read']);
  const wrong = Array.from({ length: 10_000 }, (_, i) => (i % 2 === 0 ? newApiKey() : `sb_${i}`));
  const found = await Promise.all(wrong.map((key) => service.world.core.rights.keys.find(key)));
  expect(new Set(found)).toEqual(new Set([null]));
  expect(await opens(right)).toBe(true);
});

/** Everything that is stored. */
async function everything(): Promise<string> {
  const collections = await service.world.connection.listCollections();
  const all = await Promise.all(collections.map(({ name }) => service.world.collection(name).find({}).toArray()));
  return JSON.stringify(all);
}

/** What another process would have over the same database. */
function otherProcess(monotonic: () => number) {
  const { connection, clock } = service.world;
  return createRights({
    ...service.world.core,
    ...{ connection, clock, monotonic, texts: createTexts(createKeyring(connection)) },
    ...{
      managers: [],
      onAdminKey: async () => {},
      onScopesChanged: async () => {},
      onError: (error) => service.errors.push(error),
    },
  });
}
