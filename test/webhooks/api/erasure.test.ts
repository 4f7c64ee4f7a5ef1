import { afterAll, beforeAll, expect, it } from 'vitest';

import { tell } from '../../support/events.ts';
import { bearer, testService } from '../service.ts';

let service: Awaited<ReturnType<typeof testService>>;
let app: ReturnType<typeof service.app>;

beforeAll(async () => {
  service = await testService();
  app = service.app({ ownerKeys: ['ops'] });
  await service.world.send(tell.account('ava', 'model', { name: 'Ava Sommer' }), tell.topUp('t', 'bea', 100));
  await service.world.send(tell.account('bea', 'model'));
});
afterAll(() => service.world.close());

const ask = (id: string, method: string, key?: string) =>
  app.request(`http://localhost/v1/accounts/${id}/erasure`, { method, headers: bearer(key) });

it('is for keys with the scope admin alone', async () => {
  const response = await ask('ava', 'POST', 'key-of-finance');
  expect(response.status).toBe(403);
  expect(await response.json()).toMatchObject({ reason: 'scope_missing', scope: 'admin' });
  expect((await ask('ava', 'GET')).status).toBe(404);
});

it('of an account that is not settled is refused, with what is open', async () => {
  const response = await ask('bea', 'POST');
  expect(response.status).toBe(409);
  expect(await response.json()).toMatchObject({
    ...{ state: 'open', reason: 'account_not_settled' },
    open: [{ kind: 'balance', account: 'model:bea', amount: 100 }],
  });
  expect((await ask('nobody', 'POST')).status).toBe(404);
});

it('is carried out by the service, and can be asked after', async () => {
  const response = await ask('ava', 'POST');
  expect(response.status).toBe(202);
  expect(await response.json()).toMatchObject({ accountId: 'ava', status: 'erasing', erasedAt: null });
  await service.world.travelTo(service.clock.now());
  expect(await (await ask('ava', 'GET')).json()).toMatchObject({ status: 'erased', waitsFor: [] });
  const account = await app.request('http://localhost/v1/accounts/ava', { headers: bearer() });
  expect(await account.json()).toMatchObject({ accountId: 'ava', name: 'erased account' });
  const event = await app.request('http://localhost/v1/events/account-ava', { headers: bearer() });
  expect(await event.json()).toMatchObject({ data: null, erased: true });
});
