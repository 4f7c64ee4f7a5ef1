import type { Statement } from '../../src/affiliates/payouts/statements.ts';
import type { InvoiceView } from '../../src/invoicing/invoice.ts';

export const PLATFORM = { timeZone: 'UTC', currency: 'USD' };

export function invoiceOf(lines: number, more: Partial<InvoiceView> = {}): InvoiceView {
  const list = Array.from({ length: lines }, (_, index) => ({
    campaignId: index % 7 === 3 ? `a-campaign-with-a-very-long-id_${'x'.repeat(30)}${index}` : `campaign-${index}`,
    contractorId: `marketer-${index % 5}`,
    type: index % 4 === 1 ? ('refund' as const) : ('subscription' as const),
    count: index + 1,
    gross: index === 0 ? 123_456_789_00 : 999 * (index + 1) * (index % 4 === 1 ? -1 : 1),
    rateBps: 4_000,
    cost: index === 0 ? 49_382_715_60 : 400 * (index + 1) * (index % 4 === 1 ? -1 : 1),
    late: index % 9 === 2 ? 2 : 0,
  }));
  const subtotal = list.reduce((total, { cost }) => total + cost, 0);
  return {
    invoiceId: '2026-W47:model-1',
    modelId: 'model-1',
    week: '2026-W47',
    status: 'open',
    issuedAt: new Date('2026-11-23T06:00:00Z'),
    dueAt: new Date('2026-11-26T06:00:00Z'),
    completedAt: null,
    lines: list,
    subtotal,
    discountBps: 300,
    discount: 127,
    credit: 0,
    total: subtotal - 127,
    ...more,
  };
}

export function statementOf(sales: number, more: Partial<Statement['payout']> = {}): Statement {
  const payday = new Date('2026-04-01T00:00:00Z');
  const approvals = { start: new Date('2026-03-09T00:00:00Z'), end: new Date('2026-03-24T00:00:00Z') };
  const HOUR = 3_600_000;
  const lines: Statement['lines'] = Array.from({ length: sales }, (_, index) => {
    const approvedAt = new Date(approvals.start.getTime() + (index - Math.floor(sales / 10)) * HOUR);
    return {
      commissionId: index % 11 === 5 ? `sub-${'long'.repeat(12)}-${index}~charge~pay-${index}` : `sub-${index}~first`,
      kind: 'commission',
      programId: index % 3 === 0 ? 'default' : 'summer-program',
      paidAt: new Date(approvedAt.getTime() - 96 * HOUR),
      approvedAt,
      amount: 300 + index,
    };
  });
  if (sales > 2) {
    const approvedAt = new Date('2026-03-20T10:00:00Z');
    const [commissionId, reverses] = ['sub-old~first~reversal~1', 'sub-old~first'];
    lines.push({
      commissionId,
      kind: 'commission',
      reverses,
      programId: 'default',
      paidAt: new Date('2026-02-03T10:00:00Z'),
      approvedAt,
      amount: -299,
    });
  }
  // Adjustments, and what came back of a paid payout, come of no sale.
  if (sales > 3) {
    const at = new Date('2026-03-21T10:00:00Z');
    const none = { programId: '', paidAt: at, approvedAt: at };
    lines.push(
      { commissionId: 'adj~q83vEjRWeJCrze8SNFZ4kA', kind: 'adjustment', ...none, amount: -150 },
      { commissionId: '2026-03-16:aff-1~return', kind: 'return', ...none, amount: 900 },
    );
  }
  const amount = lines.reduce((total, line) => total + line.amount, 0);
  return {
    payout: {
      ...{ payoutId: '2026-04-01:aff-1', cycle: '2026-04-01', accountId: 'aff-1', amount },
      parts: { commissions: amount, earnings: 0 },
      ...{ status: 'due', count: lines.length, drawnAt: payday, processingAt: null, endedAt: null },
      ...{ reference: null, reason: null, returned: null, carriedTo: null },
      ...more,
    },
    approvals,
    lines,
  };
}
