type Line = { id: string; type: string; timestamp: string; data: Record<string, unknown> };

const BEFORE = '2026-03-01T00:00:00Z';

/** A model, a contractor, a campaign of 40 %, so many payments of $10.00 in the week of 2 March 2026. */
export function weekOfSales(payments: number): Line[] {
  return [
    { id: 'a1', type: 'account.updated', timestamp: BEFORE, data: { accountId: 'm', role: 'model', name: 'M' } },
    { id: 'a2', type: 'account.updated', timestamp: BEFORE, data: { accountId: 'k', role: 'marketer', name: 'K' } },
    {
      id: 'c1',
      type: 'campaign.updated',
      timestamp: BEFORE,
      data: { campaignId: 'c', kind: 'revshare', modelId: 'm', contractorId: 'k', rateBps: 4_000, status: 'active' },
    },
    ...Array.from({ length: payments }, (_, index) => payment(`p${index}`)),
  ];
}

export function payment(paymentId: string): Line {
  const at = '2026-03-03T12:00:00Z';
  return {
    id: paymentId,
    type: 'payment.succeeded',
    timestamp: at,
    data: { paymentId, campaignId: 'c', fanId: 'f', kind: 'tip', amount: 1_000, paidAt: at },
  };
}

export function asLines(lines: (Line | string)[], end = '\n'): string {
  return lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}${end}`).join('');
}
