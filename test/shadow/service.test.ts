import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type PlatformReceiver, startPlatformReceiver } from '../support/platformReceiver.ts';
import { startTestService, TEST_KEY, TEST_SECRET, type TestService } from '../support/service.ts';
import { startTelegram, type TelegramStandIn, telegramEnvironment } from '../support/telegram.ts';

/** One service from live to shadow and back: what each step leaves is what the next one finds. */
describe('a service that goes into shadow and comes back', () => {
  let receiver: PlatformReceiver;
  let telegram: TelegramStandIn;
  let service: TestService;

  beforeAll(async () => {
    receiver = await startPlatformReceiver(TEST_SECRET);
    telegram = await startTelegram();
    service = await startTestService({
      ...telegramEnvironment(telegram),
      TEST_CLOCK_START: '2026-03-02T00:00:00Z',
      PLATFORM_WEBHOOK_URL: receiver.url,
      PLATFORM_WEBHOOK_SECRET: TEST_SECRET,
    });
  });
  afterAll(async () => {
    await service.stop();
    await telegram.close();
    await receiver.close();
  });

  const get = (path: string) => fetch(new URL(path, service.url), { headers: { authorization: `Bearer ${TEST_KEY}` } });
  const payment = (paymentId: string, paidAt: string) => ({
    type: 'payment.succeeded',
    data: { paymentId, campaignId: 'A', fanId: 'f', kind: 'tip', amount: 20_000, paidAt },
  });

  test('live, it says nothing of a shadow, and holds what the platform does not take', {
    timeout: 60_000,
  }, async () => {
    const timestamp = '2026-03-01T00:00:00Z';
    const account = (accountId: string, role: string) => ({
      ...{ type: 'account.updated', timestamp },
      data: { accountId, role, name: accountId },
    });
    const terms = { campaignId: 'A', kind: 'revshare', modelId: 'M', contractorId: 'c', rateBps: 5_000 };
    receiver.behave(503);
    await service.send(account('M', 'model'), account('c', 'marketer'), {
      ...{ type: 'campaign.updated', timestamp, data: { ...terms, status: 'active' } },
    });
    await service.send(payment('p1', '2026-03-03T12:00:00Z'));
    await service.moveTo('2026-03-09T06:00:00Z');
    const answer = await get('/v1/shadow');
    expect(answer.headers.get('settlebot-shadow')).toBeNull();
    expect(await answer.json()).toEqual({ shadow: false, running: NOTHING, items: [], next: null });
    expect((await service.api('GET', '/v1/webhooks?status=due')).body.items).toHaveLength(2);
  });

  test('in shadow, it decides, says so, and nobody hears of it', { timeout: 60_000 }, async () => {
    await service.restart({ SHADOW: '1' });
    receiver.behave(204);
    const [taken, calls] = [receiver.requests.length, telegram.calls.length];
    await service.send(payment('p2', '2026-03-10T12:00:00Z'));
    await service.moveTo('2026-03-24T12:00:00Z');
    expect((await service.api('GET', '/v1/invoices/2026-W11:M')).body).toMatchObject({
      status: 'overdue',
      total: 10_000,
    });
    const standing = await get('/v1/models/M/standing');
    expect(standing.headers.get('settlebot-shadow')).toBe('1');
    expect(await standing.json()).toMatchObject({ campaigns: 'paused', cplOrders: 'blocked' });
    expect((await service.api('GET', '/readyz')).body.checks).toMatchObject({
      ...{ shadow: 'on: nothing is sent out', telegram: 'off' },
    });
    expect((await service.api('GET', '/metrics')).body).toContain('\nsettlebot_shadow 1\n');
    expect(receiver.requests).toHaveLength(taken);
    expect(telegram.calls).toHaveLength(calls);
  });

  test('in shadow, each Monday sums up what would have been sent', async () => {
    const { body } = await service.api('GET', '/v1/shadow?limit=1');
    expect(body).toMatchObject({ shadow: true, next: '2026-W12' });
    const { items } = (await service.api('GET', '/v1/shadow')).body;
    expect(items.map(({ week, at }: Record<string, string>) => `${week} ${at}`)).toEqual([
      '2026-W12 2026-03-23T06:00:00.000Z',
      '2026-W11 2026-03-16T06:00:00.000Z',
    ]);
    expect(items[1].webhooks).toEqual([
      { type: 'campaigns.paused', count: 1, amount: 0 },
      { type: 'cpl_orders.blocked', count: 1, amount: 0 },
      { type: 'invoice.issued', count: 1, amount: 10_000 },
      { type: 'invoice.overdue', count: 1, amount: 10_000 },
      { type: 'trust.changed', count: 1, amount: 0 },
    ]);
    expect(items[1].messages.map(({ type }: { type: string }) => type)).toContain('invoice.overdue');
    expect((await service.api('GET', '/v1/webhooks')).body.items).toHaveLength(2);
  });

  test('live again, it sends what was held and what is decided from then on, and nothing of the shadow', {
    timeout: 60_000,
  }, async () => {
    await service.restart({ SHADOW: '0' });
    await service.moveTo('2026-03-25T12:00:00Z');
    expect(receiver.taken.map(({ type, sequence }) => `${sequence} ${type}`).sort()).toEqual([
      '1 account.unreachable',
      '1 invoice.issued',
    ]);
    await service.send({
      type: 'balance.topped_up',
      data: { topUpId: 't', accountId: 'M', amount: 50_000, toppedUpAt: '2026-03-25T12:00:00Z' },
    });
    // Both invoices end now, and the platform reads of each from its beginning; the contractor, too, has no chat.
    const told = receiver.taken.slice(2).map(({ type, data }) => [type, data.invoiceId].filter(Boolean).join(' '));
    expect(told.sort()).toEqual([
      'account.unreachable',
      'campaigns.resumed',
      'cpl_orders.unblocked',
      'invoice.completed 2026-W10:M',
      'invoice.completed 2026-W11:M',
      'invoice.issued 2026-W11:M',
      'invoice.overdue 2026-W10:M',
      'invoice.overdue 2026-W11:M',
    ]);
    expect(receiver.refusedSignatures).toEqual([]);
    expect((await service.api('GET', '/v1/shadow')).body).toMatchObject({ shadow: false, running: { webhooks: [] } });
  });
});

const NOTHING = { webhooks: [], messages: [] };
