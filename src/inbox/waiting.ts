import type { mongo } from 'mongoose';

import type { Page, PageRequest } from '../kernel/page.ts';
import type { EventBodies } from './bodies.ts';
import type { EventState, StoredEvent } from './store.ts';

/** Something, as `kind:id`, that events wait for: how many, since when, and of which types. */
export type Lacking = { key: string; count: number; since: Date; types: string[] };

/** Of a page of what is lacking: how many events wait for its last, and its key. */
export const LACKING_CURSOR = /^\d{1,15}:.+$/;

const STATES_THAT_WAIT: EventState[] = ['waiting', 'quarantined'];
const WAITING = { waitsFor: { $exists: true }, status: { $in: STATES_THAT_WAIT } };
/** Before these nothing can be said to wait for what they bring: it is here. */
const BRINGS_LATER: EventState[] = ['received', 'waiting', 'quarantined', 'ignored'];

/** What waits for what. Events wait under the keys of what they lack, also in quarantine (see `deferred.ts`). */
export function createWaiting({
  events,
  bodies,
  brings,
}: {
  events: mongo.Collection<StoredEvent>;
  bodies: Pick<EventBodies, 'stream'>;
  brings: (type: string, data: unknown) => string[];
}) {
  /** What is lacking: what most events wait for first, equal ones by their keys. */
  async function lacking({ limit, after }: PageRequest): Promise<Page<Lacking>> {
    const items = await events
      .aggregate<Lacking>([
        { $match: WAITING },
        { $unwind: '$waitsFor' },
        {
          $group: {
            _id: '$waitsFor',
            count: { $sum: 1 },
            since: { $min: { $ifNull: ['$waitingSince', '$receivedAt'] } },
            types: { $addToSet: '$type' },
          },
        },
        ...(after === undefined ? [] : [{ $match: follows(after) }]),
        { $sort: { count: -1, _id: 1 } },
        { $limit: limit + 1 },
        { $project: { _id: 0, key: '$_id', count: 1, since: 1, types: 1 } },
      ])
      .toArray();
    const shown = items.slice(0, limit).map((item) => ({ ...item, types: item.types.sort() }));
    const last = shown.at(-1);
    return { items: shown, next: items.length > limit && last !== undefined ? `${last.count}:${last.key}` : null };
  }

  /**
   * How many other events wait for what these would bring, by event id; those that hold back none are left out. What an event brings
   * stands in its body, which is read only while anything waits at all.
   */
  async function heldBack(eventIds: string[]): Promise<Map<string, number>> {
    if ((await events.findOne({ ...WAITING }, { projection: { _id: 1 } })) === null) return new Map();
    const brought = new Map<string, string[]>();
    const pending = { _id: { $in: eventIds }, status: { $in: BRINGS_LATER } };
    for await (const [{ _id, type }, body] of bodies.stream(pending, { fields: ['type'] })) {
      const keys = body.kind === 'readable' ? brings(type, JSON.parse(body.text).data) : [];
      if (keys.length > 0) brought.set(_id, keys);
    }
    const wanted = await wantedAmong([...brought.values()].flat());
    const counts = new Map<string, number>();
    for (const [_id, keys] of brought) {
      const some = keys.filter((key) => wanted.has(key));
      if (some.length === 0) continue;
      const count = await events.countDocuments({ ...waitingFor(some), _id: { $ne: _id } });
      if (count > 0) counts.set(_id, count);
    }
    return counts;
  }

  /** Hardly anything is waited for as a rule, so this asks once for all. */
  async function wantedAmong(keys: string[]): Promise<Set<string>> {
    const wanted: unknown[] = keys.length === 0 ? [] : await events.distinct('waitsFor', waitingFor(keys));
    return new Set(keys.filter((key) => wanted.includes(key)));
  }

  return { lacking, heldBack };
}

function waitingFor(keys: string[]): mongo.Filter<StoredEvent> {
  return { waitsFor: { $in: keys }, status: { $in: STATES_THAT_WAIT } };
}

function follows(cursor: string): mongo.Document {
  const [count = '', ...key] = cursor.split(':');
  return { $or: [{ count: { $lt: Number(count) } }, { count: Number(count), _id: { $gt: key.join(':') } }] };
}
