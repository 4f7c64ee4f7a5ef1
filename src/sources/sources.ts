import type { Catalogue } from '../events/catalogue.ts';
import { type AnyHandler, type Fact, handler } from '../events/handler.ts';
import type { AppliedChecks } from '../events/toldEvent.ts';
import type { Report } from '../kernel/activity.ts';
import { chunksOf } from '../kernel/group.ts';
import { type Made, madeEvents, madeId } from './made.ts';
import { createSlowMaps } from './slowMaps.ts';
import type { Received, Source } from './source.ts';

export type Sources = ReturnType<typeof createSources>;

/** As many as the inbox writes at once. */
const STORED_TOGETHER = 1_000;

/** So many events come of one as a rule: which it was is asked of all at once. */
const USUAL = [1, 2, 3, 4];

type Receive = (event: Made) => Promise<'accepted' | 'ignored' | 'duplicate' | 'conflict'>;

/** What becomes of the events of sources: mapped, and stored as events of the catalogue, each once. */
export function createSources(deps: {
  sources: readonly Source[];
  catalogue: Catalogue;
  /** Stores an event in the inbox. */
  receive: Receive;
  /** Of which of these events, by id, nothing came. */
  ignore: (eventIds: string[]) => Promise<void>;
  /** Which of these ids are used by events of the inbox. */
  existing: (eventIds: string[]) => Promise<Set<string>>;
  /** The ids of some of the events that were made of one. */
  madeOf: (eventId: string) => Promise<string[]>;
  report: Report;
}) {
  const slowMaps = createSlowMaps();
  const byName = new Map(deps.sources.map((source) => [source.name, source]));

  const sourceHandler: AnyHandler = handler<'source.received'>({
    type: 'source.received',
    refersTo: (data) => byName.get(data.source)?.waitsFor(data) ?? [],
    provides: (data) => byName.get(data.source)?.provides(data) ?? [],
    apply,
  });

  async function apply(facts: Fact<'source.received'>[]): Promise<Map<string, string>> {
    await slowMaps.finish(facts, ({ data }) => byName.get(data.source));
    const refused = new Map<string, string>();
    const made: [eventId: string, Made][] = [];
    const nothing: string[] = [];
    for (const fact of facts) {
      const events = await mapped(fact);
      if ('fault' in events) refused.set(fact.eventId, events.fault);
      else if (events.length === 0) nothing.push(fact.eventId);
      else made.push(...events.map((event): [string, Made] => [fact.eventId, event]));
      const outcome = 'fault' in events ? 'fault' : events.length === 0 ? 'not-ours' : 'mapped';
      deps.report({ kind: 'source-mapped', source: labelOf(fact.data), outcome });
    }
    for (const [eventId, id] of await storeAll(made)) {
      refused.set(eventId, `${id} was made of it before, with other content`);
    }
    await deps.ignore(nothing);
    return refused;
  }

  async function mapped(fact: Fact<'source.received'>): Promise<Made[] | { fault: string }> {
    const source = byName.get(fact.data.source);
    if (source === undefined) return { fault: `no source ${fact.data.source} is configured here` };
    const mapping = await (source.isSlow ? slowMaps.take(fact, source) : source.map(fact.data, fact.timestamp));
    if (mapping.kind === 'fault') return { fault: mapping.reason };
    return madeEvents(deps.catalogue, fact, mapping.events);
  }

  /** Answers those whose id is taken by other content, with the event that they were made of. */
  async function storeAll(made: [eventId: string, Made][]): Promise<[eventId: string, id: string][]> {
    const conflicts: [string, string][] = [];
    for (const some of chunksOf(made, STORED_TOGETHER)) {
      const receipts = await Promise.all(some.map(([, event]) => deps.receive(event)));
      for (const [index, [eventId, { id }]] of some.entries()) {
        if (receipts[index] === 'conflict') conflicts.push([eventId, id]);
      }
    }
    return conflicts;
  }

  /** A source that is gone from the configuration has no metric of its own: its name could be anybody's. */
  function labelOf({ source }: Received): string {
    return byName.has(source) ? source : 'unknown';
  }

  const applied: AppliedChecks = {
    'source.received': async (events) => {
      const firsts = await deps.existing(
        events.flatMap(({ eventId }) => USUAL.map((count) => madeId(eventId, 1, count))),
      );
      const wanted = new Map<string, string[]>();
      for (const { eventId } of events) {
        const count = USUAL.find((one) => firsts.has(madeId(eventId, 1, one))) ?? (await countOf(eventId));
        wanted.set(
          eventId,
          Array.from({ length: Math.max(count, 1) }, (_, index) => madeId(eventId, index + 1, count)),
        );
      }
      const there = await deps.existing([...wanted.values()].flat());
      const lacking = [...wanted].filter(([, ids]) => !ids.every((id) => there.has(id)));
      return lacking.map(([eventId]) => `events/${eventId}: it was mapped, and not all that was made of it is there`);
    },
  };

  /** How many events were made of one, as their ids say; 0 where there is none. */
  async function countOf(eventId: string): Promise<number> {
    const [some] = await deps.madeOf(eventId);
    return some === undefined ? 0 : Number(some.slice(some.lastIndexOf(':') + 1));
  }

  async function close(): Promise<void> {
    await Promise.all(deps.sources.map((source) => source.close()));
  }

  return { list: deps.sources, handler: sourceHandler, verification: { applied }, close };
}
