import { z } from 'zod';

import { amountOrNone, basisPoints, idSchema } from '../fields.ts';
import { eventIn } from './eventIn.ts';

export const PROGRAMS_IN = {
  'campaign.updated': eventIn({
    effect: `A RevShare campaign: whose, by whom, at which rate. The version in force when a payment was made prices it. The id of an order's campaign
is refused.`,
    fields: {
      campaignId: idSchema.meta({
        description: 'Names the campaign: payments and subscriptions refer to it.',
        examples: ['camp-1'],
      }),
      kind: z
        .literal('revshare')
        .meta({ description: 'CPL campaigns are made by their orders.', examples: ['revshare'] }),
      modelId: idSchema.meta({ description: 'Of a known account: who is invoiced.', examples: ['ava'] }),
      contractorId: idSchema.meta({ description: 'Of a known account: who gets the share.', examples: ['mike'] }),
      rateBps: basisPoints.meta({
        description: "The share of the fans' payments that is invoiced.",
        examples: [4_000],
      }),
      status: z.enum(['active', 'stopped']).meta({
        description: 'Is stored; payments are invoiced in either state, so that none that comes late is lost.',
        examples: ['active'],
      }),
      name: z
        .string()
        .min(1)
        .max(200)
        .optional()
        .meta({
          description: 'What people call it: invoices name it so, as it was called in their week.',
          'x-default': 'they show its id',
          examples: ['Spring'],
        }),
    },
    example: {
      campaignId: 'camp-1',
      kind: 'revshare',
      modelId: 'ava',
      contractorId: 'mike',
      rateBps: 4_000,
      status: 'active',
    },
  }),
  'program.updated': eventIn({
    effect: `The terms that an affiliate earns by. The program \`default\` exists from the start: 3 000 basis points of the first charge, no clawback, no
minimum.`,
    fields: {
      programId: idSchema.meta({ description: 'Names the program: subscriptions refer to it.', examples: ['default'] }),
      rateBps: basisPoints.optional().meta({
        description: 'What a charge earns, as a share of it. Exactly one of `rateBps` and `fixedAmount` is given.',
        'x-default': '`fixedAmount`',
        examples: [3_000],
      }),
      fixedAmount: amountOrNone.optional().meta({
        description: 'What a charge earns, however large it is; a partial refund leaves it as it is.',
        'x-default': '`rateBps`',
        examples: [500],
      }),
      charges: z.enum(['first', 'every']).meta({
        description: 'Which charges of a subscription earn.',
        examples: ['first'],
      }),
      clawback: z
        .boolean()
        .optional()
        .meta({
          description: '`true`: refunds after the hold count, too.',
          'x-default': '`false`',
          examples: [false],
        }),
      minimumPayout: amountOrNone.optional().meta({
        description: 'A payout below it is carried over to the next payday.',
        'x-default': '`0`',
        examples: [2_500],
      }),
    },
    rules: [
      {
        path: 'rateBps',
        message: 'exactly one of rateBps and fixedAmount must be given',
        holds: ({ rateBps, fixedAmount }) => (rateBps === undefined) !== (fixedAmount === undefined),
      },
    ],
    example: { programId: 'default', rateBps: 3_000, charges: 'first', minimumPayout: 2_500 },
  }),
};
