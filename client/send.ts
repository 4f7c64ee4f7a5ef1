import { type FieldError, RefusedError } from './errors.ts';
import type { Try } from './retry.ts';
import { createSigner, type Sign, WEBHOOK_ID } from './signature.ts';
import type { CallOptions, Transport } from './transport.ts';
import type { PlatformEvent } from './types.ts';

/** What the service says of an event that it has stored. */
export type EventAnswer = {
  id: string;
  /** `duplicate`: it is here already. `ignored`: stored, but of a type that this version of the service does not know. */
  status: 'accepted' | 'duplicate' | 'ignored';
  /** What is stored and has no effect, as fields that the service does not know; `suggestion` is what may be meant. The first ten. */
  warnings?: (FieldError & { suggestion?: string })[];
  /** How many there are besides. */
  moreWarnings?: number;
};

const PATH = '/webhooks/platform';

/**
 * Sends one event, signed anew for each try, under the same id. Answers once it is durable. Throws RefusedError, UnavailableError,
 * or the signal's reason.
 */
export function createSend(transport: Transport, sign: () => Sign) {
  return async function send(event: PlatformEvent, options: CallOptions = {}): Promise<EventAnswer> {
    const { id, ...envelope } = event;
    if (!WEBHOOK_ID.test(id)) throw new RefusedError(BAD_ID);
    const body = new TextEncoder().encode(JSON.stringify(envelope));
    const attempt = async (): Promise<Try<EventAnswer>> => {
      const headers = { ...(await sign()(id, body, transport.now())), 'content-type': 'application/json' };
      return transport.exchange({ path: PATH, init: { method: 'POST', headers, body } }, options, async (response) => {
        if (!response.ok) return transport.refusalOrAgain(response);
        return { done: (await response.json()) as EventAnswer };
      });
    };
    return transport.persistently(attempt, options);
  };
}

/** The signer of a secret, which is asked for only where something is signed. */
export function signerOf(secret: string | undefined): () => Sign {
  const sign = secret === undefined ? undefined : createSigner(secret);
  return () => {
    if (sign === undefined) throw new TypeError('sending events needs webhookSecret');
    return sign;
  };
}

const BAD_ID = {
  ...{ status: 400, code: 'malformed', message: 'The event was not sent.' },
  errors: [{ path: 'id', message: 'must be 1-128 of A-Z a-z 0-9 _ : -' }],
};
