import type { Core } from '../../src/core.ts';
import type { Role } from '../../src/events/catalogue.ts';
import { issueInvoice, type LineSum } from '../../src/invoicing/invoice.ts';
import type { StoredInvoice } from '../../src/invoicing/store.ts';
import { createCalendar } from '../../src/kernel/calendar.ts';
import { defaultPolicy } from '../../src/policy.ts';
import { dunningSteps } from '../../src/standing/dunningSteps.ts';

type Channel = 'telegram' | 'discord';

/** People, money and invoices, put where they belong without an event that says so. */
export function shortcutsOf(core: () => Core, now: () => Date) {
  let counted = 0;

  /** An account, or a later version of it. */
  async function account(accountId: string, role: Role, more: { name?: string; timeZone?: string } = {}) {
    counted += 1;
    const data = { accountId, role, name: accountId, ...more };
    await core().accounts.applyUpdates([{ eventId: `account-${counted}`, timestamp: new Date(counted), data }]);
  }

  async function linkCode(accountId: string): Promise<string> {
    return (await core().accounts.createLinkCode(accountId, now()))?.code ?? '';
  }

  /** Links an account to a user of a channel, whose chat with the bot has the same id, whoever had it before. */
  async function link(accountId: string, channel: Channel, user: string | number): Promise<void> {
    await core().accounts.unlink(channel, String(user));
    await core().accounts.link(await linkCode(accountId), channel, String(user), String(user), now());
  }

  async function topUp(modelId: string, amount: number): Promise<void> {
    counted += 1;
    const account = `model:${modelId}`;
    const postings = [
      { account, amount },
      { account: 'world:topups', amount: -amount },
    ];
    await core().ledger.append([{ entryId: `topup:t${counted}`, book: account, postings, effectiveAt: now() }]);
  }

  /** An open invoice, issued on the Monday after its week; over the worked example of rules 1, $41.08, unless told. */
  async function issue(
    modelId: string,
    week = '2026-W47',
    { sums = EXAMPLE, ownDiscountBps = 300 }: { sums?: LineSum[]; ownDiscountBps?: number } = {},
  ): Promise<string> {
    const issuedAt = CALENDAR.issueInstant(week, { hour: 6, minute: 0 });
    const facts = { modelId, week, issuedAt, sums, ownDiscountBps, volume: 0, availableCredit: 0 };
    const { invoiceId, ...rest } = issueInvoice(facts, defaultPolicy.invoicing, CALENDAR);
    const [step] = dunningSteps(rest, defaultPolicy.sanctions, CALENDAR);
    const nextStep = step === undefined ? {} : { nextStepAt: step.at };
    const invoices = core().connection.collection<StoredInvoice>('invoices');
    await invoices.insertOne({ ...rest, ...nextStep, _id: invoiceId, membersKey: invoiceId });
    return invoiceId;
  }

  /** The webhooks to the platform with what they say, the newest first. */
  async function webhooks() {
    const { outgoing } = core();
    const { items } = await outgoing.list({ limit: 500 });
    const whole = await Promise.all(items.map(({ webhookId }) => outgoing.get(webhookId)));
    return whole.filter((webhook) => webhook !== null);
  }

  return { account, linkCode, link, topUp, issue, webhooks };
}

const CALENDAR = createCalendar('UTC');
const LINE = { late: 0, rateBps: 4_000, campaignId: 'A', contractorId: 'm1' };
const EXAMPLE: LineSum[] = [
  { ...LINE, type: 'subscription', count: 10, gross: 9_990 },
  { ...LINE, type: 'refund', count: 1, gross: -999 },
  { ...LINE, type: 'tip', count: 2, gross: 2_555, rateBps: 2_500, campaignId: 'B', contractorId: 'm2' },
];
