import type { IncomingMessage } from 'node:http';

import type { Catalogue } from '../../src/events/catalogue.ts';
import { BODY_LIMIT, DEEPEST, readEnvelope } from '../../src/events/envelope.ts';
import { WEBHOOK_ID } from '../../src/kernel/ids.ts';
import type { Inbox } from '../dependencies.ts';
import type { BodyReader } from '../guard/body.ts';
import { bodyRefusal } from '../guard/bodyRefusals.ts';
import type { Guard } from '../guard/guard.ts';
import type { Peer } from '../guard/peers.ts';
import { isJson } from '../middleware/contentType.ts';
import { problem } from '../problem.ts';
import type { Verifier } from '../signature.ts';
import { createAcknowledge, unavailable } from './acknowledge.ts';

export type ReceiverDeps = {
  catalogue: Catalogue;
  inbox: Pick<Inbox, 'receive'>;
  verifier: Verifier;
  readBody: BodyReader;
  guard: Guard;
  stopping(): boolean;
};

/**
 * `POST /webhooks/platform`: verify, validate, store, and only then acknowledge (docs/integration.md). Of several faults the first
 * in the order below answers; what the headers alone are refused for is answered without the body. No middleware in
 * front: it would cost more than all of this.
 */
export function createReceiver({ catalogue, inbox, verifier, readBody, guard, stopping }: ReceiverDeps) {
  const acknowledge = createAcknowledge(guard);

  return async function receive(request: Request, incoming?: IncomingMessage): Promise<Response> {
    if (stopping()) {
      guard.unavailable.note('stopping');
      return unavailable('The service is stopping.');
    }
    const { headers } = request;
    if (!isJson(headers.get('content-type'))) return problem(415, 'The body must be application/json in UTF-8.');
    if (Number(headers.get('content-length') ?? 0) > BODY_LIMIT) return problem(...bodyRefusal('too-large', LIMIT));
    const head = verifier.readHead(signatureHeaders(headers));
    if (head === null) return problem(401, UNSIGNED);
    const peer = guard.peers.of(incoming?.socket);
    const body = await readBody(request, peer, incoming);
    if (!Buffer.isBuffer(body)) return problem(...bodyRefusal(body, LIMIT));
    const signer = verifier.verify(head, body);
    if (signer === null) return problem(401, UNSIGNED);
    guard.peers.vouch(peer);
    if (!WEBHOOK_ID.test(head.id)) {
      return problem(400, 'The webhook-id has a character that is not allowed; allowed are A-Z a-z 0-9 _ : and -.');
    }
    return store(head.id, body, signer, peer);
  };

  async function store(id: string, bytes: Buffer, signer: number, peer: Peer): Promise<Response> {
    const read = readEnvelope(catalogue, bytes);
    if (read.kind === 'not-json') return problem(400, 'The body is not JSON in UTF-8.');
    if (read.kind === 'too-deep') return problem(400, `The body is nested deeper than ${DEEPEST} levels.`);
    if (read.kind === 'not-an-event') return problem(400, 'The body is not an event.', { errors: read.errors });
    const { type, timestamp, data } = read.envelope;
    const facts = catalogue.parseData(type, data);
    if (facts.kind === 'invalid') return problem(422, `The data is not that of ${type}.`, { errors: facts.errors });
    const incoming = { id, type, timestamp, body: read.text, known: facts.kind === 'known', data };
    return acknowledge(id, inbox.receive({ ...incoming, source: `${signer} ${peer.address}` }), peer);
  }
}

const LIMIT = '256 KiB';
const UNSIGNED = 'The id, timestamp or signature is missing, wrong or out of date.';

function signatureHeaders(headers: Headers) {
  return {
    id: headers.get('webhook-id'),
    timestamp: headers.get('webhook-timestamp'),
    signature: headers.get('webhook-signature'),
  };
}
