import type { Connection } from 'mongoose';
import { insertIgnoringDuplicates } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import { readPage } from '../database/readPage.ts';
import type { Catalogue } from '../events/catalogue.ts';
import type { AppliedChecks } from '../events/toldEvent.ts';
import type { Clock } from '../kernel/clock.ts';
import { realMilliseconds } from '../kernel/clock.ts';
import { groupBy } from '../kernel/group.ts';
import { hashOf } from '../kernel/ids.ts';
import type { Page, PageRequest } from '../kernel/page.ts';
import type { Refused } from '../kernel/refusals.ts';
import { bodiesAsStored, type ReadBodies } from './bodies.ts';
import { createGroupCommit, type Receipt } from './groupCommit.ts';
import { isSameEvent } from './sameEvent.ts';
import { sealedEvents } from './sealed.ts';
import { ANY_BUCKET, BUCKETS, createEventStore, type Dismissal, type EventState, type StoredEvent } from './store.ts';
import { createToldEvents } from './toldEvents.ts';
import { verifyEvents } from './verify.ts';
import { verifyEventActs } from './verifyActs.ts';

/**
 * A verified webhook: `body` is the exact text that was signed; `known` says whether its type is in the catalogue.
 * `source` is whoever shares with others what the inbox can take.
 */
export type Incoming = { id: string; type: string; timestamp: Date; body: string; known: boolean; source?: string };

export { InboxFull, InboxUnavailable, type Receipt } from './groupCommit.ts';

/** An event without what it says: lists have no more than this. */
export type EventSummary = {
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
};

/** With the data that was sent. */
export type EventView = EventSummary & { data: unknown };

type SummaryDocument = Omit<StoredEvent, 'body'>;

export type Replayed = { kind: 'replayed' } | { kind: 'not-found' } | (Refused & { type: string });

export type Dismissed =
  | { kind: 'dismissed' }
  | { kind: 'dismissed-before'; dismissed: Dismissal }
  | { kind: 'not-found' }
  | Refused;

export type Inbox = ReturnType<typeof createInbox>;

/**
 * The inbox: where events are stored before anything else happens. `onStored` is called when there is work. `knows`
 * says whether a type is in the catalogue now: an event that was ignored may be replayed once it is.
 */
export function createInbox(deps: {
  connection: Connection;
  clock: Clock;
  knows: (type: string) => boolean;
  catalogue: Catalogue;
  onStored?: () => void;
  /** How bodies are read to be compared; they stand as they came in unless said otherwise. */
  readBodies?: ReadBodies;
}) {
  const events = createEventStore(deps.connection);
  const { catalogue, readBodies = bodiesAsStored } = deps;
  const told = createToldEvents({ events, catalogue, readBodies });
  const commit = createGroupCommit({ store: storeBatch });

  /**
   * Stores an event durably, then answers. Events that come in together share one write. Rejects with InboxUnavailable
   * when the database does not answer within two seconds or too much is waiting: the sender must come again.
   */
  async function receive(incoming: Incoming): Promise<Receipt> {
    const receipt = await commit.add(document(incoming), incoming.body.length, incoming.source);
    if (receipt === 'accepted') deps.onStored?.();
    return receipt;
  }

  function document({ id, type, timestamp, body, known }: Incoming): StoredEvent {
    const hash = hashOf(body);
    const at = new Date(realMilliseconds());
    return {
      _id: id,
      type,
      timestamp,
      body,
      hash,
      receivedAt: deps.clock.now(),
      insertedAt: at,
      status: known ? 'received' : 'ignored',
      bucket: hash.charCodeAt(0) % BUCKETS,
      nextAt: at,
      attempts: 0,
    };
  }

  async function storeBatch(batch: StoredEvent[], timeoutMs: number): Promise<Receipt[]> {
    const failed = await insertNew(batch, timeoutMs);
    if (failed.size === 0) return batch.map(receiptOf);
    const again = batch.filter((_, index) => failed.has(index));
    const same = await sameAsStored(again, timeoutMs);
    return batch.map((event, index) => {
      if (!failed.has(index)) return receiptOf(event);
      return same.has(event) ? 'duplicate' : 'conflict';
    });
  }

  /** Which of these events, whose ids are there already, are there with the same meaning. */
  async function sameAsStored(batch: StoredEvent[], timeoutMs: number): Promise<Set<StoredEvent>> {
    const options = { maxTimeMS: timeoutMs } as const;
    const ids = batch.map(({ _id }) => _id);
    const stored = await events.find({ _id: { $in: ids } }, { projection: { hash: 1 }, ...options }).toArray();
    const hashes = new Map(stored.map(({ _id, hash }) => [_id, hash]));
    const same = new Set(batch.filter(({ _id, hash }) => hashes.get(_id) === hash));
    const spelled = groupBy(
      batch.filter((event) => !same.has(event)),
      ({ _id }) => _id,
    );
    if (spelled.size === 0) return same;
    // Only what is spelled otherwise is read whole, one after the other.
    const bodies = events.find({ _id: { $in: [...spelled.keys()] } }, { projection: { body: 1 }, ...options });
    for await (const { _id, body } of bodies) {
      for (const event of spelled.get(_id) ?? []) if (isSameEvent(event.body, body)) same.add(event);
    }
    return same;
  }

  /** Inserts what is new, in the journal when this returns; answers the positions of what was there before. */
  async function insertNew(batch: StoredEvent[], timeoutMs: number): Promise<Set<number>> {
    return new Set(await insertIgnoringDuplicates(events, batch, { ...durable(events), timeoutMS: timeoutMs }));
  }

  async function get(id: string): Promise<EventView | null> {
    const event = await events.findOne({ _id: id });
    return event === null ? null : { ...summaryOf(event), data: JSON.parse(event.body).data };
  }

  /** Which of these ids are used. */
  async function existing(ids: string[]): Promise<Set<string>> {
    const found = await events.find({ _id: { $in: ids } }, { projection: { _id: 1 } }).toArray();
    return new Set(found.map(({ _id }) => _id));
  }

  /** Events in the order of their ids; what they say, which may be a quarter of a megabyte each, is read one by one. */
  async function list(request: PageRequest & { status?: EventState }): Promise<Page<EventSummary>> {
    const found = events
      .find({
        ...(request.status === undefined ? {} : { status: request.status }),
        ...(request.status === 'received' ? { bucket: ANY_BUCKET } : {}),
        ...(request.after === undefined ? {} : { _id: { $gt: request.after } }),
      })
      .project<SummaryDocument>({ body: 0 })
      .sort({ _id: 1 });
    const { items, next } = await readPage(found, request.limit, ({ _id }) => _id);
    return { items: items.map(summaryOf), next };
  }

  /**
   * Gives an event another five tries. Applying is idempotent, so replaying an applied one changes nothing. `record` comes
   * before that, so that nothing is replayed without a trace.
   */
  async function replay(id: string, record: () => Promise<void> = nothing): Promise<Replayed> {
    const event = await events.findOne({ _id: id }, { projection: { type: 1, status: 1 } });
    if (event === null) return { kind: 'not-found' };
    if (!deps.knows(event.type)) {
      return { kind: 'refused', state: event.status, reason: 'event_type_unknown', type: event.type };
    }
    await record();
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
   * Replaying it undoes that. `record` comes before, with the error of the event.
   */
  async function dismiss(
    id: string,
    { by, reason }: { by: string; reason: string },
    record: (error: string | null) => Promise<void> = nothing,
  ): Promise<Dismissed> {
    const dismissed = { by, reason, at: deps.clock.now() };
    const quarantined = await events.findOne({ _id: id, status: 'quarantined' }, { projection: { error: 1 } });
    if (quarantined !== null) await record(quarantined.error ?? null);
    const taken = await events.findOneAndUpdate(
      { _id: id, status: 'quarantined' },
      { $set: { status: 'ignored', dismissed }, $unset: { waitsFor: '' } },
      { projection: { error: 1 }, ...durable(events) },
    );
    if (taken !== null) return { kind: 'dismissed' };
    const event = await events.findOne({ _id: id }, { projection: { status: 1, dismissed: 1 } });
    if (event === null) return { kind: 'not-found' };
    if (event.dismissed !== undefined) return { kind: 'dismissed-before', dismissed: event.dismissed };
    return { kind: 'refused', state: event.status, reason: 'event_not_quarantined' };
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
    ...{ receive, existing, get, list, replay, dismiss, counts, stop: commit.stop },
    told,
    sealed: sealedEvents(events),
    verify: (checks: AppliedChecks) => verifyEvents(told, checks),
    verifyActs: (trail: Parameters<typeof verifyEventActs>[1]) => verifyEventActs(events, trail),
  };
}

async function nothing(): Promise<void> {}

function receiptOf(event: StoredEvent): Receipt {
  return event.status === 'ignored' ? 'ignored' : 'accepted';
}

function summaryOf(event: SummaryDocument): EventSummary {
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
  };
}
