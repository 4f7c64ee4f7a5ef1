import type { mongo } from 'mongoose';

import { type SealSource, sealSource } from '../seals/source.ts';
import { hasItsHash } from './bodies.ts';
import type { StoredEvent } from './store.ts';

/**
 * Of an event is sealed what came in, and of its body the hash of what is stored: the body is compared with it where it is there,
 * also where nobody can read it any more.
 */
export function sealedEvents(events: mongo.Collection<StoredEvent>): SealSource {
  async function faults(ids: readonly string[]): Promise<Map<string, string>> {
    const found = await events.find({ _id: { $in: [...ids] } }, { projection: { body: 1, hash: 1 } }).toArray();
    const wrong = found.filter((event) => hasItsHash(event) === false);
    return new Map(wrong.map(({ _id }) => [_id, 'its body is not the one that came in']));
  }

  return sealSource({
    name: 'events',
    collection: events,
    fields: ['type', 'timestamp', 'hash', 'receivedAt'],
    content: ({ type, timestamp, hash, receivedAt }) => ({ type, timestamp, hash, receivedAt }),
    faults,
  });
}
