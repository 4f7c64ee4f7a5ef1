import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { readConfig } from '../../src/config.ts';
import { type Core, createCore } from '../../src/core.ts';
import { buildIndexes } from '../../src/database/indexes.ts';
import type { Role } from '../../src/events/catalogue.ts';
import { withoutMarks } from '../../src/notices/messages/marks.ts';
import { noticeMessage } from '../../src/notices/messages/notice.ts';
import type { Notice } from '../../src/notices/notices.ts';
import { testDatabase } from '../support/database.ts';
import { deepTest } from '../support/depth.ts';
import { noticesOf } from '../support/notices.ts';

/** Notices that wait: for the morning, or for others of their kind. All people here live in UTC. */

const SIX = new Date('2026-11-23T06:00:00Z');
const EIGHT = new Date('2026-11-23T08:00:00Z');
const NINE = new Date('2026-11-23T09:00:00Z');

let core: Core;
let close: () => Promise<void>;
let now: Date;
let versions = 0;

beforeEach(async () => {
  const database = await testDatabase();
  close = database.close;
  now = SIX;
  const read = readConfig({});
  if ('errors' in read) throw new Error(read.errors.join('\n'));
  core = createCore({
    database,
    config: read.config,
    clock: { now: () => now },
    onError: (error) => {
      throw error;
    },
  });
  await buildIndexes(core.connection);
});
afterEach(() => close());

async function account(accountId: string, role: Role) {
  versions += 1;
  const data = { accountId, role, name: accountId };
  await core.accounts.applyUpdates([{ eventId: `v${versions}`, timestamp: new Date(versions), data }]);
}

async function link(accountId: string, chat: string, channel: 'telegram' | 'discord' = 'telegram') {
  await core.accounts.unlink(channel, chat);
  const made = await core.accounts.createLinkCode(accountId, now);
  await core.accounts.link(made?.code ?? '', { channel, userId: chat, chatId: chat }, now);
}

async function at(instant: Date) {
  now = instant;
  await core.notices.release(now);
}

/** Chats and keys of what is on its way, in order. */
async function onTheirWay(): Promise<string[]> {
  const found = await core.noticeStore.find({ state: 'due' }).sort({ order: 1 }).toArray();
  return found.map(({ _id }) => _id);
}

async function words(): Promise<string[]> {
  const found = await noticesOf(core, { state: 'due' });
  return found.map(({ content }) => {
    const { title, paragraphs, table } = noticeMessage(content, { timeZone: 'UTC', currency: 'USD' });
    return withoutMarks([title, ...paragraphs, ...(table?.rows ?? []).map(([cell]) => cell)].join(' | '));
  });
}

function issued(accountId: string, key = `invoice:${accountId}:issued`): Notice {
  return {
    ...{ key, accountId, urgent: false, at: SIX, subject: `invoice:${accountId}`, kind: 'invoice.issued' as const },
    data: {
      invoiceId: `2026-W47:${accountId}`,
      week: '2026-W47',
      total: 100,
      dueAt: NINE,
      balance: 0,
      discount: 0,
      credit: 0,
      late: 0,
    },
  };
}

function commission(number: number, amount = 100): Notice {
  return {
    ...{ key: `commission:${number}`, accountId: 'aff', urgent: false, at: now, kind: 'commission.pending' as const },
    data: { commissionId: `c${number}`, amount, holdUntil: NINE, payday: '2026-12-16', before: null },
  };
}

function receipt(accountId: string, key = 'receipt'): Notice {
  const data = { invoiceId: `2026-W46:${accountId}`, week: '2026-W46', total: 100, paidAt: SIX, balance: 0 };
  return {
    ...{ key, accountId, urgent: false, at: SIX, kind: 'invoice.paid' as const },
    data: { ...data, by: 'top-up' as const },
  };
}

describe('what asks for nothing', () => {
  beforeEach(async () => {
    await account('m1', 'model');
    await link('m1', '1');
  });

  it('goes out in quiet hours as well', async () => {
    await core.notices.enqueue([receipt('m1')], now);
    expect(await onTheirWay()).toEqual(['receipt>telegram:1']);
  });

  it('waits behind what came before it and waits, so that both are read in their order', async () => {
    await account('m2', 'model');
    await link('m2', '2');
    await core.notices.enqueue([issued('m1'), receipt('m1'), receipt('m2', 'other')], now);
    expect(await onTheirWay()).toEqual(['other>telegram:2']);
    await core.notices.enqueue([receipt('m1', 'later')], now);
    expect(await onTheirWay()).toHaveLength(1);
    await core.accounts.changeSettings('m1', { quiet: { from: '22:00', until: '09:00' } });
    await core.notices.reconsider('m1', now);
    await at(EIGHT);
    expect(await onTheirWay()).toHaveLength(1);
    await at(NINE);
    expect((await onTheirWay()).filter((id) => id.endsWith(':1'))).toEqual([
      'invoice:m1:issued>telegram:1',
      'receipt>telegram:1',
      'later>telegram:1',
    ]);
  });

  it('does not wait behind what is gathered', async () => {
    await core.accounts.changeSettings('m1', { cadence: { topic: 'orders', cadence: 'daily' } });
    const data = { orderId: 'o', to: 'client', amount: 1, fans: 1 };
    const charge = { key: 'charge', accountId: 'm1', urgent: false, at: SIX, kind: 'charge.paid' as const, data };
    await core.notices.enqueue([charge as Notice, receipt('m1')], now);
    expect(await onTheirWay()).toEqual(['receipt>telegram:1']);
  });
});

describe('what waits for the morning', () => {
  beforeEach(async () => {
    await account('m1', 'model');
    await link('m1', '1');
  });

  deepTest('is nobody’s chat until then, and goes to the chats that speak for the person then', async () => {
    await core.notices.enqueue([issued('m1')], now);
    expect(await onTheirWay()).toEqual([]);
    expect(await core.notices.nextDue(now)).toEqual(EIGHT);
    await core.accounts.unlink('telegram', '1');
    await link('m1', '7', 'discord');
    await at(EIGHT);
    expect(await onTheirWay()).toEqual(['invoice:m1:issued>discord:7']);
    await core.notices.enqueue([issued('m1')], SIX);
    await at(NINE);
    expect(await onTheirWay()).toHaveLength(1);
  });

  it('goes nowhere when nobody is linked, or the chat is another account’s by then', async () => {
    await account('m2', 'model');
    await core.notices.enqueue([issued('m1')], now);
    await link('m2', '1');
    await at(EIGHT);
    expect(await onTheirWay()).toEqual([]);
    expect(await core.notices.nextDue(now)).toBeNull();
  });

  it('goes where the person wants it by then, and when', async () => {
    await link('m1', '7', 'discord');
    await core.notices.enqueue([issued('m1')], now);
    await core.accounts.changeSettings('m1', { channel: 'discord', quiet: { from: '22:00', until: '09:00' } });
    await at(EIGHT);
    expect(await onTheirWay()).toEqual([]);
    await at(NINE);
    expect(await onTheirWay()).toEqual(['invoice:m1:issued>discord:7']);
  });

  it('comes at once when the person wants no quiet hours any more', async () => {
    await core.notices.enqueue([issued('m1')], now);
    await core.accounts.changeSettings('m1', { quiet: { from: '00:00', until: '00:00' } });
    await core.notices.reconsider('m1', now);
    expect(await onTheirWay()).toEqual(['invoice:m1:issued>telegram:1']);
  });

  it('is dropped with its subject', async () => {
    await core.notices.enqueue([issued('m1')], now);
    await core.notices.drop(['invoice:m1']);
    await at(EIGHT);
    expect(await onTheirWay()).toEqual([]);
  });

  it('is nothing to who is no manager any more', async () => {
    await account('boss', 'manager');
    await link('boss', '3');
    const data = { eventId: 'e', type: 't', error: 'x' };
    await core.notices.enqueue(
      [{ key: 'q', accountId: 'boss', urgent: false, at: now, kind: 'manager.quarantined', data }],
      now,
    );
    await account('boss', 'model');
    await at(EIGHT);
    expect(await onTheirWay()).toEqual([]);
  });
});

describe('what is gathered', () => {
  beforeEach(async () => {
    await account('aff', 'affiliate');
    await link('aff', '1');
    now = NINE;
  });

  const NEXT_DAY = new Date('2026-11-24T09:00:00Z');

  it('sixty commissions of a day are one message with totals, the next morning', async () => {
    await core.notices.enqueue(
      Array.from({ length: 60 }, (_, index) => commission(index)),
      now,
    );
    const data = { commissionId: 'c1', amount: 300, reason: 'refunded' as const };
    await core.notices.enqueue(
      [{ key: 'r', accountId: 'aff', urgent: false, at: now, kind: 'commission.rejected', data }],
      now,
    );
    expect(await onTheirWay()).toEqual([]);
    expect(await core.notices.nextDue(now)).toEqual(NEXT_DAY);
    await at(NEXT_DAY);
    expect(await words()).toEqual([
      'Your commissions since the last message | 60 new commissions: $60.00 in all, expected on 16 Dec 2026. | 1 rejected commission: $3.00 in all.',
    ]);
    await at(new Date('2026-11-25T09:00:00Z'));
    expect(await words()).toHaveLength(1);
  });

  it('one alone is told as itself', async () => {
    await core.notices.enqueue([commission(1)], now);
    await at(NEXT_DAY);
    expect(await onTheirWay()).toEqual(['commission:1>telegram:1']);
  });

  it('is told once though it is told again, and released twice at a time', async () => {
    const both = [commission(1), commission(2)];
    await core.notices.enqueue(both, now);
    await Promise.all([at(NEXT_DAY), at(NEXT_DAY)]);
    await core.notices.enqueue(both, NINE);
    await at(new Date('2026-11-26T09:00:00Z'));
    expect(await words()).toHaveLength(1);
  });

  it.each([
    ['at-once', NINE],
    ['daily', NEXT_DAY],
    ['weekly', new Date('2026-11-30T09:00:00Z')],
    ['never', null],
  ] as const)('%s: told at %s', async (cadence, told) => {
    await core.accounts.changeSettings('aff', { cadence: { topic: 'commissions', cadence } });
    await core.notices.enqueue([commission(1), commission(2)], now);
    const next = await core.notices.nextDue(new Date(now.getTime() - 1));
    expect(cadence === 'at-once' ? now : next).toEqual(told);
    expect(await onTheirWay()).toHaveLength(cadence === 'at-once' ? 2 : 0);
  });

  it('what the person chooses counts for what waits already', async () => {
    await core.notices.enqueue([commission(1), commission(2)], now);
    await core.accounts.changeSettings('aff', { cadence: { topic: 'commissions', cadence: 'weekly' } });
    await core.notices.reconsider('aff', now);
    expect(await core.notices.nextDue(now)).toEqual(new Date('2026-11-30T09:00:00Z'));
    await core.accounts.changeSettings('aff', { cadence: { topic: 'commissions', cadence: 'never' } });
    await core.notices.reconsider('aff', now);
    expect(await core.notices.nextDue(now)).toBeNull();
  });
});

describe('people whom nothing reaches', () => {
  beforeEach(async () => {
    await account('boss', 'manager');
    await link('boss', '9');
    await account('m1', 'model');
    now = NINE;
  });

  deepTest('are told to managers once, until a chat takes messages again', async () => {
    await core.notices.enqueue([issued('m1')], now);
    await core.notices.enqueue([issued('m1', 'invoice:m1:again')], now);
    expect(await words()).toHaveLength(1);
    expect((await words())[0]).toMatch(
      /^Out of reach: m1 \| There is something to tell this model, and they have linked no chat/,
    );
    expect(await core.accounts.unreachedAccounts(5)).toEqual({ accountIds: ['m1'], count: 1 });
    await link('m1', '1');
    expect((await core.accounts.unreachedAccounts(5)).count).toBe(0);
    await core.accounts.unlink('telegram', '1');
    now = new Date('2026-11-23T10:00:00Z');
    await core.notices.enqueue([issued('m1', 'invoice:m1:third')], now);
    expect(await words()).toHaveLength(2);
  });

  it('are none for what asks nothing of them', async () => {
    const data = { invoiceId: 'i', week: '2026-W47', total: 1, paidAt: now, balance: 0, by: 'top-up' as const };
    await core.notices.enqueue(
      [{ key: 'p', accountId: 'm1', urgent: false, at: now, kind: 'invoice.paid', data }],
      now,
    );
    expect((await core.accounts.unreachedAccounts(5)).count).toBe(0);
  });

  deepTest('are told by two messages within an hour where there are many', async () => {
    const many = Array.from({ length: 40 }, (_, index) => `x${index}`);
    for (const id of many) await account(id, 'model');
    for (const id of many) await core.notices.enqueue([issued(id)], now);
    expect((await core.accounts.unreachedAccounts(5)).count).toBe(40);
    expect(await words()).toHaveLength(1);
    await at(new Date('2026-11-23T10:00:00Z'));
    const [, others, ...more] = await words();
    expect(others).toMatch(/^39 people out of reach \|/);
    expect(more).toEqual([]);
  });
});
