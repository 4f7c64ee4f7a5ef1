import { createTelegramBot, type TelegramBotDependencies } from '../../bots/telegram/bot.ts';
import { createBotStore } from '../../bots/telegram/store.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { createCore } from '../../src/core.ts';
import { buildIndexes } from '../../src/database/indexes.ts';
import type { Role } from '../../src/events/catalogue.ts';
import { issueInvoice, type LineSum } from '../../src/invoicing/invoice.ts';
import type { StoredInvoice } from '../../src/invoicing/store.ts';
import { createCalendar } from '../../src/kernel/calendar.ts';
import type { Notice } from '../../src/notices/notices.ts';
import { defaultPolicy } from '../../src/policy.ts';
import { testDatabase } from '../support/database.ts';
import type { TelegramStandIn } from '../support/telegram.ts';

/** Monday, the moment the invoices of week 47 are issued. */
export const MONDAY = new Date('2026-11-23T06:00:00Z');
const PLATFORM = { timeZone: 'UTC', currency: 'USD' };

export type World = Awaited<ReturnType<typeof createWorld>>;

/** The business on a database of its own, with a clock that stands where a test puts it. */
export async function createWorld() {
  const database = await testDatabase();
  let now = MONDAY;
  const clock = { now: () => now };
  const calendar = createCalendar('UTC');
  const core = createCore({ database, config: configured(), clock, onError: fail });
  const { connection, accounts, noticeStore, notices, audit, ledger, leases, inbox, outgoing } = core;
  const { invoices } = core.invoicing;
  const store = connection.collection<StoredInvoice>('invoices');
  const logged: string[] = [];
  const bots: { stop(): Promise<void> }[] = [];
  let topUps = 0;
  let versions = 0;

  async function account(accountId: string, role: Role, name = accountId, more: { timeZone?: string } = {}) {
    versions += 1;
    const data = { accountId, role, name, ...more };
    await accounts.applyUpdates([{ eventId: `a${versions}`, timestamp: new Date(versions), data }]);
  }

  /** A person with an account, linked to a Telegram chat of this id. */
  async function linked(
    accountId: string,
    role: Role,
    chat: number,
    name = accountId,
    more: { timeZone?: string } = {},
  ) {
    await account(accountId, role, name, more);
    const code = await accounts.createLinkCode(accountId, now);
    await accounts.link(code?.code ?? '', 'telegram', String(chat), String(chat), now);
  }

  async function topUp(modelId: string, amount: number): Promise<void> {
    topUps += 1;
    await ledger.append([
      {
        entryId: `topup:t${topUps}`,
        book: `model:${modelId}`,
        postings: [
          { account: `model:${modelId}`, amount },
          { account: 'world:topups', amount: -amount },
        ],
        effectiveAt: now,
      },
    ]);
  }

  /** An open invoice over these lines; the worked example of rules 1, $41.08, unless told. */
  async function issue(modelId: string, week = '2026-W47', sums: LineSum[] = EXAMPLE): Promise<string> {
    const facts = { modelId, week, issuedAt: calendar.issueInstant(week, { hour: 6, minute: 0 }), sums };
    const { invoiceId, ...rest } = issueInvoice(
      { ...facts, ownDiscountBps: 300, volume: 0, availableCredit: 0 },
      defaultPolicy.invoicing,
      calendar,
    );
    await store.insertOne({ ...rest, _id: invoiceId, membersKey: invoiceId });
    return invoiceId;
  }

  function bot(telegram: Pick<TelegramStandIn, 'root' | 'token'>, changes: Partial<TelegramBotDependencies> = {}) {
    const log = (text: string) => {
      logged.push(text);
    };
    const created = createTelegramBot({
      connection,
      settings: { token: telegram.token, apiRoot: telegram.root },
      accounts,
      notices,
      noticeStore,
      leases,
      run: core.runCommand,
      clock,
      platform: PLATFORM,
      log: { info: log, warn: log, error: log },
      ...changes,
    });
    bots.push(created);
    created.start();
    return created;
  }

  async function close(): Promise<void> {
    await Promise.all(bots.map((one) => one.stop()));
    await database.close();
  }

  createBotStore(connection, 'for its indexes');
  await buildIndexes(connection);
  return {
    database,
    connection,
    clock,
    setNow: (at: Date) => {
      now = at;
    },
    accounts,
    noticeStore,
    notices,
    audit,
    ledger,
    inbox,
    outgoing,
    invoices,
    leases,
    run: core.runCommand,
    logged,
    account,
    linked,
    topUp,
    issue,
    bot,
    close,
  };
}

/** Nobody wants quiet: what these tests send is to arrive at once. Webhooks are stored, and nobody sends them. */
function configured(): Config {
  const read = readConfig({
    PLATFORM_WEBHOOK_URL: 'http://127.0.0.1:9',
    PLATFORM_WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  });
  if ('errors' in read) throw new Error(read.errors.join('\n'));
  const notices = { quietFrom: '00:00', quietUntil: '00:00' };
  return { ...read.config, policy: { ...read.config.policy, notices } };
}

function fail(error: unknown): never {
  throw error;
}

const LINE = { late: 0, rateBps: 4_000, campaignId: 'A', contractorId: 'm1' };
const EXAMPLE: LineSum[] = [
  { ...LINE, type: 'subscription', count: 10, gross: 9_990 },
  { ...LINE, type: 'refund', count: 1, gross: -999 },
  { ...LINE, type: 'tip', count: 2, gross: 2_555, rateBps: 2_500, campaignId: 'B', contractorId: 'm2' },
];

/** A small notice, for tests that count messages. */
export function noticeTo(accountId: string, key: string): Notice {
  return {
    key,
    accountId,
    kind: 'invoice.paid',
    data: { invoiceId: key, week: '2026-W47', total: 4_108, paidAt: MONDAY, balance: 0, by: 'top-up' },
    urgent: false,
    at: MONDAY,
  };
}

/** Waits until something is so, looking often; fails after `timeoutMs` of real time. */
export async function until(condition: () => boolean | Promise<boolean>, timeoutMs = 10_000): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not so after ${timeoutMs} ms: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
