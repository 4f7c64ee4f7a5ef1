import { readFileSync } from 'node:fs';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { referenceBundle } from '../../../webhooks/docs/reference.ts';
import { bearer, type TestService, testService } from '../service.ts';

let service: TestService;
let app: ReturnType<TestService['app']>;
beforeAll(async () => {
  service = await testService();
  app = service.app();
});
afterAll(() => service.database.close());

describe('health', () => {
  it('is alive without a key', async () => {
    expect(await (await app.request('/healthz')).json()).toEqual({ status: 'ok' });
  });

  it('is ready when its parts are', async () => {
    const response = await app.request('/readyz');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: 'ready', checks: { database: 'commits' } });
  });

  it.each<[string, Parameters<TestService['app']>[0]]>([
    ['a part is not', { readiness: async () => ({ ready: false, checks: { database: 'does not answer' as const } }) }],
    ['a part cannot tell', { readiness: () => Promise.reject(new Error('gone')) }],
    ['it is stopping', { stopping: () => true }],
  ])('is not ready when %s', async (_, changes) => {
    const response = await service.app(changes).request('/readyz');
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ status: 'not-ready' });
  });

  it('asks the database once, however many ask whether it is ready', async () => {
    let asked = 0;
    const readiness = async () => {
      asked += 1;
      return { ready: true, checks: {} };
    };
    const app = service.app({ readiness });
    const answers = await Promise.all(Array.from({ length: 100 }, () => app.request('/readyz')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(asked).toBe(1);
  });

  it('says at once that it is stopping, whatever the database said before', async () => {
    let isStopping = false;
    const app = service.app({ stopping: () => isStopping });
    expect((await app.request('/readyz')).status).toBe(200);
    isStopping = true;
    expect((await app.request('/readyz')).status).toBe(503);
  });

  it('makes the text of the metrics once, however many ask', async () => {
    const metrics = new Registry();
    const made = vi.spyOn(metrics, 'metrics');
    const app = service.app({ metrics });
    const answers = await Promise.all(Array.from({ length: 100 }, () => app.request('/metrics')));
    expect(new Set(await Promise.all(answers.map((answer) => answer.text()))).size).toBe(1);
    expect(made).toHaveBeenCalledTimes(1);
  });

  it('counts API requests by route, not by path', async () => {
    for (const id of ['a', 'b']) await app.request(`/v1/accounts/${id}`, { headers: bearer() });
    await app.request('/v1/accounts/a');
    const response = await app.request('/metrics');
    expect(response.headers.get('content-type')).toContain('text/plain');
    const metrics = await response.text();
    expect(metrics).toContain('settlebot_http_requests_total{route="/v1/accounts/:id",method="GET",status="404"} 2');
    expect(metrics).toContain('status="401"} 1');
    expect(metrics).not.toContain('/v1/accounts/a"');
  });
});

describe('the description', () => {
  it('is OpenAPI 3.1 and names every call', async () => {
    const response = await app.request('/openapi.json');
    const { openapi, paths } = (await response.json()) as { openapi: string; paths: Record<string, object> };
    expect(openapi).toBe('3.1.0');
    expect(
      Object.entries(paths)
        .flatMap(([path, calls]) => Object.keys(calls).map((method) => `${method} ${path}`))
        .sort(),
    ).toEqual([
      'delete /v1/accounts/{id}/links/{channel}',
      'delete /v1/accounts/{id}/links/{channel}/{userId}',
      'delete /v1/accounts/{id}/payee',
      'delete /v1/accounts/{id}/role',
      'delete /v1/keys/{name}',
      'get /healthz',
      'get /metrics',
      'get /readyz',
      'get /v1/accounts',
      'get /v1/accounts/{id}',
      'get /v1/accounts/{id}/erasure',
      'get /v1/accounts/{id}/links',
      'get /v1/accounts/{id}/messages',
      'get /v1/accounts/{id}/payee',
      'get /v1/accounts/{id}/scopes',
      'get /v1/adjustments',
      'get /v1/adjustments/{id}',
      'get /v1/audit',
      'get /v1/commissions',
      'get /v1/commissions/{id}',
      'get /v1/events',
      'get /v1/events/{id}',
      'get /v1/health',
      'get /v1/health/unreachable',
      'get /v1/health/unreached',
      'get /v1/invoices',
      'get /v1/invoices/{id}',
      'get /v1/invoices/{id}.csv',
      'get /v1/invoices/{id}.pdf',
      'get /v1/invoices/{id}/credit-note.pdf',
      'get /v1/invoices/{id}/csv',
      'get /v1/invoices/{id}/pdf',
      'get /v1/keys',
      'get /v1/keys/{name}',
      'get /v1/ledger/balances/{account}',
      'get /v1/ledger/entries',
      'get /v1/ledger/export',
      'get /v1/ledger/trial-balance',
      'get /v1/live',
      'get /v1/marketers/{id}/queue',
      'get /v1/me',
      'get /v1/models/{id}/forecast',
      'get /v1/models/{id}/standing',
      'get /v1/models/{id}/trust',
      'get /v1/orders',
      'get /v1/orders/{id}',
      'get /v1/orders/{id}/fans',
      'get /v1/overdue',
      'get /v1/overdue.csv',
      'get /v1/overdue/csv',
      'get /v1/overdue/summary',
      'get /v1/payout-cycles',
      'get /v1/payout-cycles/{date}',
      'get /v1/payout-cycles/{date}.csv',
      'get /v1/payout-cycles/{date}/changes',
      'get /v1/payout-cycles/{date}/csv',
      'get /v1/payout-cycles/{date}/export',
      'get /v1/payout-cycles/{date}/exports',
      'get /v1/payout-cycles/{date}/pdf',
      'get /v1/payout-cycles/{date}/results',
      'get /v1/payouts',
      'get /v1/payouts/{id}',
      'get /v1/payouts/{id}.csv',
      'get /v1/payouts/{id}.pdf',
      'get /v1/payouts/{id}/csv',
      'get /v1/payouts/{id}/pdf',
      'get /v1/receipts/{id}',
      'get /v1/series/{name}',
      'get /v1/shadow',
      'get /v1/simulate/{run}',
      'get /v1/simulate/{run}.csv',
      'get /v1/simulate/{run}/csv',
      'get /v1/simulate/{run}/rows',
      'get /v1/today',
      'get /v1/waiting',
      'get /v1/webhooks',
      'get /v1/webhooks/{id}',
      'post /v1/accounts/{id}/erasure',
      'post /v1/accounts/{id}/link-codes',
      'post /v1/accounts/{id}/payout-hold',
      'post /v1/accounts/{id}/payout-release',
      'post /v1/adjustments',
      'post /v1/events/{id}/dismiss',
      'post /v1/events/{id}/replay',
      'post /v1/invoices/{id}/paid-outside',
      'post /v1/invoices/{id}/pay',
      'post /v1/invoices/{id}/promise',
      'post /v1/invoices/{id}/promise/refuse',
      'post /v1/invoices/{id}/remind',
      'post /v1/invoices/{id}/void',
      'post /v1/invoices/{id}/write-off',
      'post /v1/keys',
      'post /v1/keys/{name}/expire',
      'post /v1/keys/{name}/rotate',
      'post /v1/me/commands',
      'post /v1/models/{id}/grace',
      'post /v1/models/{id}/keep',
      'post /v1/models/{id}/terminate',
      'post /v1/orders/{id}/accept',
      'post /v1/orders/{id}/reject',
      'post /v1/orders/{id}/stop',
      'post /v1/payout-cycles/{date}/approve',
      'post /v1/payout-cycles/{date}/check',
      'post /v1/payout-cycles/{date}/exclude',
      'post /v1/payout-cycles/{date}/export',
      'post /v1/payout-cycles/{date}/include',
      'post /v1/payout-cycles/{date}/results',
      'post /v1/payout-cycles/{date}/settle',
      'post /v1/payouts/{id}/fail',
      'post /v1/payouts/{id}/hold',
      'post /v1/payouts/{id}/process',
      'post /v1/payouts/{id}/release',
      'post /v1/payouts/{id}/return',
      'post /v1/payouts/{id}/settle',
      'post /v1/webhooks/{id}/replay',
      'post /webhooks/platform',
      'post /webhooks/platform/batch',
      'post /webhooks/stripe',
      'post /webhooks/{source}',
      'put /v1/accounts/{id}/payee',
      'put /v1/accounts/{id}/role',
      'put /v1/accounts/{id}/scopes',
    ]);
  });
});

describe('an error', () => {
  it('has a code, of a list that the description has', async () => {
    const description = (await (await app.request('/openapi.json')).json()) as {
      components: { schemas: { Problem: { properties: { reason: { enum: string[] } }; required: string[] } } };
    };
    const { properties, required } = description.components.schemas.Problem;
    expect(properties.reason.enum).toEqual(
      expect.arrayContaining(['insufficient_balance', 'order_expired', 'invalid']),
    );
    for (const code of properties.reason.enum) expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(required).toContain('reason');
    const refused = await Promise.all([
      app.request('/v1/accounts/a'),
      app.request('/v1/accounts/a', { headers: bearer() }),
      app.request('/v1/orders?limit=x', { headers: bearer() }),
      app.request('/v1/invoices/x/void', { method: 'POST', headers: bearer(), body: '{' }),
      app.request('/nowhere'),
      app.request('/webhooks/platform'),
    ]);
    const reasons = await Promise.all(refused.map(async (one) => ((await one.json()) as { reason: string }).reason));
    expect(reasons).toEqual([
      'unauthorized',
      'not_found',
      'invalid',
      'unsupported_type',
      'not_found',
      'method_not_allowed',
    ]);
  });
});

describe('the page', () => {
  it('fetches nothing from elsewhere', async () => {
    const response = await app.request('/docs');
    const html = await response.text();
    expect(response.headers.get('content-type')).toContain('text/html');
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toContain('unsafe');
    // Nothing that stands in the page itself would run.
    expect(html).not.toMatch(/<script[^>]*>[^<]|<style|\son\w+=|style=/);
    expect(html).not.toMatch(/(src|href)="(https?:)?\/\//);
    expect(html).toContain('src="/docs/scalar.js"');
    expect(await (await app.request('/docs/start.js')).text()).toContain('"withDefaultFonts":false');
  });

  it('brings its script itself', async () => {
    const response = await app.request('/docs/scalar.js');
    expect(response.headers.get('content-type')).toContain('javascript');
    expect(await response.text()).toBe(readFileSync(referenceBundle(), 'utf8'));
    const etag = response.headers.get('etag') ?? '';
    const again = await app.request('/docs/scalar.js', { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
  });
});
