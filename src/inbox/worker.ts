import type { Connection, mongo } from 'mongoose';

import type { KeptLease, Leases } from '../database/lease.ts';
import type { Catalogue } from '../events/catalogue.ts';
import type { AnyHandler } from '../events/handler.ts';
import type { Report } from '../kernel/activity.ts';
import { createBell } from '../kernel/bell.ts';
import { type Clock, realMilliseconds } from '../kernel/clock.ts';
import { createPatience, pause } from '../kernel/wait.ts';
import type { Keyring } from '../privacy/keyring.ts';
import { createEventBodies, type WithBody } from './bodies.ts';
import { createDeferredEvents, type Exists, handlerKey, PAYEE_KEY, payeeKeyName } from './deferred.ts';
import { createOutcomes } from './outcomes.ts';
import { createPipeline } from './pipeline.ts';
import { ANY_BUCKET, BUCKETS, createEventStore, DUE_FIELDS, type DueEvent, type StoredEvent } from './store.ts';

/** Events of one batch share the reads and writes around them, so many together cost less each. */
const EVENTS_PER_BATCH = 4_000;
/** After this many batches the buckets are released, so that another process can have them. */
const BATCHES_PER_CLAIM = 32;
/** So many are read at once to see which buckets have any. */
const SOME_EVENTS = 50;
/** How often an idle process checks for events that another one stored. */
const IDLE_POLL_MS = 250;

type Glimpse = Pick<StoredEvent, 'bucket' | 'nextAt'>;

export type InboxWorker = ReturnType<typeof createInboxWorker>;

/**
 * Works the inbox: takes whole buckets under a lease, and applies their events in batches. Any number of processes can
 * do so at once; applying twice is nothing.
 */
export function createInboxWorker(deps: {
  connection: Connection;
  keyring: Keyring;
  leases: Leases;
  clock: Clock;
  catalogue: Catalogue;
  /** In the order in which they are applied; types that are not listed wait for their handler. */
  handlers: AnyHandler[];
  exists: Exists;
  attempts: number;
  waitDays: number;
  eventsPerBatch?: number | undefined;
  onQuarantined: (
    events: { eventId: string; type: string; replays: number; error: string }[],
    now: Date,
  ) => Promise<void>;
  onError: (error: unknown) => void;
  report?: Report;
  /** Whether this process may decide now; without, it always may. */
  mayDecide?: (() => boolean) | undefined;
}) {
  const { eventsPerBatch = EVENTS_PER_BATCH } = deps;
  const events = createEventStore(deps.connection);
  const bodies = createEventBodies({ events, keyring: deps.keyring });
  const exists: Exists = {
    ...deps.exists,
    [PAYEE_KEY]: async (ids) => new Set(ids.filter(deps.keyring.locked.has)),
  };
  const deferred = createDeferredEvents({ ...deps, exists, events });
  const outcomes = createOutcomes({ ...deps, events, deferred });
  let running: Promise<void> = Promise.resolve();
  let stopped = false;
  const bell = createBell();

  /** Applies whatever was received until an instant of the service's clock, and returns when none of it is left. */
  async function drain(receivedUntil?: Date): Promise<void> {
    const patience = createPatience();
    while (!stopped) {
      const left = await some({ status: 'received', ...until(receivedUntil) });
      if (left.length === 0) return;
      // What is left waits for its retry, or another process has leased it.
      if ((await workOnce(receivedUntil, left)) === 0) await pause(patience.nextMs());
      else patience.reset();
    }
  }

  /**
   * Works on all free buckets that have something due, together and in the order in which events came in: what an event
   * refers to came before it as a rule, in whichever bucket, so this way hardly anything has to wait.
   * Answers how many events were worked on. `left`: what was read of them just now.
   */
  async function workOnce(receivedUntil?: Date, left?: Glimpse[]): Promise<number> {
    if (deps.mayDecide?.() === false) return 0;
    const claims = await claim(await dueBuckets(receivedUntil, left));
    const started = performance.now();
    let worked = 0;
    try {
      if (claims.size > 0)
        worked = await workThrough({ ...dueNow(receivedUntil), bucket: { $in: [...claims.keys()] } });
    } finally {
      await Promise.all([...claims.values()].map((lease) => lease.release()));
    }
    if (worked > 0) deps.report?.({ kind: 'events-applied', count: worked, ms: performance.now() - started });
    return worked;
  }

  async function workThrough(due: mongo.Filter<StoredEvent>): Promise<number> {
    const cursor = events
      .find(due)
      .project<WithBody & DueEvent>(DUE_FIELDS)
      .sort({ nextAt: 1 })
      .limit(BATCHES_PER_CLAIM * eventsPerBatch)
      .batchSize(eventsPerBatch);
    const pipeline = createPipeline({ ...deps, deferred, outcomes });
    const read = async () => ((await cursor.hasNext()) ? legible(cursor.readBufferedDocuments()) : []);
    let reading = read();
    let worked = 0;
    try {
      for (let batch = await reading; batch.length > 0 && !stopped; batch = await reading) {
        // Read while this batch is worked on; a failure to read is reported in its own turn.
        reading = read();
        reading.catch(() => undefined);
        await pipeline.work(batch);
        worked += batch.length;
      }
    } finally {
      await Promise.allSettled([reading]);
      await cursor.close();
      await pipeline.done();
    }
    return worked;
  }

  async function legible(batch: (WithBody & DueEvent)[]): Promise<DueEvent[]> {
    const read = await bodies.read(batch);
    const locked = [...read.values()].flatMap((body) => (body.kind === 'locked' ? [body.secretId] : []));
    const keys = locked.length === 0 ? new Map() : await deps.keyring.locked.keysOf(locked);
    return batch.map((event) => {
      const body = read.get(event);
      const needsKey = body?.kind === 'locked' ? { needsKey: keys.get(body.secretId) ?? 'unknown' } : {};
      return { ...event, text: body?.kind === 'readable' ? body.text : null, ...needsKey };
    });
  }

  /**
   * Reads some events, which are all there are as a rule. Where there are more, it reads one of each bucket: listing
   * buckets by `distinct` reads everything that is due, however much.
   */
  async function dueBuckets(receivedUntil?: Date, left?: Glimpse[]): Promise<number[]> {
    const due = dueNow(receivedUntil);
    const found = left ?? (await some(due));
    if (found.length < SOME_EVENTS) {
      const now = realMilliseconds();
      return [...new Set(found.filter(({ nextAt }) => nextAt.getTime() <= now).map(({ bucket }) => bucket))];
    }
    const firsts = await Promise.all(
      Array.from({ length: BUCKETS }, (_, bucket) =>
        events.findOne({ ...due, bucket }, { projection: { _id: 0, bucket: 1 } }),
      ),
    );
    return firsts.flatMap((event) => event?.bucket ?? []);
  }

  function some(filter: mongo.Filter<StoredEvent>): Promise<Glimpse[]> {
    return events
      .find({ ...filter, bucket: ANY_BUCKET })
      .project<Glimpse>({ _id: 0, bucket: 1, nextAt: 1 })
      .limit(SOME_EVENTS)
      .toArray();
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

  /** Starts to work: woken by `nudge`, and by themselves every quarter of a second. */
  async function start(): Promise<void> {
    const keys = deps.keyring.locked.keyIds.map(payeeKeyName);
    await deferred.wake([...deps.handlers.map(({ type }) => handlerKey(type)), ...keys]);
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

  /** These things, as `kind:id`, exist now without an event of their own: events that wait for them are tried again. */
  async function wake(arrived: string[]): Promise<void> {
    await deferred.wake(arrived);
    nudge();
  }

  /** What an event of this type brings with this data, as `kind:id`; nothing where it cannot be applied. */
  function brings(type: string, data: unknown): string[] {
    const handler = deps.handlers.find((one) => one.type === type);
    if (handler === undefined) return [];
    const parsed = deps.catalogue.parseStored(type, data);
    return parsed.kind === 'known' ? handler.provides(parsed.data) : [];
  }

  /** Wakes whatever waits for something that is here. */
  async function repair(): Promise<void> {
    await deferred.repair();
    nudge();
  }

  /** Finishes the batch in hand and stops. */
  async function stop(): Promise<void> {
    stopped = true;
    bell.ring();
    await running;
  }

  const { revise, ignore, expireDeferred } = outcomes;
  return {
    drain,
    start,
    nudge,
    wake,
    repair,
    brings,
    stop,
    revise,
    ignore,
    expireDeferred,
    nextExpiry: deferred.nextExpiry,
    verify: deferred.verify,
  };
}

function until(receivedUntil: Date | undefined): mongo.Filter<StoredEvent> {
  return receivedUntil === undefined ? {} : { receivedAt: { $lte: receivedUntil } };
}

function dueNow(receivedUntil: Date | undefined): mongo.Filter<StoredEvent> {
  return { status: 'received', nextAt: { $lte: new Date(realMilliseconds()) }, ...until(receivedUntil) };
}
