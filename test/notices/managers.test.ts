import { afterAll, beforeEach, describe, expect, it } from 'vitest';

import {
  overdueNotices,
  parkedNotices,
  quarantineNotices,
  unreachedNotices,
} from '../../src/notices/messages/managers.ts';
import { noticeMessage } from '../../src/notices/messages/notice.ts';
import { settled, sold } from '../affiliates/world.ts';
import { text } from '../commands/world.ts';
import { deepTest, sampleOf } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { noticesOf } from '../support/notices.ts';
import { createWorld } from '../support/world.ts';

/** What managers hear of by themselves: invoices that go overdue, and paydays that are not paid. Zone UTC. */

const world = await createWorld();
afterAll(world.close);

const READER = { timeZone: 'UTC', currency: 'USD' };

beforeEach(async () => {
  await world.reset('2026-03-09T06:00:00Z');
  await world.account('boss', 'manager');
  await world.link('boss', 'telegram', '1');
});

/** Unpaid, and due three days after its issue. */
async function issue(modelId: string, total: number, week = '2026-W10'): Promise<void> {
  await world.account(modelId, 'model', { name: modelId.toUpperCase() });
  await world.link(modelId, 'telegram', `chat-${modelId}`);
  const sums = [
    { campaignId: 'A', contractorId: 'c', type: 'tip', count: 1, gross: total, rateBps: 10_000, late: 0 } as const,
  ];
  await world.issue(modelId, week, { sums, ownDiscountBps: 0 });
}

/** As when an invoice with other terms goes overdue at the clock's instant. */
async function goOverdue(modelId: string, total: number): Promise<void> {
  const at = world.clock.now();
  const invoice = { invoiceId: `2026-W10:${modelId}`, week: '2026-W10', modelId, name: modelId, total, dueAt: at };
  await world.core.notices.enqueue(overdueNotices(['boss'], invoice, { subject: invoice.invoiceId, at }), at);
}

/** What this manager was sent, with the hour at which it went out. */
async function told(accountId = 'boss'): Promise<[string, string][]> {
  const found = await noticesOf(world.core, { accountId });
  return found.map(({ notBefore, content }) => [
    notBefore.toISOString().slice(5, 16),
    text(noticeMessage(content, READER)),
  ]);
}

describe('invoices that go overdue', () => {
  it('come at once when they are the first of a day, together when they are due together; later ones the next day', async () => {
    await issue('ava', 10_000);
    await issue('bea', 5_000);
    await world.travelTo('2026-03-12T08:00:00Z');
    await world.travelTo('2026-03-12T08:30:00Z');
    await goOverdue('emma', 500);
    await world.travelTo('2026-03-12T10:00:00Z');
    await goOverdue('cleo', 2_500);
    await world.travelTo('2026-03-12T22:00:00Z');
    await goOverdue('dora', 1_000);
    const [first] = await told();
    expect(first?.[0]).toBe('03-12T08:00');
    expect(first?.[1]).toContain('2 overdue invoices: $150.00 in all.');
    expect(first?.[1]).toContain('Overdue: $100.00 — AVA (ava), week 2–8 Mar 2026');
    await world.travelTo('2026-03-13T08:59:59Z');
    expect(await told()).toHaveLength(1);
    await world.travelTo('2026-03-13T09:00:00Z');
    const [, second, ...others] = await told();
    expect(second?.[1]).toContain('3 overdue invoices: $40.00 in all.');
    expect(others).toEqual([]);
  });

  it('come at once again on another day', async () => {
    await issue('ava', 10_000);
    await world.travelTo('2026-03-13T10:00:00Z');
    await goOverdue('bea', 5_000);
    await world.travelTo('2026-03-13T11:00:00Z');
    expect((await told()).map(([at, said]) => [at, said.split('\n')[0]])).toEqual([
      ['03-12T08:00', 'Overdue: $100.00 — AVA (ava), week 2–8 Mar 2026'],
      ['03-13T10:00', 'Overdue: $50.00 — bea, week 2–8 Mar 2026'],
    ]);
  });

  deepTest(
    'are nothing to tell once they are paid, and nothing to who wants none or is no manager any more',
    async () => {
      await world.account('chief', 'manager');
      await world.link('chief', 'telegram', '2');
      await world.core.accounts.changeSettings('chief', { cadence: { topic: 'overdue', cadence: 'never' } });
      await issue('ava', 10_000);
      await world.travelTo('2026-03-12T07:00:00Z');
      await world.send(tell.topUp('t', 'ava', 10_000));
      await world.account('boss', 'affiliate');
      await issue('bea', 10_000, '2026-W11');
      await world.travelTo('2026-03-20T00:00:00Z');
      const overdue = await world.core.noticeStore
        .find({ 'content.kind': { $in: ['manager.overdue', 'digest'] } })
        .toArray();
      expect(overdue).toEqual([]);
    },
  );
});

describe('a payday that is not paid', () => {
  deepTest('is told one day after, three days after and then on Mondays, until it is', async () => {
    await world.reset('2026-03-01T12:00:00Z');
    await world.account('boss', 'manager');
    await world.link('boss', 'telegram', '1');
    await world.send(tell.account('A', 'affiliate'), tell.account('B', 'affiliate'));
    for (const affiliateId of ['A', 'B']) {
      await world.send(
        ...sold(affiliateId, affiliateId, '2026-03-01T00:00:00Z'),
        tell.payment(`p${affiliateId}`, 1_000, '2026-03-04T00:00:00Z', {
          kind: 'subscription',
          subscriptionId: affiliateId,
        }),
      );
    }
    await world.travelTo('2026-03-17T08:59:59Z');
    expect(await told()).toEqual([]);
    await world.travelTo('2026-03-17T09:00:00Z');
    const [[at, said] = [], ...others] = await told();
    expect(others).toEqual([]);
    expect(at).toBe('03-17T09:00');
    expect(said).toContain('Payday 16 Mar 2026 is not paid');
    expect(said).toContain('16 Mar 2026: 2 payouts to settle, $6.00');
    await world.send(settled('2026-03-16:A', '2026-03-17T12:00:00Z'));
    await world.travelTo('2026-03-31T00:00:00Z');
    expect((await told()).map(([day]) => day)).toEqual(
      ['03-17', '03-19', '03-23', '03-30'].map((day) => `${day}T09:00`),
    );
    expect((await told()).at(-1)?.[1]).toContain('16 Mar 2026: 1 payout to settle, $3.00');
    await world.send(settled('2026-03-16:B', '2026-03-31T00:00:00Z'));
    await world.travelTo('2026-04-07T00:00:00Z');
    expect(await told()).toHaveLength(4);
  });

  deepTest('is told once after days that nobody was there', async () => {
    await world.reset('2026-03-01T12:00:00Z');
    await world.account('boss', 'manager');
    await world.link('boss', 'telegram', '1');
    await world.send(
      tell.account('A', 'affiliate'),
      ...sold('A', 'A', '2026-03-01T00:00:00Z'),
      tell.payment('pA', 1_000, '2026-03-04T00:00:00Z', { kind: 'subscription', subscriptionId: 'A' }),
    );
    await world.travelTo('2026-03-16T12:00:00Z');
    const { unpaidPaydays } = world.core.affiliates;
    world.pin('2026-03-25T07:00:00Z');
    expect(await unpaidPaydays.nextDue()).toEqual(new Date('2026-03-17T09:00:00Z'));
    expect(await unpaidPaydays.run(world.clock.now())).toEqual({ period: '2026-03-24', count: 1 });
    expect(await unpaidPaydays.nextDue()).toEqual(new Date('2026-03-30T09:00:00Z'));
  });
});

describe('whatever comes by the thousand', () => {
  const START = '2026-03-16T10:00:00Z';
  const MANY = 1_500;

  beforeEach(async () => {
    await world.reset(START);
    await world.account('boss', 'manager');
    await world.link('boss', 'telegram', '1');
    world.pin(START);
  });

  const ids = (count: number, from = 0) => Array.from({ length: count }, (_, index) => String(from + index));
  const enqueue = async (list: Parameters<typeof world.core.notices.enqueue>[0]) =>
    world.core.notices.enqueue(list, world.clock.now());
  const quarantined = (numbers: string[]) =>
    quarantineNotices(
      ['boss'],
      numbers.map((id) => ({ eventId: `e${id}`, type: 'order.placed', replays: 0, error: 'no such order' })),
      world.clock.now(),
    );
  const parked = (numbers: string[]) =>
    numbers.flatMap((id) => {
      const webhook = { webhookId: `w${id}`, type: 'invoice.issued', error: 'answered 500', attempts: 14, replays: 0 };
      return parkedNotices(['boss'], webhook, world.clock.now());
    });
  const unreached = (numbers: string[]) =>
    unreachedNotices(
      ['boss'],
      numbers.map((id) => ({
        ...{ accountId: `m${id}`, name: `m${id}`, role: 'model' as const, hasChat: false },
        since: new Date(START),
      })),
    );
  const titles = async () => (await told()).map(([at, said]) => [at.slice(6), said.split('\n')[0]]);

  it.each(
    sampleOf(
      [
        ['quarantined events', quarantined, 'Event in quarantine: e0', 'events in quarantine', '/quarantine'],
        ['parked webhooks', parked, 'Webhook given up: w0', 'parked webhooks', 'GET /v1/webhooks?status=parked'],
        ['people out of reach', unreached, 'Out of reach: m0', 'people out of reach', '/health'],
      ],
      1,
    ),
  )('%s: the first at once, the others of the hour in one message', async (_what, make, first, many, seeAll) => {
    await enqueue(make(ids(1)));
    expect(await titles()).toEqual([['10:00', first]]);
    world.pin('2026-03-16T10:20:00Z');
    await enqueue(make(ids(MANY - 1, 1)));
    await enqueue(make(ids(20)));
    await world.travelTo('2026-03-16T10:59:59Z');
    expect(await titles()).toHaveLength(1);
    await world.travelTo('2026-03-16T12:00:00Z');
    const [, [at, said] = [], ...others] = await told();
    expect(others).toEqual([]);
    expect(at).toBe('03-16T11:00');
    expect(said?.split('\n')[0]).toBe(`${MANY - 1} ${many}`);
    expect(said).toContain(seeAll);
    expect(said).toContain(`And ${MANY - 6} earlier.`);
    world.pin('2026-03-16T13:00:00Z');
    await enqueue(make(ids(1, MANY)));
    expect(await titles()).toHaveLength(3);
  });

  it('come together at once when they happen together, each kind for itself', async () => {
    await enqueue([...quarantined(ids(700)), ...parked(ids(1))]);
    expect(await titles()).toEqual([
      ['10:00', '700 events in quarantine'],
      ['10:00', 'Webhook given up: w0'],
    ]);
  });

  deepTest('wait for the end of quiet hours, and concern only who is a manager then', async () => {
    world.pin('2026-03-16T23:00:00Z');
    await enqueue(quarantined(ids(3)));
    await world.travelTo('2026-03-17T07:59:00Z');
    expect(await titles()).toEqual([]);
    await world.travelTo('2026-03-17T08:00:00Z');
    expect(await titles()).toEqual([['08:00', '3 events in quarantine']]);
    world.pin('2026-03-17T08:10:00Z');
    await enqueue(quarantined(ids(3, 3)));
    await world.account('boss', 'affiliate');
    await world.travelTo('2026-03-17T10:00:00Z');
    expect(await titles()).toHaveLength(1);
  });
});
