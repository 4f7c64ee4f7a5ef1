import type { WeekId } from '../kernel/calendar.ts';
import { type DisplayContext, speechOf } from './speech.ts';

/** An order as somebody speaks of it: `client` and `marketer` are names, and `to` is the side that reads it, or a manager. */
export type OrderThing = { to: 'client' | 'marketer' | 'manager'; quantity: number; client: string; marketer: string };

/**
 * A commission by its charge: its id says whether that was the first, and whether it corrects another; `paidAt` is the charge's.
 * Of another `kind` it is of no charge, and `paidAt` is when it was made. */
export type CommissionThing = { commissionId: string; kind?: 'commission' | 'adjustment' | 'return'; paidAt: Date };

/**
 * What people call what has an id (docs/chat.md#names-of-things): words that say which one it is. A name stands by itself, after a
 * dash or a colon or in a cell, and never inside of a sentence: most languages would change its words there.
 */
export function thingsOf(display: DisplayContext) {
  const { say, weekDays, monthDay, dayOf } = speechOf(display);

  return {
    /** `week 2–8 Mar`. A model has one invoice of a week at most, whatever becomes of it. */
    invoice: (week: WeekId) => say('things.invoice', { days: weekDays(week) }),
    /** `Ava, week 2–8 Mar`: to whom reads of the invoices of many. */
    invoiceOf: (model: string, week: WeekId) => say('things.invoiceOf', { model, days: weekDays(week) }),
    /** `100 fans from Elena` to a marketer, `100 fans by Marco` to a model, both to a manager. */
    order: ({ to, ...order }: OrderThing) => say(`things.order.${to}`, order),
    /** `Subscription of 1 Jun`, `Renewal of 1 Jul`, and what corrects one that was paid; `Adjustment of 3 Jul`. */
    commission: ({ commissionId, kind, paidAt }: CommissionThing) => {
      const day = monthDay(dayOf(paidAt));
      if (kind === 'adjustment') return say('things.adjustment', { day });
      if (kind === 'return') return say('things.returned', { day });
      const [, charge] = commissionId.split('~');
      const of = { kind: charge === 'first' ? ('first' as const) : ('other' as const), day };
      return CORRECTION.test(commissionId) ? say('things.correction', of) : say('things.commission', of);
    },
    /** `Adjustment of 3 Jul`: a correction by hand, by when it was made. */
    adjustment: (at: Date) => say('things.adjustment', { day: monthDay(dayOf(at)) }),
    /** `payout of 15 Jun`, by its payday. */
    payout: (payday: string) => say('things.payout', { day: monthDay(payday) }),
    /** `Felix, payout of 15 Jun`: to whom reads of the payouts of many. */
    payoutOf: (account: string, payday: string) => say('things.payoutOf', { account, day: monthDay(payday) }),
  };
}

/** What the id of a commission ends with that corrects another; a payment may be called so, too. */
const CORRECTION = /~reversal~\d+$/;

/** The payday of a payout, which its id begins with: `2026-06-16` of `2026-06-16:felix`. */
export function paydayOf(payoutId: string): string {
  return payoutId.slice(0, 'yyyy-mm-dd'.length);
}
