import type { MinorUnits } from '../../kernel/money.ts';
import type { Policy } from '../../policy.ts';
import type {
  Charge,
  ChargeRefund,
  ProgramVersion,
  RefundRequest,
  SubscriptionHistory,
} from '../../sales/histories.ts';
import { trialEnd } from '../../sales/trial.ts';
import type { ItemName } from '../items.ts';
import { commissionAmount, versionAt } from '../program.ts';
import type { CycleDate, RejectionReason } from '../store.ts';

export type CommissionStatus = 'pending' | 'approved' | 'rejected' | 'paid';

/**
 * A commission as others see it, or an item of another `kind`, which is of no sale: what names one is empty then. Money in minor units; `payday` is of its payout, or else expected, and null when there
 * is none to expect. `refundRequested`: it waits for what becomes of a refund.
 */
export type CommissionView = {
  commissionId: string;
  kind: ItemName;
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
  refundRequested: boolean;
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
  /** When it is approved; null while a refund that was asked for is open (rules 5.5). */
  approvesAt: Date | null;
  /** When the last of the facts that its approval follows from became known, by the service's clock. */
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
  const firmAt = (charge: Charge) => latest(holdEnd(charge, policy), trialEndsAt);
  const first = firstCharge(history.charges, firmAt);
  if (first === undefined) {
    if (cancelledInTrial) return { kind: 'cancelled', cancelledAt: cancellation.cancelledAt };
    return at < trialEndsAt ? { kind: 'trialing', trialEndsAt } : { kind: 'uncharged' };
  }
  const earnedCommissions = history.charges.flatMap((charge): EarnedCommission[] => {
    const version = versionOf(charge, versions, firmAt(charge));
    if (version === undefined || (charge !== first && version.charges === 'first')) return [];
    const { approvesAt, knownAt } = approvalOf(charge, history, firmAt(charge));
    // Cancelled in trial: no commission, ever (rules 5.2), but one that was firm before that was known stays visible.
    if (cancelledInTrial && !wasFirm(charge, approvesAt, cancellation.arrivedAt)) return [];
    return [
      {
        commissionId: commissionIdOf(history.subscriptionId, charge === first ? 'first' : charge.paymentId),
        paymentId: charge.paymentId,
        programId: history.programId,
        paidAt: charge.paidAt,
        holdUntil: holdEnd(charge, policy),
        approvesAt,
        knownAt,
        listedFrom: latest(charge.paidAt, trialEndsAt),
        full: commissionAmount(version, charge.amount, 0),
        ...verdictOn(charge, history, version, firmAt(charge), cancelledInTrial),
      },
    ];
  });
  return { kind: 'charged', earnedCommissions };
}

/** The end of the hold (rules 5.3). */
function holdEnd({ paidAt }: Charge, { holdHours }: CommissionPolicy): Date {
  return new Date(paidAt.getTime() + holdHours * HOUR_MS);
}

/**
 * When a commission of a charge is approved (rules 5.5): when it is firm, at the end of the hold and of the trial, or
 * when the last refund that was asked for until then was declined or granted in part; null while one is open.
 */
function approvalOf(
  { paymentId, arrivedAt }: Charge,
  { refunds, refundRequests, termsArrivedAt = arrivedAt }: SubscriptionHistory,
  firmAt: Date,
): { approvesAt: Date | null; knownAt: Date } {
  const asked = refundRequests.filter((request) => request.paymentId === paymentId && request.requestedAt < firmAt);
  const ends = asked.map((request) => endOf(request, refunds));
  const known = ends.flatMap((end) => end?.arrivedAt ?? []);
  return {
    approvesAt: ends.includes(undefined) ? null : latest(firmAt, ...ends.flatMap((end) => end?.at ?? [])),
    knownAt: latest(arrivedAt, termsArrivedAt, ...known),
  };
}

/** When what was asked for was granted, as far as that refund holds, or declined. */
function endOf(request: RefundRequest, refunds: ChargeRefund[]): { at: Date; arrivedAt: Date } | undefined {
  const granted = refunds.find((refund) => isRefundOf(request, refund));
  if (granted !== undefined) return { at: granted.refundedAt, arrivedAt: granted.arrivedAt };
  if (request.declined === undefined) return undefined;
  return { at: request.declined.declinedAt, arrivedAt: request.declined.arrivedAt };
}

function isRefundOf(request: RefundRequest, refund: ChargeRefund): boolean {
  return request.refundId === refund.refundId && request.paymentId === refund.paymentId;
}

/** A refund that was asked for counts as dated when that was (rules 5.5). */
export function refundDate(refund: ChargeRefund, requests: RefundRequest[]): Date {
  const request = requests.find((one) => isRefundOf(one, refund));
  return request !== undefined && request.requestedAt < refund.refundedAt ? request.requestedAt : refund.refundedAt;
}

/**
 * The first charge: by date, of equal ones the smaller id (rules 5.3). One that arrives when the first one known is firm
 * comes too late to be it (rules 5.8).
 */
function firstCharge(charges: Charge[], firmAt: (charge: Charge) => Date): Charge | undefined {
  const inOrderOfArrival = [...charges].sort(
    (a, b) => a.arrivedAt.getTime() - b.arrivedAt.getTime() || (isEarlier(a, b) ? -1 : 1),
  );
  let first: Charge | undefined;
  for (const charge of inOrderOfArrival) {
    if (first === undefined || (isEarlier(charge, first) && charge.arrivedAt < firmAt(first))) first = charge;
  }
  return first;
}

function isEarlier(a: Charge, b: Charge): boolean {
  return a.paidAt < b.paidAt || (a.paidAt.getTime() === b.paidAt.getTime() && a.paymentId < b.paymentId);
}

/** Whether a commission of this charge was approved when something arrived. */
function wasFirm(charge: Charge, approvesAt: Date | null, arrivedAt: Date): boolean {
  return approvesAt !== null && approvesAt <= arrivedAt && charge.arrivedAt < arrivedAt;
}

/** The version in force when it was paid, of those known before the charge was firm. */
function versionOf(charge: Charge, versions: ProgramVersion[], firmAt: Date): ProgramVersion | undefined {
  const known = versions.filter(({ arrivedAt }) => arrivedAt < firmAt || arrivedAt <= charge.arrivedAt);
  return versionAt(known.length > 0 ? known : versions, charge.paidAt);
}

/** Rules 5.2, 5.4-5.6: refunds dated before the charge was firm count, later ones where the program claws back. */
function verdictOn(
  charge: Charge,
  { refunds, refundRequests }: SubscriptionHistory,
  version: ProgramVersion,
  firmAt: Date,
  cancelledInTrial: boolean,
): { verdict: 'earned'; amount: MinorUnits } | { verdict: 'rejected'; reason: RejectionReason } {
  const refunded = refunds
    .filter(({ paymentId }) => paymentId === charge.paymentId)
    .filter((refund) => version.clawback || refundDate(refund, refundRequests) < firmAt)
    .reduce((total, { amount }) => total + amount, 0);
  if (refunded >= charge.amount) return { verdict: 'rejected', reason: 'refunded' };
  if (cancelledInTrial) return { verdict: 'rejected', reason: 'cancelled-in-trial' };
  return { verdict: 'earned', amount: commissionAmount(version, charge.amount, refunded) };
}

function latest(first: Date, ...others: Date[]): Date {
  return others.reduce((last, at) => (at > last ? at : last), first);
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
