import { Registry } from 'prom-client';

import { type AppDeps, createApp } from '../../webhooks/app.ts';
import { createAnswers } from '../../webhooks/middleware/keptAnswers.ts';
import { SECRET, type World } from './world.ts';

/** The app as it is served over a world, with `more` in the place of its parts; nobody has a key unless it says so. */
export function appOver({ core }: World, more: Partial<AppDeps> = {}) {
  const deps: AppDeps = {
    ...core,
    ...core.invoicing,
    ...core.standing,
    webhookSecrets: [SECRET],
    apiKeys: [],
    ownerKeys: [],
    answers: createAnswers(core.connection, Date.now),
    jobStates: async () => [],
    readiness: async () => ({ ready: true, checks: {} }),
    metrics: new Registry(),
    log: { error: (...parts: unknown[]) => process.stderr.write(`${JSON.stringify(parts)}\n`), warn: () => {} },
    stopping: () => false,
    ...more,
  };
  return createApp(deps);
}
