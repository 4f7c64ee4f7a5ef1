/**
 * Events of Stripe's, small and in its shapes: field for field as in the fixtures of its OpenAPI description (github.com/stripe/openapi,
 * openapi/fixtures3.json, MIT), and as its versions before 2025-03-31 had them where it says `old`.
 */
export type StripeTestEvent = { id: string; type: string; created: number; data: { object: Record<string, unknown> } };

type Fields = Record<string, unknown>;

/** Unix seconds of an instant. */
export function seconds(instant: string): number {
  return Date.parse(instant) / 1_000;
}

let made = 0;

export function stripeEvent(type: string, at: string, object: Fields, more: Fields = {}): StripeTestEvent {
  made += 1;
  const { previous_attributes, ...rest } = more;
  return {
    id: `evt_1Test${made}`,
    object: 'event',
    api_version: '2025-09-30.clover',
    created: seconds(at),
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type,
    data: { object, ...(previous_attributes === undefined ? {} : { previous_attributes }) },
    ...rest,
  } as StripeTestEvent;
}

export function subscription(id: string, startedAt: string, more: Fields = {}): Fields {
  const { trialEnd = null, ...rest } = more;
  return {
    ...{ id, object: 'subscription', customer: 'cus_QXg1o8vcGmoR32', currency: 'usd', status: 'active', metadata: {} },
    ...{ created: seconds(startedAt), start_date: seconds(startedAt), canceled_at: null, ended_at: null },
    trial_end: typeof trialEnd === 'string' ? seconds(trialEnd) : null,
    items: { object: 'list', data: [{ id: 'si_QXhVnC2h0Jczwc', current_period_end: seconds(startedAt) + 2_592_000 }] },
    ...rest,
  };
}

export function session(subscriptionId: string | null, createdAt: string, more: Fields = {}): Fields {
  return {
    ...{ id: 'cs_test_a1YS1URlnyQCN5fUUduORoQ7Pw41PJqDWkIVQCpJPqkfIhd6tVY8XB1OLY', object: 'checkout.session' },
    ...{ client_reference_id: null, metadata: {}, mode: 'subscription', payment_intent: null, invoice: null },
    ...{ created: seconds(createdAt), subscription: subscriptionId, customer: 'cus_QXg1o8vcGmoR32' },
    customer_details: { email: 'example@example.com', name: null },
    ...more,
  };
}

/** Since 2025-03-31: the subscription stands under `parent`, and nothing says with what it was paid. */
export function invoice(
  id: string,
  subscriptionId: string | null,
  paidAt: string,
  amount: number,
  more: Fields = {},
): Fields {
  const details = { metadata: {}, subscription: subscriptionId };
  return {
    ...{
      id,
      object: 'invoice',
      customer: 'cus_QXg1o8vcGmoR32',
      currency: 'usd',
      billing_reason: 'subscription_create',
    },
    ...{ amount_due: amount, amount_paid: amount, amount_remaining: 0, status: 'paid', total: amount },
    parent:
      subscriptionId === null
        ? null
        : { quote_details: null, subscription_details: details, type: 'subscription_details' },
    status_transitions: {
      finalized_at: seconds(paidAt),
      marked_uncollectible_at: null,
      paid_at: seconds(paidAt),
      voided_at: null,
    },
    ...more,
  };
}

/** As it was before. */
export function oldInvoice(
  id: string,
  subscriptionId: string | null,
  paidAt: string,
  amount: number,
  more: Fields = {},
): Fields {
  const { parent: _, ...rest } = invoice(id, subscriptionId, paidAt, amount);
  const paid = { charge: `ch_${id}`, payment_intent: `pi_${id}`, paid: true };
  return { ...rest, subscription: subscriptionId, ...paid, ...more };
}

export function invoicePayment(invoiceId: string, paymentIntent = `pi_${invoiceId}`): Fields {
  return {
    ...{ id: `inpay_${invoiceId}`, object: 'invoice_payment', amount_paid: 1_000, currency: 'usd', is_default: true },
    ...{ invoice: invoiceId, status: 'paid', payment: { payment_intent: paymentIntent, type: 'payment_intent' } },
  };
}

export function charge(invoiceId: string, amount: number, refunded: number, more: Fields = {}): Fields {
  return {
    ...{ id: `ch_${invoiceId}`, object: 'charge', amount, amount_captured: amount, amount_refunded: refunded },
    ...{ currency: 'usd', paid: true, payment_intent: `pi_${invoiceId}`, refunded: refunded === amount },
    billing_details: { email: null, name: 'Jenny Rosen', phone: null },
    ...more,
  };
}

export function refund(id: string, invoiceId: string, amount: number, createdAt: string, more: Fields = {}): Fields {
  return {
    ...{ id, object: 'refund', amount, currency: 'usd', status: 'succeeded', created: seconds(createdAt) },
    ...{ charge: `ch_${invoiceId}`, payment_intent: `pi_${invoiceId}`, reason: null },
    ...more,
  };
}

export function dispute(id: string, invoiceId: string, amount: number, createdAt: string, status: string): Fields {
  return {
    ...{ id, object: 'dispute', amount, currency: 'usd', status, created: seconds(createdAt), reason: 'fraudulent' },
    ...{ charge: `ch_${invoiceId}`, payment_intent: `pi_${invoiceId}` },
  };
}
