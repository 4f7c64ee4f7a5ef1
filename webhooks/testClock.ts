import { z } from '@hono/zod-openapi';

import { instantSchema } from '../src/events/catalogue.ts';
import { instant, json, jsonBody, problems, readJson, SECURED } from './api/shared.ts';
import type { ApiApp, TestClockControl } from './dependencies.ts';
import { HttpProblem } from './problem.ts';

/** The test clock (docs/integration.md). The key has been checked before. */
export function addTestClock(app: ApiApp, control: TestClockControl): void {
  describe(app);
  app.get('/test/clock', (c) => c.json({ now: control.now().toISOString() }));

  app.post('/test/clock', async (c) => {
    const { now } = await readJson(c, moveBody);
    const outcome = await control.moveTo(now);
    if (outcome.kind === 'earlier') {
      const stands = outcome.now.toISOString();
      const members = { state: stands, reason: 'earlier', now: stands } as const;
      throw new HttpProblem(409, 'The clock moves forward only.', members);
    }
    const ran = outcome.ran.map(({ job, at }) => ({ job, at: at.toISOString() }));
    return c.json({ now: outcome.now.toISOString(), ran });
  });

  app.post('/test/settle', async (c) => {
    await control.settle();
    return c.json({ now: control.now().toISOString() });
  });
}

const moveBody = z.object({ now: instantSchema });

function describe({ openAPIRegistry }: ApiApp): void {
  const clock = z.object({ now: instant });
  const moved = clock.extend({ ran: z.array(z.object({ job: z.string(), at: instant })) });
  const common = { tags: ['Test clock'], security: SECURED };
  openAPIRegistry.registerPath({
    ...common,
    method: 'get',
    operationId: 'getTestClock',
    path: '/test/clock',
    summary: 'The present instant of the service',
    responses: { 200: json(clock, 'The instant.'), ...problems(401) },
  });
  openAPIRegistry.registerPath({
    ...common,
    method: 'post',
    operationId: 'moveTestClock',
    path: '/test/clock',
    summary: 'Move forward: everything due between runs at its own instant',
    request: jsonBody(clock, true),
    responses: { 200: json(moved, 'Moved, and all is quiet.'), ...problems(400, 401, 409, 422) },
  });
  openAPIRegistry.registerPath({
    ...common,
    method: 'post',
    operationId: 'settleTestClock',
    path: '/test/settle',
    summary: 'Work off what is in hand, without moving',
    responses: { 200: json(clock, 'All is quiet.'), ...problems(401) },
  });
}
