import { z } from '@hono/zod-openapi';

import { instantSchema } from '../src/events/catalogue.ts';
import { readJson } from './api/shared.ts';
import type { ApiApp } from './api/types.ts';
import type { TestClockControl } from './dependencies.ts';
import { HttpProblem } from './problem.ts';

/** The test clock (contract 5). The key has been checked before. */
export function addTestClock(app: ApiApp, control: TestClockControl): void {
  app.get('/test/clock', (c) => c.json({ now: control.now().toISOString() }));

  app.post('/test/clock', async (c) => {
    const { now } = await readJson(c, moveBody);
    const outcome = await control.moveTo(now);
    if (outcome.kind === 'earlier') {
      const members = { state: outcome.now.toISOString(), reason: 'earlier', now: outcome.now.toISOString() };
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
