import { readConfig } from '../../src/config.ts';
import { createCore } from '../../src/core.ts';
import { buildIndexes } from '../../src/database/indexes.ts';
import type { Role } from '../../src/events/catalogue.ts';
import { issueInvoice } from '../../src/invoicing/invoice.ts';
import type { StoredInvoice } from '../../src/invoicing/store.ts';
import { createCalendar } from '../../src/kernel/calendar.ts';
import type { Message } from '../../src/notices/messages/message.ts';
import { defaultPolicy } from '../../src/policy.ts';
import { dunningSteps } from '../../src/standing/dunningSteps.ts';
import { testDatabase } from '../support/database.ts';

export type LateWorld = Awaited<ReturnType<typeof createLateWorld>>;

/** The business over a database of its own, with late payers in it; its clock stands where a test puts it. */
export async function createLateWorld(startsAt = '2026-03-16T06:00:00Z') {
  const database = await testDatabase();
  const calendar = createCalendar('UTC');
  const read = readConfig({
    PLATFORM_WEBHOOK_URL: 'http://127.0.0.1:9',
    PLATFORM_WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  });
  if ('errors' in read) throw new Error(read.errors.join('\n'));
  let now = new Date(startsAt);
  const clock = { now: () => now };
  const core = createCore({
    database,
    config: read.config,
    clock,
    onError: (error) => {
      throw error;
    },
  });
  await buildIndexes(core.connection);
  let counted = 0;

  /** A person of a role, linked to a chat of each channel; what they type or press in Telegram is answered. */
  async function person(accountId: string, role: Role, more: { name?: string; timeZone?: string } = {}) {
    await become(accountId, role, more);
    counted += 1;
    const userId = String(7_000 + counted);
    for (const channel of ['telegram', 'discord'] as const) {
      const made = await core.accounts.createLinkCode(accountId, now);
      await core.accounts.link(made?.code ?? '', channel, userId, userId, now);
    }
    const type = (text: string) => core.runCommand({ channel: 'telegram', userId, chatId: userId }, text);
    const inDiscord = (text: string) => core.runCommand({ channel: 'discord', userId, chatId: userId }, text);
    const press = (message: Message, label: string) => type(buttonOf(message, label));
    return { accountId, userId, type, inDiscord, press };
  }

  async function become(accountId: string, role: Role, more: { name?: string; timeZone?: string } = {}) {
    counted += 1;
    const data = { accountId, role, name: accountId, ...more };
    await core.accounts.applyUpdates([{ eventId: `v${counted}`, timestamp: new Date(counted), data }]);
  }

  /** An invoice over so many cents, issued on the Monday after its week. */
  async function issue(modelId: string, week: string, total: number): Promise<string> {
    const sums = [
      { campaignId: 'A', contractorId: 'c', type: 'tip', count: 1, gross: total, rateBps: 10_000, late: 0 } as const,
    ];
    const issuedAt = calendar.issueInstant(week, { hour: 6, minute: 0 });
    const { invoiceId, ...rest } = issueInvoice(
      { modelId, week, issuedAt, sums, ownDiscountBps: 0, volume: 0, availableCredit: 0 },
      defaultPolicy.invoicing,
      calendar,
    );
    const [step] = dunningSteps(rest, defaultPolicy.sanctions, calendar);
    const stored = { ...rest, _id: invoiceId, membersKey: invoiceId, ...(step ? { nextStepAt: step.at } : {}) };
    await core.connection.collection<StoredInvoice>('invoices').insertOne(stored);
    return invoiceId;
  }

  async function topUp(modelId: string, amount: number): Promise<void> {
    counted += 1;
    const postings = [
      { account: `model:${modelId}`, amount },
      { account: 'world:topups', amount: -amount },
    ];
    await core.ledger.append([{ entryId: `topup:${counted}`, book: `model:${modelId}`, postings, effectiveAt: now }]);
  }

  /** Moves on, and does what is due on the way, each thing at its own instant. */
  async function moveTo(at: string): Promise<void> {
    const end = new Date(at);
    for (;;) {
      const next = await core.standing.dunning.nextDue();
      if (next === null || next > end) break;
      now = next > now ? next : now;
      await core.standing.dunning.run(now);
    }
    now = end;
  }

  async function trail(subject: string) {
    return (await core.audit.list({ subject, limit: 50 })).items;
  }

  return {
    ...{ core, clock, person, become, issue, topUp, moveTo, trail },
    close: database.close,
  };
}

export function text(message: Message): string {
  return [
    message.title ?? '',
    ...message.paragraphs,
    ...(message.table?.rows ?? []).map((row) => row.join(' · ')),
    ...(message.facts ?? []).map((fact) => fact.join(': ')),
    message.footer ?? '',
  ].join('\n');
}

export function labels(message: Message): string[] {
  return message.buttons.flat().map(({ label }) => label);
}

/** The command of the button with this label, or of the first whose label begins so. */
export function buttonOf(message: Message, label: string): string {
  const found = message.buttons.flat().find((button) => button.label.startsWith(label));
  if (found === undefined) throw new Error(`no button ${label} among: ${labels(message).join(', ')}`);
  return found.command;
}
