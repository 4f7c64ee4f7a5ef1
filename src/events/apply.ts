import type { Connection, mongo } from 'mongoose';

import type { KeptLease, Leases } from '../database/lease.ts';
import { createBell } from '../kernel/bell.ts';
import { type Clock, realMilliseconds } from '../kernel/clock.ts';
import { messageOf } from '../kernel/errors.ts';
import type { Catalogue, EventType } from './catalogue.ts';
import { type AnyHandler, type Fact, NotYet, type Revision } from './handler.ts';
import { BUCKETS } from './inbox.ts';
import { ANY_BUCKET, createEventStore, type EventState, type StoredEvent } from './store.ts';
import { createWaiting, type Exists, handlerKey } from './waiting.ts';

const BATCH = 1_000;
/** After so many batches the buckets are shared out anew, so that every process gets some. */
const BATCHES_PER_CLAIM = 4;
/** How often an idle process looks for events that another one stored. */
const IDLE_POLL_MS = 250;
/** Real milliseconds before the second, third, ... try of an event that failed. */
const RETRY_MS = [50, 100, 200, 400];
const NOT_YET_MS = 100;

export type Applier = ReturnType<typeof createApplier>;

/**
 * Works the inbox: takes whole buckets under a lease, in batches, and hands the facts to their slices, type by type in
 * the order in which types refer to each other. Any number of processes can do so at once; applying twice is nothing.
 * An event that refers to something not known yet waits for it; one that fails is tried `attempts` times and then
 * quarantined, without holding up another.
 */
export function createApplier(deps: {
  connection: Connection;
  leases: Leases;
  clock: Clock;
  catalogue: Catalogue;
  /** In the order in which they are applied; types that are not listed wait for their handler. */
  handlers: AnyHandler[];
  exists: Exists;
  attempts: number;
  waitDays: number;
  onQuarantined: (
    events: { eventId: string; type: string; replays: number; error: string }[],
    now: Date,
  ) => Promise<void>;
  onError: (error: unknown) => void;
}) {
  const events = createEventStore(deps.connection);
  const waiting = createWaiting({ ...deps, events });
  let running: Promise<void> = Promise.resolve();
  let stopped = false;
  const bell = createBell();

  /** Applies whatever was received until an instant of the service's clock, and returns when none of it is left. */
  async function drain(receivedUntil?: Date): Promise<void> {
    while (!stopped) {
      const worked = await workOnce(receivedUntil);
      if (worked > 0) continue;
      const filter = { status: 'received' as const, bucket: ANY_BUCKET, ...until(receivedUntil) };
      if ((await events.findOne(filter, { projection: { _id: 1 } })) === null) return;
      // What is left is on retry or leased by another process.
      await pause(20);
    }
  }

  /**
   * Works on all free buckets that have something due, together and in the order in which events came in: what an event
   * refers to came before it as a rule, in whichever bucket, so this way hardly anything has to wait.
   * Answers how many events were worked on.
   */
  async function workOnce(receivedUntil?: Date): Promise<number> {
    const claims = await claim(await dueBuckets(receivedUntil));
    let worked = 0;
    try {
      for (let batches = 0; claims.size > 0 && batches < BATCHES_PER_CLAIM && !stopped; batches++) {
        const batch = await events
          .find({ ...dueNow(receivedUntil), bucket: { $in: [...claims.keys()] } })
          .sort({ nextAt: 1 })
          .limit(BATCH)
          .toArray();
        await workBatch(batch);
        worked += batch.length;
        if (batch.length < BATCH) break;
      }
    } finally {
      await Promise.all([...claims.values()].map((lease) => lease.release()));
    }
    return worked;
  }

  /** Looks into each bucket for one event: listing them by `distinct` reads everything that is due, however much. */
  async function dueBuckets(receivedUntil?: Date): Promise<number[]> {
    const due = dueNow(receivedUntil);
    const options = { projection: { _id: 0, bucket: 1 } } as const;
    if ((await events.findOne({ ...due, bucket: ANY_BUCKET }, options)) === null) return [];
    const found = await Promise.all(
      Array.from({ length: BUCKETS }, (_, bucket) => events.findOne({ ...due, bucket }, options)),
    );
    return found.flatMap((event) => event?.bucket ?? []);
  }

  /** Leases for those of these buckets that no other process is working on; one that cannot be asked for is left out. */
  async function claim(buckets: number[]): Promise<Map<number, KeptLease>> {
    const tried = await Promise.allSettled(buckets.map((bucket) => deps.leases.keep(`inbox:${bucket}`)));
    return new Map(
      tried.flatMap((one, index) =>
        one.status === 'fulfilled' && one.value !== null ? [[buckets[index] ?? 0, one.value] as const] : [],
      ),
    );
  }

  async function workBatch(batch: StoredEvent[]): Promise<void> {
    const unhandled = batch.filter((event) => !deps.handlers.some(({ type }) => type === event.type));
    if (unhandled.length > 0) await waiting.keep(unhandled.map((event) => [event, [handlerKey(event.type)]]));
    for (const handler of deps.handlers) {
      const mine = batch.filter(({ type }) => type === handler.type);
      if (mine.length > 0) await applyType(handler, mine);
    }
  }

  async function applyType(handler: AnyHandler, batch: StoredEvent[]): Promise<void> {
    const facts = new Map<StoredEvent, Fact<EventType>>();
    for (const event of batch) {
      const parsed = deps.catalogue.parseData(event.type, JSON.parse(event.body).data);
      if (parsed.kind === 'known') {
        const { _id: eventId, timestamp, arrivedAt = event.receivedAt } = event;
        facts.set(event, { eventId, timestamp, arrivedAt, data: parsed.data });
      } else await quarantine([[event, `its data is not valid: ${JSON.stringify(parsed)}`]]);
    }
    const early = await missingReferences(handler, facts);
    if (early.size > 0) await waiting.keep([...early]);
    const ready = [...facts].filter(([event]) => !early.has(event));
    const applied = await tryHandler(handler, ready);
    if (applied.length === 0) return;
    // Who waits is woken before the event counts as applied: a crash in between wakes them once more, not never.
    await waiting.wake(applied.flatMap(([, fact]) => handler.provides(fact.data)));
    await events.updateMany(
      { _id: { $in: applied.map(([event]) => event._id) }, status: 'received' },
      { $set: { status: 'applied' }, $unset: { error: '', waitsFor: '', waitingSince: '' } },
    );
  }

  type Ready = [StoredEvent, Fact<EventType>][];

  /** Hands facts to their slice together; when that fails, one by one, so that a bad one harms no other. */
  async function tryHandler(handler: AnyHandler, ready: Ready): Promise<Ready> {
    if (ready.length === 0) return [];
    try {
      const refused = await handler.apply(
        ready.map(([, fact]) => fact),
        deps.clock.now(),
      );
      const bad = ready.filter(([event]) => refused.has(event._id));
      if (bad.length > 0) await quarantine(bad.map(([event]) => [event, refused.get(event._id) ?? '']));
      return ready.filter(([event]) => !refused.has(event._id));
    } catch (error) {
      if (isDatabaseTrouble(error)) throw error;
      if (error instanceof NotYet) {
        await later(ready, NOT_YET_MS);
        return [];
      }
      if (ready.length === 1) {
        await failed(ready, error);
        return [];
      }
      const alone: Ready = [];
      for (const one of ready) alone.push(...(await tryHandler(handler, [one])));
      return alone;
    }
  }

  async function later(ready: Ready, delayMs: number): Promise<void> {
    const nextAt = new Date(realMilliseconds() + delayMs);
    await events.updateMany({ _id: { $in: ready.map(([event]) => event._id) } }, { $set: { nextAt } });
  }

  async function failed([one]: Ready, error: unknown): Promise<void> {
    if (one === undefined) return;
    const [event] = one;
    const attempts = event.attempts + 1;
    deps.onError(error);
    if (attempts >= deps.attempts) return quarantine([[event, messageOf(error)]]);
    const nextAt = new Date(realMilliseconds() + (RETRY_MS[attempts - 1] ?? 400));
    await events.updateOne({ _id: event._id }, { $set: { attempts, nextAt, error: messageOf(error) } });
  }

  /** Which events refer to something not known yet, with the keys of what they wait for. */
  async function missingReferences(
    handler: AnyHandler,
    facts: Map<StoredEvent, Fact<EventType>>,
  ): Promise<Map<StoredEvent, string[]>> {
    const references = new Map([...facts].map(([event, fact]) => [event, handler.refersTo(fact.data)]));
    const known = await waiting.known([...references.values()].flat());
    const missing = new Map<StoredEvent, string[]>();
    for (const [event, keys] of references) {
      const absent = keys.filter((key) => !known.has(key));
      if (absent.length > 0) missing.set(event, absent);
    }
    return missing;
  }

  /** Only from the states that the decision was made on: another process may have known more since. */
  async function quarantine(
    bad: [Pick<StoredEvent, '_id' | 'type' | 'replays'>, string][],
    from: EventState[] = ['received'],
  ): Promise<void> {
    await deps.onQuarantined(
      bad.map(([event, error]) => ({ eventId: event._id, type: event.type, replays: event.replays ?? 0, error })),
      deps.clock.now(),
    );
    await events.bulkWrite(
      bad.map(([event, error]) => ({
        updateOne: {
          filter: { _id: event._id, status: { $in: from } },
          update: { $set: { status: 'quarantined', error }, $inc: { attempts: 1 } },
        },
      })),
      { ordered: false },
    );
  }

  /**
   * A fact can rule out another that was applied, and make room for one that was refused, when it is earlier by its own
   * date: the events of these say so from now on, also one that another process has in hand and not marked yet.
   */
  async function revise({ refused, holding }: Revision): Promise<void> {
    const wrong = {
      _id: { $in: [...refused.keys()] },
      status: { $in: ['received', 'applied'] satisfies EventState[] },
    };
    const stored = await events.find(wrong).toArray();
    const bad = stored.map((event): [StoredEvent, string] => [event, refused.get(event._id) ?? '']);
    if (bad.length > 0) await quarantine(bad, ['received', 'applied']);
    await events.updateMany(
      { _id: { $in: holding }, status: { $in: ['received', 'quarantined'] } },
      { $set: { status: 'applied' }, $unset: { error: '', waitsFor: '', waitingSince: '' } },
    );
  }

  /** Quarantines what has waited too long at `now`, a batch at most; what it waits for still wakes it. */
  async function expireWaiting(now: Date): Promise<void> {
    const expired = await waiting.expired(now);
    if (expired.length > 0) await quarantine(expired, ['waiting']);
  }

  /** Starts to work: woken by `nudge`, and by themselves every quarter of a second. */
  async function start(): Promise<void> {
    await waiting.wake(deps.handlers.map(({ type }) => handlerKey(type)));
    running = work();
  }

  async function work(): Promise<void> {
    while (!stopped) {
      try {
        if ((await workOnce()) > 0) continue;
      } catch (error) {
        deps.onError(error);
      }
      await bell.wait(IDLE_POLL_MS);
    }
  }

  /** There is something new in the inbox. */
  function nudge(): void {
    bell.ring();
  }

  /** These things, as `kind:id`, have come about by themselves: what waited for them is tried again. */
  async function wake(arrived: string[]): Promise<void> {
    await waiting.wake(arrived);
    nudge();
  }

  /** Finishes the batch in hand and stops. */
  async function stop(): Promise<void> {
    stopped = true;
    bell.ring();
    await running;
  }

  return { drain, start, nudge, wake, stop, revise, expireWaiting, nextExpiry: waiting.nextExpiry };
}

function until(receivedUntil: Date | undefined): mongo.Filter<StoredEvent> {
  return receivedUntil === undefined ? {} : { receivedAt: { $lte: receivedUntil } };
}

function dueNow(receivedUntil: Date | undefined): mongo.Filter<StoredEvent> {
  return { status: 'received', nextAt: { $lte: new Date(realMilliseconds()) }, ...until(receivedUntil) };
}

/** The database did not answer, or refused for a while: no fault of the event, so it costs no try. */
function isDatabaseTrouble(error: unknown): boolean {
  return (
    error instanceof Error &&
    /^(MongoNetwork|MongoServerSelection|MongoPool|MongoTopology|MongoNotConnected|MongoClientClosed|MongoOperationTimeout)/.test(
      error.name,
    )
  );
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
