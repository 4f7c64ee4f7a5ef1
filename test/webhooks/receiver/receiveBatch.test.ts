import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { InboxFull, InboxUnavailable } from '../../../src/inbox/inbox.ts';
import { listen } from '../../../webhooks/server.ts';
import { createPlatform } from '../../support/platform.ts';
import { SECRET } from '../../support/world.ts';
import { type TestService, testService } from '../service.ts';

const PATH = '/webhooks/platform/batch';
const LARGEST_EVENT = 256 * 1024;
const LARGEST_BATCH = 2 * 1024 * 1024;

let service: TestService;
let app: ReturnType<TestService['app']>;
beforeAll(async () => {
  service = await testService();
  app = service.app();
});
afterAll(() => service.database.close());

let count = 0;
/** An id that no other test has. */
function freshId(): string {
  count += 1;
  return `evt_${count}`;
}

/** A top-up, as a line. Each is about a thing of its own. */
function line(id: string, more: Record<string, unknown> = {}): string {
  const data = { topUpId: `t_${id}`, accountId: 'm1', amount: 500, toppedUpAt: '2026-11-23T05:00:00Z', ...more };
  return JSON.stringify({ id, type: 'balance.topped_up', timestamp: '2026-11-23T05:00:00Z', data });
}

describe('a batch', () => {
  it('is stored line by line, with the exact bytes of each, and answered in the order of its lines', async () => {
    const ids = Array.from({ length: 500 }, freshId);
    const lines = ids.map((id) => line(id));
    const { status, headers, answers } = await send(lines.join('\n'));
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/x-ndjson');
    expect(answers).toEqual(ids.map((id, index) => ({ line: index + 1, id, status: 'accepted' })));
    expect(await textsOf(ids)).toEqual(new Map(ids.map((id, index) => [id, lines[index]])));
  });

  it('that comes again is a duplicate line by line, also under another id, and of events that came alone', async () => {
    const [one, other] = [freshId(), freshId()];
    const { id: _, ...alone } = JSON.parse(line(one));
    const { headers, body } = service.platform.signBody(one, JSON.stringify(alone));
    await app.request('/webhooks/platform', { method: 'POST', headers, body });
    const text = `${line(one)}\n${line(other)}\n`;
    expect(statuses(await send(text, { id: 'batch_1' }))).toEqual(['duplicate', 'accepted']);
    expect(statuses(await send(text, { id: 'batch_1' }))).toEqual(['duplicate', 'duplicate']);
    expect(await send(text, { id: 'batch_2' })).toMatchObject({ status: 200 });
  });

  it('takes one of each id: the same again is a duplicate, other content a conflict', async () => {
    const id = freshId();
    const { status, answers } = await send([line(id), line(id), line(id, { amount: 501 })].join('\n'));
    expect(status).toBe(207);
    expect(answers).toMatchObject([
      { line: 1, id, status: 'accepted' },
      { line: 2, id, status: 'duplicate' },
      { line: 3, id, status: 'refused', code: 'conflict', message: 'This id was used with other content.' },
    ]);
    expect((await textsOf([id])).get(id)).toBe(line(id));
  });

  it('may end its lines as it likes and have empty ones, which count and are nothing else', async () => {
    const [one, other, last] = [freshId(), freshId(), freshId()];
    const { status, answers } = await send(`\n${line(one)}\r\n\r\n \t\n${line(other)}\n\n${line(last)}`);
    expect(status).toBe(200);
    expect(answers.map((answer) => [answer.line, answer.id])).toEqual([
      [2, one],
      [5, other],
      [7, last],
    ]);
    expect((await textsOf([one])).get(one)).toBe(line(one));
  });

  it.each(['application/ndjson', 'application/jsonl', 'application/x-ndjson; charset=utf-8'])(
    'may be sent as %s',
    async (type) => {
      expect(await send(line(freshId()), { headers: { 'content-type': type } })).toMatchObject({ status: 200 });
    },
  );

  it('stores what is well-formed and of an unknown type as ignored', async () => {
    const id = freshId();
    const text = JSON.stringify({ id, type: 'weather.changed', timestamp: '2026-11-23T05:00:00Z', data: {} });
    expect(await send(text)).toMatchObject({ status: 200, answers: [{ line: 1, id, status: 'ignored' }] });
  });

  it('warns of fields that nobody knows, as of an event that comes alone, and not of the id', async () => {
    const [one, other] = [freshId(), freshId()];
    const { status, answers } = await send([line(one, { ammount: 5 }), line(other)].join('\n'));
    expect([status, answers]).toMatchObject([200, [{ warnings: [{ path: 'data.ammount' }] }, { id: other }]]);
    expect(answers[1]).toEqual({ line: 2, id: other, status: 'accepted' });
  });
});

describe('a line is refused for itself, and the others are stored:', () => {
  const event = (changes: object) => JSON.stringify({ ...JSON.parse(line('x')), ...changes });

  it.each<[string, string, object]>([
    ['no JSON', 'hello', { id: null, code: 'malformed', message: 'The event is not JSON in UTF-8.' }],
    ['JSON that was cut off', line('cut').slice(0, -20), { id: null, code: 'malformed' }],
    ['two events in a line', line('a') + line('b'), { id: null, code: 'malformed' }],
    ['a byte order mark', `\uFEFF${line('bom')}`, { id: null, code: 'malformed' }],
    ['a list of events', `[${line('list')}]`, { id: null, code: 'malformed' }],
    ['deep JSON', event({ data: { a: JSON.parse('['.repeat(70) + ']'.repeat(70)) } }), { code: 'malformed' }],
    ['no id', event({ id: undefined }), { id: null, code: 'malformed', errors: [{ path: 'id' }] }],
    ['an id with a dot', event({ id: 'evt.1' }), { id: null, code: 'malformed', errors: [{ path: 'id' }] }],
    ['an id that is a number', event({ id: 7 }), { id: null, code: 'malformed', errors: [{ path: 'id' }] }],
    ['an id that is too long', event({ id: 'e'.repeat(129) }), { id: null, code: 'malformed' }],
    ['no envelope', event({ timestamp: 'now' }), { id: null, code: 'malformed', errors: [{ path: 'timestamp' }] }],
    ['bad data', line('bad', { amount: 0 }), { id: 'bad', code: 'invalid', errors: [{ path: 'data.amount' }] }],
    ['a line that is too long', event({ pad: 'x'.repeat(LARGEST_EVENT) }), { id: null, code: 'too_large' }],
  ])('%s', async (_, text, expected) => {
    const [before, after] = [freshId(), freshId()];
    const stored = await storedEvents();
    const { status, answers } = await send([line(before), text, line(after)].join('\n'));
    expect(status).toBe(207);
    expect(answers).toMatchObject([
      { line: 1, id: before, status: 'accepted' },
      { line: 2, status: 'refused', message: expect.stringMatching(/\.$/), ...expected },
      { line: 3, id: after, status: 'accepted' },
    ]);
    expect(await storedEvents()).toBe(stored + 2);
  });

  it('a line that is just not too long is taken', async () => {
    const padded = (length: number) => line('long_enough', { pad: 'x'.repeat(length) });
    const text = padded(LARGEST_EVENT - padded(0).length);
    expect(text.length).toBe(LARGEST_EVENT);
    expect(await send(text)).toMatchObject({ status: 200 });
    expect(await send(`${text}\r\n`)).toMatchObject({ answers: [{ status: 'duplicate' }] });
  });

  it('bytes that are not UTF-8', async () => {
    const id = freshId();
    const body = Buffer.concat([Buffer.from(`${line(id)}\n{"`), Buffer.from([0xff]), Buffer.from('"}\n')]);
    const { headers } = service.platform.signBatch('', 'batch_bytes');
    const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64');
    const mac = createHmac('sha256', key).update(`batch_bytes.${headers['webhook-timestamp']}.`).update(body);
    const signed = { ...headers, 'webhook-signature': `v1,${mac.digest('base64')}` };
    const response = await app.request(PATH, { method: 'POST', headers: signed, body });
    expect(parsed(await response.text())).toMatchObject([
      { id, status: 'accepted' },
      { line: 2, status: 'refused' },
    ]);
  });
});

describe('a batch is refused whole, and nothing of it stored:', () => {
  const many = (length: number) => Array.from({ length }, (_, index) => line(`many_${index}`)).join('\n');

  it.each<[string, number, string, Sending]>([
    ['501 events', 413, many(501), {}],
    ['a body over the limit', 413, `${line('over')}${' '.repeat(LARGEST_BATCH)}`, {}],
    ['a wrong signature', 401, line('wrong'), { headers: { 'webhook-signature': `v1,${'A'.repeat(43)}=` } }],
    ['no signature', 401, line('none'), { headers: { 'webhook-signature': '' } }],
    ['an old signature', 401, line('old'), { skewMs: -301_000 }],
    ['a body that is not the signed one', 401, line('cut'), { sent: line('cut').slice(0, -9) }],
    ['a dot in its own id', 400, line('dot'), { id: 'batch.1' }],
    ['no event at all', 400, '', {}],
    ['empty lines alone', 400, '\r\n \n\n', {}],
    ['a single event, sent as one', 415, line('json'), { headers: { 'content-type': 'application/json' } }],
    ['another charset', 415, line('iso'), { headers: { 'content-type': 'application/x-ndjson; charset=latin1' } }],
  ])('%s', async (_, status, body, sending) => {
    const stored = await storedEvents();
    const response = await raw(body, sending);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ status, detail: expect.any(String), reason: expect.any(String) });
    expect(await storedEvents()).toBe(stored);
  });

  it('another method', async () => {
    const response = await app.request(PATH);
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it('a connection that ends in the middle of it', async () => {
    const stored = await storedEvents();
    const server = await listen(app, { host: '127.0.0.1', port: 0 });
    const { headers, body } = service.platform.signBatch(many(100));
    const cut = new ReadableStream({
      start(controller) {
        controller.enqueue(Buffer.from(body.slice(0, body.length / 2)));
        setTimeout(() => controller.error(new Error('cut')), 50);
      },
    });
    const url = `http://127.0.0.1:${server.port}${PATH}`;
    await expect(fetch(url, { method: 'POST', headers, body: cut, duplex: 'half' } as RequestInit)).rejects.toThrow();
    await server.close();
    expect(await storedEvents()).toBe(stored);
  });
});

describe('what cannot be stored now', () => {
  it('is said line by line, and only the others are stored', async () => {
    const ids = Array.from({ length: 6 }, freshId);
    const failures = [new InboxUnavailable('the database did not answer'), new InboxFull('full'), new Error('a fault')];
    const receive: typeof service.inbox.receive = async (event) => {
      const failure = failures[ids.indexOf(event.id) - 1];
      if (failure !== undefined) throw failure;
      return service.inbox.receive(event);
    };
    const away = service.app({ inbox: { ...service.inbox, receive } });
    const { status, headers, answers } = await send(ids.map((id) => line(id)).join('\n'), { to: away });
    expect(status).toBe(207);
    expect(headers.get('retry-after')).toBe('5');
    expect(answers).toMatchObject([
      { line: 1, id: ids[0], status: 'accepted' },
      { line: 2, id: ids[1], status: 'unavailable', code: 'unavailable' },
      { line: 3, id: ids[2], status: 'unavailable', code: 'unavailable' },
      { line: 4, status: 'unavailable', code: 'failed' },
      { line: 5, id: ids[4], status: 'accepted' },
      { line: 6, id: ids[5], status: 'accepted' },
    ]);
    expect([...(await textsOf(ids)).keys()]).toEqual([ids[0], ids[4], ids[5]]);
    expect(service.errors.splice(0)).toHaveLength(1);
    const again = await send(ids.map((id) => line(id)).join('\n'));
    expect(statuses(again)).toEqual(['duplicate', 'accepted', 'accepted', 'accepted', 'duplicate', 'duplicate']);
  });

  it('is sent away whole when the service is stopping', async () => {
    const away = service.app({ stopping: () => true });
    const response = await raw(line(freshId()), { to: away });
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
  });
});

it('answers are counted by route and status', async () => {
  const counted = service.app({ metrics: service.metrics });
  await send(`${line(freshId())}\nhello`, { to: counted });
  const metrics = await (await counted.request('/metrics')).text();
  expect(metrics).toContain('requests_total{route="/webhooks/platform/batch",method="POST",status="207"} 1');
});

type Sending = {
  id?: string;
  headers?: Record<string, string>;
  skewMs?: number;
  /** What is sent instead of what was signed. */
  sent?: string;
  to?: ReturnType<TestService['app']>;
};

async function raw(body: string, { id, headers, skewMs = 0, sent = body, to = app }: Sending = {}): Promise<Response> {
  const signed = createPlatform({ secret: SECRET, now: () => Date.now() + skewMs }).signBatch(body, id);
  return to.request(PATH, { method: 'POST', headers: { ...signed.headers, ...headers }, body: sent });
}

async function send(body: string, sending: Sending = {}) {
  const response = await raw(body, sending);
  return { status: response.status, headers: response.headers, answers: parsed(await response.text()) };
}

function parsed(text: string): { line: number; id: string | null; status: string }[] {
  return text
    .trimEnd()
    .split('\n')
    .map((one) => JSON.parse(one));
}

function statuses({ answers }: Awaited<ReturnType<typeof send>>): string[] {
  return answers.map(({ status }) => status);
}

/** What is stored under these ids, where something is. */
async function textsOf(ids: string[]): Promise<Map<string, string | undefined>> {
  const texts = new Map<string, string | undefined>();
  for await (const [{ _id }, body] of service.inbox.bodies.stream({ _id: { $in: ids } })) {
    texts.set(_id, body.kind === 'readable' ? body.text : undefined);
  }
  return new Map(ids.filter((id) => texts.has(id)).map((id) => [id, texts.get(id)]));
}

function storedEvents(): Promise<number> {
  return service.database.connection.collection('events').countDocuments();
}
