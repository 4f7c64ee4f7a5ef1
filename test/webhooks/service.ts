import { Registry } from 'prom-client';

import { createAccounts } from '../../src/accounts/accounts.ts';
import { createAccountStore } from '../../src/accounts/store.ts';
import { createAudit } from '../../src/audit/audit.ts';
import { buildIndexes } from '../../src/database/indexes.ts';
import { createCatalogue, EVENT_TYPES } from '../../src/events/catalogue.ts';
import { createInbox } from '../../src/events/inbox.ts';
import { realMilliseconds } from '../../src/kernel/clock.ts';
import { createLedger } from '../../src/ledger/journal.ts';
import { createAnswers } from '../../webhooks/api/answers.ts';
import { type AppDeps, createApp } from '../../webhooks/app.ts';
import { testDatabase } from '../support/database.ts';
import { createPlatform } from '../support/platform.ts';

export const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
export const API_KEY = 'key-of-ops';
/** The service's clock in these tests: not the real time, which signatures go by. */
export const NOW = new Date('2026-11-23T06:00:00Z');

export type TestService = Awaited<ReturnType<typeof testService>>;

/** The HTTP side on real slices and a database of its own. */
export async function testService() {
  const database = await testDatabase();
  const { connection } = database;
  const clock = { now: () => NOW };
  const known: ReadonlySet<string> = new Set(EVENT_TYPES);
  const inbox = createInbox({ connection, clock, knows: (type) => known.has(type) });
  const accounts = createAccounts(createAccountStore(connection));
  const ledger = createLedger({ connection, clock });
  const audit = createAudit(connection);
  const answers = createAnswers(connection, realMilliseconds);
  await buildIndexes(connection);
  const errors: unknown[] = [];

  const deps: AppDeps = {
    webhookSecrets: [SECRET],
    apiKeys: [
      { name: 'ops', key: API_KEY },
      { name: 'finance', key: 'key-of-finance' },
    ],
    currency: 'USD',
    clock,
    catalogue: createCatalogue('USD'),
    inbox,
    accounts,
    invoices: noInvoices(),
    ledger,
    audit,
    answers,
    readiness: async () => ({ ready: true, checks: { database: 'ok' } }),
    metrics: new Registry(),
    log: { error: (...parts: unknown[]) => errors.push(parts) },
    stopping: () => false,
  };

  /** An app of its own, on the same slices, with what a test wants otherwise. */
  function app(changes: Partial<AppDeps> = {}) {
    return createApp({ ...deps, metrics: new Registry(), ...changes });
  }

  return { ...deps, database, app, errors, platform: createPlatform({ secret: SECRET }) };
}

/** Invoices of a service that has issued none. */
export function noInvoices(): AppDeps['invoices'] {
  return {
    get: async () => null,
    list: async () => ({ items: [], next: null }),
    pay: async () => ({ kind: 'not-found' }),
    void: async () => ({ kind: 'not-found' }),
  };
}

export function bearer(key = API_KEY): { authorization: string } {
  return { authorization: `Bearer ${key}` };
}
