import { BrokenInvariant } from '../kernel/errors.ts';
import { canonicalJson } from '../kernel/json.ts';
import type { SealSource } from '../seals/source.ts';
import { type Change, wholeTopic } from './change.ts';
import { FEEDS } from './feeds.ts';

/** Clocks of processes may be apart, and a write is seen later than its time: each look goes back so far, in real milliseconds. */
const OVERLAP_MS = 15_000;
/** This many documents of a feed are looked at; of more only the topic is told. */
export const MOST_WRITTEN = 5_000;

export type ReaderDeps = {
  sources: readonly Pick<SealSource, 'name' | 'fieldsAfter'>[];
  /** What has a state that no document of its own says: how many there are in each. */
  counts: { events: () => Promise<object>; webhooks: () => Promise<object> };
  /** The model and the marketer of each order. */
  partiesOf: (orderIds: string[]) => Promise<Map<string, string[]>>;
  /** Most documents of a feed that a look takes. */
  mostWritten?: number | undefined;
};

/**
 * Reads what has changed since an instant from what is stored: any process reads the same, whichever made the change, and after a
 * restart too. Each look is one step along an index for each feed.
 */
export function createReader({ sources, counts, partiesOf, mostWritten = MOST_WRITTEN }: ReaderDeps) {
  const feeds = Object.entries(FEEDS).map(([name, feed]) => {
    const source = sources.find((one) => one.name === name);
    if (source === undefined) throw new BrokenInvariant(`nothing is called ${name} that is written in order`);
    return { source, ...feed };
  });

  /** The changes written since an instant of real time, but for those in `seen`, which remembers what was read. */
  async function changesSince(since: Date, seen: Seen = createSeen()): Promise<Change[]> {
    const after = new Date(since.getTime() - OVERLAP_MS);
    const found = await Promise.all(
      feeds.map(async ({ source, fields, topics, changesOf }) => {
        const written = await source.fieldsAfter(after, fields, mostWritten);
        const fresh = written.filter(({ id, at }) => seen.isNew(`${source.name} ${id}`, at));
        const last = written.at(-1)?.at;
        if (written.length === mostWritten && last !== undefined) return topics.map((topic) => wholeTopic(topic, last));
        return fresh.flatMap(changesOf);
      }),
    );
    seen.forgetBefore(after);
    return withParties(found.flat());
  }

  /** Of a change of an order, or its fans, that does not say whose it is. */
  async function withParties(changes: Change[]): Promise<Change[]> {
    const unknown = changes.filter(({ about, subject }) => about.length === 0 && subject.startsWith(ORDER));
    if (unknown.length === 0) return changes;
    const parties = await partiesOf([...new Set(unknown.map(({ subject }) => subject.slice(ORDER.length)))]);
    return changes.map((change) => {
      const about = change.about.length === 0 ? parties.get(change.subject.slice(ORDER.length)) : undefined;
      return about === undefined || !change.subject.startsWith(ORDER) ? change : { ...change, about };
    });
  }

  /** A text that is another one when the states of events, or of webhooks, have changed. */
  async function states(): Promise<Record<'events' | 'webhooks', string>> {
    const [events, webhooks] = await Promise.all([counts.events(), counts.webhooks()]);
    return { events: canonicalJson(events), webhooks: canonicalJson(webhooks) };
  }

  return { changesSince, states };
}

export type Reader = ReturnType<typeof createReader>;

const ORDER = 'order:';

/** What was read already, for as long as it can be read again. */
export function createSeen() {
  const keys = new Map<string, Date>();
  return {
    isNew: (key: string, at: Date): boolean => {
      if (keys.has(key)) return false;
      keys.set(key, at);
      return true;
    },
    forgetBefore: (instant: Date): void => {
      for (const [key, at] of keys) if (at <= instant) keys.delete(key);
    },
  };
}

export type Seen = ReturnType<typeof createSeen>;
