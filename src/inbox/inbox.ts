import type { Connection, mongo } from 'mongoose';
import { backlogOf } from '../database/backlog.ts';
import { durable } from '../database/durable.ts';
import { updateEvery } from '../database/everyDocument.ts';
import { readPage } from '../database/readPage.ts';
import type { Catalogue } from '../events/catalogue.ts';
import { shownData } from '../events/shownData.ts';
import type { AppliedChecks } from '../events/toldEvent.ts';
import type { Clock } from '../kernel/clock.ts';
import { realMilliseconds } from '../kernel/clock.ts';
import type { Page, PageRequest } from '../kernel/page.ts';
import type { Refused } from '../kernel/refusals.ts';
import type { Keyring } from '../privacy/keyring.ts';
import type { Texts } from '../privacy/texts.ts';
import { refusalWords } from '../texts/refusals.ts';
import { createArrivals, type Incoming, isLocked, PENDING } from './arrivals.ts';
import { BODY_FIELDS, createEventBodies } from './bodies.ts';
import { createGroupCommit, KeyLacks, type Receipt } from './groupCommit.ts';
import { sealedEvents } from './sealed.ts';
import {
  ANY_BUCKET,
  createEventStore,
  type Dismissal,
  type EventState,
  type QuarantineReason,
  type StoredEvent,
} from './store.ts';
import { createToldEvents } from './toldEvents.ts';
import { type ErasedOf, verifyEvents } from './verify.ts';
import { verifyEventActs } from './verifyActs.ts';
import { createWaiting } from './waiting.ts';

export type { Incoming } from './arrivals.ts';
export { InboxFull, InboxUnavailable, KeyLacks, type Receipt } from './groupCommit.ts';
export { QUARANTINE_REASONS } from './store.ts';
export { LACKING_CURSOR } from './waiting.ts';

/** An event without what it says: lists have no more than this. */
export type EventSummary = {
  eventId: string;
  type: string;
  timestamp: Date;
  receivedAt: Date;
  status: EventState;
  attempts: number;
  error: string | null;
  /** Null while it is not quarantined, and of what was quarantined before there were codes. */
  errorCode: QuarantineReason | null;
  /** Keys of things, as `campaign:c1`. */
  waitsFor: string[];
  /** Not null: it was quarantined, and somebody decided that it is to have no effect. */
  dismissed: Dismissal | null;
};

/** With the data that was sent: null where it cannot be read any more; `erased`: with an account, or after its time. */
export type EventView = EventSummary & { data: unknown; erased: boolean };

type SummaryDocument = Omit<StoredEvent, 'body'>;

export type Replayed = { kind: 'replayed' } | { kind: 'not-found' } | (Refused<EventState> & { type: string });

export type Dismissed =
  | { kind: 'dismissed' }
  | { kind: 'dismissed-before'; dismissed: Dismissal }
  | { kind: 'not-found' }
  | Refused<EventState>;

export type Inbox = ReturnType<typeof createInbox>;

/**
 * The inbox: where events are stored before anything else happens. `onStored` is called when there is work. `knows`
 * says whether a type is in the catalogue now: an event that was ignored may be replayed once it is.
 */
export function createInbox(deps: {
  connection: Connection;
  keyring: Keyring;
  texts: Texts;
  clock: Clock;
  knows: (type: string) => boolean;
  catalogue: Catalogue;
  /** What an event of this type brings with this data, as `kind:id`. */
  brings: (type: string, data: unknown) => string[];
  onStored?: () => void;
  /** Hears how each write of events ended. */
  onWritten?: (isStored: boolean) => void;
}) {
  const events = createEventStore(deps.connection);
  const { catalogue } = deps;
  const bodies = createEventBodies({ events, keyring: deps.keyring });
  const told = createToldEvents({ events, catalogue, bodies });
  const waiting = createWaiting({ events, bodies, brings: deps.brings });
  const arrivals = createArrivals({ ...deps, events, bodies });
  const commit = createGroupCommit({
    store: async (batch: Parameters<typeof arrivals.store>[0]) =>
      (await arrivals.store(batch)).map((one) => (one === 'locked' ? new KeyLacks(KEY_LACKS) : one)),
    ...(deps.onWritten === undefined ? {} : { onWritten: deps.onWritten }),
  });

  /**
   * Stores an event durably, then answers. Events that come in together share one write. Rejects with InboxUnavailable
   * when the database does not answer within two seconds or too much is waiting: the sender must come again. Rejects with KeyLacks
   * for what only a key of the environment may open, where there is none.
   */
  async function receive(incoming: Incoming): Promise<Receipt> {
    const { body, source, inBatch } = incoming;
    if (isLocked(incoming) && !(await deps.keyring.canLock())) throw new KeyLacks(NO_KEY);
    const receipt = await commit.add(arrivals.arrivalOf(incoming), body.length, source, inBatch);
    if (receipt === 'accepted') deps.onStored?.();
    return receipt;
  }

  async function get(id: string): Promise<EventView | null> {
    const event = await events.findOne({ _id: id });
    if (event === null) return null;
    const body = (await bodies.read([event])).get(event);
    const data = body?.kind === 'readable' ? shownData(event, JSON.parse(body.text).data) : null;
    return { ...summaryOf(await deps.texts.revealOne(COLLECTION, event)), data, erased: body?.kind === 'erased' };
  }

  /** Which of these ids are used. */
  async function existing(ids: string[]): Promise<Set<string>> {
    const found = await events.find({ _id: { $in: ids } }, { projection: { _id: 1 } }).toArray();
    return new Set(found.map(({ _id }) => _id));
  }

  /** The ids of some events that were made of another one, whose ids begin with its own. */
  async function madeOf(id: string): Promise<string[]> {
    const range = { _id: { $gt: `${id}:`, $lt: `${id};` } };
    return (await events.find(range, { projection: { _id: 1 }, limit: 1 }).toArray()).map(({ _id }) => _id);
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
    return { items: (await deps.texts.reveal(COLLECTION, items)).map(summaryOf), next };
  }

  /**
   * Gives an event another five tries. Applying is idempotent, so replaying an applied one changes nothing. `record` comes
   * before that, so that nothing is replayed without a trace.
   */
  async function replay(id: string, record: () => Promise<void> = nothing): Promise<Replayed> {
    const event = await events.findOne({ _id: id }, { projection: { type: 1, status: 1, ...BODY_FIELDS } });
    if (event === null) return { kind: 'not-found' };
    const [type, state] = [event.type, event.status];
    const legibility = event.body === undefined ? 'erased' : await bodies.legibilityOf(event);
    if (legibility !== 'readable') {
      return { kind: 'refused', state, reason: legibility === 'erased' ? 'event_erased' : 'event_locked', type };
    }
    if (!deps.knows(event.type)) {
      return { kind: 'refused', state, reason: 'event_type_unknown', type };
    }
    await record();
    await events.updateOne(
      { _id: id },
      {
        $set: { status: 'received', attempts: 0, nextAt: new Date(realMilliseconds()), arrivedAt: deps.clock.now() },
        $inc: { replays: 1 },
        $unset: { error: '', errorCode: '', waitsFor: '', dismissed: '' },
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
    record: (before: { error: string | null; about: string[] }) => Promise<void> = nothing,
  ): Promise<Dismissed> {
    const quarantined = await events.findOne(
      { _id: id, status: 'quarantined' },
      { projection: { error: 1, subject: 1 } },
    );
    const about = quarantined?.subject === undefined ? [] : [quarantined.subject];
    if (quarantined !== null) await record({ error: quarantined.error ?? null, about });
    const clear = { _id: id, dismissed: { by, reason, at: deps.clock.now() } };
    const [{ dismissed } = clear] = await deps.texts.protect(COLLECTION, [clear], ({ path }) =>
      path === 'dismissed.reason' ? about : [],
    );
    const taken = await events.findOneAndUpdate(
      { _id: id, status: 'quarantined' },
      { $set: { status: 'ignored', dismissed }, $unset: { waitsFor: '' } },
      { projection: { error: 1 }, ...durable(events) },
    );
    if (taken !== null) return { kind: 'dismissed' };
    const event = await events.findOne({ _id: id }, { projection: { status: 1, dismissed: 1 } });
    if (event === null) return { kind: 'not-found' };
    const { dismissed: before } = await deps.texts.revealOne(COLLECTION, event);
    if (before !== undefined) return { kind: 'dismissed-before', dismissed: before };
    return { kind: 'refused', state: event.status, reason: 'event_not_quarantined' };
  }

  /** The events about an account that can still have an effect, by id; some of them, where there are many. */
  async function pendingAbout(accountId: string): Promise<string[]> {
    const about = { subject: accountId, ...ANY_PENDING };
    const found = await events
      .find(about, { projection: { _id: 1 }, sort: { _id: 1 }, limit: PENDING_SHOWN })
      .toArray();
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
    await updateEvery(events, about, { $unset: { body: '' } }, durable(events));
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

  /** What managers look at: events in quarantine, and those that have waited since before an instant for something unknown. */
  const backlogs = {
    quarantined: () => backlogOf(events, { status: 'quarantined' }, { since: 'receivedAt' }),
    waiting: (before: Date) =>
      backlogOf(events, { status: 'waiting', waitingSince: { $lte: before } }, { since: 'waitingSince' }),
  };

  return {
    backlogs,
    receive,
    existing,
    madeOf,
    get,
    list,
    replay,
    dismiss,
    counts,
    lacking: waiting.lacking,
    heldBack: waiting.heldBack,
    bodies,
    pendingAbout,
    isPending,
    eraseAbout,
    told,
    stop: commit.stop,
    sealed: sealedEvents(events),
    verify: (checks: AppliedChecks, erasedOf: ErasedOf) => verifyEvents(told, checks, erasedOf),
    verifyActs: (trail: Parameters<typeof verifyEventActs>[1]) => verifyEventActs({ events, texts: deps.texts }, trail),
  };
}

const COLLECTION = 'events';

/** A sender and an operator read these. */
const NO_KEY =
  'events that say how people are paid are not taken here: PAYEE_KEYS is not set, or does not open what was stored (docs/paydays.md)';
const KEY_LACKS = 'an event of this id is stored under a key that PAYEE_KEYS does not name (docs/paydays.md)';

async function nothing(): Promise<void> {}

/** Why an event is not tried again, as the middle of a sentence. */
export function replayRefusalWords({ reason, type }: Extract<Replayed, { kind: 'refused' }>): string {
  return reason === 'event_type_unknown' ? `events of type ${type} are not processed` : refusalWords(reason);
}

/** Events that can still have an effect, in a form that the indexes answer. */
const ANY_PENDING: mongo.Filter<StoredEvent> = {
  $or: [{ status: 'received', bucket: ANY_BUCKET }, { status: { $in: ['waiting', 'quarantined'] } }],
};
const PENDING_SHOWN = 10;

function summaryOf(event: SummaryDocument): EventSummary {
  return {
    eventId: event._id,
    type: event.type,
    timestamp: event.timestamp,
    receivedAt: event.receivedAt,
    status: event.status,
    attempts: event.attempts,
    error: event.error ?? null,
    errorCode: event.errorCode ?? null,
    waitsFor: event.waitsFor ?? [],
    dismissed: event.dismissed ?? null,
  };
}
