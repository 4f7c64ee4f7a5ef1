import { isUtf8 } from 'node:buffer';

import type { Catalogue, Envelope, FieldError } from './catalogue.ts';

/** The largest body of an event, in bytes (docs/integration.md). */
export const BODY_LIMIT = 256 * 1024;

/** Deep enough for any event; far from where walking a value again (to store, to show) would exhaust the stack. */
export const DEEPEST = 64;

export type ReadJson = { kind: 'json'; text: string; json: unknown } | { kind: 'not-json' } | { kind: 'too-deep' };

export type ReadEnvelope =
  | { kind: 'envelope'; envelope: Envelope; text: string; json: Record<string, unknown> }
  | Exclude<ReadJson, { kind: 'json' }>
  | { kind: 'not-an-event'; errors: FieldError[] };

/** The envelope in some bytes, or the first of the faults that a body is refused with (400 in docs/integration.md). */
export function readEnvelope(catalogue: Catalogue, bytes: Buffer): ReadEnvelope {
  const read = readJson(bytes);
  if (read.kind !== 'json') return read;
  const { text, json } = read;
  const parsed = catalogue.parseEnvelope(json);
  if ('errors' in parsed) return { kind: 'not-an-event', errors: parsed.errors };
  // What has an envelope is an object.
  return { kind: 'envelope', envelope: parsed.envelope, text, json: json as Record<string, unknown> };
}

/** JSON that can be stored, compared and shown, or why it is none. */
export function readJson(bytes: Buffer): ReadJson {
  const text = isUtf8(bytes) ? bytes.toString('utf8') : null;
  const json = text === null ? undefined : parseJson(text);
  if (text === null || json === undefined) return { kind: 'not-json' };
  if (!isShallow(json, DEEPEST)) return { kind: 'too-deep' };
  if (MAY_BE_NO_VALUE.test(text) && !isValue(json)) return { kind: 'not-json' };
  return { kind: 'json', text, json };
}

/** Only an escape can spell half of a surrogate pair, and only an exponent or very many digits so large a number. */
const MAY_BE_NO_VALUE = /\\u[dD]|[eE]\+?\d{3}|\d{300}/;

/**
 * False where there is half of a surrogate pair, which is no text in UTF-8, or a number that is too large to be held, as
 * `1e400`: they could neither be stored nor compared.
 */
function isValue(value: unknown): boolean {
  if (typeof value === 'string') return !/\p{Surrogate}/u.test(value);
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, inner]) => isValue(key) && isValue(inner));
}

/** Undefined for what is not JSON, which has no undefined of its own. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (levels === 0) return false;
  for (const inner of Object.values(value)) if (!isShallow(inner, levels - 1)) return false;
  return true;
}
