import { Registry } from 'prom-client';

import { readConfig } from '../../src/config.ts';
import { createCore } from '../../src/core.ts';
import { buildIndexes } from '../../src/database/indexes.ts';
import { issueInvoice } from '../../src/invoicing/invoice.ts';
import type { StoredInvoice } from '../../src/invoicing/store.ts';
import { createCalendar } from '../../src/kernel/calendar.ts';
import { realMilliseconds } from '../../src/kernel/clock.ts';
import { policySchema } from '../../src/policy.ts';
import { type AppDeps, createApp } from '../../webhooks/app.ts';
import { createAnswers } from '../../webhooks/middleware/keptAnswers.ts';
import { testDatabase } from '../support/database.ts';
import { createPlatform } from '../support/platform.ts';

export const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const API_KEY = 'key-of-ops';
/** The service's clock in these tests: not the real time, which signatures go by. */
export const NOW = new Date('2026-11-23T06:00:00Z');

const CALENDAR = createCalendar('UTC');
const POLICY = policySchema.parse({});

export type TestService = Awaited<ReturnType<typeof testService>>;

/** The HTTP side on the real business and a database of its own. */
export async function testService() {
  const database = await testDatabase();
  const { connection } = database;
  const errors: unknown[] = [];
  const { config } = configured();
  const core = createCore({ database, config, clock: { now: () => NOW }, onError: (error) => errors.push(error) });
  const { inbox, outgoing, accounts, ledger } = core;
  const answers = createAnswers(connection, realMilliseconds);
  await buildIndexes(connection);

  const deps: AppDeps = {
    ...core,
    ...core.invoicing,
    ...core.standing,
    webhookSecrets: [SECRET],
    apiKeys: [
      { name: 'ops', key: API_KEY },
      { name: 'finance', key: 'key-of-finance' },
    ],
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

  return {
    ...deps,
    inbox,
    outgoing,
    accounts,
    ledger,
    database,
    app,
    errors,
    platform: createPlatform({ secret: SECRET }),
  };
}

/** Webhooks to the platform are stored, and nobody sends them. */
function configured() {
  const read = readConfig({ PLATFORM_WEBHOOK_URL: 'http://127.0.0.1:9', PLATFORM_WEBHOOK_SECRET: SECRET });
  if ('errors' in read) throw new Error(read.errors.join('\n'));
  return read;
}

/** The worked example of rules 1 as an open invoice, 41.08 due from `modelId`, of the week that ends at `NOW`. */
export async function issueExample({ database }: TestService, modelId: string): Promise<string> {
  const line = { late: 0, rateBps: 4_000, campaignId: 'A', contractorId: 'c1' };
  const invoice = issueInvoice(
    {
      modelId,
      week: '2026-W47',
      issuedAt: NOW,
      sums: [
        { ...line, type: 'subscription', count: 10, gross: 9_990 },
        { ...line, type: 'refund', count: 1, gross: -999 },
        { ...line, type: 'tip', count: 2, gross: 2_555, rateBps: 2_500, campaignId: 'B', contractorId: 'c2' },
      ],
      ownDiscountBps: 300,
      volume: 0,
      availableCredit: 0,
    },
    POLICY.invoicing,
    CALENDAR,
  );
  const { invoiceId, ...rest } = invoice;
  const invoices = database.connection.collection<StoredInvoice>('invoices');
  await invoices.insertOne({ ...rest, _id: invoiceId, membersKey: invoiceId });
  return invoiceId;
}

/** Gives a model money. */
export async function topUp({ ledger }: TestService, modelId: string, amount: number): Promise<void> {
  await ledger.append([
    {
      entryId: `topup:${modelId}:${amount}`,
      book: `model:${modelId}`,
      postings: [
        { account: `model:${modelId}`, amount },
        { account: 'world:topups', amount: -amount },
      ],
      effectiveAt: NOW,
    },
  ]);
}

export function bearer(key = API_KEY): { authorization: string } {
  return { authorization: `Bearer ${key}` };
}
