import type { mongo } from 'mongoose';
import { updateEvery } from '../database/everyDocument.ts';
import type { Clock } from '../kernel/clock.ts';
import { chunksOf, inBatches } from '../kernel/group.ts';
import type { DueEvent, StoredEvent } from './store.ts';

const BATCH = 1_000;
const LONG_AGO = new Date(0);

/** Which of these ids are known, by kind: `account`, `campaign`, ... */
export type Exists = Record<string, (ids: string[]) => Promise<Set<string>>>;

type ExpiredEvent = Pick<StoredEvent, '_id' | 'type' | 'replays' | 'waitsFor'>;

export type DeferredEvents = ReturnType<typeof createDeferredEvents>;

/**
 * Events that refer to something not known yet (docs/integration.md): they wait under the keys of what they wait for,
 * `kind:id`, and are tried again when that arrives, also from quarantine.
 */
export function createDeferredEvents(deps: {
  events: mongo.Collection<StoredEvent>;
  clock: Clock;
  exists: Exists;
  waitDays: number;
}) {
  const { events } = deps;
  const waitMs = deps.waitDays * 86_400_000;

  /** Of these keys, those of things that are known. */
  async function known(keys: string[]): Promise<Set<string>> {
    const found = await Promise.all(
      [...idsByKind(keys)].map(async ([kind, ids]) => {
        const there = (await deps.exists[kind]?.([...ids])) ?? [];
        return [...there].map((id) => `${kind}:${id}`);
      }),
    );
    return new Set(found.flat());
  }

  /** Defers events. */
  async function defer(deferred: [DueEvent, string[]][]): Promise<void> {
    const now = deps.clock.now();
    // An event that was quarantined for waiting keeps its date: it is tried again, but gets no new time to wait.
    const without = await announceWait(deferred, ({ waitingSince = now }) => ({ waitingSince }));
    await events.updateMany(without, { $set: { status: 'waiting' } });
  }

  /** Names what events lack that are not to wait for it; answers the ids of those that still lack it. */
  async function awaitQuarantined(lacking: [DueEvent, string[]][]): Promise<Set<string>> {
    const found = await events.find(await announceWait(lacking, () => ({})), { projection: { _id: 1 } }).toArray();
    return new Set(found.map(({ _id }) => _id));
  }

  /**
   * The keys of what events wait for are stored first, while they still count as received; then the keys are checked once
   * more, because that may have come meanwhile without seeing them. So at no instant does an event wait for something that
   * is here. Answers which still wait, as a filter.
   */
  async function announceWait(waiting: [DueEvent, string[]][], more: (event: DueEvent) => Partial<StoredEvent>) {
    await events.bulkWrite(
      waiting.map(([event, waitsFor]) => ({
        updateOne: { filter: { _id: event._id }, update: { $set: { waitsFor, ...more(event) } } },
      })),
      { ordered: false },
    );
    await wake([...(await known(waiting.flatMap(([, keys]) => keys)))]);
    const ids = waiting.map(([event]) => event._id);
    return { _id: { $in: ids }, status: 'received' as const, waitsFor: { $exists: true } };
  }

  /** These things have arrived: events that wait for one of them are tried again. */
  async function wake(arrived: string[]): Promise<void> {
    for (const keys of chunksOf(arrived, BATCH)) {
      await updateEvery(
        events,
        {
          waitsFor: { $in: keys },
          status: { $in: ['received', 'waiting', 'quarantined'] },
        },
        {
          // Before everything else that is due: other events may be waiting for these in turn.
          $set: { status: 'received', nextAt: LONG_AGO, arrivedAt: deps.clock.now() },
          $unset: { error: '', errorCode: '', waitsFor: '' },
        },
      );
    }
  }

  /** Events that have waited for `waitDays` at `now`, with the error to store; at most a batch, without what they say. */
  async function expired(now: Date): Promise<[ExpiredEvent, string][]> {
    const found = await events
      .find({ status: 'waiting', waitingSince: { $lte: new Date(now.getTime() - waitMs) }, waitsFor: NOT_A_HANDLER })
      .project<ExpiredEvent>({ type: 1, replays: 1, waitsFor: 1 })
      .limit(BATCH)
      .toArray();
    return found.map((event) => [
      event,
      `waits since ${deps.waitDays} days for ${(event.waitsFor ?? []).join(', ')}, which has not arrived`,
    ]);
  }

  /** When the next waiting event will have waited too long, or null. */
  async function nextExpiry(): Promise<Date | null> {
    const [oldest] = await events
      .find({ status: 'waiting', waitsFor: NOT_A_HANDLER }, { projection: { waitingSince: 1 } })
      .sort({ waitingSince: 1 })
      .limit(1)
      .toArray();
    return oldest?.waitingSince === undefined ? null : new Date(oldest.waitingSince.getTime() + waitMs);
  }

  /**
   * Asks again what events wait for, and wakes those whose things are here. Nothing ought to be left to find; what is here
   * was told by another event, or in another process, that may have been cut off before it woke anybody.
   */
  async function repair(): Promise<void> {
    for await (const { here } of waitingBatches()) await wake([...here]);
  }

  /** A line for each event that waits for something that is here. */
  async function verify(): Promise<string[]> {
    const lines: string[] = [];
    for await (const { batch, here } of waitingBatches()) {
      const lost = batch.flatMap(({ _id, waitsFor }) =>
        waitsFor.filter((key) => here.has(key)).map((key) => ({ _id, key })),
      );
      lines.push(...lost.map(({ _id, key }) => `events/${_id}: it waits for ${key}, which is here`));
    }
    return lines;
  }

  async function* waitingBatches() {
    const waiting = events
      .find({ waitsFor: { $exists: true }, status: { $in: ['waiting', 'quarantined'] } })
      .project<{ _id: string; waitsFor: string[] }>({ waitsFor: 1 });
    for await (const batch of inBatches(waiting, BATCH)) {
      yield { batch, here: await known([...new Set(batch.flatMap(({ waitsFor }) => waitsFor))]) };
    }
  }

  return { known, defer, awaitQuarantined, wake, expired, nextExpiry, repair, verify };
}

/** An event whose type has no handler yet waits without an end. */
export function handlerKey(type: string): string {
  return `handler:${type}`;
}

/** An event that only a key of the environment opens waits until that is named; the id of a key tells nothing of it. */
export const PAYEE_KEY = 'payeeKey';
export function payeeKeyName(keyId: string): string {
  return `${PAYEE_KEY}:${keyId}`;
}

const NOT_A_HANDLER = { $not: /^handler:/ };

function idsByKind(keys: string[]): Map<string, Set<string>> {
  const byKind = new Map<string, Set<string>>();
  for (const key of keys) {
    const kind = key.slice(0, key.indexOf(':'));
    const ids = byKind.get(kind) ?? new Set();
    byKind.set(kind, ids.add(key.slice(kind.length + 1)));
  }
  return byKind;
}
