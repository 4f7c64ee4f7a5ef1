import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { type ClientOptions, createClient, type PlatformEvent, UnavailableError } from '../../client/index.ts';
import { InboxUnavailable } from '../../src/inbox/inbox.ts';
import { SECRET } from '../support/world.ts';
import { bearer, type TestService, testService } from '../webhooks/service.ts';

let service: TestService;
let app: ReturnType<TestService['app']>;
beforeAll(async () => {
  service = await testService();
  app = service.app();
});
afterAll(() => service.database.close());

/** The paths of all requests, and how many lines each had. */
let requests: [path: string, lines: number][] = [];
beforeEach(() => {
  requests = [];
});

type Answering = (url: string, init: RequestInit) => Promise<Response>;
const real: Answering = async (url, init) => app.request(url, init);

function clientOf(answering: Answering = real, options: Partial<ClientOptions> = {}) {
  const fetch: Answering = (url, init) => {
    const lines =
      init.body instanceof Uint8Array ? new TextDecoder().decode(init.body).trimEnd().split('\n').length : 0;
    requests.push([new URL(url).pathname, lines]);
    return answering(url, init);
  };
  const apiKey = bearer().authorization.slice('Bearer '.length);
  const waiting = { random: () => 1, wait: async () => {} };
  return createClient({ url: 'http://settlebot', webhookSecret: SECRET, apiKey, fetch, waiting, ...options });
}

let count = 0;
function topUp(more: { id?: string; amount?: number; note?: string } = {}): PlatformEvent {
  count += 1;
  const { id = `client_${count}`, amount = 500, note } = more;
  const data = { topUpId: `t_${id}`, accountId: 'm1', amount, toppedUpAt: new Date('2026-11-23T05:00:00Z') };
  const noted = note === undefined ? data : { ...data, note };
  return { id, type: 'balance.topped_up', timestamp: new Date('2026-11-23T05:00:00Z'), data: noted };
}

describe('one event', () => {
  it('is stored, and a duplicate when it comes again', async () => {
    const event = topUp();
    expect(await clientOf().send(event)).toEqual({ id: event.id, status: 'accepted' });
    expect(await clientOf().send(event)).toEqual({ id: event.id, status: 'duplicate' });
    expect(await service.inbox.get(event.id)).toMatchObject({ type: 'balance.topped_up', data: { amount: 500 } });
  });

  it('that is refused says which field is wrong', async () => {
    const sending = clientOf().send(topUp({ amount: 0 }));
    await expect(sending).rejects.toMatchObject({
      ...{ name: 'RefusedError', status: 422, code: 'invalid' },
      errors: [{ path: 'data.amount', message: 'must be at least 1 minor unit' }],
    });
  });

  it('signed with another secret is refused and not sent again', async () => {
    const webhookSecret = `whsec_${'A'.repeat(43)}=`;
    const sending = clientOf(real, { webhookSecret }).send(topUp());
    await expect(sending).rejects.toMatchObject({ status: 401, code: 'unauthorized' });
    expect(requests).toHaveLength(1);
  });
});

describe('many events', () => {
  it('go in as few requests as hold them, and each has its own result in their order', async () => {
    const events = Array.from({ length: 1_001 }, () => topUp());
    const [first] = events;
    await clientOf().send(first as PlatformEvent);
    requests = [];
    const mixed = [...events, topUp({ amount: -1 }), topUp({ id: first?.id ?? '', amount: 7 })];
    const results = await clientOf().sendMany(mixed);
    expect(requests).toEqual([500, 500, 3].map((lines) => ['/webhooks/platform/batch', lines]));
    expect(results.map(({ status }) => status)).toEqual([
      'duplicate',
      ...Array(1_000).fill('accepted'),
      'refused',
      'refused',
    ]);
    expect(results.map(({ id }) => id)).toEqual(mixed.map(({ id }) => id));
    expect(results.slice(-2)).toMatchObject([
      { error: { status: 422, code: 'invalid', errors: [{ path: 'data.amount' }] } },
      { error: { status: 409, code: 'conflict' } },
    ]);
    expect(await clientOf().sendMany([])).toEqual([]);
  });

  it('are split by size, too; one that is too large is refused alone', async () => {
    const events = Array.from({ length: 9 }, () => topUp({ note: 'x'.repeat(250 * 1024) }));
    const results = await clientOf().sendMany([...events, topUp({ note: 'x'.repeat(256 * 1024) })]);
    expect(requests.map(([, lines]) => lines)).toEqual([8, 2]);
    expect(results.map(({ status }) => status)).toEqual([...Array(9).fill('accepted'), 'refused']);
    expect(results.at(-1)).toMatchObject({ error: { status: 413, code: 'too_large' } });
  });

  it('that could not be stored are sent again, and only they', async () => {
    const events = Array.from({ length: 6 }, () => topUp());
    let left = 5;
    const receive: typeof service.inbox.receive = async (event) => {
      if (left > 0 && events.slice(1, 4).some(({ id }) => id === event.id)) {
        left -= 1;
        throw new InboxUnavailable('the database did not answer');
      }
      return service.inbox.receive(event);
    };
    const away = service.app({ inbox: { ...service.inbox, receive } });
    const results = await clientOf(async (url, init) => away.request(url, init)).sendMany(events);
    expect(results.map(({ status }) => status)).toEqual(Array(6).fill('accepted'));
    expect(requests.map(([, lines]) => lines)).toEqual([6, 3, 2]);
  });

  it('that cannot be stored at all are told from those that were', async () => {
    const events = [topUp(), topUp()];
    const receive: typeof service.inbox.receive = async (event) => {
      if (event.id === events[1]?.id) throw new InboxUnavailable('the database did not answer');
      return service.inbox.receive(event);
    };
    const away = service.app({ inbox: { ...service.inbox, receive } });
    const client = clientOf(async (url, init) => away.request(url, init), { retry: { attempts: 3 } });
    const results = await client.sendMany(events);
    expect(results).toMatchObject([{ status: 'accepted' }, { id: events[1]?.id, status: 'unavailable' }]);
    expect(requests.map(([, lines]) => lines)).toEqual([2, 1, 1]);
  });

  it('whose answer is lost, or breaks off, are sent again, and are here already', async () => {
    let tries = 0;
    const lossy: Answering = async (url, init) => {
      tries += 1;
      const response = await real(url, init);
      if (tries === 1) throw new TypeError('the connection was lost');
      const text = await response.text();
      return tries === 2 ? new Response(text.slice(0, -20), response) : new Response(text, response);
    };
    const results = await clientOf(lossy).sendMany(Array.from({ length: 4 }, () => topUp()));
    expect(results.map(({ status }) => status)).toEqual(Array(4).fill('duplicate'));
    expect(requests.map(([, lines]) => lines)).toEqual([4, 4, 1]);
  });

  it('that a proxy finds too large together go in halves', async () => {
    const proxy: Answering = async (url, init) =>
      (init.body as Uint8Array).length > 700 ? new Response('<h1>413</h1>', { status: 413 }) : real(url, init);
    const results = await clientOf(proxy).sendMany(Array.from({ length: 8 }, () => topUp()));
    expect(results.map(({ status }) => status)).toEqual(Array(8).fill('accepted'));
  });

  it('signed with another secret are refused, every one', async () => {
    const webhookSecret = `whsec_${'A'.repeat(43)}=`;
    const results = await clientOf(real, { webhookSecret }).sendMany([topUp(), topUp()]);
    expect(results).toMatchObject(Array(2).fill({ status: 'refused', error: { code: 'unauthorized' } }));
    expect(requests).toHaveLength(1);
  });
});

describe('a batch', () => {
  it('collects events that are sent one by one, and answers each', async () => {
    const batch = clientOf().batch({ waitMs: 5 });
    const event = topUp();
    const answers = await Promise.allSettled([topUp(), topUp({ amount: 0 }), event, event].map(batch.send));
    expect(answers).toMatchObject([
      { value: { status: 'accepted' } },
      { reason: { name: 'RefusedError', code: 'invalid' } },
      { value: { status: 'accepted' } },
      { value: { status: 'duplicate' } },
    ]);
    expect(requests).toEqual([['/webhooks/platform/batch', 4]]);
  });

  it('goes when it is full, and the rest when it is flushed', async () => {
    const batch = clientOf().batch({ events: 3, waitMs: 60_000 });
    const sending = Array.from({ length: 7 }, () => batch.send(topUp()));
    await batch.flush();
    expect(await Promise.all(sending)).toHaveLength(7);
    expect(requests.map(([, lines]) => lines)).toEqual([3, 3, 1]);
    await batch.flush();
  });

  it('has no more on their way than it may', async () => {
    let [underWay, most] = [0, 0];
    const slow: Answering = async (url, init) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise((resolve) => setTimeout(resolve, 5));
      underWay -= 1;
      return real(url, init);
    };
    const batch = clientOf(slow).batch({ events: 2, inHand: 3 });
    await Promise.all(Array.from({ length: 20 }, () => batch.send(topUp())));
    expect([most, requests.length]).toEqual([3, 10]);
  });

  it('tells each of its events that the service is away, or that it was aborted', async () => {
    const away: Answering = async () => Response.json({ detail: 'Stopping.' }, { status: 503 });
    const batch = clientOf(away, { retry: { attempts: 2 } }).batch();
    const failed = await Promise.allSettled([batch.send(topUp()), batch.send(topUp())]);
    expect(failed).toMatchObject(Array(2).fill({ reason: { name: 'UnavailableError', message: 'Stopping.' } }));
    expect(failed.every((one) => one.status === 'rejected' && one.reason instanceof UnavailableError)).toBe(true);
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(clientOf().batch({ signal }).send(topUp())).rejects.toThrow('enough');
  });

  it('takes no event that is no JSON, and the others go', async () => {
    const batch = clientOf().batch();
    const bad = { ...topUp(), data: { amount: 5n } } as unknown as PlatformEvent;
    await expect(Promise.all([batch.send(topUp()), batch.send(bad)])).rejects.toThrow(TypeError);
    await batch.flush();
  });
});

describe('the API', () => {
  it('answers what it is typed as, and a list item by item, whatever its pages', async () => {
    const names = Array.from({ length: 5 }, (_, index) => `listed_${index}`);
    await clientOf().sendMany(names.map((id) => topUp({ id })));
    const client = clientOf();
    const found: string[] = [];
    for await (const { eventId } of client.items('GET /v1/events', { query: { limit: 500 } })) found.push(eventId);
    expect(found).toEqual(expect.arrayContaining(names));
    const pages: number[] = [];
    for await (const { items } of client.pages('GET /v1/events', { query: { limit: 400 } })) pages.push(items.length);
    expect(pages.slice(0, -1)).toEqual(Array(pages.length - 1).fill(400));
    expect(pages.reduce((sum, length) => sum + length, 0)).toBe(found.length);
    const event = await client.call('GET /v1/events/{id}', { path: { id: 'listed_0' } });
    expect(event.eventId).toBe('listed_0');
  });

  it('does what it is asked once, under one key, and refuses with its code and what it says besides', async () => {
    await expect(
      clientOf().call('POST /v1/invoices/{id}/pay', { path: { id: 'none' }, body: {} }),
    ).rejects.toMatchObject({
      ...{ status: 404, code: 'not_found', name: 'RefusedError' },
    });
    await expect(clientOf().call('GET /v1/invoices', { query: { limit: 501 } })).rejects.toMatchObject({
      status: 422,
      errors: [{ path: 'limit' }],
    });
    const away = clientOf(real, { apiKey: 'wrong' }).call('GET /v1/invoices');
    await expect(away).rejects.toMatchObject({ status: 401 });
  });

  it('answers a table as text', async () => {
    const table = await clientOf().call('GET /v1/overdue/csv', { query: { bom: '0' } });
    expect(table.split(',').length).toBeGreaterThan(3);
  });
});
