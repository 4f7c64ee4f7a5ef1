import { z } from 'zod';

import { written } from '../fields.ts';
import { eventsOut } from './eventsOut.ts';
import { reasonOf } from './reasonOf.ts';

const { amount, count, id, instant, sentences } = written;

export const ORDER_STATUSES = [
  'placed',
  'queued',
  'running',
  'completed',
  'rejected',
  'expired',
  'refused',
  'cancelled',
  'stopped',
] as const;

/** Half delivered, paid every 25 fans. */
export const orderExample = {
  orderId: 'order-1',
  modelId: 'ava',
  marketerId: 'mike',
  offerId: 'offer-1',
  status: 'running' as const,
  position: null,
  delivered: 50,
  quantity: 100,
  pricePerFan: 150,
  prepaid: true,
  chunkSize: 25,
  autoRenew: false,
  paid: 7_500,
  owed: 0,
  escrow: 7_500,
  placedAt: '2026-11-23T09:00:00.000Z',
  respondBy: '2026-11-26T09:00:00.000Z',
  acceptedAt: '2026-11-23T10:00:00.000Z',
  startedAt: '2026-11-23T10:00:00.000Z',
  startedBy: 'acceptance' as const,
  endedAt: null,
  campaignId: 'cpl~order-1',
  link: 'https://example.com/c/cpl~order-1',
  renewalOf: null,
  renewedBy: null,
  notRenewedBecause: [] as string[],
  renewalBlockers: [],
  reasons: [] as string[],
  because: [],
};

const orderBlockers = [
  reasonOf('client-terminated', "the client's partnership is over", {}),
  reasonOf('client-blocked', "the client's orders are blocked: invoices are overdue", {}),
  reasonOf('client-owes', 'the client owes an amount for delivered fans', {}),
] as const;
const said = z
  .string()
  .nullable()
  .meta({ description: 'What somebody wrote, or null.', examples: ['no capacity'] });
const orderReason = z
  .discriminatedUnion('kind', [
    ...orderBlockers,
    reasonOf('rejected', 'the marketer rejected it', { reason: said }),
    reasonOf('cancelled', 'it was cancelled before it was answered', { reason: said }),
    reasonOf('not-answered', 'nobody answered in time', {}),
    reasonOf('not-funded', "the marketer wanted it, and the client's balance did not cover it in time", {}),
    reasonOf('guarantee-violated', 'a guarantee was violated', { reason: said }),
    reasonOf('stopped-by-manager', 'a manager stopped it', { reason: said }),
    reasonOf('partnership-terminated', 'the client was terminated while it ran', {}),
    reasonOf('idle', 'no fan counted for long', {
      days: z
        .int()
        .nullable()
        .meta({ description: 'For how many; null of long ago.', 'x-unit': 'days', examples: [30] }),
      reason: z.string().meta({ description: 'The same as text.', examples: ['no fan counted for 30 days'] }),
    }),
  ])
  .meta({ id: 'OrderReason' });

export const orderData = z
  .object({
    orderId: id.meta({ description: 'As it was placed; a renewed one has a `~`.', examples: ['order-1'] }),
    modelId: id.meta({ description: 'The client.', examples: ['ava'] }),
    marketerId: id.meta({ description: 'Who delivers.', examples: ['mike'] }),
    offerId: id.meta({ description: 'The offer it was placed on.', examples: ['offer-1'] }),
    status: z.enum(ORDER_STATUSES).meta({ description: 'The state it is in.', examples: ['running'] }),
    position: z
      .int()
      .min(1)
      .nullable()
      .meta({
        description:
          "In the marketer's queue, 1 is next: the accepted that wait for a place, then the placed; null when it runs or is over.",
        examples: [null],
      }),
    delivered: count('fans').meta({ description: 'Fans that count.', examples: [50] }),
    quantity: count('fans').meta({ description: 'Fans that were ordered.', examples: [100] }),
    pricePerFan: amount.meta({ description: 'Of each fan that counts.', examples: [150] }),
    prepaid: z
      .boolean()
      .meta({ description: 'The whole price is held in escrow from acceptance on.', examples: [true] }),
    chunkSize: z
      .int()
      .nullable()
      .meta({
        description: 'Fans that are paid for together; null: on completion or, prepaid, fan by fan.',
        'x-unit': 'fans',
        examples: [25],
      }),
    autoRenew: z.boolean().meta({ description: 'It is placed again when completed.', examples: [false] }),
    paid: amount.meta({ description: 'What the marketer was paid.', examples: [7_500] }),
    owed: amount.meta({ description: "Fell due, and the client's balance did not cover it.", examples: [0] }),
    escrow: amount.meta({ description: 'Held, and neither paid nor returned yet.', examples: [7_500] }),
    placedAt: instant.meta({ description: 'When it was placed.', examples: ['2026-11-23T09:00:00.000Z'] }),
    respondBy: instant.meta({ description: 'Unanswered, it expires here.', examples: ['2026-11-26T09:00:00.000Z'] }),
    acceptedAt: instant.nullable().meta({ description: 'Null until then.', examples: ['2026-11-23T10:00:00.000Z'] }),
    startedAt: instant.nullable().meta({ description: 'Null until then.', examples: ['2026-11-23T10:00:00.000Z'] }),
    startedBy: z
      .enum(['acceptance', 'place', 'fan'])
      .nullable()
      .meta({
        description: 'At once, when a place became free, or by its first fan; null until then.',
        examples: ['acceptance'],
      }),
    endedAt: instant.nullable().meta({ description: 'Null until it is over.', examples: [null] }),
    campaignId: id.nullable().meta({
      description: 'From acceptance on, else null: send fans as subscriptions with it.',
      examples: ['cpl~order-1'],
    }),
    link: z
      .string()
      .nullable()
      .meta({
        description: 'The tracking link, from acceptance on, else null.',
        examples: ['https://example.com/c/cpl~order-1'],
      }),
    renewalOf: id.nullable().meta({ description: 'The order that it renews, or null.', examples: [null] }),
    renewedBy: id.nullable().meta({ description: 'The order that renews it, or null.', examples: [null] }),
    notRenewedBecause: sentences.meta({
      description: 'For people: why there is no renewal.',
      examples: [[]],
    }),
    renewalBlockers: z.array(z.discriminatedUnion('kind', orderBlockers)).meta({
      description: 'The same, for programs, and for words of your own.',
      examples: [[]],
    }),
    reasons: sentences.meta({ description: 'For people: why it ended without being completed.', examples: [[]] }),
    because: z.array(orderReason).meta({
      description: 'The same reasons in the same order, for programs, and for words of your own.',
      examples: [[]],
    }),
  })
  .meta({ id: 'OrderState', examples: [orderExample] });

const UNANSWERED = {
  delivered: 0,
  paid: 0,
  escrow: 0,
  acceptedAt: null,
  startedAt: null,
  startedBy: null,
  campaignId: null,
  link: null,
};
const FRESH = { delivered: 0, paid: 0, escrow: 15_000 };

export const ORDERS_OUT = eventsOut({
  title: 'orders',
  subject: 'order:order-1',
  about: '`data` is the order as `GET /v1/orders/{id}` answers it, without names and `client`:',
  data: orderData,
  example: orderExample,
  types: {
    'order.accepted': { when: 'the marketer took it; from now on fans of its campaign count', example: FRESH },
    'order.rejected': {
      when: 'the marketer declined: another can be chosen',
      example: {
        ...UNANSWERED,
        status: 'rejected',
        endedAt: '2026-11-23T10:00:00.000Z',
        reasons: ['The marketer rejected it.'],
        because: [{ kind: 'rejected', reason: null }],
      },
    },
    'order.expired': {
      when: 'nobody answered in time',
      example: {
        ...UNANSWERED,
        status: 'expired',
        endedAt: '2026-11-26T09:00:00.000Z',
        reasons: ['Nobody answered it in time.'],
        because: [{ kind: 'not-answered' }],
      },
    },
    'order.refused': {
      when: 'the client may not order',
      example: {
        ...UNANSWERED,
        status: 'refused',
        endedAt: '2026-11-23T09:00:00.000Z',
        reasons: ["The client's CPL orders are blocked for now."],
        because: [{ kind: 'client-blocked' }],
      },
    },
    'order.started': { when: 'it runs: at once, because a place is free, or since its first fan', example: FRESH },
    'order.progressed': { when: 'at 25, 50, 75 and 100 %' },
    'order.completed': {
      when: 'the last fan counted, and all of it is settled',
      example: { status: 'completed', delivered: 100, paid: 15_000, escrow: 0, endedAt: '2026-11-25T09:00:00.000Z' },
    },
    'order.stopped': {
      when: 'it was stopped and settled, for the reason in `reasons` (a violation, a manager, a termination, no fan for 30 days)',
      example: {
        status: 'stopped',
        escrow: 0,
        endedAt: '2026-11-25T09:00:00.000Z',
        reasons: ['A guarantee was violated: fans left within a day.'],
        because: [{ kind: 'guarantee-violated', reason: 'fans left within a day' }],
      },
    },
    'order.renewed': {
      when: 'a completed order is placed again by settlebot; `data` is the new one, with `renewalOf`',
      example: { ...UNANSWERED, orderId: 'order-1~r2', status: 'placed', position: 1, renewalOf: 'order-1' },
    },
  },
});

const chargeData = z
  .object({
    chargeId: z.string().meta({ description: 'Order and number.', 'x-kind': 'id', examples: ['order-1/2'] }),
    orderId: id.meta({ description: 'Whose amount it is.', examples: ['order-1'] }),
    modelId: id.meta({ description: 'Who pays.', examples: ['ava'] }),
    marketerId: id.meta({ description: 'Who is paid.', examples: ['mike'] }),
    number: z
      .int()
      .min(1)
      .meta({ description: 'Which amount of the order, from 1.', examples: [2] }),
    fans: count('fans').meta({ description: 'For how many fans.', examples: [25] }),
    amount: amount.meta({ description: 'What is paid for them.', examples: [3_750] }),
    status: z.enum(['owed', 'paid']).meta({ description: 'Whether the money has come.', examples: ['paid'] }),
    fellDueAt: instant.meta({ description: 'When the last of these fans counted.' }),
    paidAt: instant.nullable().meta({ description: 'Null while it is owed.' }),
    order: orderData.meta({ description: 'The order as it stands now.' }),
  })
  .meta({ id: 'Charge' });

export const CHARGES_OUT = eventsOut({
  title: 'charges',
  subject: 'order:order-1',
  about: '`data` is the amount of an order:',
  data: chargeData,
  example: {
    chargeId: 'order-1/2',
    orderId: 'order-1',
    modelId: 'ava',
    marketerId: 'mike',
    number: 2,
    fans: 25,
    amount: 3_750,
    status: 'paid',
    fellDueAt: '2026-11-24T12:00:00.000Z',
    paidAt: '2026-11-24T12:00:00.000Z',
    order: orderExample,
  },
  types: {
    'charge.owed': {
      when: "an amount of an order fell due, and the client's balance does not cover it: it is tried again at every top-up",
      example: {
        status: 'owed',
        paidAt: null,
        order: { ...orderExample, prepaid: false, paid: 3_750, owed: 3_750, escrow: 0 },
      },
    },
    'charge.paid': { when: 'an amount was paid; not sent for each fan that escrow pays singly' },
  },
});
