import { groupBy } from '../kernel/group.ts';
import type { MinorUnits } from '../kernel/money.ts';
import { refundVerdicts } from './refund.ts';
import type { createSalesStore, StoredPayment, StoredProgram, StoredRefund, StoredSubscription } from './store.ts';

/** A charge of a subscription: a payment of kind `subscription` or `renewal`, of more than nothing. */
export type Charge = { paymentId: string; amount: MinorUnits; paidAt: Date; arrivedAt: Date };

/** A refund of a charge that holds (rules 5.8). */
export type ChargeRefund = {
  refundId: string;
  paymentId: string;
  amount: MinorUnits;
  refundedAt: Date;
  arrivedAt: Date;
};

/** All facts of one subscription that an affiliate brought. `arrivedAt`: the service's clock when a fact became known. */
export type SubscriptionHistory = {
  subscriptionId: string;
  affiliateId: string;
  programId: string;
  startedAt: Date;
  trialEndsAt?: Date;
  cancellation?: { cancelledAt: Date; arrivedAt: Date };
  charges: Charge[];
  refunds: ChargeRefund[];
};

/** A version of an affiliate program, with the event that brought it. */
export type ProgramVersion = {
  programId: string;
  eventId: string;
  timestamp: Date;
  arrivedAt: Date;
  rateBps?: number;
  fixedAmount?: MinorUnits;
  charges: 'first' | 'every';
  clawback: boolean;
  minimumPayout: MinorUnits;
};

export const DEFAULT_PROGRAM = 'default';

/** Reads the facts that commissions are decided on. */
export function createHistories(store: ReturnType<typeof createSalesStore>) {
  /** The histories of those of these subscriptions that an affiliate brought; each has all its facts. */
  async function histories(subscriptionIds: string[]): Promise<SubscriptionHistory[]> {
    if (subscriptionIds.length === 0) return [];
    const subscriptions = await store.subscriptions
      .find({ _id: { $in: [...new Set(subscriptionIds)] }, affiliateId: { $exists: true } })
      .toArray();
    if (subscriptions.length === 0) return [];
    const ids = subscriptions.map(({ _id }) => _id);
    const [cancellations, payments] = await Promise.all([
      store.cancellations.find({ _id: { $in: ids } }).toArray(),
      store.payments
        .find({ subscriptionId: { $in: ids }, kind: { $in: ['subscription', 'renewal'] }, amount: { $gt: 0 } })
        .toArray(),
    ]);
    const refunds = await store.refunds.find({ paymentId: { $in: payments.map(({ _id }) => _id) } }).toArray();
    const refundsOf = groupBy(refunds, ({ paymentId }) => paymentId);
    const paymentsOf = groupBy(payments, ({ subscriptionId }) => subscriptionId ?? '');
    const cancelled = new Map(cancellations.map((one) => [one._id, one]));
    return subscriptions.map((subscription) => {
      const mine = paymentsOf.get(subscription._id) ?? [];
      const cancellation = cancelled.get(subscription._id);
      return {
        ...subscriptionOf(subscription),
        ...(cancellation === undefined
          ? {}
          : {
              cancellation: {
                cancelledAt: cancellation.cancelledAt,
                arrivedAt: cancellation.arrivedAt ?? cancellation.cancelledAt,
              },
            }),
        charges: mine.map(chargeOf),
        refunds: mine.flatMap((payment) => heldRefunds(payment, refundsOf.get(payment._id) ?? [])),
      };
    });
  }

  /** The subscriptions that these payments belong to. */
  async function subscriptionsOf(paymentIds: string[]): Promise<string[]> {
    const found = await store.payments
      .find({ _id: { $in: paymentIds }, subscriptionId: { $exists: true } }, { projection: { subscriptionId: 1 } })
      .toArray();
    return [...new Set(found.flatMap(({ subscriptionId }) => subscriptionId ?? []))];
  }

  /** All versions of these programs, in no order. */
  async function programVersions(programIds: string[]): Promise<ProgramVersion[]> {
    const found = await store.programs.find({ programId: { $in: [...new Set(programIds)] } }).toArray();
    return found.map(versionOf);
  }

  return { histories, subscriptionsOf, programVersions };
}

function subscriptionOf(subscription: StoredSubscription) {
  const { _id: subscriptionId, affiliateId = '', programId = DEFAULT_PROGRAM, startedAt, trialEndsAt } = subscription;
  return { subscriptionId, affiliateId, programId, startedAt, ...(trialEndsAt === undefined ? {} : { trialEndsAt }) };
}

function chargeOf({ _id: paymentId, amount, paidAt, arrivedAt = paidAt }: StoredPayment): Charge {
  return { paymentId, amount, paidAt, arrivedAt };
}

function heldRefunds(payment: StoredPayment, refunds: StoredRefund[]): ChargeRefund[] {
  const verdicts = refundVerdicts(
    payment,
    refunds.map((refund) => ({ ...refund, refundId: refund._id, final: refund.final === true })),
  );
  return refunds
    .filter(({ _id }) => verdicts.get(_id)?.kind === 'accepted')
    .map(({ _id: refundId, paymentId, amount, refundedAt, arrivedAt = refundedAt }) => ({
      ...{ refundId, paymentId, amount, refundedAt, arrivedAt },
    }));
}

function versionOf({ _id: eventId, timestamp, arrivedAt = timestamp, ...told }: StoredProgram): ProgramVersion {
  const { programId, charges, clawback = false, minimumPayout = 0, rateBps, fixedAmount } = told;
  return {
    ...{ programId, eventId, timestamp, arrivedAt, charges, clawback, minimumPayout },
    ...(rateBps === undefined ? {} : { rateBps }),
    ...(fixedAmount === undefined ? {} : { fixedAmount }),
  };
}
