import { describe, expect, it } from 'vitest';

import { createClient, RefusedError, UnavailableError } from '../../client/index.ts';
import type { Waiting } from '../../client/retry.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const NOW = Date.parse('2026-11-23T06:00:00Z');
const EVENT = {
  id: 'evt_1',
  type: 'payout.settled',
  timestamp: '2026-11-23T05:00:00Z',
  data: { payoutId: '2026-11-16:max', at: '2026-11-23T05:00:00Z' },
} as const;

type Answer = Response | Error;

/** A client whose service gives these answers, the last one for ever; what it was asked and how long it waited. */
function clientOf(answers: (() => Answer)[], options: { random?: number } = {}) {
  const requests: { url: string; init: RequestInit }[] = [];
  const waits: number[] = [];
  const waiting: Waiting = {
    random: () => options.random ?? 1,
    wait: async (ms, signal) => {
      signal?.throwIfAborted();
      waits.push(ms);
    },
  };
  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    requests.push({ url, init });
    const answer = (answers[requests.length - 1] ?? answers.at(-1))?.() ?? new Error('no answer');
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const client = createClient({
    ...{ url: 'http://settlebot/', webhookSecret: SECRET, apiKey: 'key', fetch, waiting },
    now: () => NOW + requests.length * 1_000,
  });
  const headersOf = (index: number) => new Headers(requests[index]?.init.headers);
  return { client, requests, waits, headersOf };
}

const accepted = () => Response.json({ status: 'accepted', id: EVENT.id }, { status: 202 });
const broken = () => new TypeError('fetch failed');
const status =
  (code: number, headers: Record<string, string> = {}, body: object = { detail: 'Not now.' }) =>
  () =>
    Response.json(body, { status: code, headers });

describe('an event', () => {
  it('is sent again after broken connections and answers that pass, under the same id and signed anew', async () => {
    const { client, requests, headersOf } = clientOf([
      broken,
      status(503),
      status(502),
      status(429),
      status(408),
      accepted,
    ]);
    expect(await client.send(EVENT)).toEqual({ status: 'accepted', id: 'evt_1' });
    expect(requests.map(({ url }) => url)).toEqual(Array(6).fill('http://settlebot/webhooks/platform'));
    const heads = requests.map((_, index) => headersOf(index));
    expect(new Set(heads.map((head) => head.get('webhook-id')))).toEqual(new Set(['evt_1']));
    expect(new Set(heads.map((head) => head.get('webhook-timestamp'))).size).toBe(6);
    expect(new Set(heads.map((head) => head.get('webhook-signature'))).size).toBe(6);
    expect(new Set(requests.map(({ init }) => String(init.body))).size).toBe(1);
  });

  it('waits twice as long each time, half of it by chance, up to a limit', async () => {
    const longest = clientOf([broken], { random: 1 });
    await expect(longest.client.send(EVENT)).rejects.toBeInstanceOf(UnavailableError);
    expect(longest.waits).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 16_000]);
    const shortest = clientOf([broken], { random: 0 });
    await expect(shortest.client.send(EVENT)).rejects.toThrow('could not be reached');
    expect(shortest.waits).toEqual([125, 250, 500, 1_000, 2_000, 4_000, 8_000]);
  });

  it('comes no sooner than Retry-After says, in seconds or as a date', async () => {
    const { client, waits } = clientOf([
      status(503, { 'retry-after': '5' }),
      status(503, { 'retry-after': new Date(NOW + 12_000).toUTCString() }),
      status(503, { 'retry-after': 'soon' }),
      accepted,
    ]);
    await client.send(EVENT);
    expect(waits).toEqual([5_000 + 250 / 4, 10_000 + 500 / 4, 1_000]);
  });

  it('is given up at once when the service asks to wait longer than anybody waits', async () => {
    const { client, requests } = clientOf([status(503, { 'retry-after': '3600' })]);
    await expect(client.send(EVENT)).rejects.toMatchObject({
      status: 503,
      retryAfterMs: 3_600_000,
      message: 'Not now.',
    });
    expect(requests).toHaveLength(1);
  });

  it('that is refused is not sent again, and says why', async () => {
    const errors = [{ path: 'data.at', message: 'must be an RFC 3339 instant' }];
    const refusal = { title: 'x', status: 422, detail: 'The data is wrong.', reason: 'invalid', errors, state: 'open' };
    const { client, requests } = clientOf([status(422, {}, refusal)]);
    const sending = client.send(EVENT);
    await expect(sending).rejects.toBeInstanceOf(RefusedError);
    await expect(sending).rejects.toMatchObject({
      ...{ status: 422, code: 'invalid', errors, details: { state: 'open' } },
      message: 'The data is wrong. data.at: must be an RFC 3339 instant',
    });
    expect(requests).toHaveLength(1);
  });

  it('that something in front of the service refuses with a page is refused', async () => {
    const { client } = clientOf([() => new Response('<h1>Forbidden</h1>', { status: 403 })]);
    await expect(client.send(EVENT)).rejects.toMatchObject({
      status: 403,
      code: 'failed',
      message: 'The answer was 403.',
    });
  });

  it('whose answer breaks off is sent again', async () => {
    const { client } = clientOf([() => new Response('{"stat', { status: 202 }), accepted]);
    expect(await client.send(EVENT)).toMatchObject({ status: 'accepted' });
  });

  it.each(['', 'a.b', 'évt', 'a\nb', 'e'.repeat(129)])('with the id %j is not sent', async (id) => {
    const { client, requests } = clientOf([accepted]);
    await expect(client.send({ ...EVENT, id })).rejects.toMatchObject({ code: 'malformed' });
    expect(requests).toHaveLength(0);
  });

  it('ends when its signal says so, also in a wait', async () => {
    const controller = new AbortController();
    const { client, requests } = clientOf([
      () => {
        controller.abort(new Error('enough'));
        return broken();
      },
    ]);
    await expect(client.send(EVENT, { signal: controller.signal })).rejects.toThrow('enough');
    await expect(client.send(EVENT, { signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow('before');
    expect(requests).toHaveLength(1);
  });

  it('ends in a real wait, too, and leaves nothing behind that waits', async () => {
    const controller = new AbortController();
    const client = createClient({
      ...{ url: 'http://settlebot', webhookSecret: SECRET, fetch: async () => Response.json({}, { status: 503 }) },
      retry: { firstWaitMs: 60_000, longestWaitMs: 60_000 },
    });
    const sending = client.send(EVENT, { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('enough')), 10);
    await expect(sending).rejects.toThrow('enough');
  });

  it('whose service never answers is given up in time', async () => {
    const fetch = (_: string, { signal }: RequestInit) =>
      new Promise<Response>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    const options = {
      url: 'http://settlebot',
      webhookSecret: SECRET,
      fetch,
      timeoutMs: 20,
      retry: { attempts: 2, firstWaitMs: 1 },
    };
    await expect(createClient(options).send(EVENT)).rejects.toThrow('gave no answer within 20 ms');
  });
});

describe('a call of the API', () => {
  it('has one idempotency key for all its tries, and the one it is given', async () => {
    const { client, headersOf } = clientOf([
      broken,
      status(409, { 'retry-after': '1' }, { reason: 'in_progress' }),
      status(200),
    ]);
    await client.call('POST /v1/invoices/{id}/pay', { path: { id: 'a' }, body: {} });
    const keys = [0, 1, 2].map((index) => headersOf(index).get('idempotency-key'));
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^[\w-]{36}$/);
    await client.call('POST /v1/invoices/{id}/pay', { path: { id: 'a' }, body: {}, idempotencyKey: 'mine' });
    expect(headersOf(3).get('idempotency-key')).toBe('mine');
    expect(headersOf(0).get('authorization')).toBe('Bearer key');
  });

  it('that is no POST needs no key; ids are escaped, and nothing is asked that was not given', async () => {
    const { client, requests, headersOf } = clientOf([status(200)]);
    await client.call('GET /v1/invoices/{id}', { path: { id: '2026-W10:a/b?c' } });
    await client.call('GET /v1/invoices', { query: { status: 'open', limit: 5 } });
    await client.call('GET /v1/invoices');
    expect(requests.map(({ url }) => url.replace('http://settlebot', ''))).toEqual([
      '/v1/invoices/2026-W10%3Aa%2Fb%3Fc',
      '/v1/invoices?status=open&limit=5',
      '/v1/invoices',
    ]);
    expect(headersOf(0).get('idempotency-key')).toBeNull();
  });

  it('without what it needs is an error for the programmer', async () => {
    const { client } = clientOf([status(200)]);
    await expect(client.call('GET /v1/invoices/{id}', { path: { id: '' } })).rejects.toThrow('needs id');
    const bare = createClient({ url: 'http://settlebot' });
    await expect(bare.call('GET /v1/invoices')).rejects.toThrow('apiKey');
    await expect(bare.send(EVENT)).rejects.toThrow('webhookSecret');
    expect(() => bare.verify({ headers: {}, body: '' })).toThrow('platformWebhookSecrets');
    expect(() => createClient({ url: 'ftp://settlebot' })).toThrow('http or https');
    expect(() => createClient({ url: 'settlebot' })).toThrow(TypeError);
  });
});
