import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { OWNED } from '../../webhooks/owned.ts';
import { earnedAsMarketer, sold } from '../affiliates/world.ts';
import { sampleOf } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { type Described, describedOperations } from '../support/operations.ts';
import { type browserOf, consoleService, signedIn } from './console/fixture.ts';
import { bearer } from './service.ts';

/**
 * Every call of the API, by each role, about what is really there and somebody else's: two of each role, and of each kind of thing one of
 * theirs and one of the others'. What is asked follows from the API's description, so a new operation asks for its thing here.
 */

/** The ids of the others are found in no word. */
const OTHERS = { model: 'zz-eve', marketer: 'zz-moe', affiliate: 'zz-liv' } as const;
const PEOPLE = [
  ['model', 'ava', '1'],
  ['marketer', 'max', '2'],
  ['affiliate', 'kim', '3'],
] as const;
const PLACED = '2026-10-26T00:00:00Z';
const PAYDAY = '2026-11-16';
const WEEK = '2026-W43';

const service = await consoleService();
const { world } = service;
const app = service.consoleApp();
let operations: Described[];
let things: Record<string, readonly string[]>;
let own: Record<string, readonly string[]>;

beforeAll(async () => {
  operations = (await describedOperations()).filter(({ path }) => path.startsWith('/v1/'));
  await world.reset(PLACED);
  for (const [role, accountId, userId] of PEOPLE) {
    await world.account(accountId, role);
    await world.account(OTHERS[role], role);
    await world.link(accountId, 'telegram', userId);
    await world.link(OTHERS[role], 'telegram', `7${userId}`);
  }
  await world.account('boss', 'manager');
  const mine = await play({ model: 'ava', marketer: 'max', affiliate: 'kim' }, 'o-mine');
  const theirs = await play(OTHERS, 'zz-order');
  await world.travelTo(`${PAYDAY}T12:00:00Z`);
  for (const modelId of ['ava', OTHERS.model]) {
    const reason = { actor: 'ops', reason: 'twice' };
    await world.core.invoicing.invoices.void(`${WEEK}:${modelId}`, reason, world.clock.now());
  }
  await world.core.rights.keys.create({ name: 'reports', scopes: ['read'], expiresAt: null }, 'ops');
  own = await thingsOf({ model: 'ava', marketer: 'max', affiliate: 'kim' }, mine);
  things = { ...(await thingsOf(OTHERS, theirs)), ...(await nobodysThings()) };
}, 120_000);
afterAll(service.database.close);

type Three = Readonly<Record<'model' | 'marketer' | 'affiliate', string>>;

/** What happens to three people, who have to do with each other and nobody else. */
async function play({ model, marketer, affiliate }: Three, orderId: string) {
  await world.send(
    tell.topUp(`t-${model}`, model, 50_000),
    tell.order(orderId, { modelId: model, marketerId: marketer, placedAt: PLACED }),
    ...sold(`s-${affiliate}`, affiliate, PLACED),
  );
  await world.core.orders.accept(orderId, { actor: 'ops' }, world.clock.now());
  await world.send(
    tell.fan(`f-${orderId}`, orderId, PLACED, { modelId: model }),
    tell.payment(`p-${affiliate}`, 9_000, '2026-10-29T00:00:00Z', {
      kind: 'subscription',
      subscriptionId: `s-${affiliate}`,
    }),
  );
  await world.issue(model, WEEK);
  await earnedAsMarketer(world, marketer, 5_000);
  return { orderId };
}

/** By the part of a path that ends with the parameter. */
async function thingsOf({ model, marketer, affiliate }: Three, { orderId }: { orderId: string }) {
  const { items } = await read<{ items: { payoutId: string; accountId: string }[] }>('/v1/payouts');
  const payouts = items.filter(({ accountId }) => [marketer, affiliate].includes(accountId));
  const payoutIds = payouts.map(({ payoutId }) => payoutId);
  const commission = `s-${affiliate}~first`;
  expect(payoutIds).toHaveLength(2);
  return {
    '/v1/accounts/{id}': [model, marketer, affiliate],
    '/v1/invoices/{id}': [`${WEEK}:${model}`],
    '/v1/models/{id}': [model],
    '/v1/marketers/{id}': [marketer],
    '/v1/orders/{id}': [orderId],
    '/v1/commissions/{id}': [commission],
    '/v1/payouts/{id}': payoutIds,
    '/v1/receipts/{id}': [`${WEEK}:${model}`, orderId, commission, ...payoutIds],
    '/v1/ledger/balances/{account}': [
      ...[`model:${model}`, `credit:${model}`, `marketer:${marketer}`, `affiliate:${affiliate}`, `escrow:${orderId}`],
    ],
  };
}

/** What is no person's, or names who it is of in a part that comes later. */
async function nobodysThings() {
  const { items } = await read<{ items: { webhookId: string }[] }>('/v1/webhooks');
  return {
    '/v1/accounts/{id}/links/{channel}': ['telegram'],
    '/v1/accounts/{id}/links/{channel}/{userId}': ['71'],
    '/v1/keys/{name}': ['reports'],
    '/v1/events/{id}': [`topup-t-${OTHERS.model}`],
    '/v1/webhooks/{id}': [items[0]?.webhookId ?? ''],
    '/v1/series/{name}': ['overdue-by-age'],
    '/v1/simulate/{run}': ['monday', 'payday'],
    '/v1/adjustments/{id}': ['none-yet'],
    '/v1/payout-cycles/{date}': [PAYDAY],
  };
}

async function read<T>(path: string): Promise<T> {
  const response = await app.request(path, { headers: bearer() });
  if (response.status !== 200) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** Every address that a path is with these things in it; a parameter may have something behind it, as `.csv`. */
function addressesOf(path: string, of: Record<string, readonly string[]>): string[] {
  let addresses = [''];
  let prefix = '';
  for (const part of path.split('/').slice(1)) {
    const [, parameter, suffix = ''] = /^(\{\w+\})(.*)$/.exec(part) ?? [];
    prefix += `/${parameter ?? part}`;
    const values = parameter === undefined ? [part] : of[prefix];
    if (values === undefined) throw new Error(`somebody else's ${prefix} is to be named here`);
    addresses = addresses.flatMap((address) =>
      values.map((value) => `${address}/${encodeURIComponent(value)}${suffix}`),
    );
  }
  return addresses;
}

type Person = Pick<ReturnType<typeof browserOf>, 'send' | 'get'>;

async function answerOf(browser: Person, method: string, address: string) {
  const response = await browser.send(method.toUpperCase(), address, method === 'get' ? undefined : {});
  return { status: response.status, text: await response.text() };
}

describe('what is asked for here', () => {
  it('is really there: a key sees everything of the others that a person may see of their own', async () => {
    for (const { method, path, operationId } of operations) {
      if (OWNED[operationId] === undefined || method !== 'get' || !path.includes('{')) continue;
      // There is one only where it is configured who issues it.
      if (operationId === 'getCreditNotePdf') continue;
      for (const address of [...addressesOf(path, things), ...addressesOf(path, own)]) {
        const { status } = await app.request(address, { headers: bearer() });
        expect([address, status, status === 404]).toEqual([address, status, false]);
      }
    }
  });
});

describe.each(sampleOf(PEOPLE, 1))('a %s', (role, accountId, userId) => {
  it('is answered about what is somebody else’s as about what is not there, by every operation; nothing is done', async () => {
    const browser = await signedIn(service, app, accountId, userId);
    const before = await world.collection('audit_records').countDocuments();
    let asked = 0;
    for (const { method, path, operationId } of operations.filter((one) => one.path.includes('{'))) {
      const none = await answerOf(browser, method, path.replaceAll(/\{\w+\}/g, 'nobody'));
      // What ends with `.csv` is to rights the thing itself, with an id that ends so.
      const whole = operations.find((one) => one.method === method && one.path === path.replace(/\.\w+$/, ''));
      const isTheirKind = OWNED[whole?.operationId ?? operationId]?.roles.includes(role) === true;
      for (const address of addressesOf(path, things)) {
        const answer = await answerOf(browser, method, address);
        expect([operationId, address, answer]).toEqual([operationId, address, none]);
        expect([operationId, answer.status]).toEqual([operationId, isTheirKind ? 404 : 403]);
        asked += 1;
      }
    }
    expect(asked).toBeGreaterThan(60);
    expect(await world.collection('audit_records').countDocuments()).toBe(before);
  }, 120_000);

  it('sees their own, and in it nothing of the others', async () => {
    const browser = await signedIn(service, app, accountId, userId);
    let seen = 0;
    for (const { path, operationId } of operations.filter((one) => one.path.includes('{'))) {
      if (OWNED[operationId]?.roles.includes(role) !== true) continue;
      for (const address of addressesOf(path, own)) {
        const { status, text } = await answerOf(browser, 'get', address);
        expect(text).not.toContain('zz-');
        if (status !== 404) seen += 1;
      }
    }
    expect(seen).toBeGreaterThan(3);
  });

  it('gets no list by a filter that names another, and in their own nothing of another', async () => {
    const browser = await signedIn(service, app, accountId, userId);
    const filters: Record<string, readonly string[]> = {
      ...{ modelId: [OTHERS.model], marketerId: [OTHERS.marketer], affiliateId: [OTHERS.affiliate] },
      ...{ accountId: Object.values(OTHERS), account: Object.entries(OTHERS).map(([kind, id]) => `${kind}:${id}`) },
    };
    const lists = operations.filter(({ path, method }) => method === 'get' && !path.includes('{'));
    for (const { path, operationId, query } of lists) {
      if (['getMe', 'listenLive'].includes(operationId)) continue;
      for (const name of query.filter((one) => filters[one] !== undefined)) {
        for (const value of filters[name] ?? []) {
          const answers = await Promise.all(
            [value, 'nobody'].map((one) => answerOf(browser, 'get', `${path}?${name}=${one}`)),
          );
          expect([operationId, name, answers[0]]).toEqual([operationId, name, answers[1]]);
          expect([operationId, name, answers[0]?.status]).toEqual([operationId, name, 403]);
        }
      }
      if (OWNED[operationId]?.roles.includes(role) !== true) continue;
      const mine = [`modelId=${accountId}`, `marketerId=${accountId}`, `affiliateId=${accountId}`];
      const all = [...mine, `accountId=${accountId}`, `account=${role}:${accountId}`];
      const answers = await Promise.all(all.map((filter) => answerOf(browser, 'get', `${path}?${filter}`)));
      const given = answers.filter(({ status }) => status === 200);
      expect([operationId, given.length > 0]).toEqual([operationId, true]);
      for (const { text } of given) expect(text).not.toContain('zz-');
    }
  });
});
