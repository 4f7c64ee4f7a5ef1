import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pdfPages } from '../../support/pdfText.ts';
import type { PlatformEvent } from '../../support/platform.ts';
import { startTestService, TEST_KEY, type TestService } from '../../support/service.ts';

let service: TestService;
let counted = 0;

function event(type: string, timestamp: string, data: Record<string, unknown>): PlatformEvent {
  counted += 1;
  return { id: `event-${counted}`, type, timestamp, data };
}

async function file(path: string) {
  const response = await fetch(new URL(path, service.url), { headers: { authorization: `Bearer ${TEST_KEY}` } });
  return { response, content: new Uint8Array(await response.arrayBuffer()) };
}

/** A subscription that `affiliateId` brought, and its charge of $10.00. */
function sold(id: string, affiliateId: string, startedAt: string, paidAt: string): PlatformEvent[] {
  const common = { subscriptionId: id, fanId: `fan-${id}` };
  return [
    event('subscription.started', startedAt, { ...common, startedAt, affiliateId }),
    event('payment.succeeded', paidAt, {
      ...common,
      paymentId: `pay-${id}`,
      kind: 'subscription',
      amount: 1_000,
      paidAt,
    }),
  ];
}

/** Tips of a RevShare campaign. */
function tip(id: string, campaignId: string, amount: number, paidAt: string): PlatformEvent {
  return event('payment.succeeded', paidAt, { paymentId: id, fanId: 'fan', campaignId, kind: 'tip', amount, paidAt });
}

beforeAll(async () => {
  service = await startTestService({ TEST_CLOCK_START: '2026-03-01T12:00:00Z' });
  const at = '2026-01-01T00:00:00Z';
  await service.send(
    event('account.updated', at, { accountId: 'ann', role: 'affiliate', name: 'Żaneta 李' }),
    event('account.updated', at, { accountId: 'mod', role: 'model', name: 'Model' }),
    event('account.updated', at, { accountId: 'poor', role: 'model', name: 'Poor' }),
    event('account.updated', at, { accountId: 'mark', role: 'marketer', name: 'Mark' }),
    ...['mod', 'poor'].map((modelId) =>
      event('campaign.updated', at, {
        ...{ campaignId: `camp-${modelId}`, kind: 'revshare', modelId, contractorId: 'mark' },
        ...{ rateBps: 4_000, status: 'active' },
      }),
    ),
    event('balance.topped_up', at, { topUpId: 't1', accountId: 'mod', amount: 100_000, toppedUpAt: at }),
    tip('tip-1', 'camp-mod', 5_000, '2026-03-01T10:00:00Z'),
  );
  await service.moveTo('2026-03-05T12:00:00Z');
});
afterAll(() => service.stop());

describe('a preview', () => {
  it('of Monday is what Monday then does', async () => {
    await service.send(
      tip('tip-2', 'camp-mod', 10_000, '2026-03-04T10:00:00Z'),
      tip('tip-3', 'camp-poor', 2_555, '2026-03-04T11:00:00Z'),
    );
    const { body } = await service.api('GET', '/v1/simulate/monday');
    expect(body).toEqual({
      run: 'monday',
      period: '2026-W10',
      at: '2026-03-09T06:00:00.000Z',
      made: { count: 2, total: 5_022 },
      byOutcome: { debited: { count: 1, total: 4_000 }, open: { count: 1, total: 1_022 } },
      last: { period: '2026-W09', count: 1, total: 2_000 },
      difference: { count: 1, total: 3_022 },
    });
    const csv = (await service.api('GET', '/v1/simulate/monday.csv')).body;
    expect(csv.split('\r\n').slice(1, 3)).toEqual([
      'monday,2026-W10,mod,Model,40.00,,,USD,1,debited,',
      'monday,2026-W10,poor,Poor,10.22,,,USD,1,open,',
    ]);
    expect((await service.api('GET', '/v1/invoices?week=2026-W10')).body.items).toEqual([]);

    await service.moveTo('2026-03-09T06:00:00Z');
    const { items } = (await service.api('GET', '/v1/invoices?week=2026-W10')).body;
    expect(items.map((one: Record<string, unknown>) => [one.modelId, one.status, one.total]).sort()).toEqual([
      ['mod', 'completed', 4_000],
      ['poor', 'open', 1_022],
    ]);
  });

  it('of a payday is what the payday then does, affiliates and marketers', async () => {
    await service.send(
      ...sold('s1', 'ann', '2026-03-06T08:00:00Z', '2026-03-09T05:00:00Z'),
      ...sold('s2', 'ann', '2026-03-01T08:00:00Z', '2026-03-04T08:00:00Z'),
    );
    const { body } = await service.api('GET', '/v1/simulate/payday');
    expect(body).toMatchObject({
      ...{ run: 'payday', period: '2026-03-16', at: '2026-03-16T00:00:00.000Z', last: null, difference: null },
      byOutcome: { payout: { count: 2, total: 300 + 6_000 } },
    });
    await service.moveTo('2026-03-16T00:00:00Z');
    const { items } = (await service.api('GET', '/v1/payouts?cycle=2026-03-16')).body;
    expect(items.map((one: Record<string, unknown>) => [one.payoutId, one.amount]).sort()).toEqual([
      ['2026-03-16:ann', 300],
      ['2026-03-16:mark', 6_000],
    ]);
    expect((await service.api('GET', '/v1/simulate/payday')).body).toMatchObject({
      ...{ period: '2026-04-01', made: { count: 1, total: 300 } },
      ...{ last: { period: '2026-03-16', count: 2, total: 6_300 }, difference: { count: -1, total: -6_000 } },
    });
  });

  it.each(['/v1/simulate/friday', '/v1/simulate/friday.csv'])('of no run is refused: %s', async (path) => {
    expect((await service.api('GET', path)).status).toBe(422);
  });
});

describe('a document', () => {
  it('of an invoice is an A4 file', async () => {
    const { response, content } = await file('/v1/invoices/2026-W10:mod.pdf');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/pdf');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="invoice-2026-W10-mod.pdf"');
    const [page] = pdfPages(content);
    expect(page).toContain('State|paid on Mon 9 Mar 2026, 06:00 (UTC)');
    expect(page).toContain('camp-mod|mark|tip|1|$100.00|40 %|$40.00');
    expect(page).toContain('Total|$40.00');
  });

  it('of a payout is its statement, the same bytes each time', async () => {
    const { response, content } = await file('/v1/payouts/2026-03-16:ann.pdf');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="payout-2026-03-16-ann.pdf"');
    const lines = pdfPages(content).flat();
    expect(lines.map((line) => line.replaceAll('|', ''))).toContain('Paid toŻaneta 李 (ann)');
    expect(lines).toContain('s2~first|default|4 Mar 2026, 08:00|8 Mar 2026, 08:00|$3.00');
    expect(lines).toContain('Total: $3.00');
    expect((await file('/v1/payouts/2026-03-16:ann.pdf')).content).toEqual(content);
    const marketer = pdfPages((await file('/v1/payouts/2026-03-16:mark.pdf')).content).flat();
    expect(marketer).toContain('Balance at Mon 16 Mar 2026, 00:00 (UTC)|$60.00');
  });

  it.each(['/v1/payouts/2026-03-16:nobody.pdf', '/v1/invoices/2026-W10:nobody.pdf'])(
    'that is not there: %s',
    async (path) => {
      const { response } = await file(path);
      expect(response.status).toBe(404);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
    },
  );

  it('needs the key', async () => {
    expect((await fetch(new URL('/v1/payouts/2026-03-16:ann.pdf', service.url))).status).toBe(401);
  });
});
