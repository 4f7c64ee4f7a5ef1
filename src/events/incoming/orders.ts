import { z } from 'zod';

import { LARGEST_AMOUNT } from '../../kernel/money.ts';
import { idSchema, instantSchema, knownIdSchema, price, reasonSchema, wholeFrom } from '../fields.ts';
import { eventIn } from './eventIn.ts';

const knownOrder = knownIdSchema.meta({
  description: 'Of a known order; while there is none the event waits for it.',
  examples: ['order-1'],
});

export const ORDERS_IN = {
  'order.placed': eventIn({
    effect:
      'A model orders fans from a marketer, who has 72 hours to answer. It is refused while the model is blocked, terminated, or owes for fans.',
    fields: {
      orderId: idSchema.meta({
        description: 'Names the order; its campaign is called after it.',
        examples: ['order-1'],
      }),
      modelId: idSchema.meta({ description: 'Of a model: the client, who pays.', examples: ['ava'] }),
      marketerId: idSchema.meta({ description: 'Of a known account: who answers and delivers.', examples: ['mike'] }),
      offerId: idSchema.meta({
        description: "Of the marketer's offer on the platform; it is stored, and told back with the order.",
        examples: ['offer-1'],
      }),
      quantity: wholeFrom(1, 1_000_000, 'fans').meta({
        description: 'Exactly so many fans can count.',
        examples: [100],
      }),
      pricePerFan: price.meta({ description: 'What each fan that counts costs the client.', examples: [150] }),
      prepaid: z.boolean().meta({
        description: '`true`: the whole price is held in escrow at acceptance, which is refused without it.',
        examples: [true],
      }),
      chunkSize: wholeFrom(1, 1_000_000, 'fans')
        .optional()
        .meta({
          description: 'So many fans are paid for together; at most `quantity`.',
          'x-default': 'paid on completion or, prepaid, fan by fan',
          examples: [25],
        }),
      autoRenew: z
        .boolean()
        .optional()
        .meta({
          description: '`true`: placed again, on the same terms, when it is completed.',
          'x-default': '`false`',
          examples: [false],
        }),
      placedAt: instantSchema.meta({ description: 'The 72 hours count from here.' }),
    },
    rules: [
      {
        path: 'chunkSize',
        message: 'must not be larger than quantity',
        holds: ({ chunkSize, quantity }) => chunkSize === undefined || Number(chunkSize) <= Number(quantity),
      },
      {
        path: 'pricePerFan',
        message: `times quantity must be at most ${LARGEST_AMOUNT} minor units`,
        holds: ({ quantity, pricePerFan }) => Number(quantity) * Number(pricePerFan) <= LARGEST_AMOUNT,
      },
    ],
    example: {
      orderId: 'order-1',
      modelId: 'ava',
      marketerId: 'mike',
      offerId: 'offer-1',
      quantity: 100,
      pricePerFan: 150,
      prepaid: true,
      chunkSize: 25,
      placedAt: '2026-11-23T09:00:00Z',
    },
  }),
  'order.cancelled': eventIn({
    effect: 'Takes a placed order back. In any other state it has no effect.',
    fields: {
      orderId: knownOrder,
      cancelledAt: instantSchema.meta({
        description: 'When the client took it back. It is stored; the order ends when the event arrives.',
      }),
      reason: reasonSchema.optional().meta({
        description: 'The marketer reads it.',
        'x-default': 'none',
        examples: ['Placed by mistake'],
      }),
    },
    example: { orderId: 'order-1', cancelledAt: '2026-11-23T10:00:00Z', reason: 'Placed by mistake' },
  }),
  'order.guarantee_violated': eventIn({
    effect: 'Stops a queued or running order and settles it. In any other state it has no effect.',
    fields: {
      orderId: knownOrder,
      reason: reasonSchema.meta({ description: 'Client and marketer read it.', examples: ['Fans left within a day'] }),
      violatedAt: instantSchema.meta({
        description: 'When it was found. It is stored; the order ends when the event arrives.',
      }),
    },
    example: { orderId: 'order-1', reason: 'Fans left within a day', violatedAt: '2026-11-25T09:00:00Z' },
  }),
};
