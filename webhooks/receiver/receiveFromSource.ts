import type { IncomingMessage } from 'node:http';

import { BODY_LIMIT } from '../../src/events/envelope.ts';
import type { Report } from '../../src/kernel/activity.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import { arrivingOf } from '../../src/sources/arriving.ts';
import type { Source } from '../../src/sources/source.ts';
import type { Inbox } from '../dependencies.ts';
import type { BodyReader } from '../guard/body.ts';
import { bodyRefusal } from '../guard/bodyRefusals.ts';
import type { Guard } from '../guard/guard.ts';
import { isJson } from '../middleware/contentType.ts';
import { problem } from '../problem.ts';
import { createAcknowledge, unavailable } from './acknowledge.ts';
import type { Scheme } from './schemes.ts';

/**
 * `POST /webhooks/{source}`: verify, store as it came, acknowledge; it is mapped later (docs/sources.md). What the platform's own
 * events are held to holds here too: headers before bodies, the pools for them, and turns by sender.
 */
export function createSourceReceiver(
  source: Source,
  scheme: Scheme,
  deps: {
    inbox: Pick<Inbox, 'receive'>;
    readBody: BodyReader;
    guard: Guard;
    clock: Clock;
    report: Report;
    stopping(): boolean;
  },
) {
  const { guard } = deps;
  const acknowledge = createAcknowledge(guard);

  return async function receive(request: Request, incoming?: IncomingMessage): Promise<Response> {
    if (deps.stopping()) {
      guard.unavailable.note('stopping');
      return unavailable('The service is stopping.');
    }
    const { headers } = request;
    if (!isJson(headers.get('content-type'))) return refused(415, 'The body must be application/json in UTF-8.');
    if (Number(headers.get('content-length') ?? 0) > BODY_LIMIT) return problem(...bodyRefusal('too-large', LIMIT));
    const head = scheme.readHead(headers);
    if (head === null) return refused(401, UNSIGNED);
    const peer = guard.peers.of(incoming?.socket);
    const body = await deps.readBody(request, peer, incoming);
    if (!Buffer.isBuffer(body)) return problem(...bodyRefusal(body, LIMIT));
    const signer = await head.verify(body);
    if (signer === null) return refused(401, UNSIGNED);
    guard.peers.vouch(peer);
    const arriving = arrivingOf(source, body, deps.clock.now(), head.name);
    if ('problem' in arriving) return refused(400, arriving.problem);
    const receipt = deps.inbox.receive({ ...arriving, source: `${source.name} ${signer} ${peer.address}` });
    receipt.then(count, () => count('unavailable'));
    return acknowledge(arriving.id, receipt, peer);
  };

  function refused(status: 400 | 401 | 415, detail: string): Response {
    count('refused');
    return problem(status, detail);
  }

  function count(outcome: string): void {
    deps.report({ kind: 'source-received', source: source.name, outcome });
  }
}

const LIMIT = '256 KiB';
const UNSIGNED = 'The signature is missing, wrong or out of date.';
