import { LRUCache } from 'lru-cache';

import { type Fact, SomeNotYet } from '../events/handler.ts';
import { waitAtMost } from '../kernel/wait.ts';
import type { Mapping, Source } from './source.ts';

/** So many maps are at work, or have just been; what is forgotten is mapped again. */
const MOST_UNDER_WAY = 1_000;
const FORGOTTEN_MS = 10 * 60_000;
/** So long a batch of events waits for its slow maps, and so long until those are asked for again that were not done. */
const PATIENCE_MS = 250;
const AGAIN_MS = 500;

type Received = Fact<'source.received'>;

/** Maps that can take long: what was begun goes on while other events are applied, and those of no other source wait. */
export function createSlowMaps() {
  const underWay = new LRUCache<string, Promise<Mapping>>({ max: MOST_UNDER_WAY, ttl: FORGOTTEN_MS });

  /** Waits a little for all of these. Throws SomeNotYet for those whose maps are still at work. */
  async function finish(facts: Received[], sourceOf: (fact: Received) => Source | undefined): Promise<void> {
    const slow = facts.flatMap((fact) => {
      const source = sourceOf(fact);
      return source?.isSlow === true ? [{ fact, source }] : [];
    });
    const left = new Set(slow.map(({ fact }) => fact.eventId));
    const running = slow.slice(0, MOST_UNDER_WAY).map(async ({ fact, source }) => {
      await Promise.allSettled([begin(fact, source)]);
      left.delete(fact.eventId);
    });
    await waitAtMost(Promise.all(running), PATIENCE_MS);
    if (left.size > 0) throw new SomeNotYet(left, AGAIN_MS);
  }

  /** What came of one; it is begun now, where it was not. */
  async function take(fact: Received, source: Source): Promise<Mapping> {
    const mapping = begin(fact, source);
    underWay.delete(fact.eventId);
    return mapping;
  }

  function begin({ eventId, data, timestamp }: Received, source: Source): Promise<Mapping> {
    const before = underWay.get(eventId);
    if (before !== undefined) return before;
    const running = source.map(data, timestamp);
    // Whoever takes it hears of its failure.
    running.catch(() => undefined);
    underWay.set(eventId, running);
    return running;
  }

  return { finish, take };
}
