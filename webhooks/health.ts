import type { Registry } from 'prom-client';

import { messageOf } from '../src/kernel/errors.ts';
import type { ApiApp } from './api/types.ts';
import type { Readiness } from './dependencies.ts';

export type HealthDeps = { readiness(): Promise<Readiness>; stopping(): boolean; metrics: Registry };

/** For whoever runs the service; no key. Alive as long as it answers; ready when events would be taken. */
export function addHealth(app: ApiApp, deps: HealthDeps): void {
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
    return deps.readiness().catch((error: unknown) => ({ ready: false, checks: { error: messageOf(error) } }));
  }
}
