import type { IncomingMessage } from 'node:http';

import { WEBHOOK_ID } from '../../src/kernel/ids.ts';
import type { BodyReader } from '../guard/body.ts';
import { bodyRefusal } from '../guard/bodyRefusals.ts';
import type { Guard } from '../guard/guard.ts';
import type { Peer } from '../guard/peers.ts';
import { problem } from '../problem.ts';
import type { Scheme } from './schemes.ts';

export type SignedRequestDeps = {
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

/** A request whose signature holds. `signer` is the place of the secret that has signed it, `name` what it is signed with. */
export type SignedRequest = { body: Buffer; signer: number; peer: Peer; name?: string | undefined };

export type SignedRequestReader = ReturnType<typeof createSignedRequestReader>;

/**
 * Reads a request that is signed by a scheme, or answers why not; `unsigned` says what is wrong where it is not. Of several faults the
 * first in the order below answers; what the headers alone are refused for is answered without the body.
 */
export function createSignedRequestReader(
  { scheme, unsigned }: { scheme: Scheme; unsigned: string },
  { readBody, guard, stopping }: SignedRequestDeps,
) {
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
    const head = scheme.readHead(headers);
    if (head === null) return problem(401, unsigned);
    const peer = guard.peers.of(incoming?.socket);
    const body = await readBody(request, peer, incoming, bytes);
    if (!Buffer.isBuffer(body)) return problem(...bodyRefusal(body, limit));
    const signer = await head.verify(body);
    if (signer === null) return problem(401, unsigned);
    guard.peers.vouch(peer);
    return { body, signer, peer, name: head.name };
  };
}

export type PlatformReader = ReturnType<typeof createPlatformReader>;

/** Reads what the platform itself signs, which has an id. */
export function createPlatformReader(scheme: Scheme, deps: SignedRequestDeps) {
  const readSigned = createSignedRequestReader({ scheme, unsigned: UNSIGNED }, deps);

  return async function readPlatform(
    request: Request,
    incoming: IncomingMessage | undefined,
    accepted: Accepted,
  ): Promise<(SignedRequest & { id: string }) | Response> {
    const signed = await readSigned(request, incoming, accepted);
    if (signed instanceof Response) return signed;
    const { name: id = '' } = signed;
    if (!WEBHOOK_ID.test(id)) {
      return problem(400, 'The webhook-id has a character that is not allowed; allowed are A-Z a-z 0-9 _ : and -.');
    }
    return { ...signed, id };
  };
}

/** When what was not taken now is to be sent again. */
export const RETRY_AFTER = { 'retry-after': '5' };

const UNSIGNED = 'The id, timestamp or signature is missing, wrong or out of date.';
