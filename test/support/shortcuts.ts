import { chatActor } from '../../src/accounts/account.ts';
import { refOf } from '../../src/accounts/chatRefs.ts';
import { createAccountStore } from '../../src/accounts/store.ts';
import type { EndedLink } from '../../src/accounts/takeCode.ts';
import type { Core } from '../../src/core.ts';
import type { Role } from '../../src/events/catalogue.ts';
import type { StoredEvent } from '../../src/inbox/store.ts';
import { issueInvoice, type LineSum } from '../../src/invoicing/invoice.ts';
import type { StoredInvoice } from '../../src/invoicing/store.ts';
import { createCalendar } from '../../src/kernel/calendar.ts';
import { topUpEntry } from '../../src/ledger/topUps.ts';
import { defaultPolicy } from '../../src/policy.ts';
import { dunningSteps } from '../../src/standing/dunningSteps.ts';
import { misfitsOf } from './webhookData.ts';

type Channel = 'telegram' | 'discord';

/** People, money and invoices, put where they belong; of people and money an event tells that counts as applied. */
export function shortcutsOf(core: () => Core, now: () => Date) {
  let counted = 0;

  /** An account, or a later version of it. */
  async function account(accountId: string, role: Role, more: { name?: string; timeZone?: string } = {}) {
    counted += 1;
    const data = { accountId, role, name: accountId, ...more };
    const [eventId, timestamp] = [`account-${counted}`, new Date(counted)];
    await told(eventId, 'account.updated', timestamp, data);
    await core().accounts.applyUpdates([{ eventId, timestamp, data }]);
  }

  async function linkCode(accountId: string): Promise<string> {
    await core().audit.record({
      actor: 'ops',
      action: 'account.link-code',
      subject: `account:${accountId}`,
      at: now(),
    });
    return (await core().accounts.createLinkCode(accountId, now()))?.code ?? '';
  }

  /** Links an account to a user of a channel, whose chat with the bot has the same id, whoever had it before. */
  async function link(accountId: string, channel: Channel, user: string | number): Promise<void> {
    const userId = String(user);
    const before = await core().accounts.byLink(channel, userId);
    if (before !== null) await recordLink('chat.unlinked', before.accountId, { channel, userId, link: before.linkRef });
    await core().accounts.unlink(channel, userId);
    await core().accounts.link(await linkCode(accountId), { channel, userId, chatId: userId }, now(), {
      record: ({ account: { linkRef } }) => recordLink('chat.linked', accountId, { channel, userId, link: linkRef }),
      withdraw: async () => undefined,
      tell: async () => undefined,
    });
  }

  /** The same, of an account that need not be known yet, and without a code. */
  async function linked(accountId: string, channel: Channel, user: string | number): Promise<void> {
    const userId = String(user);
    const store = createAccountStore(core().connection);
    const ref = await refOf(store, `${channel}:${userId}`);
    await recordLink('chat.linked', accountId, { channel, userId, link: ref });
    const at = { chatId: userId, ref, linkedAt: now() };
    await store.links.insertOne({ _id: `${channel}:${userId}`, accountId, channel, userId, ...at });
  }

  async function recordLink(
    action: 'chat.linked' | 'chat.unlinked',
    accountId: string,
    details: EndedLink,
  ): Promise<void> {
    const { channel, link: ref } = details;
    await core().audit.record({
      ...{ actor: chatActor(accountId, { channel, ref }), action, subject: `account:${accountId}` },
      ...{ after: details, at: now() },
    });
  }

  async function topUp(modelId: string, amount: number): Promise<void> {
    counted += 1;
    const data = { topUpId: `t${counted}`, accountId: modelId, amount, toppedUpAt: now() };
    await told(`topup-t${counted}`, 'balance.topped_up', now(), data);
    await core().ledger.append([topUpEntry({ eventId: `topup-t${counted}`, data }, now())]);
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

  /** The webhooks to the platform with what they say, the newest first. Throws where one is not as the catalogue says. */
  async function webhooks() {
    const { outgoing } = core();
    const { items } = await outgoing.list({ limit: 500 });
    const whole = await Promise.all(items.map(({ webhookId }) => outgoing.get(webhookId)));
    const webhooks = whole.filter((webhook) => webhook !== null);
    const misfits = webhooks.flatMap(({ type, data }) =>
      data === null ? [] : misfitsOf({ type, data: Object(data) }),
    );
    if (misfits.length > 0) throw new Error(misfits.join('\n'));
    return webhooks;
  }

  async function told(id: string, type: string, timestamp: Date, data: object): Promise<void> {
    const body = JSON.stringify({ type, timestamp, data });
    // What is not known is left alone by those who apply events.
    await core().inbox.receive({ id, type, timestamp, body, known: false });
    const events = core().connection.collection<StoredEvent>('events');
    await events.updateOne({ _id: id }, { $set: { status: 'applied' } });
  }

  return { account, linkCode, link, linked, topUp, issue, webhooks };
}

const CALENDAR = createCalendar('UTC');
const LINE = { late: 0, rateBps: 4_000, campaignId: 'A', contractorId: 'm1' };
const EXAMPLE: LineSum[] = [
  { ...LINE, type: 'subscription', count: 10, gross: 9_990 },
  { ...LINE, type: 'refund', count: 1, gross: -999 },
  { ...LINE, type: 'tip', count: 2, gross: 2_555, rateBps: 2_500, campaignId: 'B', contractorId: 'm2' },
];
