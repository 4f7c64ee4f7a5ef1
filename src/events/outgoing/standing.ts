import { z } from 'zod';

import { written } from '../fields.ts';
import { eventsOut } from './eventsOut.ts';
import { reasonOf } from './reasonOf.ts';

const { amount, count, id, instant, sentences } = written;

export const TIERS = ['at-risk', 'new', 'standard', 'trusted'] as const;

const example = {
  modelId: 'ava',
  campaigns: 'paused' as const,
  cplOrders: 'allowed' as const,
  trustScore: 40,
  tier: 'new' as const,
  terminationReview: false,
  terminated: false,
  overdue: { count: 1, total: 3_876, oldestDueAt: '2026-11-26T06:00:00.000Z' },
  paidOnTime: 0,
  invoices: 1,
  reasons: ['1 invoice is overdue: $38.76.'],
  because: [{ kind: 'overdue' as const, count: 1, total: 3_876 }],
  recommendedMaxQuantity: 100,
};

const reasonCount = count('invoices').meta({ description: 'How many invoices.', examples: [1] });
const reasonTotal = amount.meta({ description: 'What is still to be paid of all that is overdue.', examples: [3_876] });
const reasonUntil = instant.meta({ description: 'Until when it holds; of promises, until the first of them ends.' });

const standingReason = z
  .discriminatedUnion('kind', [
    reasonOf('terminated', 'the partnership is over', {}),
    reasonOf('overdue', 'invoices are overdue', { count: reasonCount, total: reasonTotal }),
    reasonOf('overdue-too-long', 'one has been for too long for new CPL orders', {
      invoiceId: id.meta({ description: 'Which invoice.', examples: ['2026-W47:ava'] }),
      since: instant.meta({ description: 'When it fell due.' }),
    }),
    reasonOf('overdue-too-much', 'it is too much for new CPL orders', {
      total: reasonTotal,
      limit: amount.meta({ description: 'What new CPL orders allow.', examples: [50_000] }),
    }),
    reasonOf('under-review', 'a termination review is open', {}),
    reasonOf('grace', 'a manager holds the sanctions back', { until: reasonUntil }),
    reasonOf('not-warned', 'for these invoices sanctions wait until a warning is delivered', { count: reasonCount }),
    reasonOf('promised', 'for these invoices sanctions wait, because they are promised', {
      count: reasonCount,
      until: reasonUntil,
    }),
  ])
  .meta({ id: 'StandingReason' });

export const standingData = z
  .object({
    modelId: id.meta({ description: 'Whose standing it is.', examples: ['ava'] }),
    campaigns: z.enum(['running', 'paused', 'stopped']).meta({
      description: 'What the RevShare campaigns of the model are to do; `stopped` is for good.',
      examples: ['paused'],
    }),
    cplOrders: z.enum(['allowed', 'blocked']).meta({
      description: 'Whether new CPL orders of the model are taken.',
      examples: ['allowed'],
    }),
    trustScore: z
      .int()
      .min(0)
      .max(100)
      .meta({ description: 'Follows from how invoices and orders went.', 'x-unit': 'points', examples: [40] }),
    tier: z
      .enum(TIERS)
      .meta({ description: 'Follows from the score, and from how much there is to judge by.', examples: ['new'] }),
    terminationReview: z
      .boolean()
      .meta({ description: 'A manager should decide whether to go on.', examples: [false] }),
    terminated: z.boolean().meta({ description: 'The partnership is over.', examples: [false] }),
    overdue: z
      .object({
        count: count('invoices').meta({ description: 'How many are overdue.', examples: [1] }),
        total: amount.meta({ description: 'The sum of their totals.', examples: [3_876] }),
        oldestDueAt: instant.nullable().meta({
          description: 'Of the oldest; null where none is.',
          examples: ['2026-11-26T06:00:00.000Z'],
        }),
      })
      .meta({ description: 'The invoices that are overdue.' }),
    paidOnTime: count('invoices').meta({
      description: 'Of the last `invoices`, how many were paid on time.',
      examples: [0],
    }),
    invoices: count('invoices').meta({
      description: 'The last invoices that were paid or fell due, at most ten.',
      examples: [1],
    }),
    reasons: sentences.meta({
      description: 'Sentences for people; times in the platform zone.',
      examples: [['1 invoice is overdue: $38.76.']],
    }),
    because: z.array(standingReason).meta({
      description: 'The same reasons in the same order, for programs, and for words of your own.',
      examples: [example.because],
    }),
    recommendedMaxQuantity: z
      .int()
      .nullable()
      .meta({
        description: 'Advice for the next order; null unless the tier is `new`.',
        'x-unit': 'fans',
        examples: [100],
      }),
  })
  .meta({ id: 'Standing', examples: [example] });

export const STANDING_OUT = eventsOut({
  title: 'standing',
  subject: 'model:ava',
  about: '`data` is the standing as `GET /v1/models/{id}/standing` answers it:',
  data: standingData,
  example,
  types: {
    'campaigns.paused': { when: "the model's RevShare campaigns are to stop: take no traffic for them" },
    'campaigns.resumed': { when: 'they may run again', example: { campaigns: 'running' } },
    'cpl_orders.blocked': { when: 'new CPL orders are to be refused', example: { cplOrders: 'blocked' } },
    'cpl_orders.unblocked': { when: 'they may be taken again' },
    'trust.changed': { when: 'the trust score has changed' },
    'partnership.review_opened': { when: 'a manager should decide', example: { terminationReview: true } },
    'partnership.terminated': {
      when: 'campaigns are stopped for good; no `campaigns.paused` comes besides',
      example: { campaigns: 'stopped', cplOrders: 'blocked', terminated: true },
    },
  },
});
