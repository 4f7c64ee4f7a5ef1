import type { mongo } from 'mongoose';

import type { Catalogue, DataOf, EventType } from '../events/catalogue.ts';
import type { ToldEvent, ToldEvents } from '../events/toldEvent.ts';
import { inBatches } from '../kernel/group.ts';
import { type Body, type EventBodies, hasItsHash } from './bodies.ts';
import type { StoredEvent } from './store.ts';

/** Bodies can be of 256 KiB each, so few are in memory at once; what is left of them is small. */
const BODIES_PER_READ = 50;

/**
 * An event as it is stored, without its body, and as the body tells it. `hasItsHash`: what is stored of the body is what came in;
 * null where nothing is left of it.
 */
export type ReadEvent = Omit<StoredEvent, 'body'> & {
  body: Body;
  hasItsHash: boolean | null;
  told: ToldEvent;
  envelope: ToldEnvelope;
};

/** What a body says beside its data; `not-read` where that is gone, or is no event. */
export type ToldEnvelope = { type: string; timestamp: Date } | 'not-read';

/** Reads events again, bodies and all, in bounded memory. */
export function createToldEvents(deps: {
  events: mongo.Collection<StoredEvent>;
  catalogue: Catalogue;
  bodies: Pick<EventBodies, 'read'>;
}): ToldEvents & { all(): AsyncGenerator<ReadEvent> } {
  async function byId(eventIds: string[]): Promise<Map<string, ToldEvent>> {
    const found = new Map<string, ToldEvent>();
    for await (const { told } of read({ _id: { $in: [...new Set(eventIds)] } })) found.set(told.eventId, told);
    return found;
  }

  /** Every event, in the order in which the database has them. */
  function all(): AsyncGenerator<ReadEvent> {
    return read({});
  }

  async function* read(which: mongo.Filter<StoredEvent>): AsyncGenerator<ReadEvent> {
    const cursor = deps.events.find(which, { batchSize: BODIES_PER_READ });
    for await (const batch of inBatches(cursor, BODIES_PER_READ)) {
      for (const [stored, body] of await deps.bodies.read(batch)) {
        const { body: _, ...event } = stored;
        const json = body.kind === 'readable' ? parsed(body.text) : undefined;
        yield { ...event, body, hasItsHash: hasItsHash(stored), told: toldOf(event, json), envelope: envelopeOf(json) };
      }
    }
  }

  function toldOf(event: Omit<StoredEvent, 'body'>, json: unknown): ToldEvent {
    const { _id: eventId, type, timestamp, receivedAt, arrivedAt, status, replays = 0 } = event;
    const arrivals = replays > 0 ? [] : [receivedAt, ...(arrivedAt === undefined ? [] : [arrivedAt])];
    const isUnderWay = status === 'received';
    return { eventId, type, timestamp, receivedAt, arrivals, isUnderWay, data: dataOf(type, json) };
  }

  function dataOf(type: string, json: unknown): DataOf<EventType> | null {
    if (typeof json !== 'object' || json === null || !('data' in json)) return null;
    const data = deps.catalogue.parseStored(type, json.data);
    return data.kind === 'known' ? data.data : null;
  }

  function envelopeOf(json: unknown): ToldEnvelope {
    const envelope = deps.catalogue.parseEnvelope(json);
    if ('errors' in envelope) return 'not-read';
    return { type: envelope.envelope.type, timestamp: envelope.envelope.timestamp };
  }

  return { byId, all };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
