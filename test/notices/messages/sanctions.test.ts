import { describe, expect, it } from 'vitest';

import { type NoticeContent, noticeMessage } from '../../../src/notices/messages/notice.ts';

const READER = { timeZone: 'UTC', currency: 'USD', thisYear: 2026 };
const DUE = new Date('2026-05-07T06:00:00Z');
const BLOCK = new Date('2026-05-10T06:00:00Z');
const HELD = new Date('2026-05-13T15:00:00Z');
const UNPAID = { invoiceId: '2026-W18:dana', week: '2026-W18', total: 47_400, dueAt: DUE, balance: 0 };

type Ahead = Extract<NoticeContent, { kind: 'invoice.overdue' }>['data']['ahead'];

function ahead(pausedAt: Date | null, blockedAt: Date | null, payment = 47_400): Ahead {
  return [
    { sanction: 'campaigns-paused', at: pausedAt, payment },
    { sanction: 'cpl-orders-blocked', at: blockedAt, payment },
  ];
}

/** All that the message says, in one line. */
function aloud(content: NoticeContent): string {
  const { title, paragraphs } = noticeMessage(content, READER);
  return [title, ...paragraphs].join(' | ');
}

describe('a message about an overdue invoice', () => {
  it('says what is paused, what comes next, and what payment ends it', () => {
    expect(aloud({ kind: 'invoice.overdue', data: { ...UNPAID, ahead: ahead(null, BLOCK), heldUntil: null } })).toBe(
      'Overdue: $474.00 — week 27 Apr – 3 May | ' +
        'It was due by Thu 7 May 2026, 06:00 (UTC) and is not paid. Your RevShare campaigns are paused. | ' +
        'New CPL orders will be blocked on Sun 10 May 2026, 06:00 (UTC) unless $474.00 is paid before. | ' +
        'Your balance is $0.00, so $474.00 is missing. Top up, and it is debited by itself. As soon as it is paid, your campaigns run again.',
    );
  });

  it('names the whole sum when another one is overdue too', () => {
    const data = { ...UNPAID, ahead: ahead(null, null, 60_000), heldUntil: null };
    const said = aloud({ kind: 'invoice.overdue', data });
    expect(said).toContain('Your RevShare campaigns are paused and new CPL orders are blocked.');
    expect(said).toContain('Your campaigns run again as soon as everything overdue is paid, $600.00.');
    expect(said).not.toContain('As soon as it is paid');
  });

  it('promises nothing under a grace, and says once what comes after it', () => {
    const data = { ...UNPAID, ahead: ahead(HELD, HELD), heldUntil: HELD, number: 5 };
    const said = aloud({ kind: 'invoice.reminder', data });
    expect(said).toContain('A manager holds the consequences until Wed 13 May 2026, 15:00 (UTC).');
    expect(said).toContain(
      'Your campaigns will be paused and new CPL orders will be blocked on Wed 13 May 2026, 15:00 (UTC) unless $474.00 is paid before.',
    );
    expect(said.match(/13 May/g)).toHaveLength(2);
    expect(said).not.toContain('run again');
  });
});

describe('a message about a change of sanctions', () => {
  const STANDS = { campaigns: 'running', overdueCount: 0, overdueTotal: 0, heldUntil: null, trustScore: 40 } as const;

  it.each([
    [
      'everything is lifted',
      { ...STANDS, changes: ['campaigns.resumed', 'cpl_orders.unblocked'] },
      'Good news: back to normal | Your RevShare campaigns run again. You can place CPL orders again. | Your trust score is 40 of 100.',
    ],
    [
      'what was overdue is paid',
      {
        ...{ ...STANDS, changes: ['campaigns.resumed', 'cpl_orders.unblocked'] },
        paid: [{ invoiceId: '2026-W18:dana', week: '2026-W18', total: 47_400 }],
      },
      'Paid: $474.00 — week 27 Apr – 3 May | Your RevShare campaigns run again. You can place CPL orders again. | Your trust score is 40 of 100.',
    ],
    [
      'all that was overdue is paid',
      {
        ...{ ...STANDS, changes: ['campaigns.resumed'] },
        paid: ['a', 'b'].map((invoiceId) => ({ invoiceId, week: '2026-W18', total: 47_400 })),
      },
      'Paid: $948.00 for 2 invoices | Your RevShare campaigns run again. | Your trust score is 40 of 100.',
    ],
    [
      'a grace holds what is overdue',
      { ...STANDS, changes: ['campaigns.resumed'], overdueCount: 1, overdueTotal: 47_400, heldUntil: HELD },
      'Sanctions are held until Wed 13 May 2026, 15:00 (UTC) | Your RevShare campaigns run again. | That is a manager’s grace. 1 invoice overdue, $474.00 in all. Pay before it ends, or they hold again. | Your trust score is 40 of 100.',
    ],
    [
      'one of two reasons is left',
      { ...STANDS, campaigns: 'paused', changes: ['cpl_orders.unblocked'], overdueCount: 1, overdueTotal: 900 },
      'You can place CPL orders again | You can place CPL orders again. | Your campaigns stay paused: 1 invoice overdue, $9.00 in all. | Your trust score is 40 of 100.',
    ],
    [
      'both are imposed',
      {
        ...STANDS,
        campaigns: 'paused',
        changes: ['campaigns.paused', 'cpl_orders.blocked'],
        overdueCount: 2,
        overdueTotal: 60_000,
      },
      'Campaigns are paused and CPL orders are blocked | Your RevShare campaigns are paused, because an invoice is overdue. You cannot place new CPL orders for now. | 2 invoices overdue, $600.00 in all. Pay, and this is lifted at once. | Your trust score is 40 of 100.',
    ],
  ] as const)('%s', (_name, data, said) => {
    const content = { kind: 'sanctions.changed', data: { ...data, changes: [...data.changes] } } as NoticeContent;
    expect(aloud(content)).toBe(said);
  });
});
