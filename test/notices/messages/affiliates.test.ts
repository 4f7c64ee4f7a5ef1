import { describe, expect, it } from 'vitest';

import { type NoticeContent, noticeMessage } from '../../../src/notices/messages/notice.ts';

const READER = { timeZone: 'Europe/Berlin', currency: 'USD', thisYear: 2026 };
const PAID = new Date('2026-03-16T10:00:00Z');
const HOLD = new Date('2026-03-20T10:00:00Z');
const COMMISSION = { commissionId: 'sub-1~first', amount: 300, paidAt: PAID, payday: '2026-04-01' };
const PAYOUT = { payoutId: '2026-04-01:anna', amount: 2_400 };

/** All that the message says, in one line, and the commands of its buttons. */
function aloud(content: NoticeContent): [said: string, commands: string[]] {
  const { title, paragraphs, buttons } = noticeMessage(content, READER);
  return [[title, ...paragraphs].join(' | '), buttons.flat().map(({ command }) => command ?? '')];
}

describe('a commission', () => {
  it('is told as pending with the end of its hold and its payday', () => {
    expect(aloud({ kind: 'commission.pending', data: { ...COMMISSION, holdUntil: HOLD, before: null } })).toEqual([
      'New commission: $3.00 — Subscription of 16 Mar | A subscriber you brought has paid, and $3.00 of it is for you. It is in hold until Fri 20 Mar 2026, 11:00 (Europe/Berlin); a refund until then would cancel or lower it. | Expected payday: 1 Apr 2026.',
      ['/why sub-1~first', '/commissions'],
    ]);
  });

  it('that changed says from what to what', () => {
    const [said] = aloud({ kind: 'commission.pending', data: { ...COMMISSION, holdUntil: HOLD, before: 600 } });
    expect(said).toContain('Commission changed: $3.00 — Subscription of 16 Mar | ');
    expect(said).toContain('It was $6.00, and is $3.00 now.');
  });

  it('that is approved is told together with the others of its day', () => {
    const data = { day: '2026-03-20', count: 1, total: 300, payday: '2026-04-01' };
    expect(aloud({ kind: 'commissions.approved', data })).toEqual([
      'Approved: $3.00 for 1 commission | On 20 Mar 2026 the hold of 1 commission ended: $3.00 in all, approved (unpaid) until payday. | Expected payday: 1 Apr 2026.',
      ['/commissions', '/nextpayday'],
    ]);
  });

  it.each([
    ['refunded', 'because the subscriber got the money back'],
    ['cancelled-in-trial', 'because the subscription was cancelled before its trial was over'],
  ] as const)('that is rejected says why: %s', (reason, because) => {
    expect(aloud({ kind: 'commission.rejected', data: { ...COMMISSION, reason } })[0]).toBe(
      `Commission rejected: $3.00 — Subscription of 16 Mar | Your commission of $3.00 is not paid, ${because}.`,
    );
  });

  it('that is reversed says what is taken off which payout', () => {
    const data = { ...COMMISSION, amount: -300, reverses: 'sub-1~first', payday: '2026-04-16' };
    const [said] = aloud({ kind: 'commission.reversed', data });
    expect(said).toContain('Commission corrected by -$3.00 — Subscription of 16 Mar | ');
    expect(said).toContain('$3.00 is taken off your payout of 16 Apr 2026, or of a later one.');
    expect(said).toContain('The payout that has it stays as it is.');
  });
});

describe('a payout', () => {
  it('that is due says what it is for, and has its statement a press away', () => {
    const data = { ...PAYOUT, cycle: '2026-04-01', count: 8, parts: { commissions: 2_400, earnings: 0 } };
    expect(aloud({ kind: 'payout.due', data })).toEqual([
      'Payday: $24.00 — payout of 1 Apr | Your payout of 1 Apr 2026 is ready: $24.00 for 8 commissions. The transfer is being prepared. | You hear from us when it is paid.',
      ['/statement 2026-04-01:anna', '/payouts', '/why 2026-04-01:anna'],
    ]);
    const both = { ...data, parts: { commissions: 900, earnings: 1_500 } };
    expect(aloud({ kind: 'payout.due', data: both })[0]).toContain(
      'is ready: $24.00, $9.00 for 8 commissions and $15.00 earned with orders and campaigns.',
    );
    const earned = { ...data, count: 0, parts: { commissions: 0, earnings: 2_400 } };
    expect(aloud({ kind: 'payout.due', data: earned })[0]).toContain(
      'is ready: $24.00, all of it earned with orders and campaigns.',
    );
  });

  it('that is paid has its reference', () => {
    const data = { ...PAYOUT, paidAt: HOLD, reference: 'SEPA 4711' };
    expect(aloud({ kind: 'payout.paid', data })[0]).toBe(
      'Paid: $24.00 — payout of 1 Apr | It was paid on Fri 20 Mar 2026, 11:00 (Europe/Berlin). Reference: “SEPA 4711”.',
    );
  });

  it('that failed says where the money is, when it comes again, and what to check', () => {
    const [said] = aloud({ kind: 'payout.failed', data: { ...PAYOUT, reason: 'account closed', next: '2026-04-16' } });
    expect(said).toContain('$24.00 could not be paid. Reason: “account closed”.');
    expect(said).toContain('it is back on your balance and goes into the payout of 16 Apr 2026.');
    expect(said).toContain('Please check on the platform that your payment details are right.');
  });
});
