import { Registry } from 'prom-client';

import { createAccounts } from '../../src/accounts/accounts.ts';
import { createAccountStore } from '../../src/accounts/store.ts';
import { createAudit } from '../../src/audit/audit.ts';
import { buildIndexes } from '../../src/database/indexes.ts';
import { createLeases } from '../../src/database/lease.ts';
import { createCatalogue, EVENT_TYPES } from '../../src/events/catalogue.ts';
import { createInbox } from '../../src/events/inbox.ts';
import { createCalendar } from '../../src/kernel/calendar.ts';
import { realMilliseconds } from '../../src/kernel/clock.ts';
import { createLedger } from '../../src/ledger/journal.ts';
import { policySchema } from '../../src/policy.ts';
import { createBilling } from '../../src/revshare/billing.ts';
import { issueInvoice } from '../../src/revshare/invoice.ts';
import { createInvoices } from '../../src/revshare/invoices.ts';
import { createRevshareStore, type StoredInvoice } from '../../src/revshare/store.ts';
import { createTransactions } from '../../src/revshare/transactions.ts';
import { createAnswers } from '../../webhooks/api/answers.ts';
import { type AppDeps, createApp } from '../../webhooks/app.ts';
import { testDatabase } from '../support/database.ts';
import { createPlatform } from '../support/platform.ts';

export const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const API_KEY = 'key-of-ops';
/** The service's clock in these tests: not the real time, which signatures go by. */
export const NOW = new Date('2026-11-23T06:00:00Z');

const CALENDAR = createCalendar('UTC');
const POLICY = policySchema.parse({});

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
  const store = createRevshareStore(connection);
  const billing = createBilling({
    store,
    leases: createLeases(connection),
    calendar: CALENDAR,
    issueTime: { hour: 6, minute: 0 },
  });
  const notices = { tell: async () => {} };
  const transactions = createTransactions({ store, billing, calendar: CALENDAR });
  const invoices = createInvoices({ store, billing, transactions, ledger, notices, audit });
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
    invoices,
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

  return { ...deps, inbox, accounts, ledger, database, app, errors, platform: createPlatform({ secret: SECRET }) };
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
