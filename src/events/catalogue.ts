import { z } from 'zod';

import { isTimeZone } from '../kernel/calendar.ts';
import { KNOWN_ID, PLATFORM_ID } from '../kernel/ids.ts';
import { LARGEST_AMOUNT } from '../kernel/money.ts';

/**
 * The only definition of what the platform may send (docs/events.md). Types of facts all over the service come from
 * here.
 */

const RFC3339 = /^\d{4}-\d{2}-\d{2}[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/** An RFC 3339 instant. JavaScript rolls 30 February over to March; here it is an error. */
export const instantSchema = z.string().transform((text, context) => {
  const at = new Date(RFC3339.test(text) ? text.toUpperCase() : Number.NaN);
  if (Number.isNaN(at.getTime()) || at.getTime() < 0 || !dayExists(text)) {
    context.addIssue({ code: 'custom', message: 'must be an RFC 3339 instant from 1970 on, as 2026-11-23T06:00:00Z' });
    return z.NEVER;
  }
  return at;
});

function dayExists(text: string): boolean {
  const [year, month, day] = text.slice(0, 10).split('-').map(Number);
  return (day ?? 0) <= new Date(Date.UTC(year ?? 0, month ?? 0, 0)).getUTCDate();
}

/** Of one fan, in minor units. */
const HIGHEST_PRICE = 9_000_000;

const idSchema = z.string().regex(PLATFORM_ID, 'must be 1-64 of A-Z a-z 0-9 _ . : -, and neither . nor ..');
/** Of what may be of the service's own making: an order's campaign, a renewed order. */
const knownIdSchema = z.string().regex(KNOWN_ID, 'must be 1-64 of A-Z a-z 0-9 _ . : - ~, and neither . nor ..');
const payoutId = z.string().regex(/^[A-Za-z0-9_.:-]{1,80}$/, 'must be a payout id, as 2026-04-01:ACCOUNT');
const amount = z
  .int('must be an integer number of minor units')
  .max(LARGEST_AMOUNT, `must be at most ${LARGEST_AMOUNT} minor units`);
const positiveAmount = amount.min(1, 'must be at least 1 minor unit');
const amountOrNone = amount.min(0, 'must not be negative');
const wholeFrom = (least: number, most: number) =>
  z.int('must be an integer').min(least, `must be at least ${least}`).max(most, `must be at most ${most}`);
const basisPoints = wholeFrom(0, 10_000);
const price = positiveAmount.max(HIGHEST_PRICE, `must be at most ${HIGHEST_PRICE} minor units`);
const reason = z.string().max(1_000);

const PAYMENT_KINDS = ['subscription', 'renewal', 'tip', 'message', 'post', 'other'] as const;
export type PaymentKind = (typeof PAYMENT_KINDS)[number];

export const ROLES = ['model', 'marketer', 'affiliate', 'manager'] as const;
export type Role = (typeof ROLES)[number];

const dataOf = {
  'account.updated': {
    accountId: idSchema,
    role: z.enum(ROLES),
    name: z.string().min(1).max(200),
    timeZone: z.string().refine(isTimeZone, 'must be an IANA time zone, as Europe/Berlin').optional(),
    locale: z.string().min(2).max(35).optional(),
    discountBps: basisPoints.optional(),
    /** How many orders run at a time; of none the escrow of each accepted one would be locked for ever. */
    capacity: wholeFrom(1, 1_000).optional(),
  },
  'balance.topped_up': { topUpId: idSchema, accountId: idSchema, amount: positiveAmount, toppedUpAt: instantSchema },
  'campaign.updated': {
    campaignId: idSchema,
    kind: z.literal('revshare'),
    modelId: idSchema,
    contractorId: idSchema,
    rateBps: basisPoints,
    status: z.enum(['active', 'stopped']),
    name: z.string().min(1).max(200).optional(),
  },
  'program.updated': {
    programId: idSchema,
    rateBps: basisPoints.optional(),
    fixedAmount: amountOrNone.optional(),
    charges: z.enum(['first', 'every']),
    clawback: z.boolean().optional(),
    minimumPayout: amountOrNone.optional(),
  },
  'order.placed': {
    orderId: idSchema,
    modelId: idSchema,
    marketerId: idSchema,
    offerId: idSchema,
    quantity: wholeFrom(1, 1_000_000),
    pricePerFan: price,
    prepaid: z.boolean(),
    chunkSize: wholeFrom(1, 1_000_000).optional(),
    autoRenew: z.boolean().optional(),
    placedAt: instantSchema,
  },
  'order.cancelled': { orderId: knownIdSchema, cancelledAt: instantSchema, reason: reason.optional() },
  'order.guarantee_violated': { orderId: knownIdSchema, reason, violatedAt: instantSchema },
  'subscription.started': {
    subscriptionId: idSchema,
    modelId: idSchema.optional(),
    fanId: idSchema,
    startedAt: instantSchema,
    campaignId: knownIdSchema.optional(),
    affiliateId: idSchema.optional(),
    programId: idSchema.optional(),
    trialEndsAt: instantSchema.optional(),
    fan: z.object({ returning: z.boolean().optional(), bot: z.boolean().optional() }).optional(),
  },
  'subscription.attributed': {
    subscriptionId: idSchema,
    affiliateId: idSchema,
    programId: idSchema.optional(),
    attributedAt: instantSchema,
  },
  'subscription.cancelled': { subscriptionId: idSchema, cancelledAt: instantSchema },
  'payment.succeeded': {
    paymentId: idSchema,
    subscriptionId: idSchema.optional(),
    modelId: idSchema.optional(),
    fanId: idSchema,
    campaignId: knownIdSchema.optional(),
    kind: z.enum(PAYMENT_KINDS),
    amount: amountOrNone,
    paidAt: instantSchema,
  },
  'payment.refunded': { refundId: idSchema, paymentId: idSchema, amount: positiveAmount, refundedAt: instantSchema },
  'refund.requested': { refundId: idSchema, paymentId: idSchema, requestedAt: instantSchema },
  'refund.declined': { refundId: idSchema, declinedAt: instantSchema },
  'payout.settled': { payoutId, reference: reason.optional(), at: instantSchema },
  'payout.failed': { payoutId, reference: reason.optional(), reason: reason.optional(), at: instantSchema },
};

/** What came in by another source (docs/sources.md), as it is stored until it is mapped: nobody can send it. */
const storedDataOf = {
  'source.received': {
    source: z.string(),
    /** How the source names it. */
    event: z.string(),
    /** What the source calls such events. */
    kind: z.string().optional(),
    /** The account that it names: with that one's secret it is erased. */
    accountId: idSchema.optional(),
    /** Of its content, where the source does not vouch that one name is one event. */
    digest: z.string().optional(),
    /** The text that came in. */
    body: z.string(),
  },
};

const everyData = { ...dataOf, ...storedDataOf };

export type EventType = keyof typeof everyData;
/** What the platform may send. */
export const EVENT_TYPES = Object.keys(dataOf) as (keyof typeof dataOf)[];
export const SOURCE_EVENT = 'source.received' satisfies keyof typeof storedDataOf;
export type DataOf<T extends EventType> = z.infer<z.ZodObject<(typeof everyData)[T]>>;

const envelopeSchema = z.object({
  type: z.string().min(1).max(100),
  timestamp: instantSchema,
  data: z.record(z.string(), z.unknown()),
});

/** One thing wrong with an input: where, as a dotted path, and what. */
export type FieldError = { path: string; message: string };

export type Envelope = { type: string; timestamp: Date; data: Record<string, unknown> };

export type ParsedData<T extends EventType = EventType> =
  | { kind: 'known'; data: DataOf<T> }
  | { kind: 'unknown-type' }
  | { kind: 'invalid'; errors: FieldError[] };

export type Catalogue = ReturnType<typeof createCatalogue>;

/** The catalogue for a platform that pays in `currency`: another one in an event is an error of that event. */
export function createCatalogue(currency: string) {
  const platformCurrency = z.literal(currency, `must be ${currency}, the platform's currency`).optional();
  const schemas = new Map<string, z.ZodType>();
  for (const type of EVENT_TYPES) schemas.set(type, withRules(type, { ...dataOf[type], currency: platformCurrency }));
  const stored = new Map(schemas);
  for (const [type, shape] of Object.entries(storedDataOf)) stored.set(type, z.object(shape));

  /** The envelope of a webhook body, or every field that is wrong with it. */
  function parseEnvelope(json: unknown): { envelope: Envelope } | { errors: FieldError[] } {
    const parsed = envelopeSchema.safeParse(json);
    return parsed.success ? { envelope: parsed.data } : { errors: fieldErrors(parsed.error, '') };
  }

  /** The data of a known type, or every field that is wrong with it. */
  function parseData(type: string, data: unknown): ParsedData {
    return parse(schemas.get(type), data);
  }

  /** The same, of an event that is stored, which may be one of our own. */
  function parseStored(type: string, data: unknown): ParsedData {
    return parse(stored.get(type), data);
  }

  function parse(schema: z.ZodType | undefined, data: unknown): ParsedData {
    if (schema === undefined) return { kind: 'unknown-type' };
    const parsed = schema.safeParse(data);
    if (!parsed.success) return { kind: 'invalid', errors: fieldErrors(parsed.error, 'data') };
    // Every event may name the platform's currency. It says nothing that is not known, so no fact has it.
    const { currency: _, ...named } = parsed.data as DataOf<EventType> & { currency?: string };
    return { kind: 'known', data: named as DataOf<EventType> };
  }

  return { parseEnvelope, parseData, parseStored };
}

/** The rules that bind several fields of one event. */
function withRules(type: EventType, shape: z.ZodRawShape): z.ZodType {
  const object = z.object(shape);
  if (type === 'order.placed') {
    return object
      .refine(({ chunkSize, quantity }) => chunkSize === undefined || Number(chunkSize) <= Number(quantity), {
        path: ['chunkSize'],
        message: 'must not be larger than quantity',
      })
      .refine(({ quantity, pricePerFan }) => Number(quantity) * Number(pricePerFan) <= LARGEST_AMOUNT, {
        path: ['pricePerFan'],
        message: `times quantity must be at most ${LARGEST_AMOUNT} minor units`,
      });
  }
  if (type === 'program.updated') {
    return object.refine((program) => (program.rateBps === undefined) !== (program.fixedAmount === undefined), {
      path: ['rateBps'],
      message: 'exactly one of rateBps and fixedAmount must be given',
    });
  }
  return object;
}

/** Zod's issues as field errors, with paths as callers write them: `data.fan.bot`. */
export function fieldErrors(error: z.ZodError, prefix: string): FieldError[] {
  return error.issues.map((issue) => ({
    path: [prefix, ...issue.path.map(String)].filter((part) => part !== '').join('.'),
    message: issue.message,
  }));
}
