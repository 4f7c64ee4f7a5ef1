import { groupBy } from '../kernel/group.ts';
import type { MinorUnits } from '../kernel/money.ts';
import { refundVerdicts } from './refund.ts';
import type {
  createSalesStore,
  StoredAttribution,
  StoredPayment,
  StoredProgram,
  StoredRefund,
  StoredRefundDecline,
  StoredRefundRequest,
  StoredSubscription,
} from './store.ts';

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

/** A refund that was asked for (rules 5.5), and when it was declined, if it was. */
export type RefundRequest = {
  refundId: string;
  paymentId: string;
  requestedAt: Date;
  arrivedAt: Date;
  declined?: { declinedAt: Date; arrivedAt: Date };
};

/** All facts of one subscription that an affiliate brought. `arrivedAt`: the service's clock when a fact became known. */
export type SubscriptionHistory = {
  subscriptionId: string;
  affiliateId: string;
  programId: string;
  startedAt: Date;
  trialEndsAt?: Date;
  /** When that became known, where it was told again, or who brought it, where that was told apart. */
  termsArrivedAt?: Date;
  cancellation?: { cancelledAt: Date; arrivedAt: Date };
  charges: Charge[];
  refunds: ChargeRefund[];
  refundRequests: RefundRequest[];
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
    const subscriptions = await broughtAmong([...new Set(subscriptionIds)]);
    if (subscriptions.length === 0) return [];
    const ids = subscriptions.map(({ subscriptionId }) => subscriptionId);
    const [cancellations, payments] = await Promise.all([
      store.cancellations.find({ _id: { $in: ids } }).toArray(),
      store.payments
        .find({ subscriptionId: { $in: ids }, kind: { $in: ['subscription', 'renewal'] }, amount: { $gt: 0 } })
        .toArray(),
    ]);
    const paymentIds = payments.map(({ _id }) => _id);
    const [refunds, requests] = await Promise.all([
      store.refunds.find({ paymentId: { $in: paymentIds } }).toArray(),
      requestsOf(paymentIds),
    ]);
    const refundsOf = groupBy(refunds, ({ paymentId }) => paymentId);
    const paymentsOf = groupBy(payments, ({ subscriptionId }) => subscriptionId ?? '');
    const cancelled = new Map(cancellations.map((one) => [one._id, one]));
    return subscriptions.map((subscription) => {
      const mine = paymentsOf.get(subscription.subscriptionId) ?? [];
      const cancellation = cancelled.get(subscription.subscriptionId);
      return {
        ...subscription,
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
        refundRequests: mine.flatMap(({ _id }) => requests.get(_id) ?? []),
      };
    });
  }

  /** Those of these subscriptions that an affiliate brought, as they say themselves or as it was told apart from them. */
  async function broughtAmong(ids: string[]) {
    const attributions = await store.attributions.find({ _id: { $in: ids } }).toArray();
    const attributed = new Map(attributions.map((one) => [one._id, one]));
    const isBrought = { $or: [{ affiliateId: { $exists: true } }, { _id: { $in: [...attributed.keys()] } }] };
    const found = await store.subscriptions
      .find({ _id: { $in: ids }, ...(attributions.length === 0 ? { affiliateId: { $exists: true } } : isBrought) })
      .toArray();
    return found.map((subscription) => subscriptionOf(subscription, attributed.get(subscription._id)));
  }

  /** What refunds were asked for of these payments, by payment. */
  async function requestsOf(paymentIds: string[]): Promise<Map<string, RefundRequest[]>> {
    const requests = await store.refundRequests.find({ paymentId: { $in: paymentIds } }).toArray();
    if (requests.length === 0) return new Map();
    const declines = await store.refundDeclines.find({ _id: { $in: requests.map(({ _id }) => _id) } }).toArray();
    const declineOf = new Map(declines.map((decline) => [decline._id, decline]));
    return groupBy(
      requests.map((request) => requestOf(request, declineOf.get(request._id))),
      ({ paymentId }) => paymentId,
    );
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

  /** The ids of all subscriptions that an affiliate brought. */
  async function* affiliateSubscriptions(): AsyncGenerator<string> {
    const brought = store.subscriptions.find({ affiliateId: { $exists: true } }, { projection: { _id: 1 } });
    for await (const { _id } of brought) yield _id;
    for await (const { _id } of store.attributions.find({}, { projection: { _id: 1 } })) yield _id;
  }

  return { histories, subscriptionsOf, programVersions, affiliateSubscriptions };
}

function subscriptionOf(subscription: StoredSubscription, attribution: StoredAttribution | undefined) {
  const { affiliateId = attribution?.affiliateId ?? '', programId = attribution?.programId ?? DEFAULT_PROGRAM } =
    subscription;
  const { _id: subscriptionId, startedAt, trialEndsAt, trialArrivedAt } = subscription;
  const arrivals = [trialArrivedAt, subscription.affiliateId === undefined ? attribution?.arrivedAt : undefined];
  const termsArrivedAt = arrivals.reduce((last, at) => (last === undefined || (at ?? last) > last ? at : last));
  return {
    ...{ subscriptionId, affiliateId, programId, startedAt },
    ...(trialEndsAt === undefined ? {} : { trialEndsAt }),
    ...(termsArrivedAt === undefined ? {} : { termsArrivedAt }),
  };
}

function chargeOf({ _id: paymentId, amount, paidAt, arrivedAt = paidAt }: StoredPayment): Charge {
  return { paymentId, amount, paidAt, arrivedAt };
}

function requestOf(request: StoredRefundRequest, decline: StoredRefundDecline | undefined): RefundRequest {
  const { _id: refundId, paymentId, requestedAt, arrivedAt = requestedAt } = request;
  if (decline === undefined) return { refundId, paymentId, requestedAt, arrivedAt };
  const { declinedAt, arrivedAt: declineArrivedAt = declinedAt } = decline;
  return { refundId, paymentId, requestedAt, arrivedAt, declined: { declinedAt, arrivedAt: declineArrivedAt } };
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
