import { z } from 'zod';

import { amountOrNone, idSchema, instantSchema, knownIdSchema, positiveAmount } from '../fields.ts';
import { eventIn } from './eventIn.ts';

export const PAYMENT_KINDS = ['subscription', 'renewal', 'tip', 'message', 'post', 'other'] as const;
export type PaymentKind = (typeof PAYMENT_KINDS)[number];

const refundId = idSchema.meta({
  description: 'Names the refund: what is asked for, granted and declined under one id is one refund.',
  examples: ['re-1'],
});
const paymentId = idSchema.meta({
  description: 'Of a known payment; while there is none the event waits for it.',
  examples: ['pay-1'],
});

export const MONEY_IN = {
  'balance.topped_up': eventIn({
    effect: `Money on a model's balance; that of any other account is [quarantined until it is a model](rules.md#1-revshare-invoices). It counts from its arrival, and is tried against everything unpaid, oldest first.`,
    fields: {
      topUpId: idSchema.meta({ description: 'Names the top-up: it is booked once.', examples: ['top-1'] }),
      accountId: idSchema.meta({
        description: 'Of a known account, whose balance grows; while there is none the event waits for it.',
        examples: ['ava'],
      }),
      amount: positiveAmount.meta({ description: 'Is added to the balance, whole.', examples: [10_000] }),
      toppedUpAt: instantSchema.meta({
        description: 'When the platform took the money. It is stored; the top-up counts from its arrival.',
      }),
    },
    example: { topUpId: 'top-1', accountId: 'ava', amount: 10_000, toppedUpAt: '2026-11-23T09:00:00Z' },
  }),
  'payment.succeeded': eventIn({
    effect: `A fan paid. The payment becomes a transaction of its RevShare campaign: its own, or else its subscription's. A \`subscription\` or \`renewal\`
also charges its subscription, which earns the affiliate's commission.`,
    fields: {
      paymentId: idSchema.meta({ description: 'Names the payment: refunds refer to it.', examples: ['pay-1'] }),
      subscriptionId: idSchema.optional().meta({
        description:
          'Of a known subscription, which the payment is for: its campaign and affiliate are those of the payment.',
        'x-default': 'no subscription',
        examples: ['sub-1'],
      }),
      modelId: idSchema.optional().meta({
        description: 'Of a known account: whom the fan paid. It is stored; who is invoiced follows from the campaign.',
        'x-default': 'none',
        examples: ['ava'],
      }),
      fanId: idSchema.meta({ description: 'Who paid.', examples: ['fan-1'] }),
      campaignId: knownIdSchema.optional().meta({
        description: 'Of a known campaign: a RevShare one takes the payment on its next invoice.',
        'x-default': "the subscription's",
        examples: ['camp-1'],
      }),
      kind: z.enum(PAYMENT_KINDS).meta({
        description: 'The type of transaction on the invoice; `subscription` and `renewal` earn commissions.',
        examples: ['subscription'],
      }),
      amount: amountOrNone.meta({ description: 'What the fan paid: shares are counted of it.', examples: [999] }),
      paidAt: instantSchema.meta({
        description:
          "Decides the billing week, the campaign's version that prices it, and where a commission's hold begins.",
      }),
    },
    example: {
      paymentId: 'pay-1',
      subscriptionId: 'sub-1',
      modelId: 'ava',
      fanId: 'fan-1',
      kind: 'subscription',
      amount: 999,
      paidAt: '2026-11-23T09:00:00Z',
    },
  }),
  'payment.refunded': eventIn({
    effect:
      'A payment was given back, whole or in part. It is a negative transaction on the next invoice, and rejects or lowers the commission.',
    fields: {
      refundId,
      paymentId,
      amount: positiveAmount.meta({
        description: 'What was given back; all refunds of a payment together are at most the payment.',
        examples: [999],
      }),
      refundedAt: instantSchema.meta({
        description: 'Not before the payment. Within the hold it lowers the commission, after it that stands.',
      }),
    },
    example: { refundId: 're-1', paymentId: 'pay-1', amount: 999, refundedAt: '2026-11-24T09:00:00Z' },
  }),
  'refund.requested': eventIn({
    effect: `Somebody asked for a refund. Within the hold it keeps the commission pending until the refund is granted (\`payment.refunded\` with the same
\`refundId\`, which then counts as dated when it was asked for) or declined.`,
    fields: {
      refundId,
      paymentId,
      requestedAt: instantSchema.meta({
        description: 'Decides whether it is within the hold; the event is quarantined when it is before the payment.',
      }),
    },
    example: { refundId: 're-1', paymentId: 'pay-1', requestedAt: '2026-11-24T09:00:00Z' },
  }),
  'refund.declined': eventIn({
    effect:
      'The refund is not granted: the commission is approved at the end of its hold, or at `declinedAt` if that is later.',
    fields: {
      refundId: idSchema.meta({
        description: 'Of a known `refund.requested`; while there is none the event waits for it.',
        examples: ['re-1'],
      }),
      declinedAt: instantSchema.meta({ description: 'Not before it was asked for.' }),
    },
    example: { refundId: 're-1', declinedAt: '2026-11-25T09:00:00Z' },
  }),
};
