import type { MinorUnits } from '../../kernel/money.ts';
import type { RefusalCode } from '../../kernel/refusals.ts';
import type { PayoutState, StoredPayout } from '../store.ts';
import type { CycleDate } from './payoutCycle.ts';

/** The states of rules 6.4. */
export type PayoutStatus = 'due' | 'processing' | 'paid' | 'failed';

/** A payout as others see it (contract 3). `count`: of its commissions; a marketer's balance has none. */
export type PayoutView = {
  payoutId: string;
  cycle: CycleDate;
  accountId: string;
  role: 'affiliate' | 'marketer';
  amount: MinorUnits;
  status: PayoutStatus;
  count: number;
  drawnAt: Date;
  processingAt: Date | null;
  /** When it was paid, or failed. */
  endedAt: Date | null;
  reference: string | null;
  reason: string | null;
};

/** What is done with a payout after it was drawn up (rules 6.4). */
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

const TARGETS = { process: 'processing', settle: 'paid', fail: 'failed' } as const;

export function payoutView(payout: StoredPayout): PayoutView {
  const { _id: payoutId, cycle, accountId, role, amount, count, drawnAt } = payout;
  return {
    ...{ payoutId, cycle, accountId, role, amount, status: statusOf(payout.status), count, drawnAt },
    processingAt: payout.processingAt ?? null,
    endedAt: payout.endedAt ?? null,
    reference: payout.reference ?? null,
    reason: payout.reason ?? null,
  };
}

/** States in which something is a payout at all. */
export const SHOWN: PayoutState[] = ['due', 'processing', 'paid', 'failed'];

function statusOf(state: PayoutState): PayoutStatus {
  // One that is being drawn up, or was barred, is never shown.
  return state === 'generating' || state === 'carried' ? 'due' : state;
}
