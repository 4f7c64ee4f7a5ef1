import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { type TestService, testService } from '../service.ts';

let service: TestService;
let app: ReturnType<TestService['app']>;
beforeAll(async () => {
  service = await testService();
  app = service.app({ metrics });
});
afterAll(() => service.database.close());

const metrics = new Registry();

const ACCOUNT = { accountId: 'ava', role: 'model', name: 'Ava' };

async function send(id: string, type: string, data: object) {
  const { headers, body } = service.platform.sign({ id, type, data: { ...data } });
  const response = await app.request('/webhooks/platform', { method: 'POST', headers, body });
  return { status: response.status, body: await response.json() };
}

async function counted(): Promise<string[]> {
  return (await metrics.metrics()).split('\n').filter((line) => line.startsWith('settlebot_event_warnings_total{'));
}

it('an unknown field is stored, told in the answer, and counted by the type of event alone', async () => {
  const warned = await send('typo', 'account.updated', { ...ACCOUNT, timezone: 'Europe/Berlin', 'x"y': 1 });
  expect(warned).toEqual({
    status: 202,
    body: {
      status: 'accepted',
      id: 'typo',
      warnings: [
        { path: 'data.timezone', message: expect.any(String), suggestion: 'data.timeZone' },
        { path: 'data.x"y', message: expect.any(String) },
      ],
    },
  });
  expect((await service.inbox.get('typo'))?.data).toMatchObject({ timezone: 'Europe/Berlin' });
  expect(await counted()).toEqual(['settlebot_event_warnings_total{type="account.updated"} 2']);
});

it('the same event again is told the same, and not counted again', async () => {
  const again = { ...ACCOUNT, timezone: 'Europe/Berlin', 'x"y': 1 };
  const first = service.platform.sign({ id: 'again', type: 'account.updated', data: again });
  const post = () => app.request('/webhooks/platform', { method: 'POST', headers: first.headers, body: first.body });
  const told = (await (await post()).json()) as { warnings: object };
  const before = await counted();
  const answer = await post();
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ status: 'duplicate', id: 'again', warnings: told.warnings });
  expect(await counted()).toEqual(before);
});

it('an event of an unknown type is ignored, with the type that may be meant', async () => {
  expect((await send('type', 'account.update', ACCOUNT)).body).toMatchObject({
    status: 'ignored',
    warnings: [{ path: 'type', suggestion: 'account.updated' }],
  });
  expect(await counted()).toContain('settlebot_event_warnings_total{type="unknown"} 1');
});

it('many are told in part, and nothing is told where nothing is unknown', async () => {
  const many = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`unknown${index}`, 1]));
  const { body } = await send('many', 'account.updated', { ...ACCOUNT, ...many });
  expect(body).toMatchObject({ warnings: { length: 10 }, moreWarnings: 20 });
  expect((await send('none', 'account.updated', ACCOUNT)).body).toEqual({ status: 'accepted', id: 'none' });
});
