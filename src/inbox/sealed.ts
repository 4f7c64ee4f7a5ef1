import type { mongo } from 'mongoose';

import { hashOf } from '../kernel/ids.ts';
import { type SealSource, sealSource } from '../seals/source.ts';
import type { StoredEvent } from './store.ts';

/** Of an event is sealed what came in, and of its body the hash, which the body is compared with where it is there. */
export function sealedEvents(events: mongo.Collection<StoredEvent>): SealSource {
  async function faults(ids: readonly string[]): Promise<Map<string, string>> {
    const found = await events.find({ _id: { $in: [...ids] } }, { projection: { body: 1, hash: 1 } }).toArray();
    const wrong = found.filter(({ body, hash }) => body !== undefined && hashOf(body) !== hash);
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
