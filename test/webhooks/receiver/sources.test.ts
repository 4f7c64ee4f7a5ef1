import { Stripe } from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { InboxUnavailable } from '../../../src/inbox/inbox.ts';
import { seconds, session, stripeEvent, subscription } from '../../sources/stripe/events.ts';
import { type TestService, testService } from '../service.ts';

const SECRET = 'whsec_of-a-test-endpoint';
const AT = '2026-03-02T10:00:00Z';

let service: TestService;
let app: ReturnType<TestService['app']>;
beforeAll(async () => {
  service = await testService();
  app = service.app({ sourceSignatures: [{ name: 'stripe', scheme: 'stripe', secrets: [SECRET] }] });
});
afterAll(() => service.database.close());

async function post(body: string, headers: Record<string, string> = {}, to = app) {
  const signature = Stripe.webhooks.generateTestHeaderString({ payload: body, secret: SECRET });
  const response = await to.request('/webhooks/stripe', {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature, ...headers },
    body,
  });
  return { status: response.status, body: await response.json() };
}

const started = () => stripeEvent('customer.subscription.created', AT, subscription('sub_1', AT));

describe('POST /webhooks/stripe', () => {
  it('stores what came in before it answers, and maps it later', async () => {
    const event = started();
    const id = `stripe:${event.id}`;
    expect(await post(JSON.stringify(event))).toEqual({ status: 202, body: { status: 'accepted', id } });
    const stored = await service.inbox.get(id);
    expect(stored).toMatchObject({ status: 'received', type: 'source.received', timestamp: new Date(AT) });
    expect(stored?.data).toMatchObject({
      source: 'stripe',
      event: event.id,
      kind: event.type,
      body: JSON.stringify(event),
    });
    await service.world.drain();
    expect(await service.inbox.get(`${id}:1:1`)).toMatchObject({ status: 'applied', type: 'subscription.started' });
    expect(await post(JSON.stringify(event))).toEqual({ status: 200, body: { status: 'duplicate', id } });
    const again = { ...event, pending_webhooks: 0, api_version: '2020-08-27' };
    expect(await post(JSON.stringify(again))).toMatchObject({ status: 200 });
  });

  it('takes out what names people before anything is stored', async () => {
    const event = stripeEvent('checkout.session.completed', AT, session('sub_1', AT, { metadata: { name: 'a link' } }));
    await post(JSON.stringify(event));
    const stored = JSON.stringify((await service.inbox.get(`stripe:${event.id}`))?.data);
    expect(stored).not.toContain('example@example.com');
    expect(stored).toContain('a link');
  });

  it('answers what is not ours with "ignored"', async () => {
    const event = stripeEvent('customer.created', AT, { id: 'cus_1', object: 'customer', created: seconds(AT) });
    expect(await post(JSON.stringify(event))).toMatchObject({ status: 202, body: { status: 'ignored' } });
  });

  it.each([
    ['nothing that is JSON', 'no json', 400],
    ['no event', '{"id":"evt_1"}', 400],
    ['an event without a snapshot', '{"id":"evt_1","object":"v2.core.event","type":"v1.x","created":1}', 400],
    ['too deep a body', `${'['.repeat(100)}${']'.repeat(100)}`, 400],
  ])('refuses %s, signed as it is', async (_, body, status) => {
    expect(await post(body)).toMatchObject({ status });
  });

  it('refuses another content type, a wrong signature and none, before anything is stored', async () => {
    const body = JSON.stringify(started());
    expect(await post(body, { 'content-type': 'text/plain' })).toMatchObject({ status: 415 });
    expect(
      await post(body, { 'stripe-signature': `t=${Math.floor(Date.now() / 1_000)},v1=${'0'.repeat(64)}` }),
    ).toMatchObject({ status: 401 });
    expect(await post(body, { 'stripe-signature': '' })).toMatchObject({ status: 401 });
    expect((await app.request('/webhooks/stripe')).status).toBe(405);
  });

  it('asks to send it again when it cannot be stored, or the service stops', async () => {
    const body = JSON.stringify(started());
    const signatures = [{ name: 'stripe', scheme: 'stripe' as const, secrets: [SECRET] }];
    const away = { ...service.inbox, receive: () => Promise.reject(new InboxUnavailable('away')) };
    expect(await post(body, {}, service.app({ inbox: away, sourceSignatures: signatures }))).toMatchObject({
      status: 503,
    });
    const stopping = service.app({ stopping: () => true, sourceSignatures: signatures });
    expect(await post(body, {}, stopping)).toMatchObject({ status: 503 });
  });

  it('without a secret says that there is none', async () => {
    expect(await post(JSON.stringify(started()), {}, service.app())).toMatchObject({
      status: 404,
      body: { detail: expect.stringContaining('no secret') },
    });
  });

  it('is the platform’s own door closed to what is ours alone', async () => {
    const { headers, body } = service.platform.sign({
      id: 'evt_forged',
      type: 'source.received',
      timestamp: AT,
      data: { source: 'stripe', event: 'evt_9', body: '{}' },
    });
    const response = await app.request('/webhooks/platform', { method: 'POST', headers, body });
    expect(await response.json()).toMatchObject({ status: 'ignored' });
  });
});
