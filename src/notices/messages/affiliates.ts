import type { MinorUnits } from '../../kernel/money.ts';
import { type DisplayContext, speechOf } from '../../texts/speech.ts';
import { paydayOf, thingsOf } from '../../texts/things.ts';
import { commandButton } from './buttons.ts';
import { type Button, becauseOf, type Message, quotedEnd } from './message.ts';

/** `payday` is the expected date of payment, a day of the platform's zone: `2026-04-01`. Money in minor units. */
/** `paidAt`: when its charge was paid, which it is called by; absent in what was stored before that was told. */
type CommissionFacts = { commissionId: string; amount: MinorUnits; paidAt?: Date };
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
  /** `payeeMissing`: nobody knows where the money is to go. */
  | {
      kind: 'commissions.approved';
      data: { day: string; count: number; total: MinorUnits; payday: string; payeeMissing?: boolean };
    }
  | { kind: 'commission.rejected'; data: CommissionFacts & { reason: 'refunded' | 'cancelled-in-trial' } }
  /** An approved commission that is in no payout yet has changed its amount. */
  | { kind: 'commission.corrected'; data: CommissionFacts & { before: MinorUnits; payday: string } }
  /** One that is in a payout was refunded: the difference goes on the next one. */
  | { kind: 'commission.reversed'; data: CommissionFacts & { reverses: string; payday: string } }
  /** `count`: of how many commissions; `parts`: what it pays of them, and of what was earned as a marketer. */
  | { kind: 'payout.due'; data: PayoutFacts & { cycle: string; count: number; parts: PayoutParts } }
  | { kind: 'payout.paid'; data: PayoutFacts & { paidAt: Date; reference: string | null } }
  | { kind: 'payout.failed'; data: PayoutFacts & { reason: string | null; next: string } }
  /** The bank gave it back after it was paid: `payday` pays it again. */
  | {
      kind: 'payout.returned';
      data: PayoutFacts & { reference: string | null; reason: string | null; payday: string };
    }
  /** It was left out of its payday's batch: that of `payday` pays it. */
  | { kind: 'payout.carried'; data: PayoutFacts & { payday: string } }
  /** Held until an instant, or no longer; `payoutId` is null where it is every payout of the account, `amount` what is due. */
  | { kind: 'payout.held'; data: HoldFacts };

/** What people are told of a hold on payouts. */
export type HoldFacts = {
  payoutId: string | null;
  amount: MinorUnits;
  until: Date;
  reason: string;
  isReleased: boolean;
};

/** The words of a notice about commissions and payouts: what happened, what it means, by when. */
export function affiliateMessage(content: AffiliateContent, display: DisplayContext): Message {
  switch (content.kind) {
    case 'commission.pending':
      return pending(content.data, display);
    case 'commission.held':
      return held(content.data, display);
    case 'commission.resumed':
      return resumed(content.data, display);
    case 'commissions.approved':
      return approved(content.data, display);
    case 'commission.rejected':
      return rejected(content.data, display);
    case 'commission.corrected':
      return corrected(content.data, display);
    case 'commission.reversed':
      return reversed(content.data, display);
    case 'payout.due':
      return payoutDue(content.data, display);
    case 'payout.paid':
      return payoutPaid(content.data, display);
    case 'payout.failed':
      return payoutFailed(content.data, display);
    case 'payout.returned':
      return payoutReturned(content.data, display);
    case 'payout.carried':
      return payoutCarried(content.data, display);
    case 'payout.held':
      return payoutHeld(content.data, display);
  }
}

type DataOfKind<K extends AffiliateContent['kind']> = Extract<AffiliateContent, { kind: K }>['data'];

function pending(data: DataOfKind<'commission.pending'>, display: DisplayContext): Message {
  const { say, money, instant } = speechOf(display);
  const amount = money(data.amount);
  const hold = say('affiliates.pending.hold', { until: instant(data.holdUntil) });
  const news =
    data.before === null
      ? say('affiliates.pending.what', { amount })
      : say('affiliates.pending.whatChanged', { before: money(data.before), amount });
  return {
    state: 'open',
    title:
      data.before === null
        ? say('affiliates.pending.title', commissionWords(data, display))
        : say('affiliates.pending.titleChanged', commissionWords(data, display)),
    paragraphs: [`${news} ${hold}`, expected(data, display)],
    buttons: [whyButtons(data.commissionId, display)],
  };
}

function held(data: DataOfKind<'commission.held'>, display: DisplayContext): Message {
  const { say, money } = speechOf(display);
  const amount = money(data.amount);
  return {
    state: 'open',
    title: say('affiliates.held.title', commissionWords(data, display)),
    paragraphs: [say('affiliates.held.what', { amount }), say('common.nothingToDo')],
    buttons: [whyButtons(data.commissionId, display)],
  };
}

function resumed(data: DataOfKind<'commission.resumed'>, display: DisplayContext): Message {
  const { say, instant } = speechOf(display);
  return {
    state: 'open',
    title: say('affiliates.resumed.title', commissionWords(data, display)),
    paragraphs: [say('affiliates.resumed.what', { until: instant(data.holdUntil) }), expected(data, display)],
    buttons: [whyButtons(data.commissionId, display)],
  };
}

function approved(data: DataOfKind<'commissions.approved'>, display: DisplayContext): Message {
  const { say, money, date } = speechOf(display);
  const { count, day, total } = data;
  return {
    state: 'done',
    title: say('affiliates.approved.title', { total: money(total), count }),
    paragraphs: [
      say('affiliates.approved.what', { day: date(day), count, total: money(total) }),
      expected(data, display),
      ...(data.payeeMissing === true ? [say('payees.missing')] : []),
    ],
    buttons: [
      [commandButton(speechOf(display).say, 'commissions'), commandButton(speechOf(display).say, 'nextpayday')],
    ],
  };
}

function rejected(data: DataOfKind<'commission.rejected'>, display: DisplayContext): Message {
  const { say, money } = speechOf(display);
  const amount = money(data.amount);
  const what =
    data.reason === 'refunded'
      ? say('affiliates.rejected.refunded', { amount })
      : say('affiliates.rejected.cancelledInTrial', { amount });
  return {
    state: 'stopped',
    title: say('affiliates.rejected.title', commissionWords(data, display)),
    paragraphs: [what],
    buttons: [whyButtons(data.commissionId, display)],
  };
}

function corrected(data: DataOfKind<'commission.corrected'>, display: DisplayContext): Message {
  const { say, money } = speechOf(display);
  return {
    state: 'info',
    title: say('affiliates.corrected.title', commissionWords(data, display)),
    paragraphs: [
      say('affiliates.corrected.what', { amount: money(data.amount), before: money(data.before) }),
      expected(data, display),
    ],
    buttons: [whyButtons(data.commissionId, display)],
  };
}

function reversed(data: DataOfKind<'commission.reversed'>, display: DisplayContext): Message {
  const { say, money, date } = speechOf(display);
  const payday = date(data.payday);
  const said =
    data.amount < 0
      ? say('affiliates.reversed.less', { amount: money(-data.amount), payday })
      : say('affiliates.reversed.more', { amount: money(data.amount), payday });
  return {
    state: 'info',
    // The name of the one that it corrects.
    title: say('affiliates.reversed.title', commissionWords({ ...data, commissionId: data.reverses }, display)),
    paragraphs: [`${said} ${say('affiliates.reversed.stays')}`],
    buttons: [whyButtons(data.commissionId, display)],
  };
}

function payoutDue(data: DataOfKind<'payout.due'>, display: DisplayContext): Message {
  const { say } = speechOf(display);
  return {
    state: 'open',
    title: say('payouts.due.title', payoutWords(data, display)),
    paragraphs: [readySentences(data, display), say('payouts.due.next')],
    buttons: [payoutButtons(data.payoutId, display)],
  };
}

/** That a payout is ready, and what it pays for: commissions, what was earned as a marketer, or both. */
function readySentences(data: DataOfKind<'payout.due'>, display: DisplayContext): string {
  const { say, money, date } = speechOf(display);
  const { count, parts } = data;
  const [cycle, amount] = [date(data.cycle), money(data.amount)];
  const [commissions, earnings] = [money(parts.commissions), money(parts.earnings)];
  if (parts.earnings === 0) return say('payouts.due.commissions', { cycle, amount, count });
  if (parts.commissions === 0) return say('payouts.due.earnings', { cycle, amount });
  return say('payouts.due.both', { cycle, amount, commissions, count, earnings });
}

function payoutPaid(data: DataOfKind<'payout.paid'>, display: DisplayContext): Message {
  const { say, instant } = speechOf(display);
  const { payoutId, reference } = data;
  const what = say('payouts.paid.what', { paid: instant(data.paidAt) });
  const by = reference === null || reference === '' ? [] : [quotedEnd(reference, 200)];
  return {
    state: 'done',
    title: say('payouts.paid.title', payoutWords(data, display)),
    paragraphs: [[what, ...by.map((quote) => say('payouts.paid.reference', { reference: quote }))].join(' ')],
    buttons: [payoutButtons(payoutId, display)],
  };
}

function payoutFailed(data: DataOfKind<'payout.failed'>, display: DisplayContext): Message {
  const { say, money, date } = speechOf(display);
  const { payoutId, reason } = data;
  return {
    state: 'overdue',
    title: say('payouts.failed.title', payoutWords(data, display)),
    paragraphs: [
      `${say('payouts.failed.what', { amount: money(data.amount) })}${becauseOf(reason, display)}`,
      say('payouts.failed.next', { cycle: date(data.next) }),
    ],
    buttons: [payoutButtons(payoutId, display)],
  };
}

function payoutReturned(data: DataOfKind<'payout.returned'>, display: DisplayContext): Message {
  const { say, date } = speechOf(display);
  const { payoutId, reason, payday } = data;
  return {
    state: 'overdue',
    title: say('payouts.returned.title', payoutWords(data, display)),
    paragraphs: [
      `${say('payouts.returned.what')}${becauseOf(reason, display)}`,
      say('payouts.returned.next', { cycle: date(payday) }),
    ],
    buttons: [payoutButtons(payoutId, display)],
  };
}

function payoutCarried(data: DataOfKind<'payout.carried'>, display: DisplayContext): Message {
  const { say, date } = speechOf(display);
  const { payoutId, payday } = data;
  return {
    state: 'info',
    title: say('payouts.carried.title', { ...payoutWords(data, display), payday: date(payday) }),
    paragraphs: [say('payouts.carried.what', { payday: date(payday) }), say('common.nothingToDo')],
    buttons: [payoutButtons(payoutId, display)],
  };
}

function payoutHeld(data: HoldFacts, display: DisplayContext): Message {
  const { say, instant } = speechOf(display);
  const { payoutId, amount, reason, isReleased } = data;
  const part = isReleased ? 'released' : 'held';
  const until = instant(data.until);
  const what = isReleased
    ? say('payouts.released.what')
    : say(payoutId === null ? 'payouts.held.accountWhat' : 'payouts.held.what', { until });
  return {
    state: isReleased ? 'open' : 'info',
    title:
      payoutId === null
        ? say(`payouts.${part}.accountTitle`)
        : say(`payouts.${part}.title`, payoutWords({ payoutId, amount }, display)),
    paragraphs: [`${what}${becauseOf(reason, display)}`, ...(isReleased ? [] : [say('payouts.held.next')])],
    buttons: [payoutId === null ? [commandButton(say, 'payouts')] : payoutButtons(payoutId, display)],
  };
}

/** What the title of a message about a commission has: its amount, and which one it is. */
function commissionWords({ commissionId, amount, paidAt }: CommissionFacts, display: DisplayContext) {
  const commission = paidAt === undefined ? commissionId : thingsOf(display).commission({ commissionId, paidAt });
  return { amount: speechOf(display).money(amount), commission };
}

/** What the title of a message about a payout has: its amount, and which one it is. */
function payoutWords({ payoutId, amount }: PayoutFacts, display: DisplayContext) {
  return { amount: speechOf(display).money(amount), payout: thingsOf(display).payout(paydayOf(payoutId)) };
}

function expected({ payday }: { payday: string }, display: DisplayContext): string {
  const { say, date } = speechOf(display);
  return say('affiliates.payday', { payday: date(payday) });
}

function whyButtons(commissionId: string, display: DisplayContext): Button[] {
  const label = speechOf(display).say('common.buttons.why');
  return [{ label, command: `/why ${commissionId}` }, commandButton(speechOf(display).say, 'commissions')];
}

function payoutButtons(payoutId: string, display: DisplayContext): Button[] {
  const { say } = speechOf(display);
  return [
    { label: say('payouts.buttons.statement'), command: `/statement ${payoutId}` },
    commandButton(speechOf(display).say, 'payouts'),
    { label: say('common.buttons.why'), command: `/why ${payoutId}` },
  ];
}
