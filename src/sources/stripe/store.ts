import { type Connection, Schema } from 'mongoose';

import { driverCollection } from '../../database/collection.ts';

/** Which invoice a payment of Stripe's pays, by payment intent or charge; null where it is no subscription's. */
export type StoredInvoiceLink = { _id: string; invoiceId: string | null; eventId: string };

/**
 * One refund of a payment: `payment:amount:number`, numbered among those of the same amount. Stripe tells of it twice, as an event
 * of the charge, `event`, and as a refund of its own, `refund`; whichever came first gave it its date.
 */
export type StoredStripeRefund = {
  _id: string;
  payment: string;
  amount: number;
  at: Date;
  event?: string;
  refund?: string;
  /** It was told as granted, and stays so. */
  isGranted?: true;
  /** When it failed or was cancelled, as it was told first. */
  declinedAt?: Date;
};

const linkSchema = new Schema<StoredInvoiceLink>(
  { _id: { type: String, required: true }, invoiceId: String, eventId: String },
  { versionKey: false, collection: 'stripe_payments' },
);

const refundSchema = new Schema<StoredStripeRefund>(
  {
    _id: { type: String, required: true },
    payment: String,
    amount: Number,
    at: Date,
    event: String,
    refund: String,
    isGranted: Boolean,
    declinedAt: Date,
  },
  { versionKey: false, collection: 'stripe_refunds' },
);
refundSchema.index({ payment: 1 });
// Whatever races, an event or a refund of Stripe's is one refund of ours.
for (const field of ['event', 'refund'] as const) {
  refundSchema.index({ [field]: 1 }, { unique: true, partialFilterExpression: { [field]: { $exists: true } } });
}

export function createStripeStore(connection: Connection) {
  return {
    links: driverCollection(connection.model<StoredInvoiceLink>('StripePayment', linkSchema)),
    refunds: driverCollection(connection.model<StoredStripeRefund>('StripeRefund', refundSchema)),
  };
}
