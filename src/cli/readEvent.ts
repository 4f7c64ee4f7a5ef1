import type { Catalogue } from '../events/catalogue.ts';
import { BODY_LIMIT, DEEPEST, readEnvelope } from '../events/envelope.ts';
import type { Warnings } from '../events/unknownFields.ts';
import type { Incoming } from '../inbox/inbox.ts';
import { WEBHOOK_ID } from '../kernel/ids.ts';

/**
 * An event out of one line, held to what the webhook receiver holds a body to, with what of it will have no effect; or what is
 * wrong with it.
 */
export function readEvent(
  catalogue: Catalogue,
  bytes: Buffer,
): { event: Incoming; warnings: Warnings | null } | { problem: string } {
  const read = readEnvelope(catalogue, bytes);
  if (read.kind === 'not-json') return { problem: 'not JSON in UTF-8' };
  if (read.kind === 'too-deep') return { problem: `nested deeper than ${DEEPEST} levels` };
  if (read.kind === 'not-an-event') return { problem: inWords(read.errors) };
  const { envelope, json: raw } = read;
  const { type, timestamp, data } = envelope;
  const { id } = raw;
  if (typeof id !== 'string' || !WEBHOOK_ID.test(id)) return { problem: 'id: must be 1-128 of A-Z a-z 0-9 _ : -' };
  const facts = catalogue.parseData(type, data);
  if (facts.kind === 'invalid') return { problem: inWords(facts.errors) };
  // What makes an event, as a sender would write it.
  const written = { type: raw.type, timestamp: raw.timestamp, data: raw.data };
  const body = JSON.stringify(written);
  if (Buffer.byteLength(body) > BODY_LIMIT) return { problem: TOO_LARGE };
  const event = { id, type, timestamp, body, known: facts.kind === 'known' };
  return { event, warnings: catalogue.warningsOf(type, written) };
}

export const TOO_LARGE = 'larger than 256 KiB';

function inWords(errors: { path: string; message: string }[]): string {
  return errors.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
}
