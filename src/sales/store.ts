import { type Connection, Schema } from 'mongoose';
import { driverCollection } from '../database/collection.ts';
import type { DataOf } from '../events/catalogue.ts';
import { SEALED_INDEX } from '../seals/source.ts';

/**
 * A fact with the platform's id as its key; `eventId` is the event that brought it. `arrivedAt` is the service's clock
 * when it became known, `insertedAt` real time when it was written; older facts were stored without them.
 */
type Kept<T> = T & { _id: string; eventId: string; arrivedAt?: Date; insertedAt?: Date };

/** `timestamp`: of the event that told its trial last, which arrived at `trialArrivedAt`. */
export type StoredSubscription = Kept<Omit<DataOf<'subscription.started'>, 'subscriptionId'>> & {
  timestamp?: Date;
  trialArrivedAt?: Date;
};
export type StoredCancellation = Kept<Pick<DataOf<'subscription.cancelled'>, 'cancelledAt'>>;
/** Who brought a subscription, where that was told apart from it; `_id` is the subscription's. */
export type StoredAttribution = Kept<Omit<DataOf<'subscription.attributed'>, 'subscriptionId'>>;
export type StoredPayment = Kept<Omit<DataOf<'payment.succeeded'>, 'paymentId'>>;
/** `final`: a decision was built on it, so it stands, whatever comes later. */
export type StoredRefund = Kept<Omit<DataOf<'payment.refunded'>, 'refundId'>> & { final?: true };

/** A refund that was asked for, under its own id; and one that was declined. */
export type StoredRefundRequest = Kept<Omit<DataOf<'refund.requested'>, 'refundId'>>;
export type StoredRefundDecline = Kept<Omit<DataOf<'refund.declined'>, 'refundId'>>;

/** A version of an affiliate program; which one holds is for those to say who pay commissions by it. */
export type StoredProgram = DataOf<'program.updated'> & {
  _id: string;
  timestamp: Date;
  arrivedAt?: Date;
  insertedAt?: Date;
};

const base = { _id: { type: String, required: true }, eventId: String, arrivedAt: Date, insertedAt: Date } as const;

const subscriptionSchema = new Schema<StoredSubscription>(
  {
    ...base,
    modelId: String,
    fanId: String,
    startedAt: Date,
    campaignId: String,
    affiliateId: String,
    programId: String,
    trialEndsAt: Date,
    fan: { returning: Boolean, bot: Boolean },
    timestamp: Date,
    trialArrivedAt: Date,
  },
  { versionKey: false, collection: 'subscriptions' },
);

// Whether a fan is new to a model's page.
subscriptionSchema.index({ fanId: 1, modelId: 1 });

const attributionSchema = new Schema<StoredAttribution>(
  { ...base, affiliateId: String, programId: String, attributedAt: Date },
  { versionKey: false, collection: 'attributions' },
);

const cancellationSchema = new Schema<StoredCancellation>(
  { ...base, cancelledAt: Date },
  { versionKey: false, collection: 'cancellations' },
);

const paymentSchema = new Schema<StoredPayment>(
  {
    ...base,
    subscriptionId: String,
    modelId: String,
    fanId: String,
    campaignId: String,
    kind: String,
    amount: Number,
    paidAt: Date,
  },
  { versionKey: false, collection: 'payments' },
);

paymentSchema.index({ subscriptionId: 1 }, { partialFilterExpression: { subscriptionId: { $exists: true } } });

const refundSchema = new Schema<StoredRefund>(
  { ...base, paymentId: String, amount: Number, refundedAt: Date, final: Boolean },
  { versionKey: false, collection: 'refunds' },
);
refundSchema.index({ paymentId: 1 });

const requestSchema = new Schema<StoredRefundRequest>(
  { ...base, paymentId: String, requestedAt: Date },
  { versionKey: false, collection: 'refund_requests' },
);
requestSchema.index({ paymentId: 1 });

const declineSchema = new Schema<StoredRefundDecline>(
  { ...base, declinedAt: Date },
  { versionKey: false, collection: 'refund_declines' },
);

const programSchema = new Schema<StoredProgram>(
  {
    _id: { type: String, required: true },
    programId: String,
    timestamp: Date,
    arrivedAt: Date,
    insertedAt: Date,
    rateBps: Number,
    fixedAmount: Number,
    charges: String,
    clawback: Boolean,
    minimumPayout: Number,
  },
  { versionKey: false, collection: 'program_versions' },
);
programSchema.index({ programId: 1 });

// In the order in which they were written, to be sealed.
const writtenOnce = [attributionSchema, paymentSchema, cancellationSchema, refundSchema, requestSchema, declineSchema];
for (const schema of [...writtenOnce, programSchema]) schema.index(...SEALED_INDEX);

export type SalesStore = ReturnType<typeof createSalesStore>;

export function createSalesStore(connection: Connection) {
  return {
    subscriptions: driverCollection(connection.model<StoredSubscription>('Subscription', subscriptionSchema)),
    attributions: driverCollection(connection.model<StoredAttribution>('Attribution', attributionSchema)),
    cancellations: driverCollection(connection.model<StoredCancellation>('Cancellation', cancellationSchema)),
    payments: driverCollection(connection.model<StoredPayment>('Payment', paymentSchema)),
    programs: driverCollection(connection.model<StoredProgram>('ProgramVersion', programSchema)),
    refunds: driverCollection(connection.model<StoredRefund>('Refund', refundSchema)),
    refundRequests: driverCollection(connection.model<StoredRefundRequest>('RefundRequest', requestSchema)),
    refundDeclines: driverCollection(connection.model<StoredRefundDecline>('RefundDecline', declineSchema)),
  };
}
