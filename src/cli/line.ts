import { isUtf8 } from 'node:buffer';

import type { Catalogue } from '../events/catalogue.ts';
import type { Incoming } from '../events/inbox.ts';
import { WEBHOOK_ID } from '../kernel/ids.ts';

/** The largest body that the webhook receiver takes, in bytes (contract 2). */
export const BODY_LIMIT = 256 * 1024;
/** As deep as the receiver takes. */
const DEEPEST = 64;

/** An event out of one line, held to what the webhook receiver holds a body to, or what is wrong with it. */
export function readEvent(catalogue: Catalogue, bytes: Buffer): { event: Incoming } | { problem: string } {
  const json = isUtf8(bytes) ? parseJson(bytes.toString('utf8')) : undefined;
  if (json === undefined) return { problem: 'not JSON in UTF-8' };
  if (!isShallow(json, DEEPEST)) return { problem: `nested deeper than ${DEEPEST} levels` };
  const parsed = catalogue.parseEnvelope(json);
  if ('errors' in parsed) return { problem: inWords(parsed.errors) };
  const { type, timestamp, data } = parsed.envelope;
  // What has an envelope is an object.
  const raw = json as Record<string, unknown>;
  const { id } = raw;
  if (typeof id !== 'string' || !WEBHOOK_ID.test(id)) return { problem: 'id: must be 1-128 of A-Z a-z 0-9 _ : -' };
  const facts = catalogue.parseData(type, data);
  if (facts.kind === 'invalid') return { problem: inWords(facts.errors) };
  // As a sender would write it, so that the same event by webhook is a duplicate of this one.
  const body = JSON.stringify({ type: raw.type, timestamp: raw.timestamp, data: raw.data });
  if (Buffer.byteLength(body) > BODY_LIMIT) return { problem: TOO_LARGE };
  return { event: { id, type, timestamp, body, known: facts.kind === 'known' } };
}

export const TOO_LARGE = 'larger than 256 KiB';

function inWords(errors: { path: string; message: string }[]): string {
  return errors.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
}

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
