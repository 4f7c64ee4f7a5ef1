import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { realMilliseconds } from '../../../src/kernel/clock.ts';
import { createApp } from '../../../webhooks/app.ts';
import { createAnswers } from '../../../webhooks/middleware/keptAnswers.ts';
import { createOrderWorld, type OrderWorld } from '../../commands/orderWorld.ts';
import { deepTest, sampleOf } from '../../support/depth.ts';
import { tell } from '../../support/events.ts';
import { createPlatform } from '../../support/platform.ts';
import { SECRET } from '../../support/world.ts';
import { bearer } from '../service.ts';

let world: OrderWorld;
let app: ReturnType<typeof createApp>;
let count = 0;
let client = '';
let marketer = '';

beforeAll(async () => {
  world = await createOrderWorld();
  const { core, database } = world.world;
  app = createApp({
    ...core,
    ...core.invoicing,
    ...core.standing,
    webhookSecrets: [SECRET],
    apiKeys: [
      { name: 'ops', key: 'key-of-ops' },
      { name: 'finance', key: 'key-of-finance' },
    ],
    ownerKeys: ['ops'],
    answers: createAnswers(database.connection, realMilliseconds),
    jobStates: async () => [],
    readiness: async () => ({ ready: true, checks: {} }),
    metrics: new Registry(),
    log: { error: (...parts: unknown[]) => world.world.errors.push(parts), warn: () => {} },
    stopping: () => false,
  });
});
beforeEach(async () => {
  count += 1;
  [client, marketer] = [`client${count}`, `marketer${count}`];
  await world.person(client, 'model');
  await world.person(marketer, 'marketer');
});
afterAll(async () => {
  expect(world.world.errors).toEqual([]);
  await world.close();
});

async function call(method: 'GET' | 'POST', path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await app.request(path, {
    method,
    headers: { ...bearer(), ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: JSON.parse(text) };
}

const place = (terms: Record<string, unknown> = {}) => world.place(client, marketer, terms);
const act = (orderId: string, what: string, body?: unknown, headers?: Record<string, string>) =>
  call('POST', `/v1/orders/${orderId}/${what}`, body, headers);

async function oneAtATime(): Promise<void> {
  const version = { id: `${marketer}-one`, at: '2026-01-02T00:00:00Z', name: 'North Media', capacity: 1 };
  await world.world.send(tell.account(marketer, 'marketer', version));
}

describe('orders', () => {
  deepTest('have every field from placement on, and are found by client, marketer and status', async () => {
    await oneAtATime();
    await world.topUp(client, 1_000);
    const id = await place({ prepaid: true, chunkSize: 5 });
    const { status, body } = await call('GET', `/v1/orders/${id}`);
    expect(status).toBe(200);
    expect(body).toEqual({
      ...{ orderId: id, modelId: client, marketerId: marketer, offerId: 'offer', status: 'placed', position: 1 },
      ...{ delivered: 0, quantity: 10, pricePerFan: 100, prepaid: true, chunkSize: 5, autoRenew: false },
      ...{ paid: 0, owed: 0, escrow: 0, placedAt: '2026-03-02T09:00:00.000Z', respondBy: '2026-03-05T09:00:00.000Z' },
      ...{ acceptedAt: null, startedAt: null, startedBy: null, endedAt: null, campaignId: null, link: null },
      ...{ renewalOf: null, renewedBy: null, notRenewedBecause: [], renewalBlockers: [], reasons: [], because: [] },
      ...{ modelName: client, marketerName: 'North Media' },
      client: { tier: 'new', trustScore: 50, paidOnTime: 0, invoices: 0, coveredFans: 10 },
    });
    expect((await act(id, 'accept')).body).toMatchObject({
      ...{ status: 'running', escrow: 1_000, campaignId: `cpl~${id}`, link: `https://example.com/c/cpl~${id}` },
      acceptedAt: '2026-03-02T09:00:00.000Z',
    });
    const [second, third] = [await place(), await place()];
    await act(second, 'accept');
    expect((await call('GET', `/v1/orders/${second}`)).body).toMatchObject({ status: 'queued', position: 1 });
    const ids = async (query: string) =>
      (await call('GET', `/v1/orders?${query}`)).body.items.map(({ orderId }: { orderId: string }) => orderId);
    expect(await ids(`modelId=${client}`)).toEqual([third, second, id]);
    expect((await call('GET', `/v1/orders/${third}`)).body).toMatchObject({ status: 'placed', position: 2 });
    expect(await ids(`marketerId=${marketer}&status=queued`)).toEqual([second]);
    expect(await ids(`modelId=${client}&status=placed`)).toEqual([third]);
    expect(await ids(`modelId=nobody`)).toEqual([]);
    const page = (await call('GET', `/v1/orders?modelId=${client}&limit=2`)).body;
    expect(await ids(`modelId=${client}&limit=2&after=${encodeURIComponent(page.next)}`)).toEqual([id]);
  });

  deepTest('stand in the queue of their marketer, with how many run at a time and how many fans come', async () => {
    const queue = async () => (await call('GET', `/v1/marketers/${marketer}/queue`)).body;
    expect(await queue()).toMatchObject({ marketerId: marketer, capacity: null, running: [] });
    await oneAtATime();
    const [first, second, third, fourth] = [await place(), await place(), await place(), await place()];
    await act(first, 'accept');
    await act(third, 'accept');
    await world.bring(first, 2);
    const ids = (orders: { orderId: string }[]) => orders.map(({ orderId }) => orderId);
    const { running, queued, toAnswer, ...rest } = await queue();
    expect([ids(running), ids(queued), ids(toAnswer)]).toEqual([[first], [third], [second, fourth]]);
    expect([...queued, ...toAnswer].map(({ position }) => position)).toEqual([1, 2, 3]);
    expect(running[0]).toEqual((await call('GET', `/v1/orders/${first}`)).body);
    expect(rest).toMatchObject({ capacity: 1, counts: { running: 1, queued: 1, toAnswer: 2 } });
    expect(rest.fansByWeek).toHaveLength(5);
    expect(rest.fansByWeek.at(-1)).toEqual({ week: '2026-W10', fans: 2 });
    for (const other of [client, 'nobody']) {
      expect((await call('GET', `/v1/marketers/${other}/queue`)).status).toBe(404);
    }
  });

  it('are found by what the other side is called, of one client or of one marketer', async () => {
    const other = `${marketer}-other`;
    await world.person(other, 'marketer');
    await world.world.send(
      tell.account(client, 'model', { id: `${client}-named`, at: '2026-01-02T00:00:00Z', name: 'Ava Álvarez' }),
      tell.account(marketer, 'marketer', { id: `${marketer}-named`, at: '2026-01-02T00:00:00Z', name: 'North Media' }),
    );
    const [first, second] = [await place(), await world.place(client, other)];
    const ids = async (query: string) =>
      (await call('GET', `/v1/orders?${query}`)).body.items.map(({ orderId }: { orderId: string }) => orderId);
    expect(await ids(`modelId=${client}&q=north`)).toEqual([first]);
    expect(await ids(`modelId=${client}&q=MEDIA%20nor`)).toEqual([first]);
    expect(await ids(`modelId=${client}&q=${other}`)).toEqual([second]);
    expect(await ids(`marketerId=${marketer}&q=alva`)).toEqual([first]);
    expect(await ids(`marketerId=${marketer}&q=alva&status=queued`)).toEqual([]);
    // Their own name is nobody's on the other side.
    expect(await ids(`marketerId=${marketer}&q=north`)).toEqual([]);
    expect(await ids(`modelId=${client}&marketerId=${other}&q=north`)).toEqual([]);
    expect((await call('GET', '/v1/orders?q=north')).status).toBe(422);
  });

  deepTest('show fans with their verdicts', async () => {
    await world.topUp(client, 1_000);
    const id = await place({ quantity: 2 });
    await act(id, 'accept');
    await world.bring(id, 1, { fan: { bot: true } });
    await world.bring(id, 3);
    const { body } = await call('GET', `/v1/orders/${id}/fans`);
    expect(body.next).toBeNull();
    const verdicts = body.items.map(({ verdict, number }: Record<string, unknown>) => `${verdict} ${number}`);
    expect(verdicts.sort()).toEqual(['counted 1', 'counted 2', 'not_real null', 'surplus null']);
    expect(Object.keys(body.items[0]).sort()).toEqual(
      ['fanId', 'judgedAt', 'number', 'startedAt', 'subscriptionId', 'verdict'].sort(),
    );
    const of = async (verdict: string) =>
      (await call('GET', `/v1/orders/${id}/fans?verdict=${verdict}`)).body.items?.map(
        (fan: { verdict: string }) => fan.verdict,
      );
    expect(await of('counted')).toEqual(['counted', 'counted']);
    expect(await of('surplus')).toEqual(['surplus']);
    expect(await of('returning')).toEqual([]);
    const counted = async (value: string) =>
      (await call('GET', `/v1/orders/${id}/fans?counted=${value}`)).body.items?.map(
        (fan: { verdict: string }) => fan.verdict,
      );
    expect(await counted('true')).toEqual(['counted', 'counted']);
    expect((await counted('false')).sort()).toEqual(['not_real', 'surplus']);
    // What ends the fans of a stopped order is no verdict.
    for (const other of ['end', 'all', '']) {
      expect((await call('GET', `/v1/orders/${id}/fans?verdict=${other}`)).status).toBe(422);
    }
    const half = (await call('GET', `/v1/orders/${id}/fans?limit=3`)).body;
    expect((await call('GET', `/v1/orders/${id}/fans?limit=3&after=${half.next}`)).body.items).toHaveLength(1);
    expect((await call('GET', `/v1/orders/${id}`)).body).toMatchObject({ status: 'completed', paid: 200 });
  });

  deepTest('say how the client stands now, and for how many fans to come there is money', async () => {
    await world.topUp(client, 350);
    const [offered, prepaid] = [await place({ pricePerFan: 100 }), await place({ quantity: 3, prepaid: true })];
    const clientOf = async (id: string) => (await call('GET', `/v1/orders/${id}`)).body.client;
    expect(await clientOf(offered)).toEqual({
      ...{ tier: 'new', trustScore: 50, paidOnTime: 0, invoices: 0, coveredFans: 3 },
    });
    expect((await act(prepaid, 'accept')).body.client).toMatchObject({ coveredFans: 3 });
    await world.bring(prepaid, 1);
    const { items } = (await call('GET', `/v1/orders?modelId=${client}`)).body;
    const covered = items.map((one: { orderId: string; client: object }) => [one.orderId, one.client]);
    expect(Object.fromEntries(covered)).toEqual({
      [offered]: await clientOf(offered),
      [prepaid]: { ...(await clientOf(offered)), coveredFans: 2 },
    });
    expect(await clientOf(offered)).toMatchObject({ coveredFans: 0 });
  });

  deepTest('say what started them: the acceptance, a place, or the first fan', async () => {
    await oneAtATime();
    const [first, second, third] = [await place(), await place(), await place()];
    for (const id of [first, second, third]) await act(id, 'accept');
    await world.bring(third, 1);
    const startOf = async (id: string) => (await call('GET', `/v1/orders/${id}`)).body;
    expect(await startOf(first)).toMatchObject({ status: 'running', startedBy: 'acceptance' });
    expect(await startOf(second)).toMatchObject({ status: 'queued', position: 1, startedBy: null });
    expect(await startOf(third)).toMatchObject({ status: 'running', startedBy: 'fan', position: null });
  });

  deepTest('say in words why they ended', async () => {
    const id = await place();
    await act(id, 'reject', { reason: 'no capacity' });
    expect((await call('GET', `/v1/orders/${id}`)).body).toMatchObject({
      status: 'rejected',
      endedAt: '2026-03-02T09:00:00.000Z',
      reasons: ['The marketer rejected it: no capacity'],
      because: [{ kind: 'rejected', reason: 'no capacity' }],
    });
  });
});

describe('acting', () => {
  it.each(
    sampleOf(
      [
        ['accept', 'accept', 'running', 'already_accepted'],
        ['accept', 'reject', 'running', 'order_running'],
        ['reject', 'reject', 'rejected', 'already_rejected'],
        ['reject', 'accept', 'rejected', 'order_rejected'],
        ['reject', 'stop', 'rejected', 'order_rejected'],
        ['none', 'stop', 'placed', 'order_not_accepted'],
      ],
      1,
    ),
  )('after %s, %s answers 409 with state and reason, and changes nothing', async (first, second, state, reason) => {
    await world.topUp(client, 1_000);
    const id = await place();
    if (first !== 'none') expect((await act(id, first)).status).toBe(200);
    const before = await world.order(id);
    const { status, body } = await act(id, second, { reason: 'once more' });
    expect({ status, state: body.state, reason: body.reason }).toEqual({ status: 409, state, reason });
    expect(await world.order(id)).toEqual(before);
  });

  deepTest('refuses a prepaid order that the balance does not cover, with what is missing', async () => {
    await world.topUp(client, 400);
    const id = await place({ prepaid: true });
    const { status, body } = await act(id, 'accept');
    expect(status).toBe(409);
    expect(body).toMatchObject({ state: 'placed', reason: 'insufficient_balance', balance: 400, missing: 600 });
    await world.topUp(client, 600);
    expect((await act(id, 'accept')).body).toMatchObject({ status: 'running', escrow: 1_000 });
  });

  deepTest('is too late from the deadline on', async () => {
    const id = await place();
    const { respondBy } = await world.order(id);
    const before = world.world.clock.now();
    world.world.pin(new Date(respondBy.getTime() + 1));
    expect((await act(id, 'accept')).body).toMatchObject({
      status: 409,
      state: 'expired',
      reason: 'order_expired',
    });
    expect((await call('GET', `/v1/orders/${id}`)).body).toMatchObject({
      status: 'expired',
      endedAt: respondBy.toISOString(),
    });
    world.world.pin(before);
  });

  deepTest('stops and settles, with the reason in the audit trail', async () => {
    await world.topUp(client, 1_000);
    const id = await place({ prepaid: true });
    await act(id, 'accept', { reason: 'a good page' });
    await world.bring(id, 3);
    expect((await act(id, 'stop', { reason: 'the page is gone' })).body).toMatchObject({
      ...{ status: 'stopped', delivered: 3, paid: 300, escrow: 0, owed: 0 },
      reasons: ['A manager of the platform stopped it: the page is gone'],
    });
    const again = await act(id, 'stop', { reason: 'the page is gone' });
    expect(again.body).toMatchObject({ state: 'stopped', reason: 'already_stopped' });
    expect((await call('GET', `/v1/ledger/balances/escrow:${id}`)).body.balance).toBe(0);
    expect((await call('GET', `/v1/audit?subject=${id}`)).body.items).toMatchObject([
      {
        ...{ actor: 'ops', action: 'order.stop', reason: 'the page is gone' },
        ...{ before: { status: 'running' }, after: { status: 'stopped' } },
      },
      {
        ...{ actor: 'ops', action: 'order.accept', reason: 'a good page' },
        ...{ before: { status: 'placed' }, after: { status: 'running' } },
      },
    ]);
  });

  deepTest('records acceptance into a queue, a stop there, and a rejection, each with what was before', async () => {
    await oneAtATime();
    await act(await place(), 'accept');
    const [queued, rejected] = [await place(), await place()];
    await act(queued, 'accept', { reason: 'next week' });
    await act(queued, 'stop', { reason: 'not needed' });
    await act(rejected, 'reject', { reason: 'too many' });
    const trail = async (id: string) => (await call('GET', `/v1/audit?subject=${id}`)).body.items;
    expect(await trail(queued)).toMatchObject([
      { action: 'order.stop', reason: 'not needed', before: { status: 'queued' }, after: { status: 'stopped' } },
      { action: 'order.accept', reason: 'next week', before: { status: 'placed' }, after: { status: 'queued' } },
    ]);
    expect(await trail(rejected)).toMatchObject([
      { action: 'order.reject', reason: 'too many', before: { status: 'placed' }, after: { status: 'rejected' } },
    ]);
  });

  deepTest('is stopped without a reason, too, and both are told that none was given', async () => {
    const id = await place();
    await act(id, 'accept');
    const { status, body } = await act(id, 'stop');
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'stopped' });
    expect(body.reasons.join()).toContain('the platform gave no reason');
  });

  deepTest('is done once for one Idempotency-Key, and answers the same', async () => {
    await world.topUp(client, 1_000);
    const id = await place({ prepaid: true });
    const key = { 'idempotency-key': `accept-${id}` };
    const first = await act(id, 'accept', {}, key);
    const second = await act(id, 'accept', {}, key);
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect((await act(id, 'accept', { reason: 'other' }, key)).status).toBe(422);
    expect(await world.order(id)).toMatchObject({ escrow: 1_000 });
  });
});

describe('who asks wrongly', () => {
  it.each(
    sampleOf(
      [
        ['GET', '/v1/orders/nothing', 404],
        ['GET', '/v1/orders/nothing/fans', 404],
        ['POST', '/v1/orders/nothing/accept', 404],
        ['POST', '/v1/orders/nothing/reject', 404],
        ['POST', '/v1/orders/nothing/stop', 404],
        ['GET', '/v1/orders?status=late', 422],
        ['GET', '/v1/orders?colour=red', 422],
        ['GET', '/v1/orders?limit=501', 422],
      ] as const,
      4,
    ),
  )('%s %s: %i', async (method, path, status) => {
    const body = method === 'POST' ? { reason: 'so decided' } : undefined;
    expect((await call(method, path, body)).status).toBe(status);
  });

  deepTest('has no key, or sends no JSON or an empty reason', async () => {
    const id = await place();
    expect((await call('GET', `/v1/orders/${id}`, undefined, { authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await act(id, 'reject', { reason: '  ' })).body.errors).toMatchObject([{ path: 'reason' }]);
    expect((await act(id, 'accept', 'text')).status).toBe(422);
    expect(await world.order(id)).toMatchObject({ status: 'placed' });
  });

  it.each(
    sampleOf(
      [
        ['quantity 0', { quantity: 0 }, 'data.quantity'],
        ['a quantity below 0', { quantity: -1 }, 'data.quantity'],
        ['half a fan', { quantity: 1.5 }, 'data.quantity'],
        ['a negative price', { pricePerFan: -1 }, 'data.pricePerFan'],
        ['a chunk larger than the quantity', { chunkSize: 11 }, 'data.chunkSize'],
        ['chunks of nothing', { chunkSize: 0 }, 'data.chunkSize'],
        ['no marketer', { marketerId: undefined }, 'data.marketerId'],
      ],
      3,
    ),
  )('places an order with %s', async (_name, wrong, path) => {
    const data = {
      ...{ orderId: `wrong${count}`, modelId: client, marketerId: marketer, offerId: 'o', quantity: 10 },
      ...{ pricePerFan: 100, prepaid: false, placedAt: '2026-03-02T09:00:00Z', ...wrong },
    };
    const answer = await receive({ type: 'order.placed', data });
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toMatchObject([{ path }]);
    expect((await call('GET', `/v1/orders/wrong${count}`)).status).toBe(404);
  });

  deepTest('sends a fan with no id', async () => {
    const id = await place();
    await world.topUp(client, 1_000);
    await act(id, 'accept');
    const data = { subscriptionId: 's', startedAt: '2026-03-02T09:00:00Z', campaignId: `cpl~${id}` };
    const answer = await receive({ type: 'subscription.started', data });
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toMatchObject([{ path: 'data.fanId' }]);
    expect(await world.order(id)).toMatchObject({ delivered: 0 });
  });
});

/** An event as the platform sends it. */
async function receive(event: { type: string; data: Record<string, unknown> }) {
  const { headers, body } = createPlatform({ secret: SECRET }).sign(event);
  const response = await app.request('/webhooks/platform', { method: 'POST', headers, body });
  return { status: response.status, body: JSON.parse(await response.text()) };
}
