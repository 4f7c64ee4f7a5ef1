import type { WeekId } from '../kernel/calendar.ts';
import { type DisplayContext, speechOf } from './speech.ts';

/** An order as somebody speaks of it: `client` and `marketer` are names, and `to` is the side that reads it, or a manager. */
export type OrderThing = { to: 'client' | 'marketer' | 'manager'; quantity: number; client: string; marketer: string };

/** A commission by its charge: its id says whether that was the first, and whether it corrects another; `paidAt` is the charge's. */
export type CommissionThing = { commissionId: string; paidAt: Date };

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
    /** `Subscription of 1 Jun`, `Renewal of 1 Jul`, and what corrects one that was paid. */
    commission: ({ commissionId, paidAt }: CommissionThing) => {
      const [, charge] = commissionId.split('~');
      const of = { kind: charge === 'first' ? ('first' as const) : ('other' as const), day: monthDay(dayOf(paidAt)) };
      return CORRECTION.test(commissionId) ? say('things.correction', of) : say('things.commission', of);
    },
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
