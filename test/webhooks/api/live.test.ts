import { request } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { type Listening, listen } from '../../../webhooks/server.ts';
import { deepTest } from '../../support/depth.ts';
import { tell } from '../../support/events.ts';
import { eventually } from '../../support/eventually.ts';
import { bearer, type TestService, testService } from '../service.ts';

let service: TestService;
let server: Listening;
beforeAll(async () => {
  service = await testService();
  const app = service.app({ liveTimes: { heartbeatMs: 1_500, lifeMs: 60_000 } });
  server = await listen(app, { host: '127.0.0.1', port: 0 });
});
afterAll(() => server.close());

deepTest('streams what changes, with signs of life between, to keys that may read', async () => {
  const stream = await connect();
  expect([stream.status, stream.headers['content-type'], stream.headers['x-accel-buffering']]).toEqual([
    ...[200, 'text/event-stream', 'no'],
  ]);
  await service.world.send(tell.account('m1', 'model'));
  await eventually(() => stream.text().includes('"subject":"account:m1"'));
  await eventually(() => stream.text().includes(': still here'));
  const [first, ...rest] = stream.text().split('\n\n');
  expect(first).toMatch(/^retry: 3000\nid: \d+$/);
  expect(rest).toContain(': still here');
  const event = rest.find((one) => one.includes('account:m1')) ?? '';
  const [, data = ''] = /^data: (.*)\nid: \d+$/.exec(event) ?? [];
  expect(JSON.parse(data)).toEqual({ topic: 'accounts', subject: 'account:m1', at: expect.any(String) });
  stream.end();
});

deepTest('tells who comes back what was missed', async () => {
  const lastId = String(Date.now());
  await service.world.send(tell.account('m2', 'model'));
  const stream = await connect({ 'last-event-id': lastId });
  await eventually(() => stream.text().includes('account:m2'));
  stream.end();
});

it('answers a HEAD with nothing that goes on, and a stranger not at all', async () => {
  const app = service.app();
  const head = await app.request('/v1/live', { method: 'HEAD', headers: bearer() });
  expect([head.status, await head.text()]).toEqual([200, '']);
  expect((await app.request('/v1/live')).status).toBe(401);
});

it('frees the place of whoever goes, and of whoever reads nothing', async () => {
  const places: (() => void)[] = [];
  const fill = () => {
    for (;;) {
      const leave = service.live.listen(
        () => {},
        () => {},
      );
      if (leave === null) return places.length;
      places.push(leave);
    }
  };
  const stream = await connect();
  fill();
  expect(places).toHaveLength(199);
  const refused = await service.app().request('/v1/live', { headers: bearer() });
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
  stream.end();
  await eventually(() => fill() === 200);

  places.splice(0, 1)[0]?.();
  // In memory nothing is read until somebody asks for it: the second sign of life finds the first.
  const unread = await service.app({ liveTimes: { heartbeatMs: 20, lifeMs: 60_000 } }).request('/v1/live', {
    headers: bearer(),
  });
  expect(unread.status).toBe(200);
  await eventually(() => fill() === 200);
  for (const leave of places) leave();
});

it('ends when its time is over, and when the service stops, at once', async () => {
  const short = await service.app({ liveTimes: { heartbeatMs: 100, lifeMs: 50 } }).request('/v1/live', {
    headers: bearer(),
  });
  expect(await short.text()).toContain('retry: 3000');
  const stream = await connect();
  await service.live.stop();
  await eventually(() => stream.hasEnded());
  const began = performance.now();
  await server.close();
  // Not the five seconds after which it would be cut off.
  expect(performance.now() - began).toBeLessThan(4_000);
});

type Stream = {
  status: number | undefined;
  headers: Record<string, unknown>;
  text(): string;
  hasEnded(): boolean;
  end(): void;
};

function connect(headers: Record<string, string> = {}): Promise<Stream> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { port: server.port, host: '127.0.0.1', path: '/v1/live', headers: { ...bearer(), ...headers } },
      (response) => {
        let text = '';
        let ended = false;
        response.on('data', (part: Buffer) => {
          text += part.toString();
        });
        response.on('close', () => {
          ended = true;
        });
        resolve({
          ...{ status: response.statusCode, headers: response.headers, text: () => text, hasEnded: () => ended },
          end: () => asked.destroy(),
        });
      },
    );
    asked.on('error', reject);
    asked.end();
  });
}
