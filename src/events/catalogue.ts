import { z } from 'zod';

import { nearestOf } from '../kernel/nearest.ts';
import { instantSchema } from './fields.ts';
import { type EventIn, type FieldRule, withRules } from './incoming/eventIn.ts';
import { type DataOf, EVENT_TYPES, EVENTS_IN, type EventType, type PlatformEventType } from './incoming.ts';
import { SOURCE_DATA, SOURCE_EVENT } from './sourceEvent.ts';
import { type Known, knownFields, unknownFields, type Warning, type Warnings } from './unknownFields.ts';

export { instantSchema } from './fields.ts';
export type { PaymentKind } from './incoming/money.ts';
export { ROLES, type Role } from './incoming/people.ts';
export { type DataOf, EVENT_TYPES, type EventType } from './incoming.ts';
export { SOURCE_EVENT } from './sourceEvent.ts';

/**
 * Reads what the platform sends: the envelope, then the data of its type (docs/events.md). The types themselves stand in
 * incoming.ts; types of facts all over the service come from there.
 */

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
  const schemas = new Map<string, z.ZodObject>();
  const known = new Map<string, Known>();
  for (const type of EVENT_TYPES) {
    const schema = ruled(type, z.object({ currency: platformCurrency, ...EVENTS_IN[type].fields }), currency);
    schemas.set(type, schema);
    known.set(type, knownFields(envelopeSchema.extend({ data: schema })));
  }
  const stored = new Map([...schemas, [SOURCE_EVENT, SOURCE_DATA] as const]);

  /** The envelope of a webhook body, or every field that is wrong with it. */
  function parseEnvelope(json: unknown): { envelope: Envelope } | { errors: FieldError[] } {
    const parsed = envelopeSchema.safeParse(json);
    return parsed.success ? { envelope: parsed.data } : { errors: fieldErrors(parsed.error, '') };
  }

  /** The data of a known type, or every field that is wrong with it. */
  function parseData(type: string, data: unknown): ParsedData {
    return parse(type, schemas.get(type), data);
  }

  /** The same, of an event that is stored, which may be one of our own. */
  function parseStored(type: string, data: unknown): ParsedData {
    return parse(type, stored.get(type), data);
  }

  function parse(type: string, schema: z.ZodType | undefined, data: unknown): ParsedData {
    if (schema === undefined) return { kind: 'unknown-type' };
    const parsed = schema.safeParse(data);
    if (!parsed.success) return { kind: 'invalid', errors: fieldErrors(parsed.error, 'data') };
    // Every event may name the platform's currency. It says nothing that is not known, so no fact has it.
    const { currency, ...named } = parsed.data as DataOf<EventType> & { currency?: string };
    const hasOwn = currency !== undefined && ownCurrency(type, parsed.data as Record<string, unknown>);
    return { kind: 'known', data: (hasOwn ? { ...named, currency } : named) as DataOf<EventType> };
  }

  /**
   * What of an event will have no effect: fields that are not known, wherever they are, or its type. `json` is the whole of
   * it, and has an envelope. Null where there is nothing to say.
   */
  function warningsOf(type: string, json: Record<string, unknown>): Warnings | null {
    const names = known.get(type);
    if (names !== undefined) return unknownFields(json, names, type);
    const { warnings = [], more = 0 } = unknownFields(json, ENVELOPE, 'an event') ?? {};
    return { warnings: [unknownType(type), ...warnings], more };
  }

  return { parseEnvelope, parseData, parseStored, warningsOf };
}

/** What an envelope may have, whatever its data. */
const ENVELOPE = knownFields(envelopeSchema);

function unknownType(type: string): Warning {
  const message = 'is no type of event: it is stored, and ignored';
  const suggestion = nearestOf(type, EVENT_TYPES);
  if (suggestion === undefined) return { path: 'type', message };
  return { path: 'type', message: `${message}; did you mean ${suggestion}?`, suggestion };
}

/** With the rules that bind several fields of one event. */
function ruled(type: PlatformEventType, object: z.ZodObject, currency: string): z.ZodObject {
  const { rules = [], fields }: EventIn = EVENTS_IN[type];
  const all = 'currency' in fields ? [...rules, platformsUnlessOwn(type, currency)] : rules;
  return withRules(object, all);
}

/** That `currency` is the platform's, where it is not the event's own word. */
export function platformsUnlessOwn(type: PlatformEventType, currency: string): FieldRule<Record<string, unknown>> {
  return {
    path: 'currency',
    message: `must be ${currency}, the platform's currency`,
    holds: (data) => data.currency === undefined || data.currency === currency || ownCurrency(type, data),
  };
}

/** Whether what an event has as `currency` is its own word, and not the platform's currency. */
function ownCurrency(type: string, data: Record<string, unknown>): boolean {
  const { hasOwnCurrency }: Partial<EventIn> = EVENTS_IN[type as PlatformEventType] ?? {};
  return hasOwnCurrency?.(data) === true;
}

/** Zod's issues as field errors, with paths as callers write them: `data.fan.bot`. */
export function fieldErrors(error: z.ZodError, prefix: string): FieldError[] {
  return error.issues.map((issue) => ({
    path: [prefix, ...issue.path.map(String)].filter((part) => part !== '').join('.'),
    message: issue.message,
  }));
}
