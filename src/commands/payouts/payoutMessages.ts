import type { CommissionView } from '../../affiliates/commissions/commission.ts';
import type { PayoutView } from '../../affiliates/payouts/payout.ts';
import { formatDate, formatInstant } from '../../kernel/calendar.ts';
import { formatMoney } from '../../kernel/money.ts';
import { type Button, quoted } from '../../notices/messages/message.ts';
import type { DisplayContext } from '../../texts/speech.ts';

/** Where a commission stands, in a few words: the same in every list and answer. */
export function commissionState(commission: CommissionView, { timeZone }: DisplayContext): string {
  switch (commission.status) {
    case 'pending':
      return commission.refundRequested
        ? 'waits: a refund was asked for'
        : `in hold until ${formatInstant(commission.holdUntil, timeZone)}`;
    case 'approved':
      return commission.payoutId === null ? 'approved (unpaid)' : 'in its payout';
    case 'rejected':
      return commission.rejectedFor === 'cancelled-in-trial' ? 'rejected: cancelled in trial' : 'rejected: refunded';
    case 'paid':
      return 'paid';
  }
}

/** When a commission is paid, was paid, or never will be. */
export function paydayCell({ payday, payoutId }: CommissionView): string {
  if (payday === null) return '–';
  return `${payoutId === null ? 'expected ' : ''}${formatDate(payday)}`;
}

/** Where a payout stands, in a few words. */
export function payoutState({ status, endedAt, reason }: PayoutView, { timeZone }: DisplayContext): string {
  const on = endedAt === null ? '' : ` on ${formatInstant(endedAt, timeZone)}`;
  switch (status) {
    case 'due':
      return 'due, being prepared';
    case 'processing':
      return 'on its way';
    case 'paid':
      return `paid${on}`;
    case 'failed':
      return `failed${on}${reason === null ? '' : `: ${quoted(reason, 120)}`}`;
  }
}

export function payoutRow(payout: PayoutView, display: DisplayContext): string[] {
  return [payout.payoutId, formatMoney(payout.amount, display.currency), payoutState(payout, display)];
}

/** The buttons of a payout in a list; the day in their labels says which one is meant. */
export function payoutButtons({ payoutId, cycle }: PayoutView): Button[] {
  return [
    { label: `Statement ${cycle}`, command: `/statement ${payoutId}` },
    { label: `Why ${cycle}?`, command: `/why ${payoutId}` },
  ];
}

export const PAYOUTS: Button = { label: 'Payouts', command: '/payouts' };
export const COMMISSIONS: Button = { label: 'Commissions', command: '/commissions' };
export const NEXT_PAYDAY: Button = { label: 'Nextpayday', command: '/nextpayday' };
