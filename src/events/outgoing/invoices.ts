import { z } from 'zod';

import { written } from '../fields.ts';
import { PAYMENT_KINDS } from '../incoming/money.ts';
import { eventsOut } from './eventsOut.ts';

const { amount, count, id, instant, rate, text } = written;

export const INVOICE_STATUSES = ['open', 'overdue', 'completed', 'void', 'written_off', 'credited'] as const;

const line = z.object({
  campaignId: id.meta({ description: 'The RevShare campaign.', examples: ['camp-1'] }),
  contractorId: id.meta({ description: 'Who is credited the cost when the invoice is completed.', examples: ['mike'] }),
  type: z.enum([...PAYMENT_KINDS, 'refund']).meta({ description: 'Of the transactions.', examples: ['subscription'] }),
  count: count('transactions').meta({ description: 'How many they are.', examples: [10] }),
  gross: amount.meta({ description: 'What fans paid; negative for refunds.', examples: [9_990] }),
  rateBps: rate.meta({ description: "Of the campaign's version that priced them.", examples: [4_000] }),
  cost: amount.meta({ description: 'The share of the gross, rounded once.', examples: [3_996] }),
  late: count('transactions').meta({
    description: 'Of `count`, those from before the week of the invoice.',
    examples: [0],
  }),
});

const RATES = { campaignId: 'camp-1', contractorId: 'mike', rateBps: 4_000, late: 0 };

/** The worked example of rules 1. */
const example = {
  invoiceId: '2026-W47:ava',
  modelId: 'ava',
  week: '2026-W47',
  status: 'open' as const,
  issuedAt: '2026-11-23T06:00:00.000Z',
  dueAt: '2026-11-26T06:00:00.000Z',
  completedAt: null,
  lines: [
    { ...RATES, type: 'subscription' as const, count: 10, gross: 9_990, cost: 3_996 },
    { ...RATES, type: 'refund' as const, count: 1, gross: -999, cost: -400 },
    {
      campaignId: 'camp-2',
      contractorId: 'max',
      rateBps: 2_500,
      type: 'tip' as const,
      count: 2,
      gross: 2_555,
      cost: 639,
      late: 0,
    },
  ],
  subtotal: 4_235,
  discountBps: 300,
  discount: 127,
  credit: 0,
  total: 4_108,
};

export const invoiceData = z
  .object({
    invoiceId: id.meta({ description: 'Week and model.', examples: ['2026-W47:ava'] }),
    modelId: id.meta({ description: 'Who owes it.', examples: ['ava'] }),
    week: z.string().meta({ description: 'The ISO week that it is for.', 'x-kind': 'week', examples: ['2026-W47'] }),
    status: z.enum(INVOICE_STATUSES).meta({
      description: '`credited`: nothing is to be paid, and what is below zero is held for the next one.',
      examples: ['open'],
    }),
    issuedAt: instant.meta({ description: 'When it was issued.' }),
    dueAt: instant.meta({
      description: 'Unpaid from here on, it is overdue.',
      examples: ['2026-11-26T06:00:00.000Z'],
    }),
    completedAt: instant.nullable().meta({ description: 'When it was paid; null until then.', examples: [null] }),
    lines: z.array(line).meta({ description: 'One per campaign, contractor, rate and type of transaction.' }),
    subtotal: amount.meta({ description: 'The sum of the costs.', examples: [4_235] }),
    discountBps: rate.meta({ description: '0 where nothing is discounted.', examples: [300] }),
    discount: amount.meta({ description: 'Of the subtotal, rounded once.', examples: [127] }),
    credit: amount.meta({ description: 'What was taken from earlier credit.', examples: [0] }),
    total: amount.meta({ description: 'What is owed; it can be negative.', examples: [4_108] }),
    parts: z
      .array(
        z.object({
          number: z
            .int()
            .min(1)
            .meta({ description: 'Of the promise that it was paid for.', examples: [1] }),
          amount: amount.meta({ description: 'Held for the invoice until it ends.', examples: [1_027] }),
          paidAt: instant.meta({ description: 'When it left the balance.' }),
        }),
      )
      .optional()
      .meta({ description: 'Only where parts of the total were paid ahead of the rest.' }),
    number: text.optional().meta({
      description:
        'Of the document, in answers of the API: in its series and year without a gap. It is given right after the issue.',
      examples: ['INV-2026-000001'],
    }),
    creditNote: text.optional().meta({
      description: 'Only of a void one, in answers of the API: the number of its credit note.',
      examples: ['CN-2026-000001'],
    }),
    reference: text.optional().meta({
      description: 'Only of one that was paid outside: of that payment.',
      examples: ['SEPA 4711'],
    }),
    paidAt: instant.optional().meta({
      description: 'Only of one that was paid outside: when the money came. It decides whether that was on time.',
      examples: ['2026-11-24T10:00:00.000Z'],
    }),
    voidReason: text.optional().meta({ description: 'Only of a void one: why.', examples: ['Wrong rate'] }),
    writtenOffAt: instant.optional().meta({
      description: 'Only of a written-off one: since when nothing is owed for it.',
      examples: ['2026-12-21T10:00:00.000Z'],
    }),
    writeOffReason: text.optional().meta({ description: 'Only of a written-off one: why.', examples: ['Insolvent'] }),
    contractorsPaid: z
      .boolean()
      .optional()
      .meta({
        description: "Only of a written-off one: whether its contractors got their lines, at the platform's expense.",
        examples: [false],
      }),
  })
  .meta({ id: 'Invoice', examples: [example] });

export const INVOICES_OUT = eventsOut({
  title: 'invoices',
  subject: 'model:ava',
  about: '`data` is the invoice as `GET /v1/invoices/{id}` answers it, without names, in the state it results in:',
  data: invoiceData,
  example,
  types: {
    'invoice.issued': { when: 'on Monday, paid at once or not: show it to the model' },
    'invoice.overdue': {
      when: 'at `dueAt`, unpaid; what is held back for it comes as `campaigns.paused`',
      example: { status: 'overdue' },
    },
    'invoice.completed': {
      when: 'paid; its contractors are credited',
      example: { status: 'completed', completedAt: '2026-11-24T10:00:00.000Z' },
    },
    'invoice.voided': {
      when: 'taken back by a manager; its transactions go on the next one',
      example: { status: 'void', voidReason: 'Wrong rate' },
    },
    'invoice.written_off': {
      when: 'given up by a manager: nothing is owed for it any more, and its transactions stay on it',
      example: {
        ...{ status: 'written_off', writtenOffAt: '2026-12-21T10:00:00.000Z', writeOffReason: 'Insolvent' },
        contractorsPaid: false,
      },
    },
  },
});
