import type { mongo } from 'mongoose';
import { updateEvery } from '../database/everyDocument.ts';
import { isDatabaseTrouble } from '../database/trouble.ts';
import type { Catalogue, EventType } from '../events/catalogue.ts';
import { type AnyHandler, type Fact, NotYet, type Requirement, type Revision, SomeNotYet } from '../events/handler.ts';
import type { JobResult } from '../kernel/activity.ts';
import { type Clock, realMilliseconds } from '../kernel/clock.ts';
import { messageOf } from '../kernel/errors.ts';
import { groupBy } from '../kernel/group.ts';
import { shorten } from '../kernel/text.ts';
import { type DeferredEvents, payeeKeyName } from './deferred.ts';
import type { DueEvent, EventState, QuarantineReason, StoredEvent } from './store.ts';

/** Real milliseconds before the second, third, ... try of an event that failed. */
const RETRY_MS = [50, 100, 200, 400];
const NOT_YET_MS = 100;

const APPLIED = {
  $set: { status: 'applied' },
  $unset: { error: '', errorCode: '', waitsFor: '', waitingSince: '', dismissed: '' },
} as const;
/** For events without a lasting error: it costs less. */
const APPLIED_AT_ONCE = { $set: { status: 'applied' } } as const;

/** Events with their facts. */
export type Ready = [DueEvent, Fact<EventType>][];

export type EventOutcomes = ReturnType<typeof createOutcomes>;

/**
 * Decides the outcome of events: one that refers to something not known yet waits for it; one that fails is tried
 * `attempts` times and then quarantined, without holding up another.
 */
export function createOutcomes(deps: {
  events: mongo.Collection<StoredEvent>;
  deferred: DeferredEvents;
  clock: Clock;
  catalogue: Catalogue;
  attempts: number;
  onQuarantined: (
    events: { eventId: string; type: string; replays: number; error: string }[],
    now: Date,
  ) => Promise<void>;
  onError: (error: unknown) => void;
}) {
  const { events, deferred } = deps;

  /** The facts of those events that are valid, refer to nothing that is missing and have what they require. */
  async function readyOf(handler: AnyHandler, batch: DueEvent[]): Promise<Ready> {
    const facts = new Map<DueEvent, Fact<EventType>>();
    const locked = batch.flatMap((event): [DueEvent, string[]][] =>
      event.needsKey === undefined ? [] : [[event, [payeeKeyName(event.needsKey)]]],
    );
    if (locked.length > 0) await deferred.defer(locked);
    for (const event of batch) {
      if (event.needsKey !== undefined) continue;
      if (event.text === null) {
        await quarantine('body_unreadable', [[event, 'its body cannot be read any more']]);
        continue;
      }
      const parsed = deps.catalogue.parseStored(event.type, JSON.parse(event.text).data);
      if (parsed.kind === 'known') {
        const { _id: eventId, timestamp, arrivedAt = event.receivedAt } = event;
        facts.set(event, { eventId, timestamp, arrivedAt, data: parsed.data });
      } else await quarantine('data_not_valid', [[event, `its data is not valid: ${JSON.stringify(parsed)}`]]);
    }
    const early = await missingReferences(handler, facts);
    if (early.size > 0) await deferred.defer([...early]);
    const ready: Ready = [...facts].filter(([event]) => !early.has(event));
    const lacking = await missingRequirements(handler, ready);
    if (lacking.size > 0) await quarantineUntil([...lacking]);
    return ready.filter(([event]) => !lacking.has(event));
  }

  /** Quarantines events that go on by themselves once they have what they lack. */
  async function quarantineUntil(lacking: [DueEvent, Requirement[]][]): Promise<void> {
    const still = await deferred.awaitQuarantined(
      lacking.map(([event, lacks]) => [event, lacks.map(({ key }) => key)]),
    );
    const bad = lacking.filter(([event]) => still.has(event._id));
    if (bad.length === 0) return;
    await quarantine(
      'requirement_missing',
      bad.map(([event, [first]]) => [event, first?.reason ?? '']),
    );
  }

  /** Marks events whose facts have taken effect. */
  async function markApplied(applied: DueEvent[]): Promise<void> {
    const groups = groupBy(applied, ({ error, waitingSince }) => error === undefined && waitingSince === undefined);
    for (const [isClean, group] of groups) {
      const ids = group.map(({ _id }) => _id);
      await events.updateMany({ _id: { $in: ids }, status: 'received' }, isClean ? APPLIED_AT_ONCE : APPLIED);
    }
  }

  /** Hands facts to their slice together; when that fails, half by half, so that a bad one harms no other. */
  async function tryTogether(work: AnyHandler['apply'], ready: Ready): Promise<Ready> {
    if (ready.length === 0) return [];
    try {
      const refused = await work(
        ready.map(([, fact]) => fact),
        deps.clock.now(),
      );
      const bad = ready.filter(([event]) => refused.has(event._id));
      if (bad.length > 0)
        await quarantine(
          'fact_refused',
          bad.map(([event]) => [event, refused.get(event._id) ?? '']),
        );
      return ready.filter(([event]) => !refused.has(event._id));
    } catch (error) {
      if (isDatabaseTrouble(error)) throw error;
      if (error instanceof SomeNotYet) {
        const { eventIds, afterMs } = error;
        const isEarly = ([{ _id }]: Ready[number]) => eventIds.has(_id);
        await later(ready.filter(isEarly), afterMs);
        return tryTogether(
          work,
          ready.filter((one) => !isEarly(one)),
        );
      }
      if (error instanceof NotYet) {
        await later(ready, NOT_YET_MS);
        return [];
      }
      if (ready.length === 1) {
        await failed(ready, error);
        return [];
      }
      const middle = ready.length >> 1;
      const good = await tryTogether(work, ready.slice(0, middle));
      return [...good, ...(await tryTogether(work, ready.slice(middle)))];
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
    const reason = errorOf(messageOf(error));
    if (attempts >= deps.attempts) return quarantine('attempts_failed', [[event, reason]]);
    const nextAt = new Date(realMilliseconds() + (RETRY_MS[attempts - 1] ?? 400));
    await events.updateOne({ _id: event._id }, { $set: { attempts, nextAt, error: reason } });
  }

  /** Which events refer to something not known yet, with the keys of what they wait for. */
  async function missingReferences(
    handler: AnyHandler,
    facts: Map<DueEvent, Fact<EventType>>,
  ): Promise<Map<DueEvent, string[]>> {
    const references = new Map([...facts].map(([event, fact]) => [event, handler.refersTo(fact.data)]));
    const known = await deferred.known([...references.values()].flat());
    const missing = new Map<DueEvent, string[]>();
    for (const [event, keys] of references) {
      const absent = keys.filter((key) => !known.has(key));
      if (absent.length > 0) missing.set(event, absent);
    }
    return missing;
  }

  async function missingRequirements(handler: AnyHandler, ready: Ready): Promise<Map<DueEvent, Requirement[]>> {
    const { requires } = handler;
    if (requires === undefined) return new Map();
    const required = ready.map(([event, fact]) => [event, requires(fact.data)] as const);
    const known = await deferred.known(required.flatMap(([, all]) => all.map(({ key }) => key)));
    const lacking = required.map(([event, all]) => [event, all.filter(({ key }) => !known.has(key))] as const);
    return new Map(lacking.filter(([, lacks]) => lacks.length > 0));
  }

  /** Only from the states that the decision was made on: another process may have learned more since. */
  async function quarantine(
    errorCode: QuarantineReason,
    reasons: [Pick<StoredEvent, '_id' | 'type' | 'replays'>, string][],
    from: EventState[] = ['received'],
  ): Promise<void> {
    const bad = reasons.map(([event, reason]) => [event, errorOf(reason)] as const);
    await deps.onQuarantined(
      bad.map(([event, error]) => ({ eventId: event._id, type: event.type, replays: event.replays ?? 0, error })),
      deps.clock.now(),
    );
    await events.bulkWrite(
      bad.map(([event, error]) => ({
        updateOne: {
          filter: { _id: event._id, status: { $in: from } },
          update: { $set: { status: 'quarantined', error, errorCode }, $inc: { attempts: 1 } },
        },
      })),
      { ordered: false },
    );
  }

  /**
   * A fact can rule out another that was applied, or make room for one that was refused, when it is earlier by its own
   * date: the events of these show it from now on, also one that another process is working on and has not marked yet,
   * and one that was dismissed: its fact is stored, and holds.
   */
  async function revise({ refused, holding }: Revision): Promise<void> {
    const wrong = {
      _id: { $in: [...refused.keys()] },
      status: { $in: ['received', 'applied'] satisfies EventState[] },
    };
    const stored = await events.find(wrong).toArray();
    const bad = stored.map((event): [StoredEvent, string] => [event, refused.get(event._id) ?? '']);
    if (bad.length > 0) await quarantine('fact_refused', bad, ['received', 'applied']);
    const from = { status: { $in: ['received', 'quarantined'] satisfies EventState[] } };
    const shown = { _id: { $in: holding }, $or: [from, { dismissed: { $exists: true } }] };
    await updateEvery(events, shown, APPLIED);
  }

  /** Nothing comes of these, which are being worked on: they count as ignored, and can be replayed. */
  async function ignore(eventIds: string[]): Promise<void> {
    const unset = { error: '', errorCode: '', waitsFor: '', waitingSince: '' } as const;
    const inHand = { _id: { $in: eventIds }, status: 'received' as const };
    await events.updateMany(inHand, { $set: { status: 'ignored' }, $unset: unset });
  }

  /** Quarantines what has waited too long at `now`, a batch at most; what it waits for still wakes it. */
  async function expireDeferred(now: Date): Promise<JobResult> {
    const expired = await deferred.expired(now);
    if (expired.length > 0) await quarantine('waited_too_long', expired, ['waiting']);
    return { count: expired.length };
  }

  return { readyOf, tryTogether, markApplied, revise, ignore, expireDeferred };
}

/** Reasons quote what a sender wrote, and stand in lists and notices: a long one is cut. */
function errorOf(reason: string): string {
  return shorten(reason, ERROR_LENGTH);
}

const ERROR_LENGTH = 1_000;
