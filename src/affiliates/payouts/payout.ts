import type { MinorUnits } from '../../kernel/money.ts';
import type { RefusalCode } from '../../kernel/refusals.ts';
import type { CycleDate, PayoutParts, PayoutState, StoredPayout } from '../store.ts';

/** The states of rules 6.4. */
export type PayoutStatus = 'due' | 'processing' | 'paid' | 'failed';

/** A payout as others see it; `amount` is the sum of its parts, `count` how many commissions it pays. */
export type PayoutView = {
  payoutId: string;
  cycle: CycleDate;
  /** The later payday that it was carried to (docs/paydays.md), or null. */
  carriedTo: CycleDate | null;
  accountId: string;
  amount: MinorUnits;
  parts: PayoutParts;
  status: PayoutStatus;
  count: number;
  drawnAt: Date;
  processingAt: Date | null;
  /** When it was paid, or failed. */
  endedAt: Date | null;
  reference: string | null;
  reason: string | null;
  /** That the bank gave it back after it was paid, with what was said of it, or null (rules 6.9). */
  returned: { at: Date; reference: string | null; reason: string | null } | null;
};

/** How a payout is in the list of a payday that it was not drawn up for, or is not paid with. */
export type Carried = 'in' | 'away';

/** Whether a payout was carried to a payday, or away from it; null where it is its own and is paid with it. */
export function carriedOf(
  { cycle, carriedTo }: Pick<PayoutView, 'cycle' | 'carriedTo'>,
  of: CycleDate,
): Carried | null {
  if ((carriedTo ?? cycle) !== of) return 'away';
  return cycle === of ? null : 'in';
}

/** What keeps a payout that is due from being approved, exported and settled by hand, until an instant (docs/paydays.md). */
export type Hold = { until: Date; reason: string; by: string };

/** What holds each of these payouts now; those that nothing holds are not in it. */
export type HeldPayouts = (
  payouts: readonly { payoutId: string; accountId: string; status: string }[],
  now: Date,
) => Promise<Map<string, Hold>>;

/**
 * What becomes of an account's commissions in a cycle (rules 6.2): the whole sum is paid, or all of it waits for the next
 * one. Corrections known by then are in the sum, so that the balance covers it.
 */
export type PartDecision =
  | { kind: 'paid'; amount: MinorUnits }
  | { kind: 'carried'; why: 'nothing-due' | 'below-minimum' };

/** `minimum`: the largest of its programs'; what is earned as a marketer has none (rules 6.5). */
export function decideCommissions({ sum, minimum }: { sum: MinorUnits; minimum: MinorUnits }): PartDecision {
  if (sum <= 0) return { kind: 'carried', why: 'nothing-due' };
  if (sum < minimum) return { kind: 'carried', why: 'below-minimum' };
  return { kind: 'paid', amount: sum };
}

/** What is done with a payout after it was generated (rules 6.4). */
export type PayoutAction = 'process' | 'settle' | 'fail';

/** What an action does to a payout: brings it to a state, finds it there, or is refused with the state and the reason. */
export type ActionDecision =
  | { kind: 'becomes'; status: 'processing' | 'paid' | 'failed' }
  | { kind: 'already' }
  | { kind: 'refused'; reason: RefusalCode };

/** Decides on an action; a paid payout is never edited, and a failed one has returned to the balance (rules 6.4). */
export function decideAction(status: PayoutStatus, action: PayoutAction): ActionDecision {
  const target = TARGETS[action];
  if (status === target) return { kind: 'already' };
  switch (status) {
    case 'due':
    case 'processing':
      return { kind: 'becomes', status: target };
    case 'paid':
      return { kind: 'refused', reason: 'payout_paid' };
    case 'failed':
      return { kind: 'refused', reason: 'payout_failed' };
  }
}

/** What saying that a payout came back from the bank does: only what was paid can, and once (rules 6.9). */
export type ReturnDecision = { kind: 'becomes' } | { kind: 'already' } | { kind: 'refused'; reason: RefusalCode };

export function decideReturn({ status, returned }: Pick<PayoutView, 'status' | 'returned'>): ReturnDecision {
  if (returned !== null) return { kind: 'already' };
  switch (status) {
    case 'paid':
      return { kind: 'becomes' };
    case 'due':
    case 'processing':
      return { kind: 'refused', reason: 'payout_not_paid' };
    case 'failed':
      return { kind: 'refused', reason: 'payout_failed' };
  }
}

const TARGETS = { process: 'processing', settle: 'paid', fail: 'failed' } as const;

export function payoutView(payout: StoredPayout): PayoutView {
  const { _id: payoutId, cycle, accountId, parts, amount, count, drawnAt } = payout;
  const { commissions, earnings } = parts;
  return {
    ...{ payoutId, cycle, carriedTo: payout.batchCycle ?? null, accountId, amount },
    parts: { commissions, earnings },
    ...{ status: statusOf(payout.status), count, drawnAt },
    processingAt: payout.processingAt ?? null,
    endedAt: payout.endedAt ?? null,
    reference: payout.reference ?? null,
    reason: payout.reason ?? null,
    returned: returnedOf(payout),
  };
}

function returnedOf({ returned }: StoredPayout): PayoutView['returned'] {
  if (returned === undefined) return null;
  return { at: returned.at, reference: returned.reference ?? null, reason: returned.reason ?? null };
}

/** States in which a payout is still to be settled. */
export const UNSETTLED = ['due', 'processing'] as const;

export function isUnsettled({ status }: { status: string }): boolean {
  return UNSETTLED.some((one) => one === status);
}

/** States in which something is a payout at all. */
export const SHOWN: PayoutState[] = ['due', 'processing', 'paid', 'failed'];

export function statusOf(state: PayoutState): PayoutStatus {
  // One that is being generated, or was barred, is never shown.
  return state === 'generating' || state === 'carried' ? 'due' : state;
}
