import type { IncomingMessage } from 'node:http';

import { BODY_LIMIT } from '../../src/events/envelope.ts';
import { isJson } from '../middleware/contentType.ts';
import { responseOf } from './eventAnswer.ts';
import type { Accepted, PlatformReader } from './signedRequest.ts';
import type { TakeEvent } from './takeEvent.ts';

/**
 * `POST /webhooks/platform`: verify, validate, store, and only then acknowledge (docs/integration.md). No middleware in
 * front: it would cost more than all of this.
 */
export function createReceiver({ readSigned, takeEvent }: { readSigned: PlatformReader; takeEvent: TakeEvent }) {
  return async function receive(request: Request, incoming?: IncomingMessage): Promise<Response> {
    const signed = await readSigned(request, incoming, EVENT);
    if (signed instanceof Response) return signed;
    return responseOf(await takeEvent(signed.body, () => signed.id, signed));
  };
}

/** One event as the body. */
export const EVENT: Accepted = { isType: isJson, types: 'application/json', bytes: BODY_LIMIT, limit: '256 KiB' };
