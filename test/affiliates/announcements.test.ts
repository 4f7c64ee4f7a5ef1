import { afterAll, beforeEach, describe, expect, test } from 'vitest';

import { type AffiliateContent, affiliateMessage } from '../../src/notices/messages/affiliates.ts';
import type { DeliveryDocument } from '../../src/notices/store.ts';
import { deepTest } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { outboxOf } from '../support/outbox.ts';
import { createWorld, PLATFORM } from '../support/world.ts';
import { failed, settled, sold } from './world.ts';

const READER = { timeZone: 'Europe/Berlin', currency: 'USD' };
const world = await createWorld({ environment: PLATFORM });
afterAll(world.close);

const charge = (paymentId: string, subscriptionId: string, paidAt = '2026-03-04T12:00:00Z') =>
  tell.payment(paymentId, 1_000, paidAt, { kind: 'subscription', subscriptionId });

beforeEach(async () => {
  await world.reset('2026-03-01T12:00:00Z');
  await world.send(tell.account('A', 'affiliate'));
  await world.linked('A', 'telegram', 1);
  await world.core.accounts.changeSettings('A', { cadence: { topic: 'commissions', cadence: 'at-once' } });
  for (const id of ['s1', 's2', 's3']) await world.send(...sold(id, 'A', '2026-03-01T12:00:00Z'));
  await world.travelTo('2026-03-04T12:00:00Z');
  await world.send(charge('p1', 's1'), charge('p2', 's2'), charge('p3', 's3'));
});

async function told(): Promise<AffiliateContent[]> {
  const found = (await outboxOf(world.collection)) as unknown as DeliveryDocument[];
  return (await Promise.all(found.map(world.core.notices.legible))).map(({ content }) => content as AffiliateContent);
}

async function sent(): Promise<[type: string, data: Record<string, unknown>][]> {
  const items = await world.webhooks();
  return items
    .map(({ type, data }) => [type, data as Record<string, unknown>] as [string, Record<string, unknown>])
    .reverse();
}

test('an affiliate who wants it hears of each commission, of a day of approvals at once, of payday and payment', async () => {
  await world.send(
    tell.refund('r1', 'p3', 1_000, '2026-03-05T00:00:00Z'),
    tell.refund('r2', 'p2', 500, '2026-03-05T00:00:00Z'),
  );
  await world.travelTo('2026-03-16T12:00:00Z');
  await world.send(settled('2026-03-16:A', '2026-03-16T12:00:00Z'));
  const notices = await told();
  expect(notices.map(({ kind }) => kind).sort()).toEqual([
    'commission.pending',
    'commission.pending',
    'commission.pending',
    'commission.pending',
    'commission.rejected',
    'commissions.approved',
    'payout.due',
    'payout.paid',
  ]);
  expect(notices.slice(-3)).toMatchObject([
    { kind: 'commissions.approved', data: { day: '2026-03-08', count: 2, total: 450, payday: '2026-03-16' } },
    { kind: 'payout.due', data: { payoutId: '2026-03-16:A', amount: 450, count: 2 } },
    { kind: 'payout.paid', data: { reference: 'tx' } },
  ]);
});

deepTest('the platform hears of each step, with the state that it results in', async () => {
  await world.send(tell.refund('r1', 'p3', 1_000, '2026-03-05T00:00:00Z'));
  await world.travelTo('2026-03-16T12:00:00Z');
  await world.send(failed('2026-03-16:A', '2026-03-16T12:00:00Z'));
  const messages = await sent();
  expect(
    messages
      .map(([type]) => type)
      .filter((type) => type.startsWith('commission'))
      .sort(),
  ).toEqual([
    'commission.approved',
    'commission.approved',
    'commission.pending',
    'commission.pending',
    'commission.pending',
    'commission.rejected',
  ]);
  expect(messages.find(([type]) => type === 'commission.approved')?.[1]).toMatchObject({
    ...{ commissionId: 's1~first', status: 'approved', amount: 300, payday: '2026-03-16' },
    approvedAt: '2026-03-08T12:00:00.000Z',
  });
  expect(messages.slice(-2)).toMatchObject([
    ['payout.due', { payoutId: '2026-03-16:A', amount: 600, status: 'due' }],
    ['payout.failed', { payoutId: '2026-03-16:A', status: 'failed', reason: 'closed' }],
  ]);
});

deepTest('a refund after the payout is told as a correction of the next one', async () => {
  await world.travelTo('2026-03-17T00:00:00Z');
  await world.send(tell.refund('r1', 'p1', 1_000, '2026-03-05T00:00:00Z'));
  expect((await told()).at(-1)).toMatchObject({
    kind: 'commission.reversed',
    data: { amount: -300, reverses: 's1~first', payday: '2026-04-01' },
  });
});

describe('the words say what happened, what it means and by when', () => {
  test.each<[AffiliateContent, string]>([
    [
      {
        kind: 'commission.pending',
        data: {
          commissionId: 'c~first',
          amount: 300,
          paidAt: new Date('2026-03-04T12:00:00Z'),
          holdUntil: new Date('2026-03-08T12:00:00Z'),
          payday: '2026-03-16',
          before: null,
        },
      },
      'New commission: $3.00 — Subscription of 4 Mar 2026\nA subscriber you brought has paid, and $3.00 of it is for you. It is in hold until Sun 8 Mar 2026, 13:00 (Europe/Berlin); a refund until then would cancel or lower it.\nExpected payday: 16 Mar 2026.',
    ],
    [
      { kind: 'commissions.approved', data: { day: '2026-03-08', count: 1, total: 300, payday: '2026-03-16' } },
      'Approved: $3.00 for 1 commission\nOn 8 Mar 2026 the hold of 1 commission ended: $3.00 in all, approved (unpaid) until payday.\nExpected payday: 16 Mar 2026.',
    ],
    [
      { kind: 'commission.rejected', data: { commissionId: 'c', amount: 300, reason: 'refunded' } },
      'Commission rejected: $3.00 — c\nYour commission of $3.00 is not paid, because the subscriber got the money back.',
    ],
    [
      {
        kind: 'payout.failed',
        data: { payoutId: '2026-03-16:A', amount: 300, reason: 'account closed', next: '2026-04-01' },
      },
      'Payout failed: $3.00 — payout of 16 Mar 2026\nYour payout of $3.00 could not be paid. Reason: “account closed”.\nThe money is yours still: it is back on your balance and goes into the payout of 1 Apr 2026. Please check on the platform that your payment details are right.',
    ],
  ])('$kind', (content, text) => {
    const { title, paragraphs } = affiliateMessage(content, READER);
    expect([title, ...paragraphs].join('\n')).toBe(text);
  });
});
