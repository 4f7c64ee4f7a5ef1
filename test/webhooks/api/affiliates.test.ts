import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { settled, sold } from '../../affiliates/world.ts';
import { tell } from '../../support/events.ts';
import { startTestService, type TestService } from '../../support/service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ TEST_CLOCK_START: '2026-03-01T00:00:00Z' });
  const event = ({ id, type, timestamp, data }: ReturnType<typeof tell.account>) => ({ id, type, timestamp, data });
  await service.send(
    ...[tell.account('A', 'affiliate', { name: '=Ann' }), tell.account('B', 'affiliate')].map(event),
    ...['s1', 's2', 's3'].flatMap((id) => sold(id, id === 's3' ? 'B' : 'A', '2026-03-01T00:00:00Z')).map(event),
    ...['s1', 's2', 's3'].map((subscriptionId) =>
      tell.payment(`p-${subscriptionId}`, 1_000, '2026-03-04T00:00:00Z', { kind: 'subscription', subscriptionId }),
    ),
    tell.refund('r1', 'p-s2', 1_000, '2026-03-05T00:00:00Z'),
  );
});
afterAll(() => service.stop());

describe('commissions', () => {
  test('are listed by affiliate and status, page by page', async () => {
    await service.moveTo('2026-03-05T00:00:00Z');
    const first = await service.api('GET', '/v1/commissions?affiliateId=A&limit=1');
    const second = await service.api('GET', `/v1/commissions?affiliateId=A&limit=1&after=${first.body.next}`);
    expect([...first.body.items, ...second.body.items]).toEqual([
      expect.objectContaining({
        commissionId: 's2~first',
        status: 'rejected',
        amount: 300,
        payday: null,
        rejectedFor: 'refunded',
      }),
      expect.objectContaining({
        commissionId: 's1~first',
        subscriptionId: 's1',
        paymentId: 'p-s1',
        amount: 300,
        status: 'pending',
        holdUntil: '2026-03-08T00:00:00.000Z',
        approvedAt: null,
        payoutId: null,
        payday: '2026-03-16',
      }),
    ]);
    expect(second.body.next).toBeNull();
    const pending = await service.api('GET', '/v1/commissions?status=pending');
    expect(pending.body.items).toHaveLength(2);
    expect((await service.api('GET', '/v1/commissions?status=late')).status).toBe(422);
    expect((await service.api('GET', '/v1/commissions/none')).status).toBe(404);
  });
});

describe('payouts', () => {
  beforeEach(async () => {
    await service.moveTo('2026-03-16T00:00:00Z');
  });

  test('have what they are made of, and a cycle has their sum', async () => {
    const { body } = await service.api('GET', '/v1/payouts?cycle=2026-03-16');
    expect(body.items).toMatchObject([
      {
        payoutId: '2026-03-16:B',
        accountId: 'B',
        amount: 300,
        parts: { commissions: 300, earnings: 0 },
        status: 'due',
      },
      { payoutId: '2026-03-16:A', items: [{ commissionId: 's1~first', amount: 300 }], count: 1 },
    ]);
    expect((await service.api('GET', '/v1/payout-cycles/2026-03-16')).body).toMatchObject({
      cycle: '2026-03-16',
      approvals: { start: '2026-02-24T00:00:00.000Z', end: '2026-03-09T00:00:00.000Z' },
      status: 'closed',
      payouts: 2,
      total: 600,
    });
    expect((await service.api('GET', '/v1/payout-cycles/2026-03-15')).status).toBe(422);
    expect((await service.api('GET', '/v1/payout-cycles/2026-04-01')).body).toMatchObject({
      status: 'upcoming',
      payouts: 0,
    });
  });

  test('come as a table for the bank, safe for spreadsheets', async () => {
    const { body } = await service.api('GET', '/v1/payout-cycles/2026-03-16.csv');
    expect(body.split('\r\n')).toEqual([
      'payoutId,cycle,accountId,name,amount,commissionsAmount,earningsAmount,currency,commissions,status,reference,reason,carried,carriedTo',
      "2026-03-16:A,2026-03-16,A,'=Ann,3.00,3.00,0.00,USD,1,due,,,,",
      '2026-03-16:B,2026-03-16,B,B,3.00,3.00,0.00,USD,1,due,,,,',
      '',
    ]);
    expect((await service.api('GET', '/v1/payout-cycles/never.csv')).status).toBe(422);
  });

  test('are settled once, by the API or by an event; what has ended otherwise is refused', async () => {
    const settle = () => service.api('POST', '/v1/payouts/2026-03-16:A/settle', { reference: 'tx-1' });
    expect((await service.api('POST', '/v1/payouts/2026-03-16:A/process', {})).body).toMatchObject({
      status: 'processing',
    });
    expect(await settle()).toMatchObject({ status: 200, body: { status: 'paid', reference: 'tx-1' } });
    expect(await settle()).toMatchObject({
      status: 409,
      body: { state: 'paid', reason: 'already_settled' },
    });
    expect(await service.api('POST', '/v1/payouts/2026-03-16:A/fail', {})).toMatchObject({
      status: 409,
      body: { state: 'paid', reason: 'payout_paid' },
    });
    expect((await service.api('POST', '/v1/payouts/2026-03-16:none/settle', {})).status).toBe(404);
    await service.send(settled('2026-03-16:B', '2026-03-16T10:00:00Z'));
    const paid = await service.api('GET', '/v1/commissions?status=paid');
    expect(paid.body.items.map(({ payoutId }: { payoutId: string }) => payoutId).sort()).toEqual([
      '2026-03-16:A',
      '2026-03-16:B',
    ]);
    const { body } = await service.api('GET', '/v1/audit?subject=2026-03-16:A');
    expect(body.items).toMatchObject([
      { action: 'payout.paid', actor: 'ops', reason: 'tx-1', before: { status: 'processing' } },
      { action: 'payout.processing', actor: 'ops' },
    ]);
  });
});
