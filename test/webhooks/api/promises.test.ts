import { beforeAll, expect, it } from 'vitest';

import { bearer, type TestService, testService } from '../service.ts';

let service: TestService;
let app: ReturnType<TestService['app']>;
/** Overdue since the 19th of November; now is the 23rd. */
let id: string;

beforeAll(async () => {
  service = await testService({ promises: { enabled: true } });
  app = service.app();
  await service.world.account('ava', 'model', { timeZone: 'Europe/Berlin' });
  id = await service.world.issue('ava', '2026-W46');
});

async function post(path: string, body: object) {
  const headers = { ...bearer(), 'content-type': 'application/json' };
  const answer = await app.request(path, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

async function invoice() {
  const answer = await app.request(`/v1/invoices/${id}`, { headers: bearer() });
  return (await answer.json()) as Record<string, unknown>;
}

it('refuses what is no promise, or is not allowed', async () => {
  expect(await post(`/v1/invoices/${id}/promise`, { until: 'soon' })).toMatchObject({ status: 422 });
  expect(await post(`/v1/invoices/${id}/promise`, { untill: '2026-11-24' })).toMatchObject({ status: 422 });
  expect(await post('/v1/invoices/2026-W46:nobody/promise', {})).toMatchObject({ status: 404 });
  const open = await service.world.issue('ava', '2026-W47');
  expect(await post(`/v1/invoices/${open}/promise`, {})).toMatchObject({
    ...{ status: 409, body: { state: 'open', reason: 'invoice_open' } },
  });
  expect(await post(`/v1/invoices/${id}/promise`, { until: '2026-12-24' })).toMatchObject({
    ...{ status: 409, body: { state: 'overdue', reason: 'promise_date_too_late' } },
  });
  expect(await post(`/v1/invoices/${id}/promise`, { parts: true })).toMatchObject({
    ...{ status: 409, body: { reason: 'insufficient_balance', balance: 0, missing: 1_027 } },
  });
  expect(await post(`/v1/invoices/${id}/promise/refuse`, { reason: 'no' })).toMatchObject({
    ...{ status: 409, body: { reason: 'no_promise' } },
  });
  expect(await invoice()).not.toHaveProperty('promise');
});

it('simulates a promise, makes it once, and shows it with its invoice', async () => {
  await service.world.topUp('ava', 1_027);
  const wanted = { parts: true, until: '2026-11-27' };
  expect(await post(`/v1/invoices/${id}/promise?simulate=true`, wanted)).toMatchObject({
    status: 200,
    body: {
      ...{ status: 'running', parts: { first: 1_027, rest: 3_081 }, simulated: true },
      postings: [
        { account: 'model:ava', amount: -1_027 },
        { account: `held:${id}`, amount: 1_027 },
      ],
    },
  });
  expect(await invoice()).not.toHaveProperty('promise');
  const promise = {
    ...{ promiseId: `${id}~1`, invoiceId: id, modelId: 'ava', status: 'running', endedAt: null },
    ...{ madeAt: '2026-11-23T06:00:00.000Z', until: '2026-11-27T22:59:00.000Z', parts: { first: 1_027, rest: 3_081 } },
  };
  expect(await post(`/v1/invoices/${id}/promise`, wanted)).toEqual({ status: 200, body: promise });
  expect(await invoice()).toMatchObject({ status: 'overdue', promise, parts: [{ number: 1, amount: 1_027 }] });
  expect(await post(`/v1/invoices/${id}/promise`, wanted)).toMatchObject({
    ...{ status: 409, body: { reason: 'already_promised' } },
  });
  const overdue = await app.request('/v1/overdue', { headers: bearer() });
  expect(await overdue.json()).toMatchObject({ items: [{ invoiceId: id, total: 4_108, left: 3_081, promise }] });
  const table = await (await app.request('/v1/overdue.csv', { headers: bearer() })).text();
  expect(table).toContain(',running,2026-11-27T22:59:00.000Z,30.81\r\n');
});

it('simulates a refusal, and refuses it once', async () => {
  const refused = { status: 200, body: { status: 'refused', reason: 'no', endedAt: '2026-11-23T06:00:00.000Z' } };
  expect(await post(`/v1/invoices/${id}/promise/refuse?simulate=true`, { reason: 'no' })).toMatchObject(refused);
  expect(await invoice()).toMatchObject({ promise: { status: 'running' } });
  expect(await post(`/v1/invoices/${id}/promise/refuse`, { reason: 'no' })).toMatchObject(refused);
  expect(await post(`/v1/invoices/${id}/promise/refuse`, { reason: 'no' })).toMatchObject({
    ...{ status: 409, body: { reason: 'promise_refused' } },
  });
  const types = (await service.world.webhooks()).map(({ type }) => type);
  expect(types).toEqual(expect.arrayContaining(['promise.made', 'promise.refused']));
});
