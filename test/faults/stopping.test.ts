import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { deepTest } from '../support/depth.ts';
import { eventually } from '../support/eventually.ts';
import { createHouse, type House, type ServiceProcess } from '../support/process.ts';
import { market, payment, startSending } from './traffic.ts';

let house: House;
beforeEach(async () => {
  house = await createHouse();
});
afterEach(() => house.remove());

describe('a service that is asked to stop', () => {
  deepTest(
    'under load answers truthfully and is gone in ten seconds',
    async () => {
      let service: ServiceProcess | undefined = await house.start();
      await service.platform().sendAll(market(10));
      const events = Array.from({ length: 20_000 }, (_, index) =>
        payment(`p${index}`, `c${index % 10}`, 1 + index, '2026-03-03T12:00:00Z'),
      );
      const sending = startSending(events, () => service);
      await eventually(() => sending.acknowledged.size > 500, { what: 'some load' });
      const stopping: ServiceProcess = service;
      const askedAt = performance.now();
      stopping.signal('SIGTERM');
      expect(await stopping.ended).toEqual({ code: 0, signal: null });
      expect(performance.now() - askedAt).toBeLessThan(10_000);
      service = undefined;
      await sending.stop();

      const back = await house.start();
      const stored = new Set((await back.list('/v1/events')).map(({ eventId }) => eventId));
      expect([...sending.acknowledged].filter((id) => !stored.has(id))).toEqual([]);
      await back.settle();
      expect(await back.list('/v1/events?status=received')).toEqual([]);
      expect(await house.verify()).toEqual([]);
    },
    120_000,
  );

  deepTest.each(['SIGINT', 'SIGTERM'] as const)(
    '%s while somebody is slow waits, a second one does not',
    async (signal) => {
      const service = await house.start();
      const socket = await slowRequest(service);
      service.signal(signal);
      await eventually(async () => (await health(service)) !== 200, { what: 'the stop to begin' });
      const askedAt = performance.now();
      service.signal('SIGINT');
      expect((await service.ended).code).toBe(1);
      expect(performance.now() - askedAt).toBeLessThan(2_000);
      socket.destroy();
    },
    180_000,
  );

  deepTest(
    'does not wait for ever for somebody who is slow',
    async () => {
      const service = await house.start();
      const socket = await slowRequest(service);
      const askedAt = performance.now();
      service.signal('SIGINT');
      expect(await service.ended).toEqual({ code: 0, signal: null });
      expect(performance.now() - askedAt).toBeLessThan(10_000);
      socket.destroy();
    },
    180_000,
  );
});

describe('a service that cannot start', () => {
  async function refusal(environment: Record<string, string>): Promise<string[]> {
    const service = house.begin(environment);
    const { code } = await service.ended;
    expect(code).toBe(1);
    expect(service.url()).toBeUndefined();
    return service.errors();
  }

  it('names every bad key of its configuration and shows no value', async () => {
    const lines = await refusal({
      PORT: 'eighty',
      WEBHOOK_SECRETS: 'whsec_short',
      API_KEYS: 'hunter2',
      RUN: 'webhooks,nonsense',
      PLATFORM_TIME_ZONE: 'Mars/Olympus',
      PLATFORM_CURRENCY: 'XXXX',
      TEST_CLOCK_START: '2026-02-30T00:00:00Z',
      LOG_LEVEL: 'loud',
      TELEGRAM_WEBHOOK_SECRET: 'lonely-secret',
      MONGODB_URI: 'postgres://me:pass@host/',
      POLICY_FILE: '/nowhere/policy.json',
    });
    for (const key of [
      'PORT',
      'WEBHOOK_SECRETS',
      'API_KEYS',
      'RUN',
      'PLATFORM_TIME_ZONE',
      'PLATFORM_CURRENCY',
      'TEST_CLOCK_START',
      'LOG_LEVEL',
      'TELEGRAM_WEBHOOK_URL',
      'MONGODB_URI',
      'POLICY_FILE',
    ]) {
      expect(lines.filter((line) => line.startsWith(`settlebot: ${key}`) || line.includes(key))).not.toEqual([]);
    }
    expect(lines.join('\n')).not.toMatch(/eighty|short|hunter2|Olympus|lonely|pass@|loud/);
    expect(lines.every((line) => line.startsWith('settlebot: '))).toBe(true);
  }, 180_000);

  deepTest(
    'refuses the test clock in production',
    async () => {
      expect(await refusal({ NODE_ENV: 'production' })).toEqual([expect.stringContaining('TEST_CLOCK')]);
    },
    180_000,
  );

  deepTest(
    'says in one line that its port is taken',
    async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? String(address.port) : '';
      const lines = await refusal({ PORT: port });
      expect(lines).toEqual([`settlebot: cannot listen on 127.0.0.1:${port}: the port is taken by another program`]);
      await new Promise((resolve) => server.close(resolve));
    },
    180_000,
  );

  deepTest(
    'says in one line that another process has its data, which goes on',
    async () => {
      const first = await house.start();
      const lines = await refusal({});
      expect(lines).toEqual([expect.stringMatching(/^settlebot: the data directory .* is in use by process \d+/)]);
      expect(await health(first)).toBe(200);
    },
    180_000,
  );

  // The commands' tests have it, too.
  deepTest(
    'says in one line that its MongoDB does not answer, without the password',
    async () => {
      const lines = await refusal({ MONGODB_URI: 'mongodb://someone:w0rd@127.0.0.1:1/books' });
      expect(lines).toEqual([
        expect.stringMatching(/^settlebot: the MongoDB of MONGODB_URI \(127\.0\.0\.1:1\) cannot/),
      ]);
      expect(lines.join('')).not.toContain('w0rd');
    },
    180_000,
  );

  deepTest(
    'says in one line that its data directory or what is in it cannot be used',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'settlebot-unusable-'));
      const file = join(folder, 'file');
      await writeFile(file, 'not a directory');
      const own = { WEBHOOK_SECRETS: '', API_KEYS: '' };
      expect(await refusal({ DATA_DIR: file })).toEqual([expect.stringContaining(file)]);
      expect(await refusal({ DATA_DIR: file, ...own })).toEqual([expect.stringContaining(file)]);
      await writeFile(join(folder, 'secrets.json'), '{"webhookSecret":"whsec_');
      expect(await refusal({ DATA_DIR: folder, ...own })).toEqual([expect.stringContaining('secrets.json')]);
      await rm(folder, { recursive: true, force: true });
    },
    180_000,
  );
});

async function health(service: ServiceProcess): Promise<number> {
  return fetch(new URL('/healthz', service.url())).then(
    ({ status }) => status,
    () => 0,
  );
}

/** A request of which only the first half comes. */
async function slowRequest(service: ServiceProcess): Promise<Socket> {
  const { port } = new URL(service.url() ?? '');
  const socket = connect(Number(port), '127.0.0.1');
  socket.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    socket.write(
      'POST /webhooks/platform HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{"a"',
      () => resolve(),
    );
  });
  // The service has seen it once it has answered something that was sent later.
  await health(service);
  return socket;
}
