import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createClient, type WebhookEvent } from '../../client/index.ts';
import { createPlatform as createExpressPlatform } from '../../examples/express/platform.ts';
import { createPlatform as createHonoPlatform } from '../../examples/hono/platform.ts';
import { POST } from '../../examples/next/app/settlebot/route.ts';
import { startTestService, TEST_KEY, TEST_SECRET, type TestService } from '../support/service.ts';

const OUT_SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

/** The examples as they are served, and the service that sends webhooks to one address, which hands them to all three. */
let service: TestService;
const servers: Server[] = [];
const told = { hono: [] as WebhookEvent[], express: [] as WebhookEvent[], next: [] as unknown[] };
const addresses = { hono: '', express: '' };

beforeAll(async () => {
  let url = '';
  const settlebot = createClient({
    ...{ url: 'http://127.0.0.1', webhookSecret: TEST_SECRET, platformWebhookSecrets: OUT_SECRET },
    fetch: (address, init) => fetch(address.replace('http://127.0.0.1', url), init),
  });
  const hono = createHonoPlatform(settlebot, async (event) => void told.hono.push(event));
  addresses.hono = await serve(getRequestListener(hono.fetch));
  addresses.express = await serve(createExpressPlatform(settlebot, async (event) => void told.express.push(event)));
  process.env.PLATFORM_WEBHOOK_SECRETS = OUT_SECRET;
  const all = await serve(getRequestListener(handToAll));
  service = await startTestService({
    ...{ TEST_CLOCK_START: '2026-03-05T12:00:00Z', PLATFORM_WEBHOOK_URL: `${all}/settlebot` },
    PLATFORM_WEBHOOK_SECRET: OUT_SECRET,
  });
  url = service.url;
});
afterAll(async () => {
  delete process.env.PLATFORM_WEBHOOK_SECRETS;
  await service.stop();
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve).closeAllConnections())));
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function handToAll(request: Request): Promise<Response> {
  const { headers } = request;
  const init = { method: 'POST', headers, body: await request.arrayBuffer() };
  const next = await POST(new Request(request.url, init));
  if (next.ok) told.next.push(((await next.json()) as { shown: unknown }).shown);
  const [one, other] = await Promise.all(
    Object.values(addresses).map((address) => fetch(`${address}/settlebot`, init)),
  );
  return new Response(null, { status: one?.ok && other?.ok && next.ok ? 204 : 500 });
}

function put(account: string, body: object): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(`${addresses.express}/accounts/${account}`, { method: 'PUT', headers, body: JSON.stringify(body) });
}

describe('a platform made of the examples', () => {
  it('tells settlebot of accounts and top-ups, and hears of the invoice, whatever it is made with', async () => {
    const updatedAt = '2026-03-05T11:00:00Z';
    const ava = await put('ava', { role: 'model', name: 'Ava', updatedAt });
    expect(await ava.json()).toEqual({ status: 'accepted' });
    expect(await (await put('ava', { role: 'model', name: 'Ava', updatedAt })).json()).toEqual({ status: 'duplicate' });
    const refused = await put('bo', { role: 'king', name: 'Bo', updatedAt });
    expect([refused.status, await refused.json()]).toMatchObject([
      422,
      { code: 'invalid', errors: [{ path: 'data.role' }] },
    ]);

    const toppedUp = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        fetch(`${addresses.hono}/top-ups/t${index}`, {
          ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
          body: JSON.stringify({ accountId: 'ava', amount: 500 }),
        }).then((response) => response.json()),
      ),
    );
    expect(toppedUp).toEqual(Array(10).fill({ status: 'accepted' }));

    await put('marco', { role: 'marketer', name: 'Marco', updatedAt });
    const campaign = { campaignId: 'spring', kind: 'revshare', modelId: 'ava', contractorId: 'marco', rateBps: 4_000 };
    await service.send(
      { id: 'c', type: 'campaign.updated', timestamp: updatedAt, data: { ...campaign, status: 'active' } },
      {
        ...{ id: 'p', type: 'payment.succeeded', timestamp: updatedAt },
        data: { paymentId: 'p', fanId: 'f', campaignId: 'spring', kind: 'tip', amount: 9_990, paidAt: updatedAt },
      },
    );
    await service.moveTo('2026-03-09T06:00:00Z');

    const types = (events: WebhookEvent[]) => events.map(({ type }) => type);
    expect(types(told.hono)).toEqual(['invoice.issued', 'invoice.completed', 'trust.changed']);
    expect(types(told.express)).toEqual(types(told.hono));
    expect(told.next[0]).toBe('Invoice 2026-W10:ava: 3996 due 2026-03-12T06:00:00.000Z');

    const api = createClient({ url: service.url, apiKey: TEST_KEY });
    // The number is given right after the issue, and is in answers of the API only.
    const { number, ...invoice } = await api.call('GET /v1/invoices/{id}', { path: { id: '2026-W10:ava' } });
    expect(number).toBe('INV-2026-000001');
    expect(invoice).toMatchObject({ status: 'completed', total: 3_996 });
    // What people are called says the API alone.
    const { modelName, lines, ...rest } = invoice;
    expect([modelName, lines[0]?.contractorName]).toEqual(['Ava', 'Marco']);
    expect(told.hono[1]?.data).toEqual({ ...rest, lines: lines.map(({ contractorName: _, ...line }) => line) });
    expect((await api.call('GET /v1/ledger/balances/{account}', { path: { account: 'model:ava' } })).balance).toBe(
      1_004,
    );
  });

  it('believes nothing that settlebot has not signed', async () => {
    const before = told.hono.length + told.express.length;
    const body = JSON.stringify({ type: 'invoice.issued', timestamp: '2026-03-09T06:00:00Z', data: {} });
    const now = new Date();
    const headers = {
      ...{ 'content-type': 'application/json', 'webhook-id': 'forged' },
      'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
      'webhook-signature': new Webhook(TEST_SECRET).sign('forged', now, body),
    };
    for (const address of Object.values(addresses)) {
      expect((await fetch(`${address}/settlebot`, { method: 'POST', headers, body })).status).toBe(401);
    }
    expect((await POST(new Request('http://next/settlebot', { method: 'POST', headers, body }))).status).toBe(401);
    expect(told.hono.length + told.express.length).toBe(before);
  });
});
