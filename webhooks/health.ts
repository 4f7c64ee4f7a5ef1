import { z } from '@hono/zod-openapi';
import type { Registry } from 'prom-client';
import { type TroubleKind, troubleKind } from '../src/database/trouble.ts';
import type { DatabaseCheck } from '../src/kernel/checks.ts';
import { shareFor } from '../src/kernel/shared.ts';
import { withTimeout } from '../src/kernel/wait.ts';
import { json } from './api/shared.ts';
import type { ApiApp, Readiness } from './dependencies.ts';

export type HealthDeps = { readiness(): Promise<Readiness>; stopping(): boolean; metrics: Registry };

/** Alive as long as it answers; for whoever watches the service, without a key. */
export function addLiveness(app: ApiApp): void {
  describeLiveness(app);
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
}

/**
 * Ready when events would be taken, and the metrics; no key. However many ask, the database is asked once a second, and
 * the text is made once.
 */
export function addOperations(app: ApiApp, deps: HealthDeps): void {
  describeOperations(app);
  const milliseconds = () => performance.now();
  const askDatabase = shareFor(FRESH_MS, milliseconds, deps.readiness);
  const metrics = shareFor(FRESH_MS, milliseconds, async () => new TextEncoder().encode(await deps.metrics.metrics()));

  app.get('/readyz', async (c) => {
    const { ready, checks } = await readiness();
    return c.json({ status: ready ? 'ready' : 'not-ready', checks }, ready ? 200 : 503);
  });

  app.get('/metrics', async (c) => {
    return c.body(await metrics(), 200, { 'content-type': deps.metrics.contentType });
  });

  async function readiness(): Promise<Readiness> {
    if (deps.stopping()) return { ready: false, checks: { stopping: true } };
    // The database's own words are for the log: they name hosts and collections.
    return withTimeout(ANSWER_WITHIN_MS, askDatabase(), 'no answer in time').catch((error: unknown) => ({
      ready: false,
      checks: { database: UNREADY[troubleKind(error)] },
    }));
  }
}

const UNREADY: Record<TroubleKind, DatabaseCheck> = {
  'no-primary': 'has no primary',
  'no-majority': 'has no majority',
  network: 'cannot be reached',
  late: 'commits nothing in time',
  pool: 'leaves no connection free',
  other: 'does not answer',
};

/** A silent database must not hold up the answer for longer than its caller waits. */
const ANSWER_WITHIN_MS = 2_000;
/** How old an answer may be: those who watch ask every few seconds. */
const FRESH_MS = 1_000;

const CHECKS = z.object({ status: z.enum(['ready', 'not-ready']), checks: z.record(z.string(), z.unknown()) });
const COMMON = { tags: ['Health'], method: 'get' as const, security: [] };

function describeLiveness({ openAPIRegistry }: ApiApp): void {
  openAPIRegistry.registerPath({
    ...COMMON,
    operationId: 'getLiveness',
    path: '/healthz',
    summary: 'Whether the service is alive',
    responses: { 200: json(z.object({ status: z.literal('ok') }), 'It is.') },
  });
}

function describeOperations({ openAPIRegistry }: ApiApp): void {
  openAPIRegistry.registerPath({
    ...COMMON,
    operationId: 'getReadiness',
    path: '/readyz',
    summary: 'Whether the service takes work',
    responses: { 200: json(CHECKS, 'It does.'), 503: json(CHECKS, 'It does not; `checks` says why.') },
  });
  openAPIRegistry.registerPath({
    ...COMMON,
    operationId: 'getMetrics',
    path: '/metrics',
    summary: 'Metrics in Prometheus text format',
    responses: { 200: { content: { 'text/plain': { schema: z.string() } }, description: 'All of them.' } },
  });
}
