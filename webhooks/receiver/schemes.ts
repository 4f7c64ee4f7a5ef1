import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

import { BrokenInvariant } from '../../src/kernel/errors.ts';
import type { SourceSignature } from '../../src/sources/sourcesFile.ts';
import { createVerifier } from '../signature.ts';

/** How a sender proves who it is (docs/integration.md, docs/sources.md). */
export type Scheme = {
  /** What the headers alone say, or null when no body could make them hold: a stranger's body is not read. */
  readHead(headers: Headers): SignedHead | null;
};

export type SignedHead = {
  /** Which of the secrets has signed this, by its place among them; null when none has. */
  verify(body: Buffer): number | null | Promise<number | null>;
  /** The name of what is sent, where it is signed with it. */
  name?: string;
};

/** `realNow` gives real milliseconds. Throws when a secret is malformed, without printing it. */
export function createScheme({ scheme, secrets, header }: SourceSignature, realNow: () => number): Scheme {
  switch (scheme) {
    case 'standard-webhooks':
      return standardWebhooks(secrets, realNow);
    case 'stripe':
      return stripe(secrets, header ?? 'stripe-signature', realNow);
    case 'github':
      return github(secrets, header ?? 'x-hub-signature-256');
    case 'bearer':
      return bearer(secrets);
  }
}

/** Also how the platform signs its own events. */
export function standardWebhooks(secrets: string[], realNow: () => number): Scheme {
  const verifier = createVerifier(secrets, realNow);
  return {
    readHead(headers) {
      const [id, timestamp, signature] = ['id', 'timestamp', 'signature'].map((name) => headers.get(`webhook-${name}`));
      const head = verifier.readHead({ id: id ?? null, timestamp: timestamp ?? null, signature: signature ?? null });
      return head && { name: head.id, verify: (body) => verifier.verify(head, body) };
    },
  };
}

/** Stripe's own library checks the signature; it does not mind one that is dated ahead, as ours does. */
function stripe(secrets: string[], header: string, realNow: () => number): Scheme {
  return {
    readHead(headers) {
      const given = headers.get(header) ?? '';
      const [, seconds = ''] = /(?:^|,)t=(\d{1,12})(?:,|$)/.exec(given) ?? [];
      const isSigned = given.length <= LONGEST_HEADER && /(?:^|,)v1=[0-9a-f]{64}(?:,|$)/.test(given);
      if (!isSigned || !(Math.abs(realNow() / 1_000 - Number(seconds || Number.NaN)) <= TOLERANCE_SECONDS)) return null;
      return { verify: (body) => signerOf(secrets, body, given, realNow()) };
    },
  };
}

const TOLERANCE_SECONDS = 300;
const LONGEST_HEADER = 4_096;

async function signerOf(secrets: string[], body: Buffer, header: string, at: number): Promise<number | null> {
  // Loaded with the first event: no other process needs it.
  const { Stripe } = await import('stripe');
  const { signature } = Stripe.webhooks;
  if (signature === null) throw new BrokenInvariant('the library of Stripe checks no signatures');
  for (const [index, secret] of secrets.entries()) {
    try {
      signature.verifyHeader(body, header, secret, TOLERANCE_SECONDS, undefined, at);
      return index;
    } catch (error) {
      if (!(error instanceof Stripe.errors.StripeSignatureVerificationError)) throw error;
    }
  }
  return null;
}

/** `sha256=` and the HMAC of the body in hexadecimal. It has no date: what comes again is told apart by what it says. */
function github(secrets: string[], header: string): Scheme {
  return {
    readHead(headers) {
      const [, given] = /^sha256=([0-9a-f]{64})$/.exec(headers.get(header) ?? '') ?? [];
      if (given === undefined) return null;
      const bytes = Buffer.from(given, 'hex');
      const hasSigned = (secret: string, body: Buffer) =>
        timingSafeEqual(createHmac('sha256', secret).update(body).digest(), bytes);
      return { verify: (body) => placeOf(secrets, (secret) => hasSigned(secret, body)) };
    },
  };
}

/** Says who sends, and nothing of what is sent: whoever has read it once can send anything. */
function bearer(secrets: string[]): Scheme {
  const digests = secrets.map(digestOf);
  return {
    readHead(headers) {
      const [, given] = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(headers.get('authorization') ?? '') ?? [];
      if (given === undefined) return null;
      const digest = digestOf(given);
      const signer = placeOf(digests, (one) => timingSafeEqual(one, digest));
      return signer === null ? null : { verify: () => signer };
    },
  };
}

function placeOf<T>(items: T[], fits: (item: T) => boolean): number | null {
  // All of them, so that the time says nothing of which.
  const places = items.flatMap((item, index) => (fits(item) ? [index] : []));
  return places[0] ?? null;
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
