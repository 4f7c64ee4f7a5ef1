import { Registry } from 'prom-client';

import { realMilliseconds } from '../../src/kernel/clock.ts';
import { type AppDeps, createApp } from '../../webhooks/app.ts';
import { createAnswers } from '../../webhooks/middleware/keptAnswers.ts';
import { createPlatform } from '../support/platform.ts';
import { createWorld, PLATFORM, type PolicyChanges, SECRET } from '../support/world.ts';

const API_KEY = 'key-of-ops';
/** The service's clock in these tests: not the real time, which signatures go by. */
export const NOW = new Date('2026-11-23T06:00:00Z');

export type TestService = Awaited<ReturnType<typeof testService>>;

/** The HTTP side on the real business and a database of its own. */
export async function testService(policy: PolicyChanges = {}, { processes = 1 } = {}) {
  const world = await createWorld({ startsAt: NOW, environment: PLATFORM, policy, processes });
  const { core, errors, connection } = world;
  const answers = createAnswers(connection, realMilliseconds);
  await world.database.buildIndexes();

  const deps: AppDeps = {
    ...core,
    ...core.invoicing,
    ...core.standing,
    webhookSecrets: [SECRET],
    apiKeys: [
      { name: 'ops', key: API_KEY },
      { name: 'finance', key: 'key-of-finance' },
    ],
    ownerKeys: ['ops'],
    answers,
    jobStates: async () => [],
    readiness: async () => ({ ready: true, checks: { database: 'commits' } }),
    metrics: new Registry(),
    log: { error: (...parts: unknown[]) => errors.push(parts), warn: () => {} },
    stopping: () => false,
  };

  /** An app of its own, on the same slices, with what a test wants otherwise. */
  function app(changes: Partial<AppDeps> = {}) {
    return createApp({ ...deps, metrics: new Registry(), ...changes });
  }

  return {
    ...deps,
    ...core,
    world,
    database: world.database,
    app,
    errors,
    platform: createPlatform({ secret: SECRET }),
  };
}

export function bearer(key = API_KEY): { authorization: string } {
  return { authorization: `Bearer ${key}` };
}
