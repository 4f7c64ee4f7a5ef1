import type { Reach } from './seal.ts';
import type { Sealed, SealSource } from './source.ts';
import type { SealedPart, SealStore, StoredSeal } from './store.ts';

/** This many documents of a source are sealed together, and a few more where one millisecond has many. */
export const LARGEST_PART = 5_000;
/** How far behind the last seal something may land and still be sealed: as long as a process can reasonably be frozen. */
export const LATE_MS = 3_600_000;
const START = new Date(0);

/** What of a source is to be sealed next; `more`: there was more than one seal takes. */
export type Collected = { source: SealSource; documents: Sealed[]; late: Sealed[]; reach: Reach; more: boolean };

/** Whether anything of a source is not sealed yet, but for what lands late: that goes with the next. */
export async function isPending(source: SealSource, reached: Reach | undefined): Promise<boolean> {
  if (reached !== undefined && 'at' in reached) return source.hasWrittenAfter(reached.at);
  return (await source.undated(reached?.after ?? '', 1)).length > 0 || source.hasWrittenAfter(START);
}

/** What of a source is not sealed yet, from where the seals reach. `recent`: the last seals. */
export async function collect(
  store: SealStore,
  source: SealSource,
  reached: Reach | undefined,
  recent: RecentSeals,
): Promise<Collected> {
  if (reached === undefined || 'after' in reached) {
    const documents = await source.undated(reached?.after ?? '', LARGEST_PART);
    const last = documents.at(-1);
    if (last !== undefined) return { source, documents, late: [], reach: { after: last.id }, more: true };
  }
  const from = reached !== undefined && 'at' in reached ? reached.at : START;
  const late = await lateOf(store, source, from, recent);
  const documents = await source.writtenAfter(from, LARGEST_PART);
  const at = documents.at(-1)?.insertedAt ?? from;
  return { source, documents, late, reach: { at }, more: documents.length >= LARGEST_PART };
}

/**
 * What was written within an hour before `until` and is in no seal: its process was slow, or its clock is behind.
 * Counted first, because nearly always there is nothing.
 */
async function lateOf(store: SealStore, source: SealSource, until: Date, seals: RecentSeals): Promise<Sealed[]> {
  const { after, from, count } = await recentlySealed(seals, source.name, until);
  const span = { after, until };
  if ((await source.countWithin(span)) === count) return [];
  const sealed = new Set<string>();
  for await (const { parts } of store.find({ _id: { $gte: from } }, { projection: { parts: 1 } }).batchSize(10)) {
    for (const id of parts.find((part) => part.source === source.name)?.ids ?? []) sealed.add(id);
  }
  // What lies further behind is named by `verify`, however young the seals are.
  const within = { after: new Date(Math.max(after.getTime(), until.getTime() - LATE_MS)), until };
  return source.byIds((await source.idsWithin(within)).filter((id) => !sealed.has(id)));
}

/** The seals, newest first, without their documents; whoever asks second gets what was read already. */
export type RecentSeals = { newestFirst(): AsyncGenerator<SealSummary>; close(): Promise<void> };

type SealSummary = Pick<StoredSeal, '_id' | 'counts' | 'reach'> & { parts: Pick<SealedPart, 'source' | 'late'>[] };

export function recentSealsOf(store: SealStore): RecentSeals {
  const projection = { counts: 1, reach: 1, 'parts.source': 1, 'parts.late': 1 } as const;
  const unread = store.find({}, { projection, sort: { _id: -1 } }).batchSize(20);
  const read: SealSummary[] = [];

  async function* newestFirst(): AsyncGenerator<SealSummary> {
    for (let index = 0; ; index += 1) {
      const next: SealSummary | null = read[index] ?? (await unread.next());
      if (next === null) return;
      read[index] = next;
      yield next;
    }
  }

  return { newestFirst, close: () => unread.close() };
}

type Recent = {
  /** Where an earlier seal reached, an hour before at least. */
  after: Date;
  /** The first seal that reached further. */
  from: number;
  /** How many documents these seals have that were written after `after`. */
  count: number;
};

async function recentlySealed(seals: RecentSeals, source: string, until: Date): Promise<Recent> {
  const recent: Recent = { after: START, from: 1, count: 0 };
  const late: number[] = [];
  for await (const seal of seals.newestFirst()) {
    const reach = seal.reach[source];
    // From there on back there are documents without a time.
    if (reach === undefined || 'after' in reach) break;
    if (until.getTime() - reach.at.getTime() >= LATE_MS) {
      recent.after = reach.at;
      break;
    }
    recent.from = seal._id;
    recent.count += seal.counts[source] ?? 0;
    late.push(...(seal.parts.find((part) => part.source === source)?.late ?? []));
  }
  // What lay behind these seals when they were made is not in the span that they are compared with.
  recent.count -= late.filter((at) => at <= recent.after.getTime()).length;
  return recent;
}
