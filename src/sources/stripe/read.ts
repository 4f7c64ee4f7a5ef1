import { z } from 'zod';

import { fieldErrors } from '../../events/catalogue.ts';
import type { MinorUnits } from '../../kernel/money.ts';
import type { MadeEvent } from '../source.ts';
import { amountFrom } from './amounts.ts';
import {
  chargeSchema,
  disputeSchema,
  invoicePaymentSchema,
  invoiceSchema,
  refundedBeforeSchema,
  refundSchema,
  type StripeEvent,
  type StripeRefund,
  sessionSchema,
  subscriptionSchema,
} from './objects.ts';

/**
 * That a payment, by its payment intent or charge, pays an invoice: our payments are named after invoices. Null: it pays for no
 * subscription, and neither does an invoice that stands here in the place of a payment.
 */
export type InvoiceLink = { payment: string; invoiceId: string | null };

/** What becomes of a refund: asked for, granted, or declined, which is failed or cancelled. */
type Outcome = 'asked' | 'granted' | 'declined';

/**
 * News of a refund of `payment`. A charge tells how much of it is refunded in all, and how much was before; a refund tells of itself.
 * A dispute is a refund that was asked for. Amounts as Stripe has them.
 */
export type RefundNews = {
  payment: string;
  /** Where the news says it. */
  invoiceId: string | null;
  currency: string;
  at: Date;
} & (
  | { of: 'charge'; event: string; total: number; before: number | null }
  | { of: 'refund'; refund: string; amount: number; outcome: Outcome; decidedAt: Date }
  | { of: 'dispute'; dispute: string; amount: number; outcome: Outcome; decidedAt: Date }
);

/** What one event of Stripe's says, by itself. */
export type Reading = { links: InvoiceLink[]; events: MadeEvent[]; refunds: RefundNews[] };

/** An event that is one of ours and does not say what it has to. */
export class Unreadable extends Error {
  override name = 'Unreadable';
}

/** Which types of Stripe's events are ours, and how each is read. */
const READERS = new Map<string, (event: StripeEvent) => Partial<Reading>>([
  ['checkout.session.completed', readSession],
  ['customer.subscription.created', readSubscription],
  ['customer.subscription.updated', readSubscription],
  ['customer.subscription.deleted', readEndedSubscription],
  ['invoice.paid', readInvoice],
  ['invoice.payment_succeeded', readInvoice],
  ['invoice_payment.paid', readInvoicePayment],
  ['charge.refunded', readRefundedCharge],
  ['charge.refund.updated', readRefund],
  ['refund.created', readRefund],
  ['refund.updated', readRefund],
  ['refund.failed', readRefund],
  ['charge.dispute.created', readDispute],
  ['charge.dispute.updated', readDispute],
  ['charge.dispute.closed', readDispute],
]);

export const STRIPE_TYPES: ReadonlySet<string> = new Set(READERS.keys());

/** What an event says that is one of ours. Throws Unreadable, with a sentence that names what is missing. */
export function readStripeEvent(event: StripeEvent): Reading {
  return { links: [], events: [], refunds: [], ...READERS.get(event.type)?.(event) };
}

/** The affiliate that an object names, if it does: first touch, so that the link a customer came by goes before notes. */
export function affiliateOf({ client_reference_id, metadata }: Record<string, unknown>): string | null {
  if (typeof client_reference_id === 'string' && client_reference_id !== '') return client_reference_id;
  return noteOf(metadata, 'affiliate');
}

function readSession(event: StripeEvent): Partial<Reading> {
  const session = parsed(sessionSchema, event);
  const { subscription, created, invoice } = session;
  if (subscription != null) return { events: attributed(subscription, session, created) };
  return invoice == null ? { links: linksOf(session, null) } : {};
}

function readSubscription(event: StripeEvent): Partial<Reading> {
  const { id, customer, created, start_date, trial_end, metadata } = parsed(subscriptionSchema, event);
  const startedAt = start_date ?? created;
  // Where Stripe has no trial there is none: nothing of ours takes its place.
  const data = { subscriptionId: id, fanId: customer, startedAt, trialEndsAt: trial_end ?? startedAt };
  const started = made('subscription.started', event.created, data);
  return { events: [started, ...attributed(id, { metadata }, created)] };
}

function readEndedSubscription(event: StripeEvent): Partial<Reading> {
  const { id, ended_at, canceled_at } = parsed(subscriptionSchema, event);
  const cancelledAt = ended_at ?? canceled_at ?? event.created;
  const cancelled = made('subscription.cancelled', event.created, { subscriptionId: id, cancelledAt });
  return { events: [...(readSubscription(event).events ?? []), cancelled] };
}

function attributed(subscriptionId: string, object: Record<string, unknown>, attributedAt: Date): MadeEvent[] {
  const affiliateId = affiliateOf(object);
  if (affiliateId === null) return [];
  const programId = noteOf(object.metadata, 'program');
  const data = { subscriptionId, affiliateId, attributedAt, ...(programId === null ? {} : { programId }) };
  return [made('subscription.attributed', attributedAt, data)];
}

function readInvoice(event: StripeEvent): Partial<Reading> {
  const invoice = parsed(invoiceSchema, event);
  const { id: invoiceId, customer, currency, amount_paid, status_transitions } = invoice;
  if (invoice.subscription === undefined && invoice.parent === undefined) {
    throw new Unreadable(`invoice ${invoiceId} has neither subscription nor parent, so nothing says what was paid`);
  }
  const subscriptionId = invoice.subscription ?? invoice.parent?.subscription_details?.subscription;
  const payments = [invoice, ...(invoice.payments?.data ?? []).map(({ payment }) => payment)];
  if (subscriptionId == null) {
    const none = payments.flatMap((payment) => linksOf(payment, null));
    return { links: [...none, { payment: invoiceId, invoiceId: null }] };
  }
  const links = payments.flatMap((payment) => linksOf(payment, invoiceId));
  // As in a trial: nothing was paid, and nothing can be refunded.
  if (amount_paid === 0) return { links };
  const paid = {
    ...{ paymentId: invoiceId, subscriptionId, fanId: customer ?? undefined },
    ...{ kind: kindOf(invoice.billing_reason), amount: amountOf(amount_paid, currency), currency },
    paidAt: status_transitions?.paid_at ?? event.created,
  };
  return { links, events: [made('payment.succeeded', paid.paidAt, paid)] };
}

/** What else is paid of a subscription, as a change of plan, is a renewal. */
function kindOf(reason: string | null | undefined): string {
  if (reason === 'subscription_create') return 'subscription';
  return reason === 'manual' ? 'other' : 'renewal';
}

function readInvoicePayment(event: StripeEvent): Partial<Reading> {
  const { invoice, payment } = parsed(invoicePaymentSchema, event);
  return { links: linksOf(payment, invoice) };
}

function readRefundedCharge(event: StripeEvent): Partial<Reading> {
  const charge = parsed(chargeSchema, event);
  const { id, payment_intent, invoice, currency, amount_refunded: total } = charge;
  // Said to pay no invoice: it is no subscription's.
  if (invoice === null) return {};
  const invoiceId = invoice ?? null;
  const links = invoiceId === null ? [] : linksOf({ charge: id, payment_intent }, invoiceId);
  const payment = payment_intent ?? id;
  const listed = charge.refunds?.data ?? [];
  const isWhole = listed.length > 0 && listed.reduce((sum, { amount }) => sum + amount, 0) >= total;
  if (isWhole) {
    return {
      links,
      refunds: listed.map((refund) => newsOf({ ...refund, charge: id, payment_intent }, event, invoiceId)),
    };
  }
  const previous = refundedBeforeSchema.safeParse(event.data.previous_attributes);
  const before = previous.success ? (previous.data.amount_refunded ?? null) : null;
  const news = {
    payment,
    invoiceId,
    currency,
    at: event.created,
    of: 'charge' as const,
    event: event.id,
    total,
    before,
  };
  return { links, refunds: [news] };
}

function readRefund(event: StripeEvent): Partial<Reading> {
  return { refunds: [newsOf(parsed(refundSchema, event), event, null)] };
}

function newsOf(refund: StripeRefund, event: StripeEvent, invoiceId: string | null): RefundNews {
  const { id, amount, currency, created: at, status } = refund;
  const outcome: Outcome =
    status === 'failed' || status === 'canceled'
      ? 'declined'
      : status === 'succeeded' || status == null
        ? 'granted'
        : 'asked';
  const payment = paymentOf(refund, `refund ${id}`);
  return { payment, invoiceId, currency, at, of: 'refund', refund: id, amount, outcome, decidedAt: event.created };
}

function readDispute(event: StripeEvent): Partial<Reading> {
  const dispute = parsed(disputeSchema, event);
  const { id, amount, currency, created: at, status } = dispute;
  const outcome: Outcome = status === 'lost' ? 'granted' : CLOSED.has(status) ? 'declined' : 'asked';
  const payment = paymentOf(dispute, `dispute ${id}`);
  const news = { payment, invoiceId: null, currency, at, of: 'dispute' as const, dispute: id, amount, outcome };
  return { refunds: [{ ...news, decidedAt: event.created }] };
}

const CLOSED = new Set(['won', 'warning_closed', 'prevented']);

type Paid = { payment_intent?: string | null | undefined; charge?: string | null | undefined };

function paymentOf({ payment_intent, charge }: Paid, what: string): string {
  const payment = payment_intent ?? charge;
  if (payment == null)
    throw new Unreadable(`${what} has neither payment_intent nor charge, so nothing says of what it is`);
  return payment;
}

/** Both are noted: what is told later may name either. */
function linksOf({ payment_intent, charge }: Paid, invoiceId: string | null): InvoiceLink[] {
  return [payment_intent, charge].flatMap((payment) => (payment == null ? [] : [{ payment, invoiceId }]));
}

/** Of a currency that is none, as it is: the catalogue refuses the currency. */
export function amountOf(amount: number, currency: string): MinorUnits {
  const converted = amountFrom(amount, currency);
  return converted ?? amount / 100;
}

function made(type: string, timestamp: Date, data: Record<string, unknown>): MadeEvent {
  return { type, timestamp, data };
}

function parsed<T>(schema: z.ZodType<T>, { type, data }: StripeEvent): T {
  const result = schema.safeParse(data.object);
  if (result.success) return result.data;
  const wrong = fieldErrors(result.error, 'data.object').map(({ path, message }) => `${path}: ${message}`);
  throw new Unreadable(`${type} is not of a shape that is known: ${wrong.join('; ')}`);
}

function noteOf(metadata: unknown, name: string): string | null {
  const notes = z.record(z.string(), z.unknown()).safeParse(metadata);
  const note = notes.success ? notes.data[name] : undefined;
  return typeof note === 'string' && note !== '' ? note : null;
}
