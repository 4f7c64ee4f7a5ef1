import { afterEach, beforeEach, describe, expect } from 'vitest';

import { deepTest } from '../support/depth.ts';

import { type PlatformReceiver, startPlatformReceiver } from '../support/platformReceiver.ts';
import { startTestService, TEST_SECRET, type TestService } from '../support/service.ts';

let receiver: PlatformReceiver;
let service: TestService;

beforeEach(async () => {
  receiver = await startPlatformReceiver(TEST_SECRET);
  service = await startTestService({
    TEST_CLOCK_START: '2026-03-02T00:00:00Z',
    PLATFORM_WEBHOOK_URL: receiver.url,
    PLATFORM_WEBHOOK_SECRET: TEST_SECRET,
  });
});
afterEach(async () => {
  await service.stop();
  await receiver.close();
});

const account = (accountId: string, role: string) => ({
  type: 'account.updated',
  timestamp: '2026-03-01T00:00:00Z',
  data: { accountId, role, name: accountId },
});

/** A model with something to pay on Monday 9 March, and no money. */
async function aWeekOfWork(): Promise<void> {
  const campaign = { campaignId: 'A', kind: 'revshare', modelId: 'M', contractorId: 'c', rateBps: 5_000 };
  const payment = { paymentId: 'p1', campaignId: 'A', fanId: 'f', kind: 'tip', amount: 20_000 };
  await service.send(
    account('M', 'model'),
    account('c', 'marketer'),
    { type: 'campaign.updated', timestamp: '2026-03-01T00:00:00Z', data: { ...campaign, status: 'active' } },
    { type: 'payment.succeeded', data: { ...payment, paidAt: '2026-03-03T12:00:00Z' } },
  );
}

describe('the platform is told', () => {
  deepTest('what is decided, at its own instants, as the clock moves', async () => {
    await aWeekOfWork();
    await service.moveTo('2026-03-09T06:00:00Z');
    // That nothing reaches M is told as well: no chat is linked.
    expect(receiver.taken.map(({ type, timestamp }) => [type, timestamp]).sort()).toEqual([
      ['account.unreachable', '2026-03-09T06:00:00.000Z'],
      ['invoice.issued', '2026-03-09T06:00:00.000Z'],
    ]);
    await service.moveTo('2026-03-20T00:00:00Z');
    expect(receiver.taken.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['invoice.overdue', 'campaigns.paused', 'cpl_orders.blocked', 'trust.changed']),
    );
    // As `GET /v1/models/{id}/standing` said at that instant.
    expect(receiver.taken.find(({ type }) => type === 'campaigns.paused')?.data).toEqual({
      modelId: 'M',
      campaigns: 'paused',
      cplOrders: 'allowed',
      trustScore: 40,
      tier: 'new',
      terminationReview: false,
      terminated: false,
      overdue: { count: 1, total: 10_000, oldestDueAt: '2026-03-12T06:00:00.000Z' },
      ...{ paidOnTime: 0, invoices: 1 },
      reasons: ['1 invoice is overdue, $100.00 in all.'],
      because: [{ kind: 'overdue', count: 1, total: 10_000 }],
      recommendedMaxQuantity: 100,
    });
    expect(receiver.refusedSignatures).toEqual([]);
    expect(receiver.duplicates()).toBe(0);
    const { body } = await service.api('GET', '/v1/webhooks?limit=100');
    expect(body.items.every(({ status }: { status: string }) => status === 'delivered')).toBe(true);
    expect(body.items).toHaveLength(receiver.taken.length);
  });

  deepTest('everything after it was down for a day, each once and in order', async () => {
    await aWeekOfWork();
    receiver.behave('break');
    await service.moveTo('2026-03-12T06:00:00Z');
    await service.moveTo('2026-03-13T00:00:00Z');
    const tries = receiver.requests.length;
    expect(tries).toBeGreaterThan(10);
    receiver.behave(204);
    await service.restart();
    await service.moveTo('2026-03-14T06:00:00Z');
    const told = receiver.taken.map(({ type }) => type);
    expect(told).toContain('invoice.overdue');
    expect(told).toContain('campaigns.paused');
    expect(receiver.duplicates()).toBe(0);
  });

  deepTest('and managers are, when it took nothing for 27 hours; a replay sends it then', async () => {
    await aWeekOfWork();
    receiver.behave(500);
    await service.moveTo('2026-03-09T06:00:00Z');
    await service.moveTo('2026-03-10T12:00:00Z');
    const { body } = await service.api('GET', '/v1/webhooks?status=parked');
    const parked = body.items.find(({ type }: { type: string }) => type === 'invoice.issued');
    expect(parked).toMatchObject({ attempts: 14, error: 'answered 500' });
    const id = parked.webhookId;
    expect(receiver.requests.filter((request) => request.id === id)).toHaveLength(14);
    receiver.behave(200);
    expect((await service.api('POST', `/v1/events/${encodeURIComponent(id)}/replay`)).status).toBe(200);
    await service.api('POST', '/test/settle');
    expect(receiver.taken.map((one) => one.id)).toEqual([id]);
    expect((await service.api('GET', `/v1/webhooks/${encodeURIComponent(id)}`)).body.status).toBe('delivered');
  });

  deepTest('in its own time: while it hangs, events are taken and the API answers', async () => {
    receiver.behave('hang');
    await aWeekOfWork();
    const moved = service.moveTo('2026-03-09T06:00:00Z');
    const giveUpAt = Date.now() + 10_000;
    while (receiver.requests.length === 0 && Date.now() < giveUpAt) await new Promise((done) => setTimeout(done, 10));
    expect(receiver.requests).toHaveLength(1);
    const startedAt = performance.now();
    await service.platform().sendAll(Array.from({ length: 20 }, (_, index) => account(`a${index}`, 'model')));
    expect((await service.api('GET', '/v1/invoices/2026-W10:M')).status).toBe(200);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    receiver.behave(200);
    await moved;
    expect((await service.api('GET', '/v1/webhooks?status=due')).body.items).toMatchObject([
      { attempts: 1, error: 'no answer within 15 s' },
    ]);
  });
});
