import type { Connection, mongo } from 'mongoose';
import { insertIgnoringDuplicates } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import { aboutOf, subjectOf } from '../events/subjects.ts';
import type { Clock } from '../kernel/clock.ts';
import { realMilliseconds } from '../kernel/clock.ts';
import { groupBy } from '../kernel/group.ts';
import { type Page, type PageRequest, pageOf } from '../kernel/page.ts';
import type { Refused } from '../kernel/refusals.ts';
import type { Keyring } from '../privacy/keyring.ts';
import { BODY_FIELDS, type Body, createEventBodies, type EncryptedBody } from './bodies.ts';
import { createGroupCommit, type Receipt } from './groupCommit.ts';
import { isSameEvent } from './sameEvent.ts';
import { ANY_BUCKET, createEventStore, type Dismissal, type EventState, type StoredEvent } from './store.ts';

/**
 * A verified webhook: `body` is the exact text that was signed; `known` says whether its type is in the catalogue. `data` is what
 * the body has as data, where that was parsed already.
 */
export type Incoming = { id: string; type: string; timestamp: Date; body: string; known: boolean; data?: unknown };

export { InboxUnavailable, type Receipt } from './groupCommit.ts';

export type EventView = {
  eventId: string;
  type: string;
  timestamp: Date;
  receivedAt: Date;
  status: EventState;
  attempts: number;
  error: string | null;
  waitsFor: string[];
  /** Not null: it was quarantined, and somebody decided that it is to have no effect. */
  dismissed: Dismissal | null;
  /** Null where the body cannot be read any more. */
  data: unknown;
  /** Its body was erased, with an account or after its time. */
  erased: boolean;
};

export type Replayed = { kind: 'replayed' } | { kind: 'not-found' } | (Refused & { type: string });

export type Dismissed =
  | { kind: 'dismissed'; error: string | null }
  | { kind: 'dismissed-before'; dismissed: Dismissal }
  | { kind: 'not-found' }
  | Refused;

export const BUCKETS = 8;

export type Inbox = ReturnType<typeof createInbox>;

/**
 * The inbox: where events are stored before anything else happens. `onStored` is called when there is work. `knows`
 * says whether a type is in the catalogue now: an event that was ignored may be replayed once it is.
 */
export function createInbox(deps: {
  connection: Connection;
  keyring: Keyring;
  clock: Clock;
  knows: (type: string) => boolean;
  onStored?: () => void;
}) {
  const events = createEventStore(deps.connection);
  const bodies = createEventBodies({ events, keyring: deps.keyring });
  const commit = createGroupCommit({ store: storeBatch });

  /**
   * Stores an event durably, then answers. Events that come in together share one write. Rejects with InboxUnavailable
   * when the database does not answer within two seconds or too much is waiting: the sender must come again.
   */
  async function receive(incoming: Incoming): Promise<Receipt> {
    const receipt = await commit.add(arrivalOf(incoming), incoming.body.length);
    if (receipt === 'accepted') deps.onStored?.();
    return receipt;
  }

  function arrivalOf({ id, type, timestamp, body, known, data = JSON.parse(body).data }: Incoming): Arrival {
    const subject = subjectOf(type, data);
    const about = known ? aboutOf(type, data) : null;
    return {
      _id: id,
      type,
      timestamp,
      text: body,
      ...(subject === null ? {} : { subject }),
      ...(about === null ? {} : { about }),
      receivedAt: deps.clock.now(),
      status: known ? 'received' : 'ignored',
      nextAt: new Date(realMilliseconds()),
    };
  }

  async function storeBatch(batch: Arrival[], timeoutMs: number): Promise<Receipt[]> {
    const { encrypted, keys } = await bodies.encrypt(batch);
    const failed = await insertNew(encrypted.map(documentOf), timeoutMs);
    if (deps.keyring.mayBeGone(keys)) await keepReadable(batch.filter((_, index) => !failed.has(index)));
    if (failed.size === 0) return batch.map(receiptOf);
    const again = batch.filter((_, index) => failed.has(index));
    const same = await sameAsStored(again, timeoutMs);
    return batch.map((event, index) => {
      if (!failed.has(index)) return receiptOf(event);
      return same.get(event) ?? 'conflict';
    });
  }

  /**
   * Which of these events, whose ids are there already, are there with the same meaning; also those of which that can no longer
   * be told, because their body is erased. One that was never applied and cannot be any more, because a process froze over the
   * end of its secret, takes the body that comes now.
   */
  async function sameAsStored(batch: Arrival[], maxTimeMS: number): Promise<Map<Arrival, Receipt>> {
    const same = new Map<Arrival, Receipt>();
    const arrivals = groupBy(batch, ({ _id }) => _id);
    const stored = bodies.stream({ _id: { $in: [...arrivals.keys()] } }, { fields: ['status'], maxTimeMS });
    for await (const [{ _id, status }, body] of stored) {
      const [first, ...others] = arrivals.get(_id) ?? [];
      if (first === undefined) continue;
      if (body.kind === 'erased' && PENDING.includes(status)) {
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
  async function insertNew(batch: StoredEvent[], timeoutMs: number): Promise<Set<number>> {
    return new Set(await insertIgnoringDuplicates(events, batch, { ...durable(events), timeoutMS: timeoutMs }));
  }

  async function get(id: string): Promise<EventView | null> {
    const event = await events.findOne({ _id: id });
    if (event === null) return null;
    const [view] = await viewsOf([event]);
    return view ?? null;
  }

  /** Which of these ids are used. */
  async function existing(ids: string[]): Promise<Set<string>> {
    const found = await events.find({ _id: { $in: ids } }, { projection: { _id: 1 } }).toArray();
    return new Set(found.map(({ _id }) => _id));
  }

  /** Events in the order of their ids. */
  async function list(request: PageRequest & { status?: EventState }): Promise<Page<EventView>> {
    const fetched = await events
      .find({
        ...(request.status === undefined ? {} : { status: request.status }),
        ...(request.status === 'received' ? { bucket: ANY_BUCKET } : {}),
        ...(request.after === undefined ? {} : { _id: { $gt: request.after } }),
      })
      .sort({ _id: 1 })
      .limit(request.limit + 1)
      .toArray();
    return pageOf(await viewsOf(fetched), request.limit, (event) => event.eventId);
  }

  async function viewsOf(found: StoredEvent[]): Promise<EventView[]> {
    const read = await bodies.read(found);
    return found.map((event) => eventView(event, read.get(event) ?? { kind: 'erased' }));
  }

  /** Gives an event another five tries. Applying is idempotent, so replaying an applied one changes nothing. */
  async function replay(id: string): Promise<Replayed> {
    const event = await events.findOne({ _id: id }, { projection: { type: 1, status: 1, ...BODY_FIELDS } });
    if (event === null) return { kind: 'not-found' };
    const [type, state] = [event.type, event.status];
    if (!(await bodies.areReadable([event])) || event.body === undefined) {
      return { kind: 'refused', state, reason: 'event_erased', type };
    }
    if (!deps.knows(event.type)) {
      return { kind: 'refused', state, reason: 'event_type_unknown', type };
    }
    await events.updateOne(
      { _id: id },
      {
        $set: { status: 'received', attempts: 0, nextAt: new Date(realMilliseconds()), arrivedAt: deps.clock.now() },
        $inc: { replays: 1 },
        $unset: { error: '', waitsFor: '', dismissed: '' },
      },
    );
    deps.onStored?.();
    return { kind: 'replayed' };
  }

  /**
   * Settles a quarantined event without its effect: it counts as ignored, and what it waited for no longer wakes it.
   * Replaying it undoes that.
   */
  async function dismiss(id: string, { by, reason }: { by: string; reason: string }): Promise<Dismissed> {
    const dismissed = { by, reason, at: deps.clock.now() };
    const taken = await events.findOneAndUpdate(
      { _id: id, status: 'quarantined' },
      { $set: { status: 'ignored', dismissed }, $unset: { waitsFor: '' } },
      durable(events),
    );
    if (taken !== null) return { kind: 'dismissed', error: taken.error ?? null };
    const event = await events.findOne({ _id: id }, { projection: { status: 1, dismissed: 1 } });
    if (event === null) return { kind: 'not-found' };
    if (event.dismissed !== undefined) return { kind: 'dismissed-before', dismissed: event.dismissed };
    return { kind: 'refused', state: event.status, reason: 'event_not_quarantined' };
  }

  /** The events about an account that can still have an effect, by id; some of them, where there are many. */
  async function pendingAbout(accountId: string): Promise<string[]> {
    const about = { subject: accountId, ...ANY_PENDING };
    const found = await events.find(about, { projection: { _id: 1 }, limit: PENDING_SHOWN }).toArray();
    return found.map(({ _id }) => _id);
  }

  /** Whether an event that came in on this day, in UTC, can still have an effect. */
  async function isPending(day: string): Promise<boolean> {
    const from = new Date(`${day}T00:00:00Z`);
    const receivedAt = { $gte: from, $lt: new Date(from.getTime() + 86_400_000) };
    return (await events.findOne({ receivedAt, ...ANY_PENDING }, { projection: { _id: 1 } })) !== null;
  }

  /** Deletes the bodies of events about these things, as `order:o1`, whose account was not known when they came in. */
  async function eraseAbout(things: string[]): Promise<void> {
    const about = { about: { $in: things }, status: { $nin: PENDING }, body: { $exists: true } };
    await events.updateMany(about, { $unset: { body: '' } }, durable(events));
  }

  /** How many events there are in each state that may need a person's attention. */
  async function counts(): Promise<Record<'received' | 'waiting' | 'quarantined', number>> {
    const [received, waiting, quarantined] = await Promise.all([
      events.countDocuments({ status: 'received', bucket: ANY_BUCKET }),
      events.countDocuments({ status: 'waiting' }),
      events.countDocuments({ status: 'quarantined' }),
    ]);
    return { received, waiting, quarantined };
  }

  return {
    receive,
    existing,
    get,
    list,
    replay,
    dismiss,
    counts,
    bodies,
    pendingAbout,
    isPending,
    eraseAbout,
    stop: commit.stop,
  };
}

/** An event that comes in, with the text of its body. */
type Arrival = Omit<StoredEvent, 'body' | 'hash' | 'keys' | 'bucket' | 'attempts'> & { text: string };

/** These can still have an effect. */
const PENDING: EventState[] = ['received', 'waiting', 'quarantined'];
/** Likewise, in a form that the indexes answer. */
const ANY_PENDING: mongo.Filter<StoredEvent> = {
  $or: [{ status: 'received', bucket: ANY_BUCKET }, { status: { $in: ['waiting', 'quarantined'] } }],
};
const PENDING_SHOWN = 10;

function documentOf([{ text: _, ...arrival }, body]: readonly [Arrival, EncryptedBody]): StoredEvent {
  return { ...arrival, ...body, bucket: body.hash.charCodeAt(0) % BUCKETS, attempts: 0 };
}

/** Nobody can tell any more what an erased event said, and it has had its effect. */
function isSame({ text }: Arrival, body: Body): boolean {
  return body.kind === 'erased' || (body.kind === 'readable' && isSameEvent(text, body.text));
}

function receiptOf({ status }: Arrival): Receipt {
  return status === 'ignored' ? 'ignored' : 'accepted';
}

function eventView(event: StoredEvent, body: Body): EventView {
  return {
    eventId: event._id,
    type: event.type,
    timestamp: event.timestamp,
    receivedAt: event.receivedAt,
    status: event.status,
    attempts: event.attempts,
    error: event.error ?? null,
    waitsFor: event.waitsFor ?? [],
    dismissed: event.dismissed ?? null,
    data: body.kind === 'readable' ? JSON.parse(body.text).data : null,
    erased: body.kind === 'erased',
  };
}
