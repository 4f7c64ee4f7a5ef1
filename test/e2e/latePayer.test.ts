import { afterAll, beforeAll, expect, test } from 'vitest';

import { startTestService, type TestService } from '../support/service.ts';

let service: TestService;

beforeAll(async () => {
  service = await startTestService({ TEST_CLOCK_START: '2026-03-02T00:00:00Z' });
});
afterAll(() => service.stop());

const account = (accountId: string, role: string) => ({
  type: 'account.updated',
  timestamp: '2026-03-01T00:00:00Z',
  data: { accountId, role, name: accountId },
});

async function standing() {
  return (await service.api('GET', '/v1/models/M/standing')).body;
}

test('a late payer is paused at the due instant, blocked three days later, and free at once after a top-up', async () => {
  await service.send(
    account('M', 'model'),
    account('c', 'marketer'),
    {
      type: 'campaign.updated',
      timestamp: '2026-03-01T00:00:00Z',
      data: { campaignId: 'A', kind: 'revshare', modelId: 'M', contractorId: 'c', rateBps: 5_000, status: 'active' },
    },
    {
      type: 'payment.succeeded',
      data: {
        paymentId: 'p1',
        campaignId: 'A',
        fanId: 'f',
        kind: 'tip',
        amount: 20_000,
        paidAt: '2026-03-03T12:00:00Z',
      },
    },
  );
  await service.moveTo('2026-03-12T05:59:59.999Z');
  expect(await standing()).toMatchObject({ campaigns: 'running', cplOrders: 'allowed', trustScore: 50, tier: 'new' });
  await service.moveTo('2026-03-12T06:00:00Z');
  expect(await standing()).toMatchObject({
    campaigns: 'paused',
    cplOrders: 'allowed',
    trustScore: 40,
    overdue: { count: 1, total: 10_000 },
  });
  await service.moveTo('2026-03-15T06:00:00Z');
  expect(await standing()).toMatchObject({ campaigns: 'paused', cplOrders: 'blocked' });
  await service.send({
    type: 'balance.topped_up',
    data: { topUpId: 't1', accountId: 'M', amount: 10_000, toppedUpAt: '2026-03-15T06:00:00Z' },
  });
  expect(await standing()).toMatchObject({
    campaigns: 'running',
    cplOrders: 'allowed',
    trustScore: 40,
    overdue: { count: 0 },
  });
});
