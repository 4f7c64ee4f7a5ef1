import type { CommissionView } from '../../affiliates/commissions/commission.ts';
import type { PayoutView } from '../../affiliates/payouts/payout.ts';
import { type Button, quoted, type State } from '../../notices/messages/message.ts';
import { type DisplayContext, type Speech, speechOf } from '../../texts/speech.ts';
import { thingsOf } from '../../texts/things.ts';

/** Where a commission stands, in a few words: the same in every list and answer. */
export function commissionState(commission: CommissionView, { say, instant }: Speech): string {
  switch (commission.status) {
    case 'pending':
      return commission.refundRequested
        ? say('payoutCommands.commission.refundAskedFor')
        : say('payoutCommands.commission.inHold', { until: instant(commission.holdUntil) });
    case 'approved':
      return say(
        commission.payoutId === null ? 'payoutCommands.commission.approved' : 'payoutCommands.commission.inPayout',
      );
    case 'rejected':
      return say(
        commission.rejectedFor === 'cancelled-in-trial'
          ? 'payoutCommands.commission.cancelled'
          : 'payoutCommands.commission.refunded',
      );
    case 'paid':
      return say('payoutCommands.commission.paid');
  }
}

/** When a commission is paid, was paid, or never will be. */
export function paydayCell({ payday, payoutId }: CommissionView, { say, date }: Speech): string {
  if (payday === null) return '–';
  return payoutId === null ? say('payoutCommands.commission.expected', { payday: date(payday) }) : date(payday);
}

/** Where a payout stands, in a few words. */
export function payoutState(
  { status, drawnAt, endedAt, reason, returned }: PayoutView,
  { say, instant }: Speech,
): string {
  const at = instant(endedAt ?? drawnAt);
  if (returned !== null) return say('payoutCommands.payout.returned', { paid: at, at: instant(returned.at) });
  switch (status) {
    case 'due':
      return say('payoutCommands.payout.due');
    case 'processing':
      return say('payoutCommands.payout.processing');
    case 'paid':
      return say('payoutCommands.payout.paid', { at });
    case 'failed':
      return reason === null
        ? say('payoutCommands.payout.failed', { at })
        : say('payoutCommands.payout.failedFor', { at, reason: quoted(reason, 120) });
  }
}

export function payoutRow(payout: PayoutView, speech: Speech): string[] {
  return [speech.monthDay(payout.cycle), speech.money(payout.amount), payoutState(payout, speech)];
}

/** The buttons of a payout in a list; the day in their labels says which one is meant. */
export function payoutButtons({ payoutId, cycle }: PayoutView, { say, monthDay }: Speech): Button[] {
  const day = monthDay(cycle);
  return [
    { label: say('payoutCommands.buttons.statementOf', { payout: day }), command: `/statement ${payoutId}` },
    { label: say('payoutCommands.buttons.whyOf', { id: day }), command: `/why ${payoutId}` },
  ];
}

/** The sign of where a payout stands. */
export function signOf({ status, returned }: PayoutView): State {
  if (returned !== null) return 'overdue';
  return status === 'paid' ? 'done' : status === 'failed' ? 'overdue' : 'open';
}

/** `$30.00 — payout of 15 Jun`: what a payout is called in a title; `account` where it may be anybody's. */
export function payoutTitle({ amount, cycle }: PayoutView, display: DisplayContext, account?: string) {
  const things = thingsOf(display);
  const payout = account === undefined ? things.payout(cycle) : things.payoutOf(account, cycle);
  return { amount: speechOf(display).money(amount), payout };
}
