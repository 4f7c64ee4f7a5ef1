import { afterAll, beforeAll, expect, test } from 'vitest';

import { startTestService, type TestService } from '../support/service.ts';

let service: TestService;

beforeAll(async () => {
  service = await startTestService({ TEST_CLOCK_START: '2026-03-02T00:00:00Z' });
});
afterAll(() => service.stop());

const account = (accountId: string, role: string, more = {}) => ({
  type: 'account.updated',
  timestamp: '2026-03-01T00:00:00Z',
  data: { accountId, role, name: accountId, ...more },
});

const campaign = (campaignId: string, contractorId: string, rateBps: number) => ({
  type: 'campaign.updated',
  timestamp: '2026-03-01T00:00:00Z',
  data: { campaignId, kind: 'revshare', modelId: 'M', contractorId, rateBps, status: 'active' },
});

const payment = (paymentId: string, campaignId: string, kind: string, amount: number) => ({
  type: 'payment.succeeded',
  data: { paymentId, campaignId, fanId: `fan-${paymentId}`, kind, amount, paidAt: '2026-03-03T12:00:00Z' },
});

test('the worked example of the rules: 41.08 from the model, 35.96 and 6.39 to the contractors', async () => {
  await service.send(
    account('M', 'model', { discountBps: 300 }),
    account('m1', 'marketer'),
    account('m2', 'marketer'),
    campaign('A', 'm1', 4_000),
    campaign('B', 'm2', 2_500),
    ...Array.from({ length: 10 }, (_, index) => payment(`sub-${index}`, 'A', 'subscription', 999)),
    {
      type: 'payment.refunded',
      data: { refundId: 'r1', paymentId: 'sub-3', amount: 999, refundedAt: '2026-03-04T12:00:00Z' },
    },
    payment('tip-1', 'B', 'tip', 2_000),
    payment('tip-2', 'B', 'tip', 555),
    {
      type: 'balance.topped_up',
      data: { topUpId: 't1', accountId: 'M', amount: 10_000, toppedUpAt: '2026-03-04T00:00:00Z' },
    },
  );
  const moved = await service.moveTo('2026-03-09T06:00:00Z');
  expect(moved.ran).toContainEqual({ job: 'issue-invoices', at: '2026-03-09T06:00:00.000Z' });

  const { body: invoice } = await service.api('GET', '/v1/invoices/2026-W10:M');
  expect(invoice).toMatchObject({
    status: 'completed',
    subtotal: 4_235,
    discountBps: 300,
    discount: 127,
    credit: 0,
    total: 4_108,
    issuedAt: '2026-03-09T06:00:00.000Z',
    dueAt: '2026-03-12T06:00:00.000Z',
    completedAt: '2026-03-09T06:00:00.000Z',
    lines: [
      {
        campaignId: 'A',
        contractorId: 'm1',
        type: 'refund',
        count: 1,
        gross: -999,
        rateBps: 4_000,
        cost: -400,
        late: 0,
      },
      {
        campaignId: 'A',
        contractorId: 'm1',
        type: 'subscription',
        count: 10,
        gross: 9_990,
        rateBps: 4_000,
        cost: 3_996,
        late: 0,
      },
      { campaignId: 'B', contractorId: 'm2', type: 'tip', count: 2, gross: 2_555, rateBps: 2_500, cost: 639, late: 0 },
    ],
  });
  const balance = async (name: string) => (await service.api('GET', `/v1/ledger/balances/${name}`)).body.balance;
  expect(await balance('marketer:m1')).toBe(3_596);
  expect(await balance('marketer:m2')).toBe(639);
  expect(await balance('platform:discounts')).toBe(-127);
  expect(await balance('model:M')).toBe(10_000 - 4_108);
});
