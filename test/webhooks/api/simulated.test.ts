import { beforeAll, expect, it } from 'vitest';

import { bearer, type TestService, testService } from '../service.ts';

let service: TestService;
let app: ReturnType<TestService['app']>;
beforeAll(async () => {
  service = await testService();
  app = service.app();
});

let refusals = 0;
const KEY = { 'idempotency-key': 'simulated' };

it('answers what would be, and writes nothing; its Idempotency-Key is still to be used', async () => {
  const id = await service.world.issue('sim');
  const before = await everything();
  const simulated = await act(`/v1/invoices/${id}/void?simulate=true`, KEY);
  expect([simulated.status, simulated.body]).toEqual([
    200,
    expect.objectContaining({ invoiceId: id, status: 'void', simulated: true, postings: [] }),
  ]);
  expect(await everything()).toEqual(before);

  const done = await act(`/v1/invoices/${id}/void`, KEY);
  expect(done.status).toBe(200);
  expect(done.body).toMatchObject({ status: 'void' });
  expect(done.body).not.toHaveProperty('simulated');
  expect(done.headers.has('idempotency-replayed')).toBe(false);
});

it('refuses what would be refused', async () => {
  const id = await service.world.issue('twice');
  await act(`/v1/invoices/${id}/void`);
  const again = await act(`/v1/invoices/${id}/void?simulate=true`);
  expect([again.status, again.body]).toEqual([409, expect.objectContaining({ state: 'void', reason: 'already_void' })]);
  expect((await act('/v1/invoices/2026-W01:nobody/void?simulate=true')).status).toBe(404);
  expect((await act(`/v1/invoices/${id}/void?simulate=true`, {}, {})).status).toBe(422);
});

it.each([
  ['write-off', { reason: 'insolvent', payContractors: true }, 'written_off', 'platform:write-offs'],
  ['paid-outside', { reference: 'SEPA 1', paidAt: '2026-11-23T08:00:00+02:00' }, 'completed', 'world:settlements'],
])('simulates %s with what the ledger would get, does it, and refuses it again', async (path, body, status, pays) => {
  const id = await service.world.issue(`m-${path}`);
  const before = await everything();
  const simulated = await act(`/v1/invoices/${id}/${path}?simulate=true`, KEY, body);
  expect(simulated.body).toMatchObject({ invoiceId: id, status, simulated: true });
  expect((simulated.body as { postings: object[] }).postings).toContainEqual(
    expect.objectContaining({ account: pays, amount: -4_108 }),
  );
  expect(await everything()).toEqual(before);
  const done = await act(`/v1/invoices/${id}/${path}`, {}, body);
  const { simulated: _, postings: _p, ...would } = simulated.body as Record<string, unknown>;
  expect([done.status, done.body]).toEqual([200, would]);
  const again = await act(`/v1/invoices/${id}/${path}?simulate=true`, {}, body);
  expect(again.body).toMatchObject({ status: 409, state: status, reason: expect.stringMatching(/^already_/) });
  const voided = await act(`/v1/invoices/${id}/void`);
  expect(voided.body).toMatchObject({ status: 409, state: status, reason: `invoice_${status}` });
});

it.each([
  ['a write-off without a reason', 'write-off', {}, 422],
  ['contractors that are neither paid nor not', 'write-off', { reason: 'x', payContractors: 'yes' }, 422],
  ['a payment without a reference', 'paid-outside', { reference: ' ' }, 422],
  ['a payment on no instant', 'paid-outside', { reference: 'SEPA 1', paidAt: '2026-11-23' }, 422],
  ['a payment in the future', 'paid-outside', { reference: 'SEPA 1', paidAt: '2026-11-24T06:00:00Z' }, 409],
  ['a payment before the issue', 'paid-outside', { reference: 'SEPA 1', paidAt: '2025-11-23T06:00:00Z' }, 409],
])('refuses %s', async (_, path, body, status) => {
  const id = await service.world.issue(`r-${++refusals}`);
  expect((await act(`/v1/invoices/${id}/${path}`, {}, body)).status).toBe(status);
  expect(await service.invoicing.invoices.get(id, service.clock.now())).toMatchObject({ status: 'open' });
});

it.each([
  ['another value', 'void?simulate=false', 'simulate'],
  ['no value', 'void?simulate', 'simulate'],
  ['two values', 'void?simulate=true&simulate=false', 'simulate'],
  ['another spelling', 'void?simulated=true', ''],
  ['a call that cannot be simulated', 'pay?simulate=true', 'simulate'],
])('does nothing on %s', async (_, path, fault) => {
  const id = await service.world.issue(`not-${path.replaceAll(/\W/g, '-')}`);
  const refused = await act(`/v1/invoices/${id}/${path}`);
  expect(refused.status).toBe(422);
  expect(refused.body).toMatchObject({ errors: [{ path: fault }] });
  expect(await service.invoicing.invoices.get(id, service.clock.now())).toMatchObject({ status: 'open' });
});

async function act(path: string, headers: Record<string, string> = {}, body: object = { reason: 'Wrong rate' }) {
  const response = await app.request(path, {
    method: 'POST',
    headers: { ...bearer(), 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as object };
}

/** All that is stored, by collection. */
async function everything(): Promise<Record<string, unknown[]>> {
  const db = service.world.connection.db;
  const names = (await db?.listCollections().toArray())?.map(({ name }) => name).sort() ?? [];
  const found = await Promise.all(names.map(async (name) => [name, await db?.collection(name).find().toArray()]));
  return Object.fromEntries(found);
}
