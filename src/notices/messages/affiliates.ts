import { formatDate, formatInstant } from '../../kernel/calendar.ts';
import { formatMoney, type MinorUnits } from '../../kernel/money.ts';
import type { DisplayContext } from '../../texts/speech.ts';
import { type Button, countOf, type Message, quotedEnd } from './message.ts';

/** `payday` is the expected date of payment, a day of the platform's zone: `2026-04-01`. Money in minor units. */
type CommissionFacts = { commissionId: string; amount: MinorUnits };
type PayoutFacts = { payoutId: string; amount: MinorUnits };
type PayoutParts = { commissions: MinorUnits; earnings: MinorUnits };

/** What notices to affiliates and marketers say about commissions and payouts, as data. */
export type AffiliateContent =
  /** New, or with an amount that changed during the hold, from `before`. */
  | {
      kind: 'commission.pending';
      data: CommissionFacts & { holdUntil: Date; payday: string; before: MinorUnits | null };
    }
  /** A refund of its sale was asked for: it waits for what becomes of that. */
  | { kind: 'commission.held'; data: CommissionFacts }
  /** That refund was declined, and the hold is not over. */
  | { kind: 'commission.resumed'; data: CommissionFacts & { holdUntil: Date; payday: string } }
  /** All approvals of one day. */
  | { kind: 'commissions.approved'; data: { day: string; count: number; total: MinorUnits; payday: string } }
  | { kind: 'commission.rejected'; data: CommissionFacts & { reason: 'refunded' | 'cancelled-in-trial' } }
  /** An approved commission that is in no payout yet has changed its amount. */
  | { kind: 'commission.corrected'; data: CommissionFacts & { before: MinorUnits; payday: string } }
  /** One that is in a payout was refunded: the difference goes on the next one. */
  | { kind: 'commission.reversed'; data: CommissionFacts & { reverses: string; payday: string } }
  /** `count`: of how many commissions; `parts`: what it pays of them, and of what was earned as a marketer. */
  | { kind: 'payout.due'; data: PayoutFacts & { cycle: string; count: number; parts: PayoutParts } }
  | { kind: 'payout.paid'; data: PayoutFacts & { paidAt: Date; reference: string | null } }
  | { kind: 'payout.failed'; data: PayoutFacts & { reason: string | null; next: string } };

/** The words of a notice about commissions and payouts: what happened, what it means, by when. */
export function affiliateMessage(content: AffiliateContent, display: DisplayContext): Message {
  const money = (amount: MinorUnits) => formatMoney(amount, display.currency);
  switch (content.kind) {
    case 'commission.pending':
      return pending(content.data, display, money);
    case 'commission.held': {
      const { commissionId, amount } = content.data;
      return {
        title: `Commission of ${money(amount)} waits`,
        paragraphs: [
          `The subscriber has asked for a refund of this sale. Your commission of ${money(amount)} waits until that is decided: granted, it is cancelled or lowered; declined, it is approved.`,
          'Nothing to do.',
        ],
        buttons: [whyButtons(commissionId)],
      };
    }
    case 'commission.resumed': {
      const { commissionId, amount, holdUntil, payday } = content.data;
      return {
        title: `Commission of ${money(amount)} no longer waits`,
        paragraphs: [
          `The refund of this sale was declined. The commission is in hold until ${formatInstant(holdUntil, display.timeZone)}, as before.`,
          `Expected payday: ${formatDate(payday)}. Nothing to do.`,
        ],
        buttons: [whyButtons(commissionId)],
      };
    }
    case 'commissions.approved': {
      const { day, count, total, payday } = content.data;
      return {
        title: `${countOf(count, 'commission')} approved`,
        paragraphs: [
          `On ${formatDate(day)} the hold of ${countOf(count, 'commission')} ended: ${money(total)} in all, approved (unpaid) until payday.`,
          `Expected payday: ${formatDate(payday)}. Nothing to do.`,
        ],
        buttons: [COMMISSIONS_AND_PAYDAY],
      };
    }
    case 'commission.rejected':
      return rejected(content.data, money);
    case 'commission.corrected': {
      const { amount, before, payday } = content.data;
      return {
        title: 'A commission has changed',
        paragraphs: [
          `A part of the sale was refunded within the hold: this commission is now ${money(amount)} instead of ${money(before)}.`,
          `Expected payday: ${formatDate(payday)}. Nothing to do.`,
        ],
        buttons: [whyButtons(content.data.commissionId)],
      };
    }
    case 'commission.reversed':
      return reversed(content.data, money);
    case 'payout.due': {
      const { payoutId, amount, cycle } = content.data;
      return {
        title: `Payday: ${money(amount)}`,
        paragraphs: [
          `Your payout of ${formatDate(cycle)} is ready: ${money(amount)}${partWords(content.data, money)}. The transfer is being prepared.`,
          'You hear from us when it is paid. Nothing to do.',
        ],
        buttons: [payoutButtons(payoutId)],
      };
    }
    case 'payout.paid': {
      const { payoutId, amount, paidAt, reference } = content.data;
      const by = reference === null || reference === '' ? '' : ` Reference: ${quotedEnd(reference, 200)}`;
      return {
        title: `Paid: ${money(amount)}`,
        paragraphs: [
          `Your payout ${payoutId} of ${money(amount)} was paid on ${formatInstant(paidAt, display.timeZone)}.${by}`,
          'Nothing to do.',
        ],
        buttons: [payoutButtons(payoutId)],
      };
    }
    case 'payout.failed': {
      const { payoutId, amount, reason, next } = content.data;
      const why = reason === null || reason === '' ? '' : ` Reason: ${quotedEnd(reason)}`;
      return {
        title: `Payout ${payoutId} failed`,
        paragraphs: [
          `Your payout of ${money(amount)} could not be paid.${why}`,
          `The money is yours still: it is back on your balance and goes into the payout of ${formatDate(next)}. Please check on the platform that your payment details are right.`,
        ],
        buttons: [payoutButtons(payoutId)],
      };
    }
  }
}

type DataOfKind<K extends AffiliateContent['kind']> = Extract<AffiliateContent, { kind: K }>['data'];
type Money = (amount: MinorUnits) => string;

/** What a payout pays for: ` for 2 commissions`, or each of its parts. */
function partWords(
  { parts, count }: { parts: PayoutParts; count: number },
  money: (amount: MinorUnits) => string,
): string {
  const { commissions, earnings } = parts;
  if (earnings === 0) return ` for ${countOf(count, 'commission')}`;
  if (commissions === 0) return ', all of it earned with orders and campaigns';
  return `, ${money(commissions)} for ${countOf(count, 'commission')} and ${money(earnings)} earned with orders and campaigns`;
}

function pending(data: DataOfKind<'commission.pending'>, { timeZone }: DisplayContext, money: Money): Message {
  const { commissionId, amount, holdUntil, payday, before } = data;
  const news =
    before === null
      ? `A subscriber you brought has paid, and ${money(amount)} of it is for you.`
      : `The amount of a commission has changed. It was ${money(before)}, and is ${money(amount)} now.`;
  return {
    title: before === null ? `New commission: ${money(amount)}` : `Commission changed: ${money(amount)}`,
    paragraphs: [
      `${news} It is in hold until ${formatInstant(holdUntil, timeZone)}; a refund until then would cancel or lower it.`,
      `Expected payday: ${formatDate(payday)}. Nothing to do.`,
    ],
    buttons: [whyButtons(commissionId)],
  };
}

function rejected({ commissionId, amount, reason }: DataOfKind<'commission.rejected'>, money: Money): Message {
  const why =
    reason === 'refunded'
      ? 'the subscriber got the money back'
      : 'the subscription was cancelled before its trial was over';
  return {
    title: `Commission of ${money(amount)} is rejected`,
    paragraphs: [`Your commission of ${money(amount)} is not paid, because ${why}.`, 'Nothing to do.'],
    buttons: [whyButtons(commissionId)],
  };
}

function reversed({ commissionId, amount, payday }: DataOfKind<'commission.reversed'>, money: Money): Message {
  const said =
    amount < 0
      ? `A sale that is in a payout of yours already was refunded. ${money(-amount)} is taken off your payout of ${formatDate(payday)}, or of a later one.`
      : `A sale that is in a payout of yours was worth more than was paid. ${money(amount)} is added to your payout of ${formatDate(payday)}.`;
  return {
    title: `Commission corrected by ${money(amount)}`,
    paragraphs: [`${said} The payout that has it stays as it is.`, 'Nothing to do.'],
    buttons: [whyButtons(commissionId)],
  };
}

const COMMISSIONS_AND_PAYDAY: Button[] = [
  { label: 'Commissions', command: '/commissions' },
  { label: 'Nextpayday', command: '/nextpayday' },
];

function whyButtons(commissionId: string): Button[] {
  return [
    { label: 'Why?', command: `/why ${commissionId}` },
    { label: 'Commissions', command: '/commissions' },
  ];
}

function payoutButtons(payoutId: string): Button[] {
  return [
    { label: 'Statement', command: `/statement ${payoutId}` },
    { label: 'Payouts', command: '/payouts' },
    { label: 'Why?', command: `/why ${payoutId}` },
  ];
}
