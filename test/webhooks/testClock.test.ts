import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { TestClockControl } from '../../webhooks/dependencies.ts';
import { bearer, type TestService, testService } from './service.ts';

const START = '2026-11-21T00:00:00.000Z';
const MONDAY = '2026-11-23T06:00:00.000Z';

let service: TestService;
let app: ReturnType<TestService['app']>;
let settled: number;
beforeAll(async () => {
  service = await testService();
});
beforeEach(() => {
  settled = 0;
  app = service.app({ testClock: clockFrom(new Date(START)) });
});
afterAll(() => service.database.close());

describe('the test clock', () => {
  it('is not there unless it is given', async () => {
    expect((await service.app().request('/test/clock', { headers: bearer() })).status).toBe(404);
  });

  it('needs the API key', async () => {
    expect((await app.request('/test/clock')).status).toBe(401);
    expect((await app.request('/test/clock', { method: 'POST' })).status).toBe(401);
    expect((await app.request('/test/settle', { method: 'POST' })).status).toBe(401);
  });

  it('tells the instant', async () => {
    expect(await (await app.request('/test/clock', { headers: bearer() })).json()).toEqual({ now: START });
  });

  it('moves forward and tells what ran', async () => {
    const response = await move({ now: '2026-11-23T07:00:00+01:00' });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ now: MONDAY, ran: [{ job: 'invoicing', at: MONDAY }] });
  });

  it('does not move back', async () => {
    const response = await move({ now: '2026-11-20T00:00:00Z' });
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({ now: START, reason: 'earlier' });
  });

  it.each([[{}], [{ now: 'monday' }], [{ now: '2026-02-30T00:00:00Z' }], [{ now: '2026-11-23T24:00:00Z' }], [[]]])(
    'refuses %j',
    async (body) => {
      const response = await move(body);
      expect(response.status).toBe(422);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
    },
  );

  it('refuses a body that is not JSON', async () => {
    expect((await app.request('/test/clock', { method: 'POST', headers: JSON_TYPE, body: '{' })).status).toBe(400);
  });

  it('settles without moving', async () => {
    const response = await app.request('/test/settle', { method: 'POST', headers: bearer() });
    expect(await response.json()).toEqual({ now: START });
    expect(settled).toBe(1);
  });
});

const JSON_TYPE = { ...bearer(), 'content-type': 'application/json' };

async function move(body: unknown): Promise<Response> {
  return app.request('/test/clock', { method: 'POST', headers: JSON_TYPE, body: JSON.stringify(body) });
}

/** A clock whose only job is due at the instant it is moved to. */
function clockFrom(start: Date): TestClockControl {
  let now = start;
  return {
    now: () => now,
    moveTo: async (at) => {
      if (at < now) return { kind: 'earlier', now };
      now = at;
      return { kind: 'moved', now, ran: [{ job: 'invoicing', at }] };
    },
    settle: async () => {
      settled += 1;
    },
  };
}
