import { afterAll, beforeAll, expect, test } from 'vitest';

import { bearer, type TestService, testService } from '../service.ts';

/** What people were told, and reminders by hand, as managers see and ask for them. */

let service: TestService;
let app: ReturnType<TestService['app']>;
let id: string;
beforeAll(async () => {
  service = await testService();
  app = service.app();
  const { world } = service;
  await world.account('ava', 'model');
  await world.account('kim', 'model');
  await world.link('ava', 'telegram', 7_001);
  await world.link('ava', 'discord', 7_002);
  id = await world.issue('ava', '2026-W46');
});
afterAll(() => service.database.close());

type Body = Record<string, unknown> & { items: Record<string, unknown>[]; next: string | null };

async function call(method: 'GET' | 'POST', path: string) {
  const answer = await app.request(path, { method, headers: bearer() });
  return { status: answer.status, body: (await answer.json()) as Body };
}

const contactOf = async () => (await call('GET', '/v1/overdue')).body.items[0]?.contact;

test('a reminder is sent once a day, to who has a chat, of what is unpaid', async () => {
  const kims = await service.world.issue('kim', '2026-W46');
  expect(await contactOf()).toEqual({ reachable: true, channels: ['discord', 'telegram'], lastRemindedAt: null });
  expect(await call('POST', `/v1/invoices/${id}/remind`)).toMatchObject({ status: 200, body: { modelId: 'ava' } });
  expect(await call('POST', `/v1/invoices/${id}/remind`)).toMatchObject({
    ...{ status: 409, body: { reason: 'already_reminded', state: 'overdue' } },
  });
  expect(await call('POST', `/v1/invoices/${kims}/remind`)).toMatchObject({ status: 409, body: { reason: 'no_chat' } });
  expect(await call('POST', '/v1/invoices/2026-W46:nobody/remind')).toMatchObject({ status: 404 });
  expect(await contactOf()).toMatchObject({ lastRemindedAt: service.world.clock.now().toISOString() });
});

test('messages are listed newest first, one for each chat, without the chat', async () => {
  const all = await call('GET', '/v1/accounts/ava/messages');
  expect(all.status).toBe(200);
  const reminders = all.body.items.filter(({ kind }) => kind === 'invoice.reminded');
  expect(reminders.map(({ channel, state }) => [channel, state]).sort()).toEqual([
    ['discord', 'waiting'],
    ['telegram', 'waiting'],
  ]);
  expect(reminders[0]).toMatchObject({ title: expect.stringMatching(/\w/), deliveredAt: null, error: null });
  expect(JSON.stringify(all.body)).not.toMatch(/700[12]/);
  expect((await call('GET', '/v1/accounts/nobody/messages')).status).toBe(404);
  expect((await call('GET', '/v1/accounts/ava/messages?limit=0')).status).toBe(422);
});

test('pages of one come to the same list, also where several have one place', async () => {
  const all = (await call('GET', '/v1/accounts/ava/messages')).body.items;
  expect(all.length).toBeGreaterThan(1);
  const found: unknown[] = [];
  let after = '';
  do {
    const { body } = await call('GET', `/v1/accounts/ava/messages?limit=1${after}`);
    found.push(...body.items);
    after = body.next === null ? '' : `&after=${body.next}`;
  } while (after !== '');
  expect(found).toEqual(all);
});

test('what did not arrive says why, without the numbers of the chat', async () => {
  await service.world
    .collection('notice_deliveries')
    .updateOne(
      { accountId: 'ava', channel: 'telegram' },
      { $set: { state: 'undeliverable', error: 'Forbidden: 7001 blocked the bot' } },
    );
  const { items } = (await call('GET', '/v1/accounts/ava/messages')).body;
  expect(items.find(({ state }) => state === 'failed')).toMatchObject({ error: 'Forbidden: … blocked the bot' });
});
