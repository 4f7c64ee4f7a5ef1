import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deepTest } from '../support/depth.ts';
import { eventually } from '../support/eventually.ts';
import { createPlatform, type SignedRequest } from '../support/platform.ts';
import { createHouse, type House, type ServiceProcess } from '../support/process.ts';
import { TEST_SECRET } from '../support/service.ts';
import { balanceOf, market, topUp } from './traffic.ts';

const MIB = 1024 * 1024;
const OLD_MS = 10 * 60_000;

let house: House;
let service: ServiceProcess;
beforeAll(async () => {
  house = await createHouse();
  service = await house.start();
  await service.platform().sendAll(market(2));
  await service.settle();
});
afterAll(() => house.remove());

async function post({ headers, body }: Omit<SignedRequest, 'id'>): Promise<Response> {
  const response = await fetch(new URL('/webhooks/platform', service.url()), {
    method: 'POST',
    headers,
    body,
  });
  await response.arrayBuffer();
  return response;
}

describe('requests that are not right', () => {
  const bad: [what: string, status: number, request: () => Omit<SignedRequest, 'id'>][] = [
    ['JSON that breaks off', 400, () => signed('{"type":"balance.topped_up","data":{')],
    ['no JSON at all', 400, () => signed('hello')],
    ['JSON nested ten thousand levels deep', 400, () => signed(`${'['.repeat(10_000)}${']'.repeat(10_000)}`)],
    ['deep data in an envelope', 400, () => signed(envelope(`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`))],
    ['an envelope without data', 400, () => signed('{"type":"account.updated","timestamp":"2026-03-01T00:00:00Z"}')],
    ['data that breaks its schema', 422, () => signed(envelope('{"topUpId":"t","accountId":"m0","amount":-1}'))],
    ['a signature with another secret', 401, () => signedBy('whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=')],
    ['a signature of ten minutes ago', 401, () => signedBy(TEST_SECRET, () => Date.now() - OLD_MS)],
    ['a signature of ten minutes ahead', 401, () => signedBy(TEST_SECRET, () => Date.now() + OLD_MS)],
    ['a signature of another body', 401, () => ({ ...good(), body: good().body.replace('"amount":1', '"amount":9') })],
    ['a signature of another id', 401, () => ({ ...good(), headers: { ...good().headers, 'webhook-id': 'other' } })],
    ['a body over 256 KiB', 413, () => signed(`"${'x'.repeat(256 * 1024)}"`)],
    ['another content type', 415, () => ({ ...good(), headers: { ...good().headers, 'content-type': 'text/plain' } })],
  ];

  it.each(bad)('%s: %i', async (_, status, request) => {
    expect((await post(request())).status).toBe(status);
  });

  deepTest(
    'leave nothing behind, and no memory, however many come',
    async () => {
      const before = await service.list('/v1/events');
      const memory = await service.memory();
      for (let round = 0; round < 40; round += 1) {
        await Promise.all([...bad, ...bad].map(([, , request]) => post(request())));
      }
      expect((await service.memory()) - memory).toBeLessThan(150 * MIB);
      expect(await service.list('/v1/events')).toEqual(before);
    },
    180_000,
  );

  it.each([
    ['with headers of a good form', 413, () => good().headers],
    ['with none', 401, () => ({ 'content-type': 'application/json' })],
  ])(
    'in chunks without end, %s, are answered and cut off',
    async (_, status, headers) => {
      const before = await service.memory();
      const sender = endlessSender(Number(new URL(service.url() ?? '').port), headers());
      await eventually(sender.isClosed, { what: 'the connection to be cut' });
      // The connection may be gone before the answer is read.
      expect(sender.answer()).toMatch(new RegExp(`^(HTTP/1\\.1 ${status} |$)`));
      expect((await service.memory()) - before).toBeLessThan(150 * MIB);
    },
    180_000,
  );

  it('that repeat a good one word for word have no second effect', async () => {
    const request = createPlatform({ secret: TEST_SECRET }).sign(topUp('replayed', 'm0', 70));
    expect((await post(request)).status).toBe(202);
    for (let copy = 0; copy < 5; copy += 1) expect((await post(request)).status).toBe(200);
    const other = createPlatform({ secret: TEST_SECRET }).sign(topUp('replayed', 'm0', 71));
    expect((await post(other)).status).toBe(409);
    await service.settle();
    expect(await balanceOf(service, 'model:m0')).toBe(70);
  });
});

describe('a thousand senders that fall silent', () => {
  deepTest(
    'are cut off in time, and meanwhile others are served and the memory stays',
    async () => {
      const before = await service.memory();
      const { port } = new URL(service.url() ?? '');
      const sockets = Array.from({ length: 1_000 }, () => silentSender(Number(port)));
      await eventually(() => sockets.every(({ begun }) => begun()), { what: 'all of them to begin' });
      const startedAt = performance.now();
      expect((await service.platform().send(topUp('meanwhile', 'm1', 5))).status).toBe(202);
      expect(performance.now() - startedAt).toBeLessThan(5_000);
      expect((await service.memory()) - before).toBeLessThan(200 * MIB);
      await eventually(() => sockets.every(({ isClosed }) => isClosed()), { withinMs: 40_000, what: 'an end' });
      expect((await service.platform().send(topUp('afterwards', 'm1', 6))).status).toBe(202);
    },
    180_000,
  );
});

describe('an event that cannot be applied', () => {
  deepTest(
    'is quarantined after five tries and told, and the others are applied',
    async () => {
      const before = await balanceOf(service, 'model:m1');
      await service.platform().send(topUp('spent', 'm1', 100));
      await service.settle();
      const poison = { ...topUp('spent', 'm1', 999), id: 'poison' };
      const others = Array.from({ length: 300 }, (_, index) => topUp(`other-${index}`, 'm1', 1));
      await service.platform().sendAll([...others.slice(0, 150), poison, ...others.slice(150)], 64);
      await service.settle();
      const { body } = await service.api('GET', '/v1/events/poison');
      expect(body).toMatchObject({ status: 'quarantined', attempts: 5 });
      expect(body.error).toContain('topup:spent');
      expect((await service.list('/v1/events?status=quarantined')).map(({ eventId }) => eventId)).toEqual(['poison']);
      const added = (await balanceOf(service, 'model:m1')) - before;
      expect(added).toBeGreaterThanOrEqual(400);
      expect(added).toBeLessThan(999);

      expect((await service.api('POST', '/v1/events/poison/replay')).status).toBe(200);
      await service.settle();
      expect((await service.api('GET', '/v1/events/poison')).body).toMatchObject({
        status: 'quarantined',
        attempts: 5,
      });
      expect(await house.verify()).toEqual([]);
    },
    180_000,
  );
});

/** A body under a good signature. */
function signed(body: string): SignedRequest {
  return createPlatform({ secret: TEST_SECRET }).signBody(`bad-${Math.random().toString(36).slice(2)}`, body);
}

function good(): SignedRequest {
  const event = { ...topUp('never', 'm0', 1), timestamp: '2026-03-02T00:00:00Z' };
  return createPlatform({ secret: TEST_SECRET, now: () => FIXED }).sign(event);
}

const FIXED = Date.now();

function signedBy(secret: string, now: () => number = Date.now): SignedRequest {
  return createPlatform({ secret, now }).sign(topUp('never', 'm0', 1));
}

function envelope(data: string): string {
  return `{"type":"balance.topped_up","timestamp":"2026-03-01T00:00:00Z","data":${data}}`;
}

/** Sends its headers and the beginning of a body, and then nothing. */
function silentSender(port: number) {
  let closed = false;
  let begun = false;
  const socket: Socket = connect(port, '127.0.0.1', () => {
    socket.write(
      'POST /webhooks/platform HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 200000\r\n\r\n',
    );
    socket.write('x'.repeat(16_384), () => {
      begun = true;
    });
  });
  socket.on('close', () => {
    closed = true;
  });
  socket.on('error', () => {
    closed = true;
  });
  socket.resume();
  return { begun: () => begun, isClosed: () => closed };
}

/** Sends chunk after chunk for as long as they are taken, half a gibibyte at most. */
function endlessSender(port: number, headers: Record<string, string>) {
  const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
  let left = 8_192;
  let text = '';
  let closed = false;
  const socket = connect(port, '127.0.0.1');
  const write = (): void => {
    while (left > 0 && socket.writable) {
      left -= 1;
      if (!socket.write(chunk)) return;
    }
  };
  socket.on('drain', write);
  socket.on('data', (data) => {
    text += data;
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    closed = true;
  });
  const named = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const head = ['POST /webhooks/platform HTTP/1.1', 'host: a', ...named, 'transfer-encoding: chunked'];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  write();
  return { isClosed: () => closed, answer: () => text };
}
