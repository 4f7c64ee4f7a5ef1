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

async function file(path: string, accept?: string) {
  const headers = { authorization: `Bearer ${TEST_KEY}`, ...(accept === undefined ? {} : { accept }) };
  const response = await fetch(new URL(path, service.url), { headers });
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
    event('account.updated', at, { accountId: 'bea', role: 'model', name: 'Bea' }),
    event('account.updated', at, { accountId: 'bea.csv', role: 'model', name: 'Of another' }),
    event('account.updated', at, { accountId: 'bea.pdf', role: 'model', name: 'Of a third' }),
    event('account.updated', at, { accountId: 'mark', role: 'marketer', name: 'Mark' }),
    ...['mod', 'poor', 'bea', 'bea.csv', 'bea.pdf'].map((modelId) =>
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
      asOf: expect.stringMatching(/^2026-03-\d\dT/),
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
    const first = (await service.api('GET', '/v1/simulate/monday/rows?limit=1')).body;
    expect(first.items).toEqual([
      {
        ...{ accountId: 'mod', name: 'Model', outcome: 'debited', amount: 4_000, count: 1 },
        ...{ why: null, commissions: null, earnings: null },
      },
    ]);
    const rest = `/v1/simulate/monday/rows?after=${encodeURIComponent(first.next)}`;
    expect((await service.api('GET', rest)).body).toMatchObject({ items: [{ accountId: 'poor' }], next: null });
    expect((await service.api('GET', '/v1/simulate/monday/rows?outcome=open')).body.items).toHaveLength(1);
    expect((await service.api('GET', '/v1/simulate/monday/rows?after=mod')).status).toBe(422);
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

  it('is in the language of the person whose it is', async () => {
    const lines = async (path: string) =>
      pdfPages((await file(path)).content)
        .flat()
        .join('\n');
    const [at, back] = ['2026-01-02T00:00:00Z', '2026-01-03T00:00:00Z'];
    const model = { accountId: 'mod', role: 'model', name: 'Model' };
    const marketer = { accountId: 'mark', role: 'marketer', name: 'Mark' };
    await service.send(
      event('account.updated', at, { ...model, locale: 'es-MX' }),
      event('account.updated', at, { ...marketer, locale: 'ru' }),
    );
    expect(await lines('/v1/invoices/2026-W10:mod.pdf')).toMatch(/Factura.*USD 40\.00/s);
    expect(await lines('/v1/payouts/2026-03-16:mark.pdf')).toMatch(/[а-яё]{4}.*60,00 \$/is);
    await service.send(event('account.updated', back, model), event('account.updated', back, marketer));
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

describe('a representation', () => {
  const PDF = 'application/pdf';
  const CSV = 'text/csv; charset=utf-8';
  const JSON_TYPE = 'application/json';

  it.each([
    ['/v1/invoices/2026-W10:mod', undefined, JSON_TYPE],
    ['/v1/invoices/2026-W10:mod', '*/*', JSON_TYPE],
    ['/v1/invoices/2026-W10:mod', 'text/html, */*;q=0.8', JSON_TYPE],
    ['/v1/invoices/2026-W10:mod', 'text/csv', CSV],
    ['/v1/invoices/2026-W10:mod', 'application/json;q=0.5, text/csv', CSV],
    ['/v1/invoices/2026-W10:mod', 'application/pdf, application/json;q=0.9', PDF],
    ['/v1/invoices/2026-W10:mod/csv', undefined, CSV],
    ['/v1/invoices/2026-W10:mod/pdf', JSON_TYPE, PDF],
    ['/v1/payouts/2026-03-16:ann', undefined, JSON_TYPE],
    ['/v1/payouts/2026-03-16:ann', 'text/csv', CSV],
    ['/v1/payouts/2026-03-16:ann', 'application/pdf', PDF],
    ['/v1/payouts/2026-03-16:ann/csv', undefined, CSV],
    ['/v1/payouts/2026-03-16:ann/pdf', undefined, PDF],
    ['/v1/payouts/2026-03-16:ann.csv', undefined, CSV],
    ['/v1/payout-cycles/2026-03-16', undefined, JSON_TYPE],
    ['/v1/payout-cycles/2026-03-16', 'text/csv', CSV],
    ['/v1/payout-cycles/2026-03-16', 'application/pdf', PDF],
    ['/v1/payout-cycles/2026-03-16/csv', undefined, CSV],
    ['/v1/payout-cycles/2026-03-16/pdf', undefined, PDF],
    ['/v1/payout-cycles/2026-03-16.csv', undefined, CSV],
    ['/v1/overdue', undefined, JSON_TYPE],
    ['/v1/overdue', 'text/csv', CSV],
    ['/v1/overdue', '*/*', JSON_TYPE],
    ['/v1/overdue', 'application/json;q=0, */*', CSV],
    ['/v1/overdue', 'text/csv;q=0.1, */*;q=0.9', JSON_TYPE],
    ['/v1/overdue', 'text/*, application/*;q=0.5', CSV],
    ['/v1/overdue', 'text/csv;q=0, */*;q=0.1', JSON_TYPE],
    ['/v1/payout-cycles/2026-03-16', 'application/json;q=0.2, application/*;q=0.4', PDF],
    ['/v1/payout-cycles/2026-03-16', 'text/html, */*;q=0.8', JSON_TYPE],
    ['/v1/overdue/csv', undefined, CSV],
    ['/v1/overdue.csv', undefined, CSV],
    ['/v1/simulate/monday', undefined, JSON_TYPE],
    ['/v1/simulate/monday', 'text/csv', CSV],
    ['/v1/simulate/payday/csv', undefined, CSV],
    ['/v1/simulate/payday.csv', undefined, CSV],
  ])('of %s for %s is %s', async (path, accept, type) => {
    const { response } = await file(path, accept);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(type);
  });

  it('varies by what is accepted', async () => {
    expect((await file('/v1/invoices/2026-W10:mod')).response.headers.get('vary')).toContain('Accept');
    expect((await file('/v1/invoices/2026-W10:mod', 'text/csv')).response.headers.get('vary')).toContain('Accept');
  });

  it('of an invoice whose id ends like a file is its own, and never that of another', async () => {
    const at = '2026-03-17T10:00:00Z';
    await service.moveTo(at);
    // All three have an invoice of one week.
    const models = ['bea', 'bea.csv', 'bea.pdf'];
    await service.send(...models.map((id, index) => tip(`tip-${id}`, `camp-${id}`, 1_000 * (index + 1), at)));
    await service.moveTo('2026-03-23T06:00:00Z');
    for (const [index, model] of models.entries()) {
      const id = `2026-W12:${model}`;
      const total = 400 * (index + 1);
      expect((await service.api('GET', `/v1/invoices/${id}`)).body).toMatchObject({ invoiceId: id, total });
      const table = Buffer.from((await file(`/v1/invoices/${id}/csv`)).content).toString();
      expect(table).toContain(`${id},${model},2026-W12`);
      const pages = pdfPages((await file(`/v1/invoices/${id}/pdf`)).content).flat();
      expect(pages).toContain(`Total|$${(total / 100).toFixed(2)}`);
    }
    // Nobody's id ends so, and it is a file.
    expect((await file('/v1/invoices/2026-W12:bea.csv.csv')).response.headers.get('content-type')).toBe(CSV);
    // There is no such invoice; that of `bea` is not it.
    for (const id of ['2026-W11:bea.csv', '2026-W11:bea.pdf']) {
      expect((await file(`/v1/invoices/${id}`)).response.status).toBe(404);
      expect((await file(`/v1/payouts/${id}`)).response.status).toBe(404);
    }
  });

  it('of a payout as a table adds up to its total', async () => {
    const rows = Buffer.from((await file('/v1/payouts/2026-03-16:ann/csv?bom=0')).content)
      .toString()
      .split('\r\n');
    expect(rows).toEqual([
      'payoutId,cycle,accountId,status,reference,row,commissionId,amount,currency,number,name',
      '2026-03-16:ann,2026-03-16,ann,due,,commission,s2~first,3.00,USD,,Żaneta 李',
      '2026-03-16:ann,2026-03-16,ann,due,,total,,3.00,USD,,Żaneta 李',
      '',
    ]);
    const ofMarketer = Buffer.from((await file('/v1/payouts/2026-03-16:mark/csv')).content).toString();
    expect(ofMarketer).toContain('due,,earnings,,60.00,USD');
  });

  it('of a cycle as a document has its sums and each payout', async () => {
    const lines = pdfPages((await file('/v1/payout-cycles/2026-03-16/pdf')).content).flat();
    expect(lines).toContain('to be paid|2: $63.00');
    expect(lines).toContain('2026-03-16:mark|Mark (mark)|to be paid|$0.00|$60.00|$60.00');
    expect(lines).toContain('Total|$63.00');
  });

  it.each([
    '/v1/invoices/2026-W10:mod/csv',
    '/v1/payouts/2026-03-16:ann/csv',
    '/v1/payout-cycles/2026-03-16/csv',
    '/v1/overdue/csv',
    '/v1/simulate/monday/csv',
  ])('as a table begins with a byte order mark, or with bom=0 without: %s', async (path) => {
    expect([...(await file(path)).content.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect((await file(`${path}?bom=0`)).content[0]).not.toBe(0xef);
    expect((await file(`${path}?bom=perhaps`)).response.status).toBe(422);
  });

  it.each(['/v1/invoices/2026-W10:nobody/csv', '/v1/payouts/2026-03-16:nobody/pdf', '/v1/invoices/2026-W10:mod/html'])(
    'that is not there: %s',
    async (path) => {
      expect((await file(path)).response.status).toBe(404);
    },
  );
});

describe('books', () => {
  it('have the credit note of a void invoice, and of no other', async () => {
    const path = '/v1/invoices/2026-W10:poor';
    expect((await file(`${path}/credit-note.pdf`)).response.status).toBe(404);
    expect((await service.api('POST', `${path}/void`, { reason: 'wrong rate' })).status).toBe(200);
    const { response, content } = await file(`${path}/credit-note.pdf`);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/pdf']);
    expect(response.headers.get('content-disposition')).toContain('credit-note-2026-W10-poor.pdf');
    const { body } = await service.api('GET', path);
    expect(body.creditNote).toBe('CN-2026-000001');
    expect(pdfPages(Buffer.from(content))[0]).toContain(`Credit note ${body.creditNote}`);
    expect((await file('/v1/invoices/2026-W10:none/credit-note.pdf')).response.status).toBe(404);
  });

  it('have the ledger as CSV and as Beancount, by days', async () => {
    const days = 'from=2026-03-09&to=2026-03-10';
    const table = await file(`/v1/ledger/export?${days}`);
    expect(table.response.headers.get('content-type')).toContain('text/csv');
    const [header, ...rows] = new TextDecoder().decode(table.content).trimEnd().split('\r\n');
    expect(header).toMatch(/^date,entryId,account,debit,credit,/);
    expect(rows).toContainEqual(
      expect.stringMatching(/^2026-03-09,invoice:2026-W10:mod:completed,model:mod,40\.00,,USD/),
    );
    const text = await file(`/v1/ledger/export?${days}&format=beancount`);
    expect(text.response.headers.get('content-type')).toContain('text/plain');
    expect(text.response.headers.get('content-disposition')).toContain('ledger-2026-03-09-2026-03-10.beancount');
    expect(new TextDecoder().decode(text.content)).toContain('  Liabilities:Models:Mod  40.00 USD\n');
  });

  it('have the trial balance of a month, also of one that is open, as JSON and as a table', async () => {
    const { body } = await service.api('GET', '/v1/ledger/trial-balance?month=2026-03&limit=1');
    expect(body).toMatchObject({ month: '2026-03', state: 'open', closedAt: null, totals: { opening: 0, closing: 0 } });
    expect([body.items.length, body.next]).toEqual([1, body.items[0].account]);
    const table = await file('/v1/ledger/trial-balance?month=2026-03', 'text/csv');
    expect(table.response.headers.get('content-type')).toContain('text/csv');
    expect(new TextDecoder().decode(table.content)).toContain('2026-03,open,total,,0.00,');
  });

  it.each([
    'export?from=2026-03-09&to=2026-03-09',
    'export?from=2026-03-10&to=2026-03-09',
    'export?from=2026-02-30&to=2026-03-09',
    'export?from=2026-03-09',
    'export?from=2026-03-09&to=2026-03-10&format=ledger',
    'trial-balance?month=2026-13',
    'trial-balance?month=2026-3',
    'trial-balance',
  ])('refuse what is no day and no month: %s', async (query) => {
    expect((await service.api('GET', `/v1/ledger/${query}`)).status).toBe(422);
    expect((await file(`/v1/ledger/${query}`, 'text/csv')).response.status).toBe(422);
  });
});
