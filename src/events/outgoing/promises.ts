import { z } from 'zod';

import { written } from '../fields.ts';
import { eventsOut } from './eventsOut.ts';

const { amount, id, instant, text } = written;

const PROMISE_STATUSES = ['running', 'kept', 'broken', 'refused', 'lapsed'] as const;

const example = {
  promiseId: '2026-W47:ava~1',
  invoiceId: '2026-W47:ava',
  modelId: 'ava',
  status: 'running' as const,
  madeAt: '2026-11-26T09:00:00.000Z',
  until: '2026-12-03T23:59:00.000Z',
  parts: { first: 1_027, rest: 3_081 },
  endedAt: null,
};

export const promiseData = z
  .object({
    promiseId: id.meta({ description: 'Invoice, and number of the promise about it.', examples: ['2026-W47:ava~1'] }),
    invoiceId: id.meta({ description: 'What is promised to be paid.', examples: ['2026-W47:ava'] }),
    modelId: id.meta({ description: 'Who promised it.', examples: ['ava'] }),
    status: z.enum(PROMISE_STATUSES).meta({
      description: '`lapsed`: the invoice ended in another way than by payment.',
      examples: ['running'],
    }),
    madeAt: instant.meta({ description: 'From here on pausing and blocking wait.' }),
    until: instant.meta({
      description: 'Unpaid from here on, it is broken.',
      examples: ['2026-12-03T23:59:00.000Z'],
    }),
    parts: z
      .object({
        first: amount.meta({ description: 'Paid at once, and held for the invoice.', examples: [1_027] }),
        rest: amount.meta({ description: 'To be paid by `until`.', examples: [3_081] }),
      })
      .nullable()
      .meta({ description: 'Null where it is paid in one.' }),
    endedAt: instant.nullable().meta({
      description: 'When it was kept, broken, refused or lapsed; null until then.',
      examples: [null],
    }),
    reason: text.optional().meta({ description: 'Only of a refused one: why.', examples: ['Agreed otherwise'] }),
  })
  .meta({ id: 'Promise', examples: [example] });

export const PROMISES_OUT = eventsOut({
  title: 'promises',
  subject: 'model:ava',
  about: '`data` is the promise, as `promise` of `GET /v1/invoices/{id}` has it:',
  data: promiseData,
  example,
  types: {
    'promise.made': { when: 'a model has promised to pay an overdue invoice; what it lifts comes besides' },
    'promise.kept': {
      when: 'paid in time, after `invoice.completed`',
      example: { status: 'kept', endedAt: '2026-12-01T10:00:00.000Z' },
    },
    'promise.broken': {
      when: 'not paid in time; what is imposed comes besides',
      example: { status: 'broken', endedAt: '2026-12-03T23:59:00.000Z' },
    },
    'promise.refused': {
      when: 'a manager has ended it; what is imposed comes besides',
      example: { status: 'refused', endedAt: '2026-11-28T10:00:00.000Z', reason: 'Agreed otherwise' },
    },
  },
});
