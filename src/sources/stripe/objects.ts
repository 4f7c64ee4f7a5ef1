import { z } from 'zod';

/**
 * What is read of Stripe's objects, in the shapes of all versions of its API since 2019: fields that moved are taken where they are.
 * Whatever else they have is left alone.
 */

const id = z.string().min(1).max(200);
/** A reference is an id, or the object itself where Stripe was asked to expand it. */
const reference = z.union([id, z.object({ id }).transform((object) => object.id)]);
const seconds = z
  .int()
  .min(0)
  .max(99_999_999_999)
  .transform((value) => new Date(value * 1_000));
const amount = z.int().min(0);
const currency = z
  .string()
  .regex(/^[A-Za-z]{3}$/)
  .transform((code) => code.toUpperCase());
const metadata = z.record(z.string(), z.unknown()).nullish();

export const eventSchema = z.object({
  id,
  type: z.string().min(1).max(100),
  created: seconds,
  data: z.object({ object: z.record(z.string(), z.unknown()), previous_attributes: z.unknown().optional() }),
});
export type StripeEvent = z.infer<typeof eventSchema>;

export const subscriptionSchema = z.object({
  id,
  customer: reference,
  created: seconds,
  start_date: seconds.nullish(),
  trial_end: seconds.nullish(),
  ended_at: seconds.nullish(),
  canceled_at: seconds.nullish(),
  metadata,
});

export const sessionSchema = z.object({
  id,
  created: seconds,
  subscription: reference.nullish(),
  invoice: reference.nullish(),
  payment_intent: reference.nullish(),
  client_reference_id: z.string().nullish(),
  metadata,
});

/** Who pays an invoice with what: `pi_…`, or `ch_…` where there is no payment intent. */
const payment = z.object({ payment_intent: reference.nullish(), charge: reference.nullish() });

export const invoiceSchema = z.object({
  id,
  customer: reference.nullish(),
  currency,
  amount_paid: amount,
  billing_reason: z.string().nullish(),
  status_transitions: z.object({ paid_at: seconds.nullish() }).nullish(),
  /** Before 2025-03-31. */
  subscription: reference.nullish(),
  payment_intent: reference.nullish(),
  charge: reference.nullish(),
  /** Since then. */
  parent: z.object({ subscription_details: z.object({ subscription: reference.nullish() }).nullish() }).nullish(),
  payments: z.object({ data: z.array(z.object({ payment })) }).nullish(),
});

export const invoicePaymentSchema = z.object({ id, invoice: reference, payment });

export const refundSchema = z.object({
  id,
  amount,
  currency,
  created: seconds,
  status: z.string().nullish(),
  charge: reference.nullish(),
  payment_intent: reference.nullish(),
});
export type StripeRefund = z.infer<typeof refundSchema>;

export const chargeSchema = z.object({
  id,
  currency,
  amount_refunded: amount,
  payment_intent: reference.nullish(),
  /** Before 2025-03-31; null where no invoice is paid with it. */
  invoice: reference.nullish(),
  /** Before 2022-11-15. */
  refunds: z.object({ data: z.array(refundSchema) }).nullish(),
});

/** What a charge was before, in an event that tells of a change. */
export const refundedBeforeSchema = z.object({ amount_refunded: amount.optional() });

export const disputeSchema = z.object({
  id,
  amount,
  currency,
  created: seconds,
  status: z.string(),
  charge: reference.nullish(),
  payment_intent: reference.nullish(),
});
