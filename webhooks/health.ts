import { z } from '@hono/zod-openapi';
import type { Registry } from 'prom-client';

import { withTimeout } from '../src/kernel/wait.ts';
import { json } from './api/shared.ts';
import type { ApiApp, Readiness } from './dependencies.ts';

export type HealthDeps = { readiness(): Promise<Readiness>; stopping(): boolean; metrics: Registry };

/** For whoever runs the service; no key. Alive as long as it answers; ready when events would be taken. */
export function addHealth(app: ApiApp, deps: HealthDeps): void {
  describe(app);
  app.get('/healthz', (c) => c.json({ status: 'ok' }));

  app.get('/readyz', async (c) => {
    const { ready, checks } = await readiness();
    return c.json({ status: ready ? 'ready' : 'not-ready', checks }, ready ? 200 : 503);
  });

  app.get('/metrics', async (c) => {
    return c.body(await deps.metrics.metrics(), 200, { 'content-type': deps.metrics.contentType });
  });

  async function readiness(): Promise<Readiness> {
    if (deps.stopping()) return { ready: false, checks: { stopping: true } };
    // The database's own words are for the log: they name hosts and collections.
    return withTimeout(ANSWER_WITHIN_MS, deps.readiness(), 'no answer in time').catch(() => ({
      ready: false,
      checks: { database: 'does not answer' },
    }));
  }
}

/** A silent database must not hold up the answer for longer than its caller waits. */
const ANSWER_WITHIN_MS = 2_000;

function describe({ openAPIRegistry }: ApiApp): void {
  const checks = z.object({ status: z.enum(['ready', 'not-ready']), checks: z.record(z.string(), z.unknown()) });
  const common = { tags: ['Health'], method: 'get' as const };
  openAPIRegistry.registerPath({
    ...common,
    path: '/healthz',
    summary: 'Whether the service is alive',
    responses: { 200: json(z.object({ status: z.literal('ok') }), 'It is.') },
  });
  openAPIRegistry.registerPath({
    ...common,
    path: '/readyz',
    summary: 'Whether the service takes work',
    responses: { 200: json(checks, 'It does.'), 503: json(checks, 'It does not; `checks` says why.') },
  });
  openAPIRegistry.registerPath({
    ...common,
    path: '/metrics',
    summary: 'Metrics in Prometheus text format',
    responses: { 200: { content: { 'text/plain': { schema: z.string() } }, description: 'All of them.' } },
  });
}
