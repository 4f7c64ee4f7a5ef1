import type { BasisPoints, MinorUnits } from '../../kernel/money.ts';
import type { Charge, ChargeRefund, RefundRequest } from '../../sales/histories.ts';
import type { Sales } from '../../sales/sales.ts';
import { trialEnd } from '../../sales/trial.ts';
import type { PayoutView } from '../payouts/payout.ts';
import type { Payouts } from '../payouts/payouts.ts';
import { commissionAmount, versionAt, versionsByProgram } from '../program.ts';
import type { AffiliateStore } from '../store.ts';
import { type CommissionPolicy, type CommissionView, refundDate, subscriptionState } from './commission.ts';
import type { createCommissionQueries } from './commissionQueries.ts';

/** Everything that a commission came about by. A correction has the facts of its sale. */
export type CommissionFacts = {
  commission: CommissionView;
  startedAt: Date;
  trialEndsAt: Date;
  cancelledAt: Date | null;
  charge: Charge | null;
  /** What its program pays of a charge; null where the amount came about otherwise. */
  terms: { rateBps: BasisPoints } | { fixedAmount: MinorUnits } | null;
  /** What the whole charge would pay. */
  full: MinorUnits | null;
  /** `inHold`: dated, or asked for, before the sale was firm. */
  refunds: (ChargeRefund & { inHold: boolean })[];
  requests: (RefundRequest & { inHold: boolean })[];
  corrections: CommissionView[];
  payout: PayoutView | null;
};

export type Facts = ReturnType<typeof createCommissionFacts>;

/** Reads what is behind a commission, for whoever asks why. */
export function createCommissionFacts(deps: {
  store: Pick<AffiliateStore, 'commissions'>;
  commissions: Pick<ReturnType<typeof createCommissionQueries>, 'get'>;
  payouts: Pick<Payouts, 'get'>;
  sales: Pick<Sales, 'histories' | 'programVersions'>;
  policy: CommissionPolicy;
}) {
  /** A commission that is shown at `now`, with what is behind it; null when there is none. */
  async function of(commissionId: string, now: Date): Promise<CommissionFacts | null> {
    const commission = await deps.commissions.get(commissionId, now);
    if (commission === null) return null;
    const [history] = await deps.sales.histories([commission.subscriptionId]);
    if (history === undefined) return null;
    const told = await deps.sales.programVersions([history.programId]);
    const versions = versionsByProgram(told).get(history.programId) ?? [];
    const charge = history.charges.find(({ paymentId }) => paymentId === commission.paymentId) ?? null;
    const state = subscriptionState(history, versions, deps.policy, now);
    const earnedCommissions = state.kind === 'charged' ? state.earnedCommissions : [];
    const earned = earnedCommissions.find(({ paymentId }) => paymentId === commission.paymentId);
    const version = charge === null ? undefined : versionAt(versions, charge.paidAt);
    const explains =
      version !== undefined && charge !== null && commissionAmount(version, charge.amount, 0) === earned?.full;
    const trialEndsAt = trialEnd(history, deps.policy);
    const isInHold = (at: Date) => earned !== undefined && (at < earned.holdUntil || at < trialEndsAt);
    return {
      commission,
      startedAt: history.startedAt,
      trialEndsAt,
      cancelledAt: history.cancellation?.cancelledAt ?? null,
      charge,
      terms: explains ? termsOf(version) : null,
      full: earned?.full ?? null,
      refunds: history.refunds
        .filter(({ paymentId }) => paymentId === commission.paymentId)
        .map((refund) => ({ ...refund, inHold: isInHold(refundDate(refund, history.refundRequests)) })),
      requests: history.refundRequests
        .filter(({ paymentId }) => paymentId === commission.paymentId)
        .map((request) => ({ ...request, inHold: isInHold(request.requestedAt) })),
      corrections: await correctionsOf(commission.commissionId, now),
      payout: commission.payoutId === null ? null : await deps.payouts.get(commission.payoutId),
    };
  }

  async function correctionsOf(commissionId: string, now: Date): Promise<CommissionView[]> {
    const { subscriptionId } = (await deps.store.commissions.findOne({ _id: commissionId })) ?? { subscriptionId: '' };
    const found = await deps.store.commissions
      .find({ subscriptionId, reverses: commissionId }, { projection: { _id: 1 } })
      .sort({ _id: 1 })
      .toArray();
    const views = await Promise.all(found.map(({ _id }) => deps.commissions.get(_id, now)));
    return views.filter((view) => view !== null);
  }

  return { of };
}

function termsOf({ fixedAmount, rateBps = 0 }: { fixedAmount?: MinorUnits; rateBps?: BasisPoints }) {
  return fixedAmount === undefined ? { rateBps } : { fixedAmount };
}
