import { createHmac, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { InboxUnavailable } from '../../../src/inbox/inbox.ts';
import { createPlatform } from '../../support/platform.ts';
import { SECRET } from '../../support/world.ts';
import { type TestService, testService } from '../service.ts';

const URL = '/webhooks/platform';
const TOP_UP = { topUpId: 't1', accountId: 'm1', amount: 500, toppedUpAt: '2026-11-23T05:00:00Z' };
const EVENT = { type: 'balance.topped_up', timestamp: '2026-11-23T05:00:00Z', data: TOP_UP };
const NAMED = { ...EVENT, data: { ...TOP_UP, note: 'für Zoé, a/b' } };

/** Of the right form, and of nobody. */
const MADE_UP = `v1,${Buffer.alloc(32, 1).toString('base64')}`;

function reordered<T extends { data: object }>({ data, ...rest }: T) {
  return Object.fromEntries(
    Object.entries({ ...rest, data: Object.fromEntries(Object.entries(data).reverse()) }).reverse(),
  );
}

let service: TestService;
let app: ReturnType<TestService['app']>;
beforeAll(async () => {
  service = await testService();
  app = service.app();
});
afterAll(() => service.database.close());

describe('an event', () => {
  it('is accepted once it is stored, with its exact bytes', async () => {
    const text = JSON.stringify(EVENT, null, 3);
    const { id, headers, body } = service.platform.signBody('evt_exact', text);
    const response = await app.request(URL, { method: 'POST', headers, body });
    expect(response.status).toBe(202);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({ status: 'accepted', id });
    const stored = [];
    for await (const [event, content] of service.inbox.bodies.stream({ _id: id }, { fields: ['type'] })) {
      stored.push([event.type, content]);
    }
    expect(stored).toEqual([[EVENT.type, { kind: 'readable', text }]]);
  });

  it('that comes again with the same bytes is a duplicate, also signed anew', async () => {
    const later = createPlatform({ secret: SECRET, now: () => Date.now() + 60_000 });
    expect(await post({ id: 'evt_again', ...EVENT })).toMatchObject({ status: 202 });
    const { headers, body } = later.sign({ id: 'evt_again', ...EVENT });
    const response = await app.request(URL, { method: 'POST', headers, body });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: 'duplicate', id: 'evt_again' });
  });

  it.each([
    ['with other spaces', JSON.stringify(NAMED, null, 4)],
    ['with its keys in another order', JSON.stringify(reordered(NAMED))],
    [
      'with escapes',
      JSON.stringify(NAMED).replaceAll('é', '\\u00e9').replaceAll('/', '\\/').replace('data', 'd\\u0061ta'),
    ],
    ['with other numbers', JSON.stringify(NAMED).replace('500', '5.00e2')],
    ['with the number of a try beside it', JSON.stringify({ attempt: 2, ...NAMED })],
  ])('that comes again %s means the same and is a duplicate', async (_, spelled) => {
    const id = `evt_spelled_${spelled.length}`;
    expect(await postText(id, JSON.stringify(NAMED))).toBe(202);
    expect(await postText(id, spelled)).toBe(200);
    expect(await postText(id, spelled.replace('Zo', 'Zu'))).toBe(409);
  });

  it('whose id was used with other content is a conflict', async () => {
    await post({ id: 'evt_other', ...EVENT });
    const answer = await post({ id: 'evt_other', ...EVENT, data: { ...TOP_UP, amount: 501 } });
    expect(answer).toMatchObject({ status: 409, body: { status: 409 } });
  });

  it('of an unknown type is stored and ignored', async () => {
    const answer = await post({ id: 'evt_new', type: 'weather.changed', data: { sky: 'blue' } });
    expect(answer).toMatchObject({ status: 202, body: { status: 'ignored', id: 'evt_new' } });
    expect(await service.inbox.get('evt_new')).toMatchObject({ status: 'ignored', data: { sky: 'blue' } });
  });

  it('is taken once of a hundred copies at the same moment', async () => {
    const event = { id: 'evt_hundred', ...EVENT };
    const answers = await Promise.all(Array.from({ length: 100 }, () => post(event)));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 202).length).toBeGreaterThanOrEqual(1);
    expect(statuses.every((status) => status === 200 || status === 202)).toBe(true);
  });

  it('is taken with any accepted secret while they are rotated', async () => {
    const next = `whsec_${randomBytes(32).toString('base64')}`;
    const rotated = service.app({ webhookSecrets: [next, SECRET] });
    for (const secret of [SECRET, next]) {
      const { headers, body } = createPlatform({ secret }).sign(EVENT);
      expect((await rotated.request(URL, { method: 'POST', headers, body })).status).toBe(202);
    }
  });

  it.each([
    'application/json; charset=utf-8',
    'application/json;charset=UTF-8',
    'Application/JSON',
    'application/json;',
    'application/json ; ',
    'application/json; version=1',
    'application/json; profile="a;b"; charset="utf-8";',
  ])('may be sent as %s', async (type) => {
    expect((await raw({ headers: { 'content-type': type } })).status).toBe(202);
  });

  it.each([[[0, 1]], [[1, 0]], [[0, 0, 1]]])(
    'may come with several signature headers, of which one fits: %j',
    async (order) => {
      const { headers, body } = service.platform.sign({ ...EVENT });
      const signatures = [`v1,${Buffer.alloc(32).toString('base64')}`, headers['webhook-signature']];
      const several = new Headers({ ...headers, 'webhook-signature': '' });
      several.delete('webhook-signature');
      for (const index of order) several.append('webhook-signature', signatures[index] ?? '');
      expect((await app.request(URL, { method: 'POST', headers: several, body })).status).toBe(202);
    },
  );
});

describe('a fault is answered and nothing stored:', () => {
  it.each<[string, number, Fault]>([
    ['no content type', 415, { without: 'content-type' }],
    ['text', 415, { headers: { 'content-type': 'text/plain' } }],
    ['a type that begins like JSON', 415, { headers: { 'content-type': 'application/jsonp' } }],
    ['JSON in another charset', 415, { headers: { 'content-type': 'application/json; charset=iso-8859-1' } }],
    ['a declared length over the limit', 413, { headers: { 'content-length': '262145' } }],
    ['a body over the limit', 413, { body: JSON.stringify({ ...EVENT, pad: 'x'.repeat(262_144) }) }],
    ['no id', 401, { without: 'webhook-id' }],
    ['no timestamp', 401, { without: 'webhook-timestamp' }],
    ['no signature', 401, { without: 'webhook-signature' }],
    ['a changed body', 401, { changed: true }],
    ['a dot in the id', 400, { id: 'evt.1' }],
    ['a slash in the id', 400, { id: 'evt/1' }],
    ['an id that is too long', 401, { id: 'e'.repeat(129) }],
    ['a dot in an id that nobody signed', 401, { id: 'evt.1', changed: true }],
    ['an id of another alphabet', 401, { id: 'evt_ü' }],
    ['a timestamp with a tail', 401, { headers: { 'webhook-timestamp': `${Math.floor(Date.now() / 1000)}abc` } }],
    ['an old signature', 401, { skewMs: -301_000 }],
    ['a signature of the future', 401, { skewMs: 302_000 }],
    ['no body', 400, { body: '' }],
    ['broken JSON', 400, { body: '{"type":' }],
    ['JSON with a byte order mark', 400, { body: `\uFEFF${JSON.stringify(EVENT)}` }],
    ['a list', 400, { body: '[]' }],
    ['null', 400, { body: 'null' }],
    ['deep JSON', 400, { body: `{"type":"a","timestamp":"2026-11-23T05:00:00Z","data":${deep(30_000)}}` }],
    ['very deep JSON', 400, { body: '['.repeat(262_144) }],
  ])('%s', async (_, status, fault) => {
    const before = await stored();
    const response = await raw(fault);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ status });
    expect(await stored()).toBe(before);
  });

  it('a sign in the id that may not be there: it names the ones that may', async () => {
    const response = await raw({ id: 'evt.1' });
    expect(await response.json()).toMatchObject({ detail: expect.stringContaining('A-Z a-z 0-9 _ : and -') });
  });

  it('an envelope with bad fields names each', async () => {
    const response = await raw({ body: JSON.stringify({ type: 7, timestamp: 'yesterday', data: [] }) });
    expect(response.status).toBe(400);
    expect(await paths(response)).toEqual(['data', 'timestamp', 'type']);
  });

  it('data with bad fields names each', async () => {
    const data = { topUpId: 'a b', accountId: 'm1', amount: 1.5, toppedUpAt: '2026-02-30T00:00:00Z' };
    const response = await raw({ body: JSON.stringify({ ...EVENT, data }) });
    expect(response.status).toBe(422);
    expect(await paths(response)).toEqual(['data.amount', 'data.topUpId', 'data.toppedUpAt']);
  });

  it.each(['.', '..'])('the id %j, which no address can hold', async (accountId) => {
    const response = await raw({ body: JSON.stringify({ ...EVENT, data: { ...TOP_UP, accountId } }) });
    expect(response.status).toBe(422);
    const { errors } = (await response.json()) as { errors: { path: string; message: string }[] };
    expect(errors).toEqual([{ path: 'data.accountId', message: expect.stringContaining('neither . nor ..') }]);
  });

  const ACCOUNT = { accountId: 'k', role: 'marketer', name: 'K' };
  const ORDER = { orderId: 'o', modelId: 'm', marketerId: 'k', offerId: 'f', quantity: 10, pricePerFan: 100 };
  const PLACED = { ...ORDER, prepaid: true, placedAt: '2026-11-23T05:00:00Z' };

  it.each<[string, object, string, string]>([
    ['account.updated', { ...ACCOUNT, capacity: 0 }, 'capacity', 'must be at least 1'],
    ['account.updated', { ...ACCOUNT, capacity: 1.5 }, 'capacity', 'must be an integer'],
    ['account.updated', { ...ACCOUNT, discountBps: 10_001 }, 'discountBps', 'must be at most 10000'],
    ['account.updated', { ...ACCOUNT, timeZone: '+05:30' }, 'timeZone', 'must be an IANA time zone, as Europe/Berlin'],
    ['order.placed', { ...PLACED, pricePerFan: 0 }, 'pricePerFan', 'must be at least 1 minor unit'],
    ['order.placed', { ...PLACED, pricePerFan: 9_000_001 }, 'pricePerFan', 'must be at most 9000000 minor units'],
    ['order.placed', { ...PLACED, quantity: 0 }, 'quantity', 'must be at least 1'],
    [
      'order.placed',
      { ...PLACED, quantity: 1_001, pricePerFan: 9_000_000 },
      'pricePerFan',
      'times quantity must be at most 9000000000 minor units',
    ],
    ['balance.topped_up', { ...TOP_UP, amount: 0 }, 'amount', 'must be at least 1 minor unit'],
    ['balance.topped_up', { ...TOP_UP, amount: 9_000_000_001 }, 'amount', 'must be at most 9000000000 minor units'],
    ['balance.topped_up', { ...TOP_UP, amount: 1.5 }, 'amount', 'must be an integer number of minor units'],
  ])('%s with %o says what is wrong', async (type, data, field, message) => {
    const response = await raw({ body: JSON.stringify({ ...EVENT, type, data }) });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ errors: [{ path: `data.${field}`, message }] });
  });

  it.each<[string, object, string]>([
    [
      'campaign.updated',
      { campaignId: 'cpl~o', kind: 'revshare', modelId: 'm', contractorId: 'k', rateBps: 1, status: 'active' },
      'campaignId',
    ],
    ['order.placed', { ...PLACED, orderId: 'o~r2' }, 'orderId'],
    ['account.updated', { ...ACCOUNT, accountId: 'k~' }, 'accountId'],
  ])('%s of an id that only the service gives', async (type, data, field) => {
    const response = await raw({ body: JSON.stringify({ ...EVENT, type, data }) });
    expect(response.status).toBe(422);
    expect(await paths(response)).toEqual([`data.${field}`]);
  });

  it.each<[string, object]>([
    ['order.cancelled', { orderId: 'o~r2', cancelledAt: '2026-11-23T05:00:00Z' }],
    ['order.guarantee_violated', { orderId: 'o~r2', reason: 'bots', violatedAt: '2026-11-23T05:00:00Z' }],
    [
      'subscription.started',
      { subscriptionId: 's', fanId: 'f', campaignId: 'cpl~o', startedAt: '2026-11-23T05:00:00Z' },
    ],
    [
      'payment.succeeded',
      { paymentId: 'p', fanId: 'f', campaignId: 'cpl~o', kind: 'tip', amount: 1, paidAt: '2026-11-23T05:00:00Z' },
    ],
  ])('%s may refer to what the service has made', async (type, data) => {
    expect((await raw({ body: JSON.stringify({ ...EVENT, type, data }) })).status).toBe(202);
  });

  it('takes the dearest order', async () => {
    const data = { ...PLACED, quantity: 1_000, pricePerFan: 9_000_000 };
    expect((await raw({ body: JSON.stringify({ ...EVENT, type: 'order.placed', data }) })).status).toBe(202);
  });

  it('another currency', async () => {
    const response = await raw({ body: JSON.stringify({ ...EVENT, data: { ...TOP_UP, currency: 'EUR' } }) });
    expect(response.status).toBe(422);
    expect(await paths(response)).toEqual(['data.currency']);
  });

  it('bytes that are not UTF-8', async () => {
    const body = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]);
    const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64');
    const { headers } = service.platform.signBody('evt_bytes', '');
    const signed = createHmac('sha256', key).update(`evt_bytes.${headers['webhook-timestamp']}.`).update(body);
    const signature = { 'webhook-signature': `v1,${signed.digest('base64')}` };
    const response = await app.request(URL, { method: 'POST', headers: { ...headers, ...signature }, body });
    expect(response.status).toBe(400);
  });

  it('half a character, which no UTF-8 has', async () => {
    const response = await raw({
      body: JSON.stringify({ ...EVENT, data: { ...TOP_UP, note: '?' } }).replace('?', '\\ud83d'),
    });
    expect(response.status).toBe(400);
    const whole = await raw({
      body: JSON.stringify({ ...EVENT, data: { ...TOP_UP, note: '?' } }).replace('?', '\\ud83d\\ude00'),
    });
    expect(whole.status).toBe(202);
  });

  it.each(['1e400', '-1E+400', '1e999', `1${'0'.repeat(400)}`])(
    'a number that nothing can hold: %s',
    async (number) => {
      const noted = (note: string) => JSON.stringify({ ...EVENT, data: { ...TOP_UP, note: '?' } }).replace('"?"', note);
      expect((await raw({ body: noted(number) })).status).toBe(400);
      expect((await raw({ body: noted('[1e300, "1e400"]') })).status).toBe(202);
    },
  );

  it('another method', async () => {
    const response = await app.request(URL);
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
  });
});

describe('what the headers are refused for is answered without the body:', () => {
  it.each<[string, number, Fault]>([
    ['no id', 401, { without: 'webhook-id' }],
    ['no signature', 401, { without: 'webhook-signature' }],
    ['a signature of another form', 401, { headers: { 'webhook-signature': 'v1,aGVsbG8=' } }],
    ['more signatures than anybody needs', 401, { headers: { 'webhook-signature': `${MADE_UP} `.repeat(17) } }],
    ['an old timestamp', 401, { skewMs: -301_000 }],
    ['no content type', 415, { without: 'content-type' }],
  ])('%s', async (_, status, fault) => {
    const body = new ReadableStream({ pull: () => new Promise(() => {}) });
    const { method, headers } = requestOf(fault);
    const init = { method, headers, body, duplex: 'half' } as const;
    expect((await app.request(URL, init)).status).toBe(status);
  });
});

describe('of several faults the first answers:', () => {
  it.each<[string, number, Fault]>([
    ['content type before size', 415, { without: 'content-type', headers: { 'content-length': '999999' } }],
    ['size before signature', 413, { without: 'webhook-id', headers: { 'content-length': '999999' } }],
    ['signature before JSON', 401, { without: 'webhook-signature', body: '{' }],
    ['envelope before data', 400, { body: JSON.stringify({ ...EVENT, timestamp: 'x', data: {} }) }],
  ])('%s', async (_, status, fault) => {
    expect((await raw(fault)).status).toBe(status);
  });

  it('a refusal of a signature does not say what was wrong', async () => {
    const faults: Fault[] = [{ without: 'webhook-id' }, { skewMs: -301_000 }, { changed: true }];
    const texts = await Promise.all(faults.map(async (fault) => (await raw(fault)).text()));
    expect(new Set(texts).size).toBe(1);
  });
});

describe('an event that cannot be stored now', () => {
  it('is sent away with 503 when the database does not answer', async () => {
    const receive = () => Promise.reject(new InboxUnavailable('the database did not answer'));
    const away = service.app({ inbox: { ...service.inbox, receive } });
    const { headers, body } = service.platform.sign(EVENT);
    const response = await away.request(URL, { method: 'POST', headers, body });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
  });

  it('is sent away with 503 when the service is stopping', async () => {
    const away = service.app({ stopping: () => true });
    const { headers, body } = service.platform.sign(EVENT);
    const response = await away.request(URL, { method: 'POST', headers, body });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
  });
});

it('answers are counted by route and status', async () => {
  const counted = service.app({ metrics: service.metrics });
  const { headers, body } = service.platform.sign(EVENT);
  await counted.request(URL, { method: 'POST', headers, body });
  const metrics = await (await counted.request('/metrics')).text();
  expect(metrics).toContain('settlebot_http_requests_total{route="/webhooks/platform",method="POST",status="202"} 1');
});

/** What is wrong with a request that is otherwise in order. */
type Fault = {
  id?: string;
  body?: string;
  headers?: Record<string, string>;
  without?: string;
  skewMs?: number;
  /** The body is another than the signed one. */
  changed?: boolean;
};

async function raw(fault: Fault): Promise<Response> {
  return app.request(URL, requestOf(fault));
}

function requestOf(fault: Fault) {
  const platform = createPlatform({ secret: SECRET, now: () => Date.now() + (fault.skewMs ?? 0) });
  const signed = platform.signBody(
    fault.id ?? `evt_${randomBytes(6).toString('hex')}`,
    fault.body ?? JSON.stringify(EVENT),
  );
  const headers = new Map(Object.entries({ ...signed.headers, ...fault.headers }));
  headers.set('webhook-id', encodeURI(signed.id));
  if (fault.without !== undefined) headers.delete(fault.without);
  const body = fault.changed ? `${signed.body} ` : signed.body;
  return { method: 'POST', headers: Object.fromEntries(headers), body };
}

async function postText(id: string, text: string): Promise<number> {
  const { headers, body } = service.platform.signBody(id, text);
  return (await app.request(URL, { method: 'POST', headers, body })).status;
}

async function post(event: Parameters<TestService['platform']['sign']>[0]): Promise<{ status: number; body: unknown }> {
  const { headers, body } = service.platform.sign(event);
  const response = await app.request(URL, { method: 'POST', headers, body });
  return { status: response.status, body: await response.json() };
}

async function paths(response: Response): Promise<string[]> {
  const { errors } = (await response.json()) as { errors: { path: string }[] };
  return errors.map(({ path }) => path).sort();
}

function stored(): Promise<number> {
  return service.database.connection.collection('events').countDocuments();
}

function deep(levels: number): string {
  return `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
}
