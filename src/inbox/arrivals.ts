import type { mongo } from 'mongoose';

import { insertIgnoringDuplicates } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import { takesMoments } from '../database/patience.ts';
import { aboutOf, saysHowToPay, subjectOf } from '../events/subjects.ts';
import { type Clock, realMilliseconds } from '../kernel/clock.ts';
import { groupBy } from '../kernel/group.ts';
import type { Keyring } from '../privacy/keyring.ts';
import type { Body, EncryptedBody, EventBodies } from './bodies.ts';
import type { Receipt } from './groupCommit.ts';
import { isSameEvent } from './sameEvent.ts';
import { BUCKETS, type EventState, type StoredEvent } from './store.ts';

/**
 * A verified webhook: `body` is the exact text that was signed; `known` says whether its type is in the catalogue. `data` is what
 * the body has as data, where that was parsed already. `source` is whoever shares with others what the inbox can take; `inBatch`: it
 * came with many others, and holds up nothing that comes alone. `receivedAt`, where it was made of something that came in, is when
 * that did, by the service's clock.
 */
export type Incoming = {
  id: string;
  type: string;
  timestamp: Date;
  body: string;
  known: boolean;
  data?: unknown;
  source?: string;
  receivedAt?: Date;
  inBatch?: boolean;
  /** It may say how somebody is paid, though its type does not. */
  locked?: boolean;
};

/** An event that comes in, with the text of its body. */
export type Arrival = Omit<StoredEvent, 'body' | 'hash' | 'keys' | 'bucket' | 'attempts' | 'insertedAt'> & {
  insertedAt: Date;
  text: string;
};

/** Nobody waits longer for the answer. */
const COMPARED_WITHIN_MS = 2_000;

/** These can still have an effect. */
export const PENDING: EventState[] = ['received', 'waiting', 'quarantined'];

/** Stores events that come in together, and says which were there before. */
export function createArrivals(deps: {
  events: mongo.Collection<StoredEvent>;
  bodies: EventBodies;
  keyring: Keyring;
  clock: Clock;
}) {
  const { events, bodies } = deps;

  function arrivalOf(incoming: Incoming): Arrival {
    const { id, type, timestamp, body, known, data = JSON.parse(body).data } = incoming;
    const subject = subjectOf(type, data);
    const about = known ? aboutOf(type, data) : null;
    const at = new Date(realMilliseconds());
    return {
      _id: id,
      type,
      timestamp,
      text: body,
      ...(subject === null ? {} : { subject }),
      ...(about === null ? {} : { about }),
      ...(isLocked(incoming) ? { locked: true as const } : {}),
      receivedAt: incoming.receivedAt ?? deps.clock.now(),
      status: known ? 'received' : 'ignored',
      insertedAt: at,
      nextAt: at,
    };
  }

  async function store(batch: Arrival[]): Promise<(Receipt | 'locked')[]> {
    const { encrypted, keys } = await bodies.encrypt(batch);
    const failed = await insertNew(encrypted.map(documentOf));
    if (deps.keyring.mayBeGone(keys)) await keepReadable(batch.filter((_, index) => !failed.has(index)));
    if (failed.size === 0) return batch.map(receiptOf);
    const again = batch.filter((_, index) => failed.has(index));
    const same = await sameAsStored(again);
    return batch.map((event, index) => {
      if (!failed.has(index)) return receiptOf(event);
      return same.get(event) ?? 'conflict';
    });
  }

  /**
   * Which of these events, whose ids are there already, are there with the same meaning; also those of which that can no longer
   * be told, because their body is erased; `locked` where the key lacks that would tell. One that was never applied and cannot be any more, because a process froze over the
   * end of its secret, takes the body that comes now.
   */
  async function sameAsStored(batch: Arrival[]): Promise<Map<Arrival, Receipt | 'locked'>> {
    const same = new Map<Arrival, Receipt | 'locked'>();
    const arrivals = groupBy(batch, ({ _id }) => _id);
    const stored = bodies.stream(
      { _id: { $in: [...arrivals.keys()] } },
      { fields: ['status'], maxTimeMS: COMPARED_WITHIN_MS },
    );
    for await (const [{ _id, status }, body] of stored) {
      const [first, ...others] = arrivals.get(_id) ?? [];
      if (first === undefined) continue;
      if (body.kind === 'locked') for (const one of [first, ...others]) same.set(one, 'locked');
      else if (body.kind === 'erased' && PENDING.includes(status)) {
        await keepReadable([first]);
        same.set(first, receiptOf(first));
        for (const other of others) if (isSameEvent(other.text, first.text)) same.set(other, 'duplicate');
      } else for (const one of [first, ...others]) if (isSame(one, body)) same.set(one, 'duplicate');
    }
    return same;
  }

  /** Stores the bodies of events again whose secrets are gone before they could have any effect. */
  async function keepReadable(batch: Arrival[]): Promise<void> {
    const arrivals = new Map(batch.map((arrival) => [arrival._id, arrival]));
    const unapplied = { _id: { $in: [...arrivals.keys()] }, status: { $in: PENDING } };
    for await (const [{ _id, keys }, body] of bodies.stream(unapplied, { fields: ['keys'] })) {
      const arrival = arrivals.get(_id);
      if (arrival === undefined || body.kind !== 'erased') continue;
      const { receivedAt } = arrival;
      for (const [, fresh] of (await bodies.encrypt([arrival])).encrypted) {
        await events.updateOne({ _id, keys }, { $set: { ...fresh, receivedAt } }, durable(events));
      }
    }
  }

  /** Inserts what is new, in the journal when this returns; answers the positions of what was there before. */
  async function insertNew(batch: StoredEvent[]): Promise<Set<number>> {
    return new Set(await insertIgnoringDuplicates(events, batch, { ...durable(events), ...takesMoments }));
  }

  return { arrivalOf, store };
}

function documentOf([arrival, encrypted]: readonly [Arrival, EncryptedBody]): StoredEvent {
  const { _id, type, timestamp, receivedAt, insertedAt, status, nextAt, subject, about, locked } = arrival;
  const { body, hash, keys } = encrypted;
  const bucket = hash.charCodeAt(0) % BUCKETS;
  // Spreading both, for each event, takes as long as encrypting it.
  const document: StoredEvent = {
    _id,
    type,
    timestamp,
    body,
    hash,
    keys,
    receivedAt,
    insertedAt,
    status,
    bucket,
    nextAt,
    attempts: 0,
  };
  if (subject !== undefined) document.subject = subject;
  if (about !== undefined) document.about = about;
  if (locked !== undefined) document.locked = locked;
  return document;
}

/** Its body is to be readable with a key of the environment alone. */
export function isLocked({ type, locked }: Pick<Incoming, 'type' | 'locked'>): boolean {
  return locked === true || saysHowToPay(type);
}

/** Nobody can tell any more what an erased event said, and it has had its effect. */
function isSame({ text }: Arrival, body: Body): boolean {
  return body.kind === 'erased' || (body.kind === 'readable' && isSameEvent(text, body.text));
}

function receiptOf({ status }: Arrival): Receipt {
  return status === 'ignored' ? 'ignored' : 'accepted';
}
