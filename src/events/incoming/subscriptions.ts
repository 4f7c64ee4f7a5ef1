import { z } from 'zod';

import { idSchema, instantSchema, knownIdSchema } from '../fields.ts';
import { eventIn } from './eventIn.ts';

export const SUBSCRIPTIONS_IN = {
  'subscription.started': eventIn({
    effect: `A fan subscribed. Through an order's campaign, the fan is qualified and counts, or does not. With an affiliate, charges earn commissions.
Told again with another \`trialEndsAt\` it is a new version, of which the latest \`timestamp\` holds, while no commission of it is approved.`,
    fields: {
      subscriptionId: idSchema.meta({
        description: 'Names the subscription: payments refer to it.',
        examples: ['sub-1'],
      }),
      modelId: idSchema.optional().meta({
        description: 'Of a known account: whose page it is. A fan who was there before does not count for an order.',
        'x-default': 'no model',
        examples: ['ava'],
      }),
      fanId: idSchema.meta({ description: 'Who subscribed.', examples: ['fan-1'] }),
      startedAt: instantSchema.meta({
        description: "Where the affiliate's trial begins; a fan counts for an order from its acceptance on.",
      }),
      campaignId: knownIdSchema.optional().meta({
        description: 'Of a known campaign, of an order or RevShare: payments of the subscription belong to it.',
        'x-default': 'no campaign',
        examples: ['cpl~order-1'],
      }),
      affiliateId: idSchema.optional().meta({
        description: 'Of a known account: who earns commissions of its charges.',
        'x-default': 'nobody',
        examples: ['kim'],
      }),
      programId: idSchema.optional().meta({
        description: 'Of a known program: the terms of these commissions.',
        'x-default': '`default`',
        examples: ['default'],
      }),
      trialEndsAt: instantSchema.optional().meta({
        description: 'Cancelled before it, the subscription earns no commission, ever.',
        'x-default': '72 hours after `startedAt` (policy `commissions.trialDays`)',
        examples: ['2026-11-26T09:00:00Z'],
      }),
      fan: z
        .object({
          returning: z
            .boolean()
            .optional()
            .meta({
              description: '`true`: the fan was on the page before, and does not count for an order.',
              'x-default': 'what is known here of the fan',
              examples: [false],
            }),
          bot: z
            .boolean()
            .optional()
            .meta({
              description: '`true`: the fan is a bot or fake, and does not count for an order.',
              'x-default': '`false`',
              examples: [false],
            }),
        })
        .optional()
        .meta({ description: 'What the platform knows of the fan.', 'x-default': 'nothing' }),
    },
    example: {
      subscriptionId: 'sub-1',
      modelId: 'ava',
      fanId: 'fan-1',
      startedAt: '2026-11-23T09:00:00Z',
      affiliateId: 'kim',
      fan: { returning: false, bot: false },
    },
  }),
  'subscription.cancelled': eventIn({
    effect: 'Before the trial ends it means that there is no commission, ever.',
    fields: {
      subscriptionId: idSchema.meta({
        description: 'Of a known subscription; while there is none the event waits for it.',
        examples: ['sub-1'],
      }),
      cancelledAt: instantSchema.meta({ description: 'Is compared with the end of the trial.' }),
    },
    example: { subscriptionId: 'sub-1', cancelledAt: '2026-11-24T09:00:00Z' },
  }),
};
