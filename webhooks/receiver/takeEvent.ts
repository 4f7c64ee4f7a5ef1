import type { Catalogue, FieldError } from '../../src/events/catalogue.ts';
import { DEEPEST, readEnvelope } from '../../src/events/envelope.ts';
import type { Warnings } from '../../src/events/unknownFields.ts';
import type { Incoming, Receipt } from '../../src/inbox/inbox.ts';
import type { Inbox } from '../dependencies.ts';
import type { Guard } from '../guard/guard.ts';
import type { Peer } from '../guard/peers.ts';
import { answerOf, type EventAnswer, refused } from './eventAnswer.ts';

export type TakeEventDeps = {
  catalogue: Catalogue;
  inbox: Pick<Inbox, 'receive'>;
  guard: Guard;
  /** Counts what the sender of an event that is stored was warned of. */
  countWarnings(type: string, count: number): void;
};

/** Where an event has its id: the header of its request has been read, a line says it itself. */
export type IdOf = (json: Record<string, unknown>) => string | null;

/** Who sent it: the place of the secret that has signed it, and the address; and whether it came with many others. */
export type Sender = { signer: number; peer: Peer; inBatch?: boolean };

export type TakeEvent = ReturnType<typeof createTakeEvent>;

/**
 * Validates one event, stores it, and only then answers; what is refused is answered at once. Rejects for what is nobody's fault but
 * the service's own.
 */
export function createTakeEvent({ catalogue, inbox, guard, countWarnings }: TakeEventDeps) {
  return function takeEvent(bytes: Buffer, idOf: IdOf, sender: Sender): EventAnswer | Promise<EventAnswer> {
    const read = readEnvelope(catalogue, bytes);
    if (read.kind === 'not-json') return refused(null, 400, 'The event is not JSON in UTF-8.');
    if (read.kind === 'too-deep') return refused(null, 400, `The event is nested deeper than ${DEEPEST} levels.`);
    if (read.kind === 'not-an-event') return refused(null, 400, 'This is not an event.', read.errors);
    const id = idOf(read.json);
    if (id === null) return refused(null, 400, 'The event has no id.', [NO_ID]);
    const { type, timestamp, data } = read.envelope;
    const facts = catalogue.parseData(type, data);
    if (facts.kind === 'invalid') return refused(id, 422, `The data is not that of ${type}.`, facts.errors);
    const { signer, peer, inBatch = false } = sender;
    const known = facts.kind === 'known';
    const incoming = {
      id,
      type,
      timestamp,
      body: read.text,
      known,
      data,
      source: `${signer} ${peer.address}`,
      inBatch,
    };
    const receiving = inbox.receive(incoming);
    // While the database stores it.
    const warned = catalogue.warningsOf(type, inBatch ? withoutId(read.json) : read.json);
    return answerTo(incoming, receiving, warned, peer);
  };

  async function answerTo(
    { id, type, known }: Incoming,
    receiving: Promise<Receipt>,
    warned: Warnings | null,
    peer: Peer,
  ): Promise<EventAnswer> {
    const answer = await answerOf({ id, receiving, warned }, guard, peer);
    // Whoever lost the first answer is told the same again, and counted once.
    if (warned !== null && answer.kind === 'stored' && answer.receipt !== 'duplicate') {
      countWarnings(known ? type : UNKNOWN_TYPE, warned.warnings.length + warned.more);
    }
    return answer;
  }
}

/** A stranger's word is no label of a metric: their number has no bound. */
const UNKNOWN_TYPE = 'unknown';

/** A line has what an event has, and its id. */
function withoutId({ id: _, ...event }: Record<string, unknown>): Record<string, unknown> {
  return event;
}

const NO_ID: FieldError = { path: 'id', message: 'must be 1-128 of A-Z a-z 0-9 _ : -' };
