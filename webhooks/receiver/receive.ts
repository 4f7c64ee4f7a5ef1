import type { IncomingMessage } from 'node:http';

import { BODY_LIMIT } from '../../src/events/envelope.ts';
import { isJson } from '../middleware/contentType.ts';
import { NOSNIFF, problem } from '../problem.ts';
import { type Accepted, RETRY_AFTER, type SignedRequestReader } from './signedRequest.ts';
import { type EventAnswer, receiptOf, type TakeEvent } from './takeEvent.ts';

/**
 * `POST /webhooks/platform`: verify, validate, store, and only then acknowledge (docs/integration.md). No middleware in
 * front: it would cost more than all of this.
 */
export function createReceiver({ readSigned, takeEvent }: { readSigned: SignedRequestReader; takeEvent: TakeEvent }) {
  return async function receive(request: Request, incoming?: IncomingMessage): Promise<Response> {
    const signed = await readSigned(request, incoming, EVENT);
    if (signed instanceof Response) return signed;
    return responseOf(await takeEvent(signed.body, () => signed.id, signed));
  };
}

const EVENT: Accepted = { isType: isJson, types: 'application/json', bytes: BODY_LIMIT, limit: '256 KiB' };

function responseOf(answer: EventAnswer): Response {
  switch (answer.kind) {
    case 'stored':
      return acknowledgement(answer);
    case 'refused':
      return problem(answer.status, answer.detail, answer.errors === undefined ? {} : { errors: answer.errors });
    case 'unavailable':
      return problem(503, answer.detail, {}, RETRY_AFTER);
  }
}

function acknowledgement(answer: Extract<EventAnswer, { kind: 'stored' }>): Response {
  return new Response(JSON.stringify(receiptOf(answer)), {
    status: answer.receipt === 'duplicate' ? 200 : 202,
    headers: { 'content-type': 'application/json', ...NOSNIFF },
  });
}
