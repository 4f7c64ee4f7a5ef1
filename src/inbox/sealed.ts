import type { mongo } from 'mongoose';

import { hashOf } from '../kernel/ids.ts';
import { type SealSource, sealSource } from '../seals/source.ts';
import type { StoredEvent } from './store.ts';

/** Of an event is sealed what came in, and of its body the hash, which the body is compared with where it is there. */
export function sealedEvents(events: mongo.Collection<StoredEvent>): SealSource {
  return sealSource({
    name: 'events',
    collection: events,
    fields: ['type', 'timestamp', 'hash', 'receivedAt'],
    content: ({ type, timestamp, hash, receivedAt }) => ({ type, timestamp, hash, receivedAt }),
    proof: {
      fields: ['body'],
      fault: ({ body, hash }) => (hashOf(body) === hash ? undefined : 'its body is not the one that came in'),
    },
  });
}
