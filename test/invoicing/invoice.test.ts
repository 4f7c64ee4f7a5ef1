import { describe, expect, test } from 'vitest';
import { versionAt } from '../../src/invoicing/campaign.ts';
import { type Invoice, invoiceView, issueInvoice } from '../../src/invoicing/invoice.ts';
import { createCalendar } from '../../src/kernel/calendar.ts';
import { defaultPolicy } from '../../src/policy.ts';

const calendar = createCalendar('Europe/Berlin');
const issuedAt = new Date('2026-03-30T04:00:00Z');

function issue(facts: { gross: number[]; ownDiscountBps?: number; volume?: number; availableCredit?: number }) {
  const { gross, ...rest } = facts;
  return issueInvoice(
    {
      modelId: 'M',
      week: '2026-W13',
      issuedAt,
      sums: gross.map((cents, index) => ({
        campaignId: `C${index}`,
        contractorId: 'c',
        type: 'tip' as const,
        count: 1,
        gross: cents,
        rateBps: 10_000,
        late: 0,
      })),
      volume: 0,
      availableCredit: 0,
      ...rest,
    },
    defaultPolicy.invoicing,
    calendar,
  );
}

describe('the discount (rules 1.4)', () => {
  test.each([
    { volume: 2_999_999, discountBps: 0, discount: 0 },
    { volume: 3_000_000, discountBps: 300, discount: 30 },
    { volume: 7_999_999, discountBps: 300, discount: 30 },
    { volume: 8_000_000, discountBps: 600, discount: 60 },
    { volume: 8_000_000, ownDiscountBps: 100, discountBps: 100, discount: 10 },
    { volume: 8_000_000, ownDiscountBps: 0, discountBps: 0, discount: 0 },
    { volume: 0, ownDiscountBps: 10_000, discountBps: 10_000, discount: 1_000 },
  ])(
    '$volume cents completed, own $ownDiscountBps: $discountBps basis points',
    ({ discountBps, discount, ...facts }) => {
      const invoice = issue({ gross: [1_000], ...facts });
      expect(invoice).toMatchObject({ discountBps, discount, total: 1_000 - discount });
    },
  );

  test.each([
    ['a subtotal below zero', [-1_000]],
    ['a subtotal of zero', [1_000, -1_000]],
    ['a discount that rounds to nothing', [1]],
  ])('where nothing is discounted, as with %s, it is 0 basis points', (_, gross) => {
    expect(issue({ gross, ownDiscountBps: 300 })).toMatchObject({ discountBps: 0, discount: 0 });
  });
});

describe('credit brought forward (rules 1.5)', () => {
  test.each([
    { gross: [1_000], availableCredit: 0, credit: 0, total: 1_000, status: 'open' },
    { gross: [1_000], availableCredit: 400, credit: 400, total: 600, status: 'open' },
    { gross: [1_000], availableCredit: 999, credit: 999, total: 1, status: 'open' },
    { gross: [1_000], availableCredit: 1_000, credit: 1_000, total: 0, status: 'credited' },
    { gross: [1_000], availableCredit: 5_000, credit: 1_000, total: 0, status: 'credited' },
    { gross: [-300], availableCredit: 5_000, credit: 0, total: -300, status: 'credited' },
    { gross: [300, -300], availableCredit: 5_000, credit: 0, total: 0, status: 'credited' },
  ])('$gross with $availableCredit held takes $credit', ({ gross, availableCredit, ...expected }) => {
    expect(issue({ gross, availableCredit })).toMatchObject(expected);
  });

  test('is taken after the discount', () => {
    expect(issue({ gross: [1_000], ownDiscountBps: 1_000, availableCredit: 950 })).toMatchObject({
      discount: 100,
      credit: 900,
      total: 0,
      status: 'credited',
    });
  });
});

test('each line is rounded on its own, and lines are in one order whatever order they come in', () => {
  const line = { contractorId: 'c', count: 1, gross: 1, rateBps: 5_000, late: 0 };
  const sums = [
    { ...line, campaignId: 'B', type: 'tip' as const },
    { ...line, campaignId: 'A', type: 'tip' as const },
    { ...line, campaignId: 'A', type: 'refund' as const, gross: -1 },
  ];
  const facts = { modelId: 'M', week: '2026-W13', issuedAt, volume: 0, availableCredit: 0 };
  const [one, other] = [sums, [...sums].reverse()].map((some) =>
    issueInvoice({ ...facts, sums: some }, defaultPolicy.invoicing, calendar),
  );
  expect(one).toEqual(other);
  expect(one?.lines.map(({ campaignId, type, cost }) => [campaignId, type, cost])).toEqual([
    ['A', 'refund', -1],
    ['A', 'tip', 1],
    ['B', 'tip', 1],
  ]);
});

test('it is due three calendar days later and overdue at that very instant (rules 1.7, 1.10)', () => {
  const autumn = { ...issue({ gross: [1] }), dueAt: calendar.addDays(new Date('2026-10-23T04:00:00Z'), 3) };
  expect(autumn.dueAt).toEqual(new Date('2026-10-26T05:00:00Z'));
  const invoice: Invoice = { ...issue({ gross: [1] }), status: 'open' };
  expect(invoice.dueAt).toEqual(new Date('2026-04-02T04:00:00Z'));
  expect(invoiceView(invoice, new Date('2026-04-02T03:59:59.999Z')).status).toBe('open');
  expect(invoiceView(invoice, new Date('2026-04-02T04:00:00Z')).status).toBe('overdue');
});

describe('the version in force (rules 1.3)', () => {
  const version = (eventId: string, timestamp: string) => ({
    eventId,
    timestamp: new Date(timestamp),
    modelId: 'M',
    contractorId: eventId,
    rateBps: 1,
    status: 'active' as const,
  });
  const versions = [
    version('c', '2026-03-03T00:00:00Z'),
    version('a', '2026-03-01T00:00:00Z'),
    version('b2', '2026-03-02T00:00:00Z'),
    version('b1', '2026-03-02T00:00:00Z'),
  ];

  test.each([
    ['2026-02-01T00:00:00Z', 'a'],
    ['2026-03-01T00:00:00Z', 'a'],
    ['2026-03-01T23:59:59.999Z', 'a'],
    ['2026-03-02T00:00:00Z', 'b2'],
    ['2026-03-03T00:00:00Z', 'c'],
    ['2027-01-01T00:00:00Z', 'c'],
  ])('at %s is %s', (at, eventId) => {
    for (const known of [versions, [...versions].reverse()]) {
      expect(versionAt({ campaignId: 'A', revision: 4, versions: known }, new Date(at)).eventId).toBe(eventId);
    }
  });
});
