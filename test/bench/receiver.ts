import { Registry } from 'prom-client';

import type { Incoming, Receipt } from '../../src/inbox/inbox.ts';
import { type AppDeps, createApp } from '../../webhooks/app.ts';
import { createAnswers } from '../../webhooks/middleware/keptAnswers.ts';
import { SECRET, type World } from './world.ts';

/** The app as it is served, over an inbox that stores events by `receiveEvent`. */
export function appOver({ core }: World, receiveEvent: (incoming: Incoming) => Promise<Receipt>) {
  const deps: AppDeps = {
    ...core,
    ...core.invoicing,
    ...core.standing,
    webhookSecrets: [SECRET],
    apiKeys: [],
    ownerKeys: [],
    inbox: { ...core.inbox, receive: receiveEvent },
    answers: createAnswers(core.connection, Date.now),
    jobStates: async () => [],
    readiness: async () => ({ ready: true, checks: {} }),
    metrics: new Registry(),
    log: { error: (...parts: unknown[]) => process.stderr.write(`${JSON.stringify(parts)}\n`), warn: () => {} },
    stopping: () => false,
  };
  return createApp(deps);
}
