import { createDiscordBot, type DiscordBotDependencies } from '../../../bots/discord/bot.ts';
import { readConfig } from '../../../src/config.ts';
import { createCore } from '../../../src/core.ts';
import { buildIndexes } from '../../../src/database/indexes.ts';
import type { Role } from '../../../src/events/catalogue.ts';
import { issueInvoice, type LineSum } from '../../../src/invoicing/invoice.ts';
import { createCalendar } from '../../../src/kernel/calendar.ts';
import { defaultPolicy } from '../../../src/policy.ts';
import { testDatabase } from '../../support/database.ts';
import { type DiscordStandIn, GUILD } from '../../support/discord.ts';

/** The Monday on which the invoices of week 47 are issued, at an hour at which everybody may be written to. */
export const MONDAY = new Date('2026-11-23T12:00:00Z');

export type DiscordWorld = Awaited<ReturnType<typeof createDiscordWorld>>;

/** The whole business on a database of its own, with a clock that stands where a test puts it. */
export async function createDiscordWorld() {
  const database = await testDatabase();
  const { connection } = database;
  let now = MONDAY;
  const read = readConfig({});
  if ('errors' in read) throw new Error(read.errors.join('\n'));
  const failed: unknown[] = [];
  const core = createCore({
    database,
    config: read.config,
    clock: { now: () => now },
    onError: (error) => failed.push(error),
  });
  const calendar = createCalendar('UTC');
  const logged: string[] = [];
  const bots: { stop(): Promise<void> }[] = [];
  let counter = 0;

  async function account(accountId: string, role: Role, name = accountId): Promise<void> {
    counter += 1;
    const data = { accountId, role, name };
    await core.accounts.applyUpdates([{ eventId: `a${counter}`, timestamp: new Date(counter), data }]);
  }

  async function code(accountId: string): Promise<string> {
    return (await core.accounts.createLinkCode(accountId, now))?.code ?? '';
  }

  /** A person with an account, linked to a Discord user. */
  async function linked(accountId: string, role: Role, user: number, name = accountId): Promise<void> {
    await account(accountId, role, name);
    await core.accounts.link(await code(accountId), 'discord', String(user), String(user), now);
  }

  async function topUp(modelId: string, amount: number): Promise<void> {
    counter += 1;
    await core.ledger.append([
      {
        entryId: `topup:t${counter}`,
        book: `model:${modelId}`,
        postings: [
          { account: `model:${modelId}`, amount },
          { account: 'world:topups', amount: -amount },
        ],
        effectiveAt: now,
      },
    ]);
  }

  /** An open invoice over the worked example of rules 1, $41.08. */
  async function issue(modelId: string, week = '2026-W47'): Promise<string> {
    const facts = { modelId, week, issuedAt: calendar.issueInstant(week, { hour: 6, minute: 0 }), sums: EXAMPLE };
    const { invoiceId, ...rest } = issueInvoice(
      { ...facts, ownDiscountBps: 300, volume: 0, availableCredit: 0 },
      defaultPolicy.invoicing,
      calendar,
    );
    await connection
      .collection<{ _id: string }>('invoices')
      .insertOne({ ...rest, _id: invoiceId, membersKey: invoiceId } as { _id: string });
    return invoiceId;
  }

  /** An order of ten fans at a dollar each, placed now. */
  async function placed(orderId: string, modelId: string, marketerId: string): Promise<void> {
    const data = { orderId, modelId, marketerId, offerId: 'o', quantity: 10, pricePerFan: 100, prepaid: false };
    const event = { type: 'order.placed', timestamp: now, data: { ...data, placedAt: now.toISOString() } };
    await core.inbox.receive({ ...event, id: `placed-${orderId}`, body: JSON.stringify(event), known: true });
    await core.inboxWorker.drain();
  }

  /** An event that could not be applied. */
  async function quarantined(eventId: string): Promise<void> {
    const body = JSON.stringify({ type: 'balance.topped_up', timestamp: MONDAY, data: { topUpId: eventId } });
    await core.inbox.receive({ id: eventId, type: 'balance.topped_up', timestamp: MONDAY, body, known: true });
    await connection
      .collection<{ _id: string }>('events')
      .updateOne({ _id: eventId }, { $set: { status: 'quarantined', error: 'account x is not known' } });
  }

  function bot(
    discord: Pick<DiscordStandIn, 'root' | 'token' | 'applicationId'>,
    changes: Partial<DiscordBotDependencies> = {},
  ) {
    const log = (text: string) => {
      logged.push(text);
    };
    const created = createDiscordBot({
      ...core,
      settings: {
        token: discord.token,
        applicationId: discord.applicationId,
        guildId: GUILD,
        apiRoot: discord.root,
      },
      run: core.runCommand,
      suggest: core.suggestArguments,
      log: { info: log, warn: log, error: log },
      ...changes,
    });
    bots.push(created);
    created.start();
    return created;
  }

  async function close(): Promise<void> {
    await Promise.all(bots.map((one) => one.stop()));
    await core.inbox.stop();
    await database.close();
  }

  await buildIndexes(connection);
  return {
    core,
    connection,
    now: () => now,
    setNow: (at: Date) => {
      now = at;
    },
    failed,
    logged,
    account,
    code,
    linked,
    topUp,
    issue,
    placed,
    quarantined,
    bot,
    close,
  };
}

const LINE = { late: 0, rateBps: 4_000, campaignId: 'A', contractorId: 'm1' };
const EXAMPLE: LineSum[] = [
  { ...LINE, type: 'subscription', count: 10, gross: 9_990 },
  { ...LINE, type: 'refund', count: 1, gross: -999 },
  { ...LINE, type: 'tip', count: 2, gross: 2_555, rateBps: 2_500, campaignId: 'B', contractorId: 'm2' },
];
