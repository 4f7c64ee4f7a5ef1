import type { IncomingMessage } from 'node:http';

import { WEBHOOK_ID } from '../../src/kernel/ids.ts';
import type { BodyReader } from '../guard/body.ts';
import { bodyRefusal } from '../guard/bodyRefusals.ts';
import type { Guard } from '../guard/guard.ts';
import type { Peer } from '../guard/peers.ts';
import { problem } from '../problem.ts';
import type { Verifier } from '../signature.ts';

export type SignedRequestDeps = {
  verifier: Verifier;
  readBody: BodyReader;
  guard: Guard;
  stopping(): boolean;
};

/** What a path takes: bodies of some type, up to a limit in bytes; both in words as well. */
export type Accepted = {
  isType(contentType: string | null): boolean;
  types: string;
  bytes: number;
  limit: string;
};

/** A request whose signature holds. `signer` is the place of the secret that has signed it. */
export type SignedRequest = { id: string; body: Buffer; signer: number; peer: Peer };

export type SignedRequestReader = ReturnType<typeof createSignedRequestReader>;

/**
 * Reads a signed request, or answers why not. Of several faults the first in the order below answers; what the headers alone are
 * refused for is answered without the body.
 */
export function createSignedRequestReader({ verifier, readBody, guard, stopping }: SignedRequestDeps) {
  return async function readSigned(
    request: Request,
    incoming: IncomingMessage | undefined,
    { isType, types, bytes, limit }: Accepted,
  ): Promise<SignedRequest | Response> {
    if (stopping()) {
      guard.unavailable.note('stopping');
      return problem(503, 'The service is stopping.', {}, RETRY_AFTER);
    }
    const { headers } = request;
    if (!isType(headers.get('content-type'))) return problem(415, `The body must be ${types} in UTF-8.`);
    if (Number(headers.get('content-length') ?? 0) > bytes) return problem(...bodyRefusal('too-large', limit));
    const head = verifier.readHead(signatureHeaders(headers));
    if (head === null) return problem(401, UNSIGNED);
    const peer = guard.peers.of(incoming?.socket);
    const body = await readBody(request, peer, incoming, bytes);
    if (!Buffer.isBuffer(body)) return problem(...bodyRefusal(body, limit));
    const signer = verifier.verify(head, body);
    if (signer === null) return problem(401, UNSIGNED);
    guard.peers.vouch(peer);
    if (!WEBHOOK_ID.test(head.id)) {
      return problem(400, 'The webhook-id has a character that is not allowed; allowed are A-Z a-z 0-9 _ : and -.');
    }
    return { id: head.id, body, signer, peer };
  };
}

/** When what was not taken now is to be sent again. */
export const RETRY_AFTER = { 'retry-after': '5' };

const UNSIGNED = 'The id, timestamp or signature is missing, wrong or out of date.';

function signatureHeaders(headers: Headers) {
  return {
    id: headers.get('webhook-id'),
    timestamp: headers.get('webhook-timestamp'),
    signature: headers.get('webhook-signature'),
  };
}
