import type { IncomingMessage } from 'node:http';

import type { Report } from '../../src/kernel/activity.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import { arrivingOf } from '../../src/sources/arriving.ts';
import type { Source } from '../../src/sources/source.ts';
import type { Inbox } from '../dependencies.ts';
import { answerOf, refused, responseOf } from './eventAnswer.ts';
import { EVENT } from './receive.ts';
import type { Scheme } from './schemes.ts';
import { createSignedRequestReader, type SignedRequestDeps } from './signedRequest.ts';

/**
 * `POST /webhooks/{source}`: verify, store as it came, acknowledge; it is mapped later (docs/sources.md). What the platform's own
 * events are held to holds here too: headers before bodies, the pools for them, and turns by sender.
 */
export function createSourceReceiver(
  source: Source,
  scheme: Scheme,
  deps: SignedRequestDeps & { inbox: Pick<Inbox, 'receive'>; clock: Clock; report: Report },
) {
  const readSigned = createSignedRequestReader({ scheme, unsigned: UNSIGNED }, deps);

  return async function receive(request: Request, incoming?: IncomingMessage): Promise<Response> {
    const signed = await readSigned(request, incoming, EVENT);
    if (signed instanceof Response) {
      if (REFUSALS.includes(signed.status)) count('refused');
      return signed;
    }
    const { body, signer, peer, name } = signed;
    const arriving = arrivingOf(source, body, deps.clock.now(), name);
    if ('problem' in arriving) {
      count('refused');
      return responseOf(refused(null, 400, arriving.problem));
    }
    const receiving = deps.inbox.receive({ ...arriving, source: `${source.name} ${signer} ${peer.address}` });
    receiving.then(count, () => count('unavailable'));
    return responseOf(await answerOf({ id: arriving.id, receiving, warned: null }, deps.guard, peer));
  };

  function count(outcome: string): void {
    deps.report({ kind: 'source-received', source: source.name, outcome });
  }
}

/** For what a request itself is refused, whatever is in its body. */
const REFUSALS = [401, 415];
const UNSIGNED = 'The signature is missing, wrong or out of date.';
