import { afterAll, beforeAll, expect, it } from 'vitest';
import { saying } from '../../support/webhookData.ts';
import { bearer, NOW, type TestService, testService } from '../service.ts';

let service: TestService;
beforeAll(async () => {
  service = await testService();
});
afterAll(() => service.database.close());

/** `body` is whatever JSON came: tests say what they expect of it. */
// biome-ignore lint/suspicious/noExplicitAny: the shape is what the tests check
async function call(method: 'GET' | 'POST', path: string): Promise<{ status: number; body: any }> {
  const response = await service.app().request(path, { method, headers: bearer() });
  return { status: response.status, body: await response.json() };
}

it('webhooks to the platform are listed, shown and replayed, and who did it is on record', async () => {
  const message = { subject: 'model:m1', type: 'campaigns.paused', at: NOW, data: saying({ modelId: 'm.1' }) } as const;
  await service.outgoing.emit(
    [
      { ...message, key: 'one' },
      { ...message, key: 'two' },
    ],
    NOW,
  );
  const { body: list } = await call('GET', '/v1/webhooks?status=due&limit=1');
  expect(list).toMatchObject({ items: [{ status: 'due', attempts: 0 }], next: expect.any(String) });
  const { body: rest } = await call('GET', `/v1/webhooks?after=${encodeURIComponent(list.next)}`);
  expect(rest).toMatchObject({ items: [{ webhookId: expect.stringMatching(/^one:/) }], next: null });
  expect((await call('GET', '/v1/webhooks?status=parked')).body.items).toEqual([]);

  const id = rest.items[0].webhookId;
  expect((await call('GET', `/v1/webhooks/${id}`)).body).toEqual({
    webhookId: id,
    type: 'campaigns.paused',
    subject: 'model:m1',
    sequence: 1,
    timestamp: NOW.toISOString(),
    emittedAt: NOW.toISOString(),
    status: 'due',
    attempts: 0,
    error: null,
    failure: null,
    nextAt: NOW.toISOString(),
    deliveredAt: null,
    data: { modelId: 'm.1' },
  });
  expect(await call('POST', `/v1/webhooks/${id}/replay`)).toMatchObject({ status: 200, body: { status: 'due' } });
  expect(await call('POST', `/v1/events/${id}/replay`)).toMatchObject({ status: 200, body: { webhookId: id } });
  expect((await call('GET', `/v1/audit?subject=${id}`)).body.items).toMatchObject([
    { action: 'webhook.replay', actor: 'ops' },
    { action: 'webhook.replay', actor: 'ops' },
  ]);
});

it('what is not there is not there', async () => {
  expect((await call('GET', '/v1/webhooks/none')).status).toBe(404);
  expect((await call('POST', '/v1/webhooks/none/replay')).status).toBe(404);
  expect((await call('POST', '/v1/events/none/replay')).status).toBe(404);
  expect((await call('GET', '/v1/webhooks?status=lost')).status).toBe(422);
  expect((await service.app().request('/v1/webhooks')).status).toBe(401);
});
