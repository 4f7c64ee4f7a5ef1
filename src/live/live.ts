import { realMilliseconds } from '../kernel/clock.ts';
import { pause } from '../kernel/wait.ts';
import { type Change, gathered, TOPICS, wholeTopic } from './change.ts';
import { createReader, createSeen, type ReaderDeps } from './reader.ts';

/** What somebody is handed at once; `id` is where to go on from. */
export type Told = { id: string; changes: Change[] };

export type Live = ReturnType<typeof createLive>;

/** This many listen to one process at most. */
const MOST_LISTENERS = 200;
/** Real milliseconds between two looks. */
const LOOK_MS = 1_000;
/** From so long ago a listener can go on where it stopped, real milliseconds. */
const RESUME_MS = 300_000;
/** More subjects of a topic than these are told as the topic: whoever shows them reads the list anew. */
const MOST_SUBJECTS = 200;

/**
 * Tells listeners what has changed. One reader for the process, which looks while somebody listens; each change is told at least once,
 * and the same again does no harm. Changes read late, as after a trouble of the database, are told late and not left out.
 */
export function createLive(
  deps: ReaderDeps & {
    onError: (error: unknown) => void;
    mostListeners?: number | undefined;
    lookMs?: number | undefined;
  },
) {
  const { mostListeners = MOST_LISTENERS, lookMs = LOOK_MS, onError } = deps;
  const reader = createReader(deps);
  const listeners = new Map<(told: Told) => void, () => void>();
  let looking: Promise<void> | undefined;
  let resting = new AbortController();
  let isStopped = false;

  /**
   * Hands what changes from now on to `tell`, which must not wait, and first, where `lastId` is that of something told within five
   * minutes, what has changed since; after longer, that everything may have. `end` is called when the service stops. Null where too
   * many listen already, or the service stops. Answers what ends the listening.
   */
  function listen(tell: (told: Told) => void, end: () => void, lastId?: string): (() => void) | null {
    if (isStopped || listeners.size >= mostListeners) return null;
    listeners.set(tell, end);
    if (lastId !== undefined) resume(tell, lastId).catch(onError);
    looking ??= look();
    return () => {
      listeners.delete(tell);
      if (listeners.size === 0) resting.abort();
    };
  }

  async function resume(tell: (told: Told) => void, lastId: string): Promise<void> {
    const at = new Date(realMilliseconds());
    const since = new Date(Number(lastId));
    const isKnown = /^\d{1,15}$/.test(lastId) && at.getTime() - since.getTime() <= RESUME_MS;
    const missed = isKnown ? await reader.changesSince(since) : TOPICS.map((topic) => wholeTopic(topic, at));
    // Whether their states have changed meanwhile nobody remembers.
    const states = [wholeTopic('events', at), wholeTopic('webhooks', at)];
    if (listeners.has(tell)) tell({ id: idOf(at), changes: gathered([...missed, ...states], MOST_SUBJECTS) });
  }

  /** Looks until nobody listens any more. */
  async function look(): Promise<void> {
    const seen = createSeen();
    let since = new Date(realMilliseconds());
    let states: Awaited<ReturnType<typeof reader.states>> | undefined;
    while (listeners.size > 0) {
      try {
        const at = new Date(realMilliseconds());
        const [changes, now] = await Promise.all([reader.changesSince(since, seen), reader.states()]);
        const before = states ?? now;
        const moved = (['events', 'webhooks'] as const).filter((topic) => before[topic] !== now[topic]);
        tellAll(at, [...changes, ...moved.map((topic) => wholeTopic(topic, at))]);
        since = at;
        states = now;
      } catch (error) {
        onError(error);
      }
      await pause(lookMs, resting.signal);
      // Somebody may have come while the last one left.
      if (resting.signal.aborted) resting = new AbortController();
    }
    looking = undefined;
  }

  function tellAll(at: Date, changes: Change[]): void {
    if (changes.length === 0) return;
    const told = { id: idOf(at), changes: gathered(changes, MOST_SUBJECTS) };
    for (const tell of listeners.keys()) tell(told);
  }

  /** Ends all listening, and lets nobody begin. */
  async function stop(): Promise<void> {
    isStopped = true;
    for (const end of listeners.values()) end();
    listeners.clear();
    resting.abort();
    await looking;
  }

  return { listen, stop, now: () => idOf(new Date(realMilliseconds())) };
}

/** Where a listener goes on from: real time, which any process understands. */
function idOf(at: Date): string {
  return String(at.getTime());
}
