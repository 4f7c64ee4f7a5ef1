import type { Readable } from 'node:stream';

import type { Catalogue } from '../../src/events/catalogue.ts';
import { DEEPEST, readEnvelope } from '../../src/events/envelope.ts';
import { InboxUnavailable } from '../../src/inbox/inbox.ts';
import { WEBHOOK_ID } from '../../src/kernel/ids.ts';
import type { Inbox } from '../dependencies.ts';
import { isJson } from '../middleware/contentType.ts';
import { NOSNIFF, problem } from '../problem.ts';
import type { Verifier } from '../signature.ts';
import type { BodyReader } from './body.ts';

export type ReceiverDeps = {
  catalogue: Catalogue;
  inbox: Pick<Inbox, 'receive'>;
  verify: Verifier;
  readBody: BodyReader;
  stopping(): boolean;
};

/**
 * `POST /webhooks/platform`: verify, validate, store, and only then acknowledge (docs/integration.md). Of several faults the first
 * in the order below answers. No middleware in front: it would cost more than all of this.
 */
export function createReceiver(deps: ReceiverDeps) {
  return async function receive(request: Request, incoming?: Readable): Promise<Response> {
    if (deps.stopping()) return unavailable('The service is stopping.');
    if (!isJson(request.headers.get('content-type'))) {
      return problem(415, 'The body must be application/json in UTF-8.');
    }
    const body = await deps.readBody(request, incoming);
    if (body === 'too-large') return problem(413, 'The body is larger than 256 KiB.');
    if (body === 'too-many') return unavailable('Too many bodies are being sent at once.');
    if (body === 'aborted') return problem(400, 'The body ended before it was complete.');
    const id = deps.verify(signatureHeaders(request.headers), body);
    if (id === null) return problem(401, 'The id, timestamp or signature is missing, wrong or out of date.');
    if (!WEBHOOK_ID.test(id)) {
      return problem(400, 'The webhook-id has a character that is not allowed; allowed are A-Z a-z 0-9 _ : and -.');
    }
    return store(id, body);
  };

  async function store(id: string, bytes: Buffer): Promise<Response> {
    const read = readEnvelope(deps.catalogue, bytes);
    if (read.kind === 'not-json') return problem(400, 'The body is not JSON in UTF-8.');
    if (read.kind === 'too-deep') return problem(400, `The body is nested deeper than ${DEEPEST} levels.`);
    if (read.kind === 'not-an-event') return problem(400, 'The body is not an event.', { errors: read.errors });
    const { type, timestamp, data } = read.envelope;
    const facts = deps.catalogue.parseData(type, data);
    if (facts.kind === 'invalid') return problem(422, `The data is not that of ${type}.`, { errors: facts.errors });
    const incoming = { id, type, timestamp, body: read.text, known: facts.kind === 'known', data };
    return acknowledge(id, deps.inbox.receive(incoming));
  }
}

async function acknowledge(id: string, receipt: ReturnType<Inbox['receive']>): Promise<Response> {
  try {
    switch (await receipt) {
      case 'accepted':
        return answer(202, 'accepted', id);
      case 'ignored':
        return answer(202, 'ignored', id);
      case 'duplicate':
        return answer(200, 'duplicate', id);
      case 'conflict':
        return problem(409, 'This id was used with other content.', { reason: 'conflict' });
    }
  } catch (error) {
    if (error instanceof InboxUnavailable) return unavailable('The event could not be stored now; send it again.');
    throw error;
  }
}

/** The id consists of characters that need no escape in JSON. */
function answer(status: 200 | 202, word: string, id: string): Response {
  return new Response(`{"status":"${word}","id":"${id}"}`, {
    status,
    headers: { 'content-type': 'application/json', ...NOSNIFF },
  });
}

function unavailable(detail: string): Response {
  return problem(503, detail, {}, { 'retry-after': '5' });
}

function signatureHeaders(headers: Headers) {
  return {
    id: headers.get('webhook-id'),
    timestamp: headers.get('webhook-timestamp'),
    signature: headers.get('webhook-signature'),
  };
}
