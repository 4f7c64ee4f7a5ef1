import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { overdueQuery } from '../../../src/invoicing/overdueInvoices.ts';
import type { StoredInvoice } from '../../../src/invoicing/store.ts';
import { createCalendar } from '../../../src/kernel/calendar.ts';
import { bearer, NOW, type TestService, testService } from '../service.ts';

let service: TestService;
let app: ReturnType<TestService['app']>;
beforeAll(async () => {
  service = await testService();
  app = service.app();
  await service.accounts.applyUpdates([
    ...['calm', 'late', 'ended', 'old', 'foreseen', '=cmd'].map((accountId) => ({
      eventId: `v-${accountId.replace('=', '')}`,
      timestamp: NOW,
      data: { accountId, role: 'model' as const, name: `Name of ${accountId}` },
    })),
    { eventId: 'v-c', timestamp: NOW, data: { accountId: 'c', role: 'marketer', name: 'Contractor' } },
  ]);
});
afterAll(() => service.database.close());

async function call(method: 'GET' | 'POST', path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await app.request(path, {
    method,
    headers: { ...bearer(), 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: text.startsWith('{') ? JSON.parse(text) : null,
  };
}

/** The worked example of the rules, $41.08, which fell due so many days before now. */
async function overdueBy(modelId: string, days: number, total = 4_108): Promise<string> {
  const id = await service.world.issue(modelId);
  const invoices = service.database.connection.collection<StoredInvoice>('invoices');
  const issued = await invoices.findOneAndDelete({ _id: id });
  if (issued === null) throw new Error('there is no invoice');
  const dueAt = new Date(NOW.getTime() - days * 86_400_000);
  const _id = `${dueAt.toISOString().slice(0, 10)}:${modelId}`;
  await invoices.insertOne({ ...issued, _id, dueAt, issuedAt: new Date(dueAt.getTime() - 3 * 86_400_000), total });
  return _id;
}

const CALM = {
  modelId: 'calm',
  campaigns: 'running',
  cplOrders: 'allowed',
  trustScore: 50,
  tier: 'new',
  terminationReview: false,
  terminated: false,
  overdue: { count: 0, total: 0, oldestDueAt: null },
  ...{ paidOnTime: 0, invoices: 0 },
  reasons: [],
  because: [],
  recommendedMaxQuantity: 100,
};

describe('standing', () => {
  it('of a model that owes nothing', async () => {
    expect((await call('GET', '/v1/models/calm/standing')).body).toEqual(CALM);
    expect((await call('GET', '/v1/models/calm/trust')).body).toEqual({ items: [], next: null });
  });

  it('of a late payer, with reasons that can be read, and the trust score’s way there', async () => {
    const [first, second] = [await overdueBy('late', 17, 40_000), await overdueBy('late', 10, 10_001)];
    const { body } = await call('GET', '/v1/models/late/standing');
    expect(body).toEqual({
      modelId: 'late',
      campaigns: 'paused',
      cplOrders: 'blocked',
      trustScore: 20,
      tier: 'at-risk',
      terminationReview: false,
      terminated: false,
      overdue: { count: 2, total: 50_001, oldestDueAt: '2026-11-06T06:00:00.000Z' },
      ...{ paidOnTime: 0, invoices: 2 },
      reasons: [
        '2 invoices are overdue, $500.01 in all.',
        `Invoice ${first} has been overdue since Fri 6 Nov 2026, 06:00 (UTC), too long for new CPL orders.`,
        'What is overdue, $500.01, is more than the $500.00 that new CPL orders allow.',
      ],
      because: [
        { kind: 'overdue', count: 2, total: 50_001 },
        { kind: 'overdue-too-long', invoiceId: first, since: '2026-11-06T06:00:00.000Z' },
        { kind: 'overdue-too-much', total: 50_001, limit: 50_000 },
      ],
      recommendedMaxQuantity: null,
    });
    const page = (await call('GET', '/v1/models/late/trust?limit=1')).body;
    expect(page.items).toEqual([
      { at: '2026-11-06T06:00:00.000Z', cause: 'invoice-late', subject: first, change: -10, score: 40 },
    ]);
    const rest = (await call('GET', `/v1/models/late/trust?after=${encodeURIComponent(page.next)}`)).body;
    expect(rest).toEqual({
      items: [{ at: '2026-11-13T06:00:00.000Z', cause: 'invoice-late-again', subject: second, change: -20, score: 20 }],
      next: null,
    });
  });

  it.each(['nobody', 'c'])('of %s, who is no model, is not there', async (id) => {
    for (const what of ['standing', 'trust']) expect((await call('GET', `/v1/models/${id}/${what}`)).status).toBe(404);
    const body = { reason: 'x', until: '2027-01-01T00:00:00Z' };
    for (const what of ['grace', 'terminate', 'keep']) {
      expect((await call('POST', `/v1/models/${id}/${what}`, body)).status).toBe(404);
    }
  });
});

describe('decisions', () => {
  it.each<[string, unknown, string]>([
    ['grace', { until: '2027-01-01T00:00:00Z' }, 'reason'],
    ['grace', { until: '2027-01-01T00:00:00Z', reason: '  ' }, 'reason'],
    ['grace', { reason: 'x' }, 'until'],
    ['grace', { reason: 'x', until: '2027-02-30T00:00:00Z' }, 'until'],
    ['grace', { reason: 'x', until: '2027-01-01' }, 'until'],
    ['grace', { reason: 'x', until: NOW.toISOString() }, 'until'],
    ['grace', { reason: 'x', until: '2026-11-22T00:00:00Z' }, 'until'],
    ['terminate', {}, 'reason'],
    ['keep', { reason: '' }, 'reason'],
    ['keep', { reason: 'x'.repeat(1_001) }, 'reason'],
  ])('%s with %j is refused for its %s', async (what, body, path) => {
    const answer = await call('POST', `/v1/models/late/${what}`, body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toContainEqual({ path, message: expect.any(String) });
  });

  it('a grace lifts at once, is recorded, and is the same when asked again', async () => {
    const grace = { until: '2026-11-30T00:00:00Z', reason: 'the bank is slow' };
    for (const headers of [{ 'idempotency-key': 'g1' }, { 'idempotency-key': 'g1' }, { 'idempotency-key': 'g2' }]) {
      const answer = await call('POST', '/v1/models/late/grace', grace, headers);
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({ modelId: 'late', campaigns: 'running', cplOrders: 'allowed' });
      expect(answer.body.reasons).toContain('A manager holds the sanctions back until Mon 30 Nov 2026, 00:00 (UTC).');
      expect(answer.body.because).toContainEqual({ kind: 'grace', until: '2026-11-30T00:00:00.000Z' });
    }
    const { items } = (await call('GET', '/v1/audit?subject=account:late')).body;
    expect(items).toMatchObject([
      {
        actor: 'ops',
        action: 'partnership.grace',
        reason: 'the bank is slow',
        before: { campaigns: 'paused' },
        after: { campaigns: 'running', until: '2026-11-30T00:00:00.000Z' },
      },
    ]);
  });

  it('what the state does not allow is refused with state and reason', async () => {
    const keep = await call('POST', '/v1/models/calm/keep', { reason: 'x' });
    expect(keep.status).toBe(409);
    expect(keep.body).toMatchObject({ state: 'no-review', reason: 'review_not_open' });
    const ended = await call('POST', '/v1/models/ended/terminate', { reason: 'fraud' });
    expect(ended.body).toMatchObject({ campaigns: 'stopped', cplOrders: 'blocked', terminated: true });
    for (const what of ['terminate', 'keep', 'grace']) {
      const again = await call('POST', `/v1/models/ended/${what}`, { reason: 'x', until: '2027-01-01T00:00:00Z' });
      expect(again.status).toBe(409);
      expect(again.body).toMatchObject({ state: 'terminated', reason: 'partnership_terminated' });
    }
  });

  it('a review is kept', async () => {
    await overdueBy('old', 22);
    expect((await call('GET', '/v1/models/old/standing')).body.terminationReview).toBe(true);
    const kept = await call('POST', '/v1/models/old/keep', { reason: 'pays next week' });
    expect(kept.body).toMatchObject({ terminationReview: false, campaigns: 'paused' });
  });
});

describe('overdue', () => {
  it('is listed oldest first, with minimums, page by page', async () => {
    const all = (await call('GET', '/v1/overdue')).body;
    expect(all.items.map((item: { modelId: string }) => item.modelId)).toEqual(['old', 'late', 'late']);
    expect(all.items[0]).toMatchObject({
      status: 'overdue',
      total: 4_108,
      lines: expect.any(Array),
      modelName: 'Name of old',
      daysOverdue: 22,
      standing: { campaigns: 'paused', cplOrders: 'blocked', trustScore: 40, tier: 'new' },
    });
    const first = (await call('GET', '/v1/overdue?limit=2')).body;
    const second = (await call('GET', `/v1/overdue?limit=2&after=${encodeURIComponent(first.next)}`)).body;
    expect([...first.items, ...second.items]).toEqual(all.items);
    expect(second.next).toBeNull();
    const cases: [string, number][] = [
      ['days=10', 3],
      ['days=11', 2],
      ['days=22', 1],
      ['days=23', 0],
      ['amount=10001', 2],
      ['amount=10002', 1],
      ['days=11&amount=4109', 1],
      ['after=nonsense', 0],
    ];
    for (const [query, count] of cases) {
      expect([query, (await call('GET', `/v1/overdue?${query}`)).body.items.length]).toEqual([query, count]);
    }
  });

  it.each(['days=-1', 'days=x', 'amount=1.5', 'limit=0', 'limit=501', 'unknown=1'])('%s is refused', async (query) => {
    expect((await call('GET', `/v1/overdue?${query}`)).status).toBe(422);
  });

  it('is a table for spreadsheets that runs no formula', async () => {
    await overdueBy('=cmd', 1);
    const answer = await call('GET', '/v1/overdue.csv?amount=4108');
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="overdue.csv"');
    const rows = answer.text.split('\r\n');
    expect(rows).toHaveLength(6);
    expect(rows[0]).toBe(
      'invoiceId,modelId,modelName,week,issuedAt,dueAt,daysOverdue,total,currency,campaigns,cplOrders,trustScore,tier,terminationReview,modelOverdueCount,modelOverdueTotal,promise,promisedUntil,left',
    );
    expect(rows[4]).toContain("'=cmd,Name of =cmd,");
    expect(rows[4]).toContain(',1,41.08,USD,paused,allowed,40,new,,1,41.08');
    expect((await call('GET', '/v1/overdue.csv?days=x')).status).toBe(422);
    expect((await call('GET', '/v1/overdue.csv?colour=red')).status).toBe(422);
  });

  it('is summed up by how long, each model once; and of one model alone', async () => {
    const { ages, ...all } = (await call('GET', '/v1/overdue/summary')).body;
    const { items } = (await call('GET', '/v1/overdue')).body;
    const of = (few: { modelId: string; left: number }[]) => ({
      count: few.length,
      models: new Set(few.map(({ modelId }) => modelId)).size,
      amount: few.reduce((total, { left }) => total + left, 0),
    });
    expect(all).toEqual(of(items));
    const bounds = [...[[0, 2] as const, [3, 7] as const, [8, 14] as const, [15, 30] as const], [31, null] as const];
    expect(ages).toEqual(
      bounds.map(([from, to]) => ({
        ...{ from, to },
        ...of(
          items.filter((item: { daysOverdue: number }) => item.daysOverdue >= from && item.daysOverdue <= (to ?? 1e6)),
        ),
      })),
    );
    expect(ages.filter(({ count }: { count: number }) => count > 0).length).toBeGreaterThan(1);
    const late = (await call('GET', '/v1/overdue?model=late')).body.items;
    expect(late).toEqual(items.filter(({ modelId }: { modelId: string }) => modelId === 'late'));
    expect(late.length).toBeGreaterThan(0);
  });

  it.each([undefined, '2026-11-06T06:00:00.000Z~x'])('is found along an index, after %s', async (after) => {
    const invoices = service.database.connection.collection<StoredInvoice>('invoices');
    const query = overdueQuery({ minDays: 3, minTotal: 100 }, createCalendar('UTC'), NOW, after);
    const { queryPlanner } = await invoices.find(query).sort({ dueAt: 1, _id: 1 }).limit(11).explain();
    const plan = JSON.stringify(queryPlanner.winningPlan);
    expect(plan).toContain('status_1_dueAt_1__id_1');
    expect(plan).not.toContain('"SORT"');
    expect(plan).not.toContain('COLLSCAN');
  });
});

describe('a decision', () => {
  it('says beforehand the standing that it results in, writes nothing, and is refused alike', async () => {
    await overdueBy('foreseen', 22);
    const standing = async () => (await call('GET', '/v1/models/foreseen/standing')).body;
    const before = await standing();
    expect(before).toMatchObject({ campaigns: 'paused', terminationReview: true });
    for (const [what, more] of [
      ['grace', { until: '2026-11-30T00:00:00Z' }],
      ['keep', {}],
      ['terminate', {}],
    ] as const) {
      const path = `/v1/models/foreseen/${what}`;
      const at = await standing();
      const foreseen = await call('POST', `${path}?simulate=true`, { ...more, reason: 'x' });
      expect([what, foreseen.status]).toEqual([what, 200]);
      expect(await standing()).toEqual(at);
      const { simulated, postings, ...expected } = foreseen.body;
      expect({ simulated, postings }).toEqual({ simulated: true, postings: [] });
      expect(expected).not.toEqual(at);
      expect((await call('POST', path, { ...more, reason: 'x' })).body).toEqual(expected);
    }
    const refused = await call('POST', '/v1/models/foreseen/keep?simulate=true', { reason: 'x' });
    expect(refused).toMatchObject({ status: 409, body: { state: 'terminated', reason: 'partnership_terminated' } });
    const { items } = (await call('GET', '/v1/audit?subject=account:foreseen')).body;
    expect(items).toHaveLength(3);
  });
});
