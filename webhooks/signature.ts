import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { WEBHOOK_ID_LENGTH } from '../src/kernel/ids.ts';
import { webhookSecretBytes } from '../src/kernel/webhookSecret.ts';

/** How far a timestamp may lie from real time, to either side. */
const TOLERANCE_SECONDS = 300;

/** The three headers of Standard Webhooks as they came, null where missing. */
export type SignatureHeaders = { id: string | null; timestamp: string | null; signature: string | null };

export type Verifier = ReturnType<typeof createVerifier>;

/** What the headers of a signed request say, before its body is here: well-formed and not out of date. */
export type SignedHead = { id: string; timestamp: string; signatures: Buffer[] };

/**
 * A strict check of Standard Webhooks signatures over the raw bytes. Every one of `secrets` (`whsec_...`) is accepted, so
 * that they can be rotated. `realNow` gives real milliseconds: the test clock must not make old signatures fresh.
 * Throws when a secret is malformed, without printing it.
 */
export function createVerifier(secrets: string[], realNow: () => number) {
  const keys = secrets.map(parseSecret);
  if (keys.length === 0) throw new TypeError('at least one webhook secret is needed');

  /**
   * What the headers say, or null when no body could make them hold, whatever the reason: a sender learns nothing of
   * which. Which characters an id may have is not checked here: whoever signed it may be told.
   */
  function readHead({ id, timestamp, signature }: SignatureHeaders): SignedHead | null {
    if (id === null || timestamp === null || signature === null) return null;
    if (id === '' || id.length > WEBHOOK_ID_LENGTH || !isFresh(timestamp, realNow())) return null;
    const signatures = signature.split(BETWEEN_SIGNATURES).filter((part) => SIGNATURE.test(part));
    if (signatures.length === 0 || signatures.length > MOST_SIGNATURES) return null;
    return { id, timestamp, signatures: signatures.map((part) => Buffer.from(part)) };
  }

  /** Which of the secrets has signed this, by its place among them; null when none has. */
  function verify({ id, timestamp, signatures }: SignedHead, body: Uint8Array): number | null {
    const expected = keys.map((key) => Buffer.from(signatureOf(key, id, timestamp, body)));
    let signer: number | null = null;
    for (const given of signatures) {
      for (const [index, one] of expected.entries()) if (timingSafeEqual(given, one)) signer = index;
    }
    return signer;
  }

  return { readHead, verify };
}

/** More than a rotation ever needs: each is compared with each secret. */
const MOST_SIGNATURES = 16;
/** Base64 of the 32 bytes of a SHA-256: compared as text, so that no second spelling of the same bytes passes. */
const SIGNATURE = /^v1,[A-Za-z0-9+/]{43}=$/;
/** A space within one header; Node joins several headers with a comma and a space. */
const BETWEEN_SIGNATURES = /,? +/;
const SECONDS = /^(0|[1-9][0-9]{0,11})$/;

/** The signature of one body, as it stands in the header. */
export function signatureOf(key: KeyObject, id: string, timestamp: string, body: Uint8Array): string {
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`;
}

function isFresh(timestamp: string, realNow: number): boolean {
  return SECONDS.test(timestamp) && Math.abs(Math.floor(realNow / 1000) - Number(timestamp)) <= TOLERANCE_SECONDS;
}

/** The key inside `whsec_` + base64; 24 to 64 bytes, as Standard Webhooks asks. */
export function parseSecret(secret: string): KeyObject {
  const bytes = webhookSecretBytes(secret);
  if (bytes === null) {
    throw new TypeError('a webhook secret must be whsec_ and the base64 of 24 to 64 bytes');
  }
  return createSecretKey(bytes);
}
