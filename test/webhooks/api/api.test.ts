import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { NotYet } from '../../../src/events/handler.ts';
import { bearer, NOW, type TestService, testService } from '../service.ts';

let service: TestService;
let app: ReturnType<TestService['app']>;
beforeAll(async () => {
  service = await testService();
  app = service.app({ telegramBotUsername: () => 'settle_test_bot' });
  await service.accounts.applyUpdates(
    ['m1', 'm2', 'm3', 'm4'].map((accountId) => ({
      eventId: `account-${accountId}`,
      timestamp: NOW,
      data: { accountId, role: 'model', name: `Model ${accountId}` },
    })),
  );
});
afterAll(() => service.database.close());

describe('an API key', () => {
  it.each<[string, Record<string, string>]>([
    ['is missing', {}],
    ['is wrong', bearer('key-of-nobody')],
    ['is a part of the right one', bearer('key-of-op')],
    ['comes by another scheme', { authorization: 'Basic key-of-ops' }],
    ['is empty', { authorization: 'Bearer ' }],
  ])('that %s opens nothing', async (_, headers) => {
    for (const path of ['/v1/invoices', '/v1/nothing', '/v1/events/x/replay']) {
      const response = await app.request(path, { headers });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer realm="settlebot"');
      expect(response.headers.get('content-type')).toBe('application/problem+json');
    }
  });
});

describe('an account', () => {
  it('is shown with its balance and chats', async () => {
    await service.world.topUp('m4', 700);
    const { code } = await linkCode('m4');
    await service.accounts.link(code, { channel: 'telegram', userId: '4711', chatId: '4711' }, NOW);
    expect(await get('/v1/accounts/m4')).toEqual({
      accountId: 'm4',
      role: 'model',
      roleDecision: null,
      name: 'Model m4',
      balance: 700,
      balances: { 'model:m4': 700 },
      links: { telegram: { linkedAt: NOW.toISOString(), unreachable: null }, discord: null },
    });
  });

  it('has every balance that it has something in, whatever its role is', async () => {
    const posted = (account: string, amount: number) => ({
      ...{ entryId: `earned:${account}`, book: account, effectiveAt: NOW },
      postings: [
        { account, amount },
        { account: 'platform:revenue', amount: -amount },
      ],
    });
    await service.ledger.append([posted('marketer:m4', 45), posted('affiliate:m4', -12)]);
    expect(await get('/v1/accounts/m4')).toMatchObject({
      balance: 700,
      balances: { 'model:m4': 700, 'marketer:m4': 45, 'affiliate:m4': -12 },
    });
  });

  it('that is not known is not found', async () => {
    expect((await call('GET', '/v1/accounts/nobody')).status).toBe(404);
    expect((await call('POST', '/v1/accounts/nobody/link-codes')).status).toBe(404);
  });

  it('gets a link code that its person can tap on', async () => {
    const made = await linkCode('m1');
    expect(made.telegramUrl).toBe(`https://t.me/settle_test_bot?start=${made.code}`);
    expect(made.expiresAt).toBe('2026-11-23T06:15:00.000Z');
    expect(await get('/v1/audit?subject=account:m1')).toMatchObject({
      items: [{ actor: 'ops', action: 'account.link-code', subject: 'account:m1', at: NOW.toISOString() }],
    });
  });

  it('gets a link code without an address while no bot is known', async () => {
    const response = await service.app().request('/v1/accounts/m1/link-codes', { method: 'POST', headers: bearer() });
    expect(await response.json()).toEqual({ code: expect.any(String), expiresAt: '2026-11-23T06:15:00.000Z' });
  });
});

describe('an invoice', () => {
  it('is shown with all that the contract names', async () => {
    const id = await service.world.issue('shown');
    expect(await get(`/v1/invoices/${id}`)).toMatchObject({
      invoiceId: '2026-W47:shown',
      modelId: 'shown',
      week: '2026-W47',
      status: 'open',
      issuedAt: '2026-11-23T06:00:00.000Z',
      dueAt: '2026-11-26T06:00:00.000Z',
      completedAt: null,
      lines: [
        { campaignId: 'A', type: 'refund', cost: -400 },
        { campaignId: 'A', type: 'subscription', cost: 3_996 },
        { campaignId: 'B', type: 'tip', cost: 639 },
      ],
      subtotal: 4_235,
      discountBps: 300,
      discount: 127,
      credit: 0,
      total: 4_108,
    });
    expect((await call('GET', '/v1/invoices/2026-W47:nobody')).status).toBe(404);
  });

  it('is listed page by page, by model, week and status', async () => {
    for (const modelId of ['list1', 'list2', 'list3']) await service.world.issue(modelId);
    const first = await get('/v1/invoices?week=2026-W47&limit=2');
    expect(first.items).toHaveLength(2);
    const second = await get(`/v1/invoices?week=2026-W47&limit=500&after=${first.next}`);
    const ids = [...first.items, ...second.items].map(({ invoiceId }) => invoiceId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(second.next).toBeNull();
    expect((await get('/v1/invoices?modelId=list2&status=open')).items).toHaveLength(1);
    expect((await get('/v1/invoices?modelId=list2&status=void')).items).toEqual([]);
    expect((await get('/v1/invoices?modelId=list2&unpaid=true')).items).toHaveLength(1);
    expect((await call('POST', `/v1/invoices/${ids[0]}/void`, { reason: 'a test' })).status).toBe(200);
    const unpaid = (await get('/v1/invoices?week=2026-W47&unpaid=true')).items;
    expect(unpaid.map(({ invoiceId }) => invoiceId)).not.toContain(ids[0]);
    expect(unpaid).toHaveLength(ids.length - 1);
    expect((await call('GET', '/v1/invoices?unpaid=false')).status).toBe(422);
  });

  it('is a table for spreadsheets', async () => {
    const id = await service.world.issue('table');
    const response = await call('GET', `/v1/invoices/${id}.csv`);
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="invoice-2026-W47-table.csv"');
    const rows = (await response.text()).split('\r\n').map((row) => row.split(',').slice(7).join(','));
    expect(rows).toEqual([
      'row,campaignId,contractorId,type,count,gross,rateBps,cost,late,currency,number,modelName,contractorName',
      'line,A,m1,refund,1,-9.99,4000,-4.00,0,USD,,table,Model m1',
      'line,A,m1,subscription,10,99.90,4000,39.96,0,USD,,table,Model m1',
      'line,B,m2,tip,2,25.55,2500,6.39,0,USD,,table,Model m2',
      'subtotal,,,,,,,42.35,,USD,,table,',
      'discount,,,,,,300,-1.27,,USD,,table,',
      'credit,,,,,,,0.00,,USD,,table,',
      'total,,,,,,,41.08,,USD,,table,',
      '',
    ]);
    expect((await call('GET', '/v1/invoices/2026-W47:nobody.csv')).status).toBe(404);
  });

  it('is paid once, by the name of the key', async () => {
    const id = await service.world.issue('m1');
    const refused = await call('POST', `/v1/invoices/${id}/pay`);
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({ state: 'open', reason: 'insufficient_balance', missing: 4_108 });
    await service.world.topUp('m1', 5_000);
    const paid = await call('POST', `/v1/invoices/${id}/pay`, { reason: 'asked on the phone' });
    expect(paid.status).toBe(200);
    expect(await paid.json()).toMatchObject({ invoiceId: id, status: 'completed', balance: 892 });
    const again = await call('POST', `/v1/invoices/${id}/pay`);
    expect(again.status).toBe(409);
    expect(await again.json()).toMatchObject({
      state: 'completed',
      reason: 'already_paid',
      detail: 'The invoice is paid already.',
    });
    expect(await get('/v1/ledger/balances/model:m1')).toEqual({ account: 'model:m1', name: 'Model m1', balance: 892 });
    expect(await get(`/v1/audit?subject=${id}`)).toMatchObject({
      items: [{ actor: 'ops', action: 'invoice.pay', reason: 'asked on the phone' }],
    });
    const late = await call('POST', `/v1/invoices/${id}/void`, { reason: 'mistake' });
    expect(late.status).toBe(409);
    expect(await late.json()).toMatchObject({ state: 'completed', reason: 'invoice_completed' });
  });

  it('is voided with a reason, and not without', async () => {
    const id = await service.world.issue('m2');
    for (const body of [undefined, {}, { reason: ' ' }, { reason: 7 }]) {
      const response = await call('POST', `/v1/invoices/${id}/void`, body);
      expect(response.status).toBe(422);
      expect(await response.json()).toMatchObject({ errors: [{ path: 'reason' }] });
    }
    const response = await call('POST', `/v1/invoices/${id}/void`, { reason: 'billed twice' });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ status: 'void', voidReason: 'billed twice' });
    expect(await get(`/v1/audit?subject=${id}`)).toMatchObject({
      items: [{ actor: 'ops', action: 'invoice.void', reason: 'billed twice' }],
    });
    expect((await call('POST', `/v1/invoices/${id}/pay`)).status).toBe(409);
  });

  it('that is not known can be neither paid nor voided', async () => {
    expect((await call('POST', '/v1/invoices/2026-W47:nobody/pay')).status).toBe(404);
    expect((await call('POST', '/v1/invoices/2026-W47:nobody/void', { reason: 'none' })).status).toBe(404);
  });
});

describe('the ledger', () => {
  it('lists the entries of one account, and all of them', async () => {
    await service.world.topUp('m3', 250);
    expect(await get('/v1/ledger/entries?account=model:m3')).toEqual({
      items: [
        {
          entryId: expect.stringMatching(/^topup:/),
          postings: [
            { account: 'world:topups', amount: -250 },
            { account: 'model:m3', name: 'Model m3', amount: 250 },
          ],
          effectiveAt: NOW.toISOString(),
          recordedAt: NOW.toISOString(),
          cause: { kind: 'topup', id: expect.any(String) },
          eventId: expect.any(String),
          balanceAfter: 250,
        },
      ],
      next: null,
    });
    expect((await get('/v1/ledger/entries?limit=1')).items).toHaveLength(1);
    expect(await get('/v1/ledger/balances/model:unheard')).toEqual({ account: 'model:unheard', balance: 0 });
  });
});

describe("an account's chats", () => {
  it('are ended by channel, and others stay', async () => {
    const { world } = service;
    await world.account('linked', 'model');
    await world.link('linked', 'telegram', 41);
    await world.link('linked', 'discord', 42);
    expect(await get('/v1/accounts/linked/links')).toMatchObject({
      items: [{ channel: 'telegram', userId: '41', linkedAt: NOW.toISOString(), unreachable: null }, {}],
    });
    expect((await call('DELETE', '/v1/accounts/linked/links/telegram/4')).status).toBe(404);
    expect((await call('DELETE', '/v1/accounts/linked/links/telegram/41')).status).toBe(204);
    const { links } = await get('/v1/accounts/linked');
    expect(links).toMatchObject({ telegram: null, discord: { linkedAt: NOW.toISOString() } });
    expect((await call('DELETE', '/v1/accounts/linked/links/telegram')).status).toBe(404);
    expect((await call('DELETE', '/v1/accounts/nobody/links/discord')).status).toBe(404);
    expect((await call('DELETE', '/v1/accounts/linked/links/fax')).status).toBe(422);
    expect(await get('/v1/audit?subject=account:linked&limit=1')).toMatchObject({
      items: [{ actor: 'ops', action: 'chat.unlinked', before: { channel: 'telegram', userId: '41' } }],
    });
  });
});

describe('an event', () => {
  it('is shown, listed by status and replayed', async () => {
    const { inbox, platform } = service;
    const { id, body } = platform.sign({ type: 'payment.refunded', data: {} });
    await inbox.receive({ id, type: 'payment.refunded', timestamp: NOW, body, known: true });
    expect(await get(`/v1/events/${id}`)).toMatchObject({ eventId: id, status: 'received', attempts: 0, error: null });
    expect((await get('/v1/events?status=received')).items).toMatchObject([{ eventId: id }]);
    expect((await call('POST', `/v1/events/${id}/replay`)).status).toBe(200);
    expect(await get(`/v1/audit?subject=event:${id}`)).toMatchObject({ items: [{ action: 'event.replay' }] });
  });

  it('in quarantine is dismissed with a reason, once', async () => {
    const { inbox, platform } = service;
    const { id, body } = platform.sign({ type: 'payment.refunded', data: {} });
    await inbox.receive({ id, type: 'payment.refunded', timestamp: NOW, body, known: true });
    const dismiss = (sent: object) => call('POST', `/v1/events/${id}/dismiss`, sent);
    expect((await dismiss({ reason: 'too early' })).status).toBe(409);
    await service.connection
      .collection<{ _id: string }>('events')
      .updateOne({ _id: id }, { $set: { status: 'quarantined', error: 'no such payment' } });
    expect((await dismiss({})).status).toBe(422);
    const response = await dismiss({ reason: 'a test of ours' });
    expect(await response.json()).toMatchObject({
      status: 'ignored',
      dismissed: { by: expect.any(String), reason: 'a test of ours', at: NOW.toISOString() },
    });
    expect((await dismiss({ reason: 'again' })).status).toBe(409);
    expect(await get(`/v1/audit?subject=event:${id}`)).toMatchObject({
      items: [{ action: 'event.dismiss', reason: 'a test of ours' }],
    });
  });

  it('of an unknown type cannot be replayed', async () => {
    const { inbox, platform } = service;
    const { id, body } = platform.sign({ type: 'weather.changed', data: {} });
    await inbox.receive({ id, type: 'weather.changed', timestamp: NOW, body, known: false });
    const response = await call('POST', `/v1/events/${id}/replay`);
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({ state: 'ignored', reason: 'event_type_unknown' });
  });

  it('that is not known is not found', async () => {
    expect((await call('GET', '/v1/events/none')).status).toBe(404);
    expect((await call('POST', '/v1/events/none/replay')).status).toBe(404);
  });
});

describe('a bad request names what is wrong:', () => {
  it.each([
    ['/v1/invoices?limit=0', 'limit'],
    ['/v1/invoices?limit=501', 'limit'],
    ['/v1/invoices?limit=1e2', 'limit'],
    ['/v1/invoices?limit=', 'limit'],
    ['/v1/invoices?status=late', 'status'],
    ['/v1/invoices?week=47', 'week'],
    ['/v1/events?status=lost', 'status'],
    ['/v1/ledger/entries?account=m1', 'account'],
    ['/v1/ledger/entries?account=model:m1&after=topup:1', 'after'],
    ['/v1/ledger/balances/m1', 'account'],
    ['/v1/audit?after=', 'after'],
    ['/v1/audit?actor=', 'actor'],
    ['/v1/audit?action=invoice.', 'action'],
    ['/v1/audit?from=2026-11-23', 'from'],
    ['/v1/audit?to=yesterday', 'to'],
    ['/v1/audit?from=2026-11-24T00:00:00Z&to=2026-11-24T00:00:00Z', 'to'],
  ])('%s', async (path, field) => {
    const response = await call('GET', path);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ errors: [{ path: field }] });
  });

  it('a filter that does not exist is an error, not no filter', async () => {
    expect((await call('GET', '/v1/invoices?modelID=m1')).status).toBe(422);
  });

  it.each([
    ['broken JSON', 400, '{"reason":', 'application/json'],
    ['another type', 415, 'reason=none', 'application/x-www-form-urlencoded'],
    ['a huge body', 413, JSON.stringify({ reason: 'x'.repeat(70_000) }), 'application/json'],
  ])('%s', async (_, status, body, type) => {
    const headers = { ...bearer(), 'content-type': type, 'content-length': String(body.length) };
    const response = await app.request('/v1/invoices/2026-W47:m1/void', { method: 'POST', headers, body });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
  });
});

describe('a POST with an Idempotency-Key', () => {
  it('is done once, and answered the same again', async () => {
    const key = randomUUID();
    const path = `/v1/invoices/${await service.world.issue('same')}/void`;
    const [first, again] = [await post(path, key, { reason: 'a' }), await post(path, key, { reason: 'a' })];
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'));
    expect(await again.json()).toEqual(await first.json());
  });

  it('is done once by many at the same moment', async () => {
    const key = randomUUID();
    const all = await Promise.all(Array.from({ length: 20 }, () => post('/v1/accounts/m2/link-codes', key)));
    const done = all.filter(({ status }) => status === 201);
    expect(done).toHaveLength(1);
    for (const response of all.filter(({ status }) => status !== 201)) {
      expect(response.status).toBe(409);
      expect(['in_progress', 'answer_not_kept']).toContain(((await response.json()) as Json).reason);
    }
    expect((await get('/v1/audit?subject=account:m2')).items).toHaveLength(1);
  });

  it('gets a code once: what is secret in an answer is not kept to be given again', async () => {
    const key = randomUUID();
    expect((await post('/v1/accounts/m1/link-codes', key)).status).toBe(201);
    const again = await post('/v1/accounts/m1/link-codes', key);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([409, 'true']);
    expect(await again.json()).toMatchObject({ reason: 'answer_not_kept' });
  });

  it('is the same request however its JSON is spelled', async () => {
    const key = randomUUID();
    const id = await service.world.issue('spelled');
    const headers = { ...bearer(), 'content-type': 'application/json', 'idempotency-key': key };
    const send = (body: string) => app.request(`/v1/invoices/${id}/void`, { method: 'POST', headers, body });
    expect((await send('{"reason":"für Zoé"}')).status).toBe(200);
    const again = await send('{ "reason" : "f\\u00fcr Zo\\u00e9" }');
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
    expect((await send('{"reason":"für Zoe"}')).status).toBe(422);
  });

  it('is refused for another request with the same key', async () => {
    const key = randomUUID();
    const id = await service.world.issue('keyed');
    await post(`/v1/invoices/${id}/pay`, key, { reason: 'a' });
    for (const [path, body] of [
      [`/v1/invoices/${id}/pay`, { reason: 'b' }],
      [`/v1/invoices/${id}/void`, { reason: 'a' }],
      [`/v1/invoices/${id}/pay?x=1`, { reason: 'a' }],
    ] as const) {
      const response = await post(path, key, body);
      expect(response.status).toBe(422);
      expect(await response.json()).toMatchObject({ errors: [{ path: 'Idempotency-Key' }] });
    }
  });

  it('belongs to the API key it came with', async () => {
    const key = randomUUID();
    const codes = ['key-of-ops', 'key-of-finance'].map(async (apiKey) => {
      const headers = { ...bearer(apiKey), 'idempotency-key': key };
      const response = await app.request('/v1/accounts/m1/link-codes', { method: 'POST', headers });
      return (await response.json()) as LinkCode;
    });
    expect(new Set((await Promise.all(codes)).map(({ code }) => code)).size).toBe(2);
  });

  it('answers a refusal the same again, too', async () => {
    const key = randomUUID();
    const id = await service.world.issue('short');
    const first = await post(`/v1/invoices/${id}/pay`, key);
    await service.world.topUp('short', 10_000);
    const again = await post(`/v1/invoices/${id}/pay`, key);
    expect([first.status, again.status]).toEqual([409, 409]);
    expect((await post(`/v1/invoices/${id}/pay`, randomUUID())).status).toBe(200);
  });

  it('is tried anew after a failure of ours', async () => {
    const key = randomUUID();
    let calls = 0;
    const createLinkCode: TestService['accounts']['createLinkCode'] = (...asked) => {
      calls += 1;
      return calls === 1 ? Promise.reject(new Error('broken')) : service.accounts.createLinkCode(...asked);
    };
    const failing = service.app({ accounts: { ...service.accounts, createLinkCode } });
    const headers = { ...bearer(), 'idempotency-key': key };
    const ask = () => failing.request('/v1/accounts/m1/link-codes', { method: 'POST', headers });
    expect([(await ask()).status, (await ask()).status]).toEqual([500, 201]);
  });

  it('is refused when malformed', async () => {
    expect((await post('/v1/accounts/m1/link-codes', 'a key')).status).toBe(422);
    expect((await post('/v1/accounts/m1/link-codes', 'k'.repeat(256))).status).toBe(422);
  });
});

describe('whatever else', () => {
  it('is at an unknown address is not found', async () => {
    for (const path of ['/', '/v1/nothing', '/webhooks', '/test/clock']) {
      const response = await call('GET', path);
      expect(response.status).toBe(404);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
    }
  });

  it('fails is logged and tells nothing of the inside', async () => {
    const get = () => Promise.reject(new Error('secret inside'));
    const failing = service.app({ inbox: { ...service.inbox, get } });
    const response = await failing.request('/v1/events/x', { headers: bearer() });
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret inside');
    expect(JSON.stringify(service.errors)).toContain('/v1/events/x');
  });

  it('has to wait for another step is asked to come again', async () => {
    const pay = () => Promise.reject(new NotYet('invoices are being issued'));
    const busy = service.app({ invoices: { ...service.invoices, pay } });
    const response = await busy.request('/v1/invoices/x/pay', { method: 'POST', headers: bearer() });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
  });
});

/** An answer; what it must be is the comparison's business. `items` and `next` are there when it is a list. */
type Json = { items: Record<string, unknown>[]; next: string | null } & Record<string, unknown>;

async function get(path: string): Promise<Json> {
  const response = await call('GET', path);
  expect(response.status).toBe(200);
  return (await response.json()) as Json;
}

async function call(method: string, path: string, body?: unknown): Promise<Response> {
  const json = body === undefined ? {} : { body: JSON.stringify(body) };
  return app.request(path, { method, headers: { ...bearer(), 'content-type': 'application/json' }, ...json });
}

async function post(path: string, key: string, body: unknown = {}): Promise<Response> {
  const headers = { ...bearer(), 'content-type': 'application/json', 'idempotency-key': key };
  return app.request(path, { method: 'POST', headers, body: JSON.stringify(body) });
}

type LinkCode = { code: string; telegramUrl?: string; expiresAt: string };

async function linkCode(id: string): Promise<LinkCode> {
  const response = await call('POST', `/v1/accounts/${id}/link-codes`);
  expect(response.status).toBe(201);
  return (await response.json()) as LinkCode;
}
