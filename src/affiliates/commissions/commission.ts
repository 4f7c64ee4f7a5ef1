import type { MinorUnits } from '../../kernel/money.ts';
import type { Policy } from '../../policy.ts';
import type { Charge, ChargeRefund, ProgramVersion, SubscriptionHistory } from '../../sales/histories.ts';
import type { CycleDate } from '../payouts/payoutCycle.ts';
import { commissionAmount, versionAt } from '../program.ts';

/** Why a commission pays nothing: its charge was refunded, or its subscription cancelled in the trial. */
export type RejectionReason = 'refunded' | 'cancelled-in-trial';

export type CommissionStatus = 'pending' | 'approved' | 'rejected' | 'paid';

/** A commission as others see it (contract 3). Money in minor units; `payday` is of its payout, or else expected. */
export type CommissionView = {
  commissionId: string;
  affiliateId: string;
  subscriptionId: string;
  paymentId: string;
  programId: string;
  amount: MinorUnits;
  status: CommissionStatus;
  /** When the charge was paid. */
  paidAt: Date;
  holdUntil: Date;
  approvedAt: Date | null;
  payoutId: string | null;
  payday: CycleDate | null;
  /** The commission that this one corrects. */
  reverses?: string;
  rejectedFor?: RejectionReason;
};

/** What the facts say of one commission, whatever has been decided on it before. */
export type EarnedCommission = {
  commissionId: string;
  paymentId: string;
  programId: string;
  paidAt: Date;
  holdUntil: Date;
  /** When the charge became known, by the service's clock. */
  knownAt: Date;
  /** Nothing is listed in trial (rules 5.7): from here on it is shown. */
  listedFrom: Date;
  /** What the whole charge would pay; a rejected commission keeps it. */
  full: MinorUnits;
} & ({ verdict: 'earned'; amount: MinorUnits } | { verdict: 'rejected'; reason: RejectionReason });

/** Where a subscription stands (rules 5): in trial, ended in it, on from it without a charge yet, or charged. */
export type SubscriptionState =
  | { kind: 'trialing'; trialEndsAt: Date }
  | { kind: 'cancelled'; cancelledAt: Date }
  | { kind: 'uncharged' }
  | { kind: 'charged'; earnedCommissions: EarnedCommission[] };

export type CommissionPolicy = Policy['commissions'];

/**
 * What one subscription has earned its affiliate, from its facts and the versions of its program (rules 5). Pure, and
 * whatever the order in which the facts arrived; when they arrived matters where something was decided before: a charge
 * that comes after the first one known was approved is not the first any more (rules 5.8), and a version of the program
 * that comes after an approval does not change it. `at` is when the trial is asked about.
 */
export function subscriptionState(
  history: SubscriptionHistory,
  versions: ProgramVersion[],
  policy: CommissionPolicy,
  at: Date,
): SubscriptionState {
  const trialEndsAt = trialEnd(history, policy);
  const { cancellation } = history;
  const cancelledInTrial = cancellation !== undefined && cancellation.cancelledAt < trialEndsAt;
  const first = firstCharge(history.charges, policy);
  if (first === undefined) {
    if (cancelledInTrial) return { kind: 'cancelled', cancelledAt: cancellation.cancelledAt };
    return at < trialEndsAt ? { kind: 'trialing', trialEndsAt } : { kind: 'uncharged' };
  }
  const earnedCommissions = history.charges.flatMap((charge) => {
    const version = versionOf(charge, versions, policy);
    if (version === undefined || (charge !== first && version.charges === 'first')) return [];
    // Cancelled in trial: no commission, ever (rules 5.2), but one that was firm before that was known stays visible.
    if (cancelledInTrial && !wasFirm(charge, cancellation.arrivedAt, policy)) return [];
    const refunds = history.refunds.filter(({ paymentId }) => paymentId === charge.paymentId);
    return [
      {
        commissionId: commissionIdOf(history.subscriptionId, charge === first ? 'first' : charge.paymentId),
        paymentId: charge.paymentId,
        programId: history.programId,
        paidAt: charge.paidAt,
        holdUntil: holdEnd(charge, policy),
        knownAt: charge.arrivedAt,
        listedFrom: charge.paidAt < trialEndsAt ? trialEndsAt : charge.paidAt,
        full: commissionAmount(version, charge.amount, 0),
        ...verdictOn(charge, refunds, version, policy, cancelledInTrial),
      },
    ];
  });
  return { kind: 'charged', earnedCommissions };
}

/** When the trial ends: as the platform says, or so many times 24 hours after the start (rules 5.1). */
function trialEnd({ startedAt, trialEndsAt }: SubscriptionHistory, { trialDays }: CommissionPolicy): Date {
  return trialEndsAt ?? new Date(startedAt.getTime() + trialDays * DAY_MS);
}

/** The end of the hold: from here on the sale is firm (rules 5.3). */
function holdEnd({ paidAt }: Charge, { holdHours }: CommissionPolicy): Date {
  return new Date(paidAt.getTime() + holdHours * HOUR_MS);
}

/**
 * The first charge: by date, of equal ones the smaller id (rules 5.3). One that arrives when the hold of the first one
 * known is over comes too late to be it (rules 5.8).
 */
function firstCharge(charges: Charge[], policy: CommissionPolicy): Charge | undefined {
  const inOrderOfArrival = [...charges].sort(
    (a, b) => a.arrivedAt.getTime() - b.arrivedAt.getTime() || (isEarlier(a, b) ? -1 : 1),
  );
  let first: Charge | undefined;
  for (const charge of inOrderOfArrival) {
    if (first === undefined || (isEarlier(charge, first) && charge.arrivedAt < holdEnd(first, policy))) first = charge;
  }
  return first;
}

function isEarlier(a: Charge, b: Charge): boolean {
  return a.paidAt < b.paidAt || (a.paidAt.getTime() === b.paidAt.getTime() && a.paymentId < b.paymentId);
}

/** Whether a commission of this charge was approved when something arrived. */
function wasFirm(charge: Charge, arrivedAt: Date, policy: CommissionPolicy): boolean {
  return holdEnd(charge, policy) <= arrivedAt && charge.arrivedAt < arrivedAt;
}

/** The version in force when it was paid, of those known before its commission was decided. */
function versionOf(charge: Charge, versions: ProgramVersion[], policy: CommissionPolicy): ProgramVersion | undefined {
  const holdUntil = holdEnd(charge, policy);
  const known = versions.filter(({ arrivedAt }) => arrivedAt < holdUntil || arrivedAt <= charge.arrivedAt);
  return versionAt(known.length > 0 ? known : versions, charge.paidAt);
}

/** Rules 5.2, 5.4-5.6: refunds dated inside the hold count, later ones only where the program claws back. */
function verdictOn(
  charge: Charge,
  refunds: ChargeRefund[],
  version: ProgramVersion,
  policy: CommissionPolicy,
  cancelledInTrial: boolean,
): { verdict: 'earned'; amount: MinorUnits } | { verdict: 'rejected'; reason: RejectionReason } {
  const holdUntil = holdEnd(charge, policy);
  const refunded = refunds
    .filter(({ refundedAt }) => version.clawback || refundedAt < holdUntil)
    .reduce((total, { amount }) => total + amount, 0);
  if (refunded >= charge.amount) return { verdict: 'rejected', reason: 'refunded' };
  if (cancelledInTrial) return { verdict: 'rejected', reason: 'cancelled-in-trial' };
  return { verdict: 'earned', amount: commissionAmount(version, charge.amount, refunded) };
}

/** Ids of the platform have no `~`, so that these are unique. The first charge's follows from the subscription alone. */
function commissionIdOf(subscriptionId: string, charge: string): string {
  return charge === 'first' ? `${subscriptionId}~first` : `${subscriptionId}~charge~${charge}`;
}

/** The id of the correction number `number`, from 1, of a commission that is in a payout. */
export function reversalIdOf(commissionId: string, number: number): string {
  return `${commissionId}~reversal~${number}`;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
