import { unlessDuplicate } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import { groupBy } from '../kernel/group.ts';
import { type Collected, collect, recentSealsOf } from './collect.ts';
import { type Days, rootsOf } from './days.ts';
import { type SealGroup, treeLeavesOf } from './group.ts';
import { leafHash } from './leaf.ts';
import { rootOf } from './merkle.ts';
import { dayRootOf, daysRootOf, headerHash, macOf, type SealHeader, type SealKey, sealDayOf } from './seal.ts';
import type { Sealed, SealSource } from './source.ts';
import { packed, type SealHead, type SealStore, type StoredSeal, WITHOUT_PARTS } from './store.ts';

type Deps = {
  store: SealStore;
  sources: readonly SealSource[];
  days: Days;
  /** What lies long behind the seals and was admitted: by the names of the sources. */
  admitted: (sources: readonly SealSource[]) => Promise<Map<string, Sealed[]>>;
};

/** A seal that was made; `more`: there is more to seal than it took. */
export type Made = { seal: SealHead; more: boolean };

/**
 * Seals what was written since the last seal, as much as one takes; null when there is nothing, or when another process
 * makes this seal. The first seal of a day is made even of nothing: with it the day before has its last. One insert, whose
 * number decides: a seal is there as a whole or not at all.
 */
export async function makeSeal(deps: Deps, key: SealKey, now: Date): Promise<Made | null> {
  const { store } = deps;
  const last = await lastSeal(store);
  const collected = await collectAll(deps, last);
  const ordered = collected.map(inOrder).filter(({ documents }) => documents.length > 0);
  if (ordered.length === 0 && (last === null || last.day >= sealDayOf(now))) return null;
  const parts = ordered.map(partOf);
  const groups: SealGroup[] = [];
  for (const one of ordered) groups.push(...(await groupsOf(store, one)));
  const header = await nextHeader(deps, last, {
    root: rootOf(treeLeavesOf(parts, groups)).toString('base64url'),
    counts: Object.fromEntries(parts.map(({ source, ids }) => [source, ids.length])),
    reach: Object.fromEntries(collected.map(({ source, reach }) => [source.name, reach])),
    now,
  });
  const hash = headerHash(header);
  const { number, ...rest } = header;
  const head = { _id: number, ...rest, hash, keyId: key.id, mac: macOf(hash, key) };
  const stored = parts.map(({ leaves, ...part }) => ({ ...part, hashes: packed(leaves) }));
  const seal: StoredSeal = { ...head, parts: stored, groups };
  if ((await unlessDuplicate(store.insertOne(seal, durable(store)))) === null) return null;
  return { seal: head, more: collected.some(({ more }) => more) };
}

async function collectAll({ store, sources, admitted }: Deps, last: SealHead | null): Promise<Collected[]> {
  const waiting = await admitted(sources);
  const recent = recentSealsOf(store);
  const collected: Collected[] = [];
  try {
    for (const source of sources) {
      const found = await collect(store, source, last?.reach[source.name], recent);
      const known = new Set([...found.documents, ...found.late].map(({ id }) => id));
      const more = (waiting.get(source.name) ?? []).filter(({ id }) => !known.has(id));
      collected.push({ ...found, late: [...found.late, ...more] });
    }
    return collected;
  } finally {
    await recent.close();
  }
}

export async function lastSeal(store: SealStore): Promise<SealHead | null> {
  return store.findOne({}, { sort: { _id: -1 }, projection: WITHOUT_PARTS });
}

async function nextHeader(
  { store, days }: Deps,
  last: SealHead | null,
  { now, root, counts, reach }: Pick<SealHeader, 'root' | 'counts' | 'reach'> & { now: Date },
): Promise<SealHeader> {
  // A clock that was set back does not take the chain back.
  const at = last !== null && last.at > now ? last.at : now;
  const day = sealDayOf(at);
  const goesOn = last?.day === day ? last : null;
  const today = goesOn === null ? [] : await rootsOf(store, day);
  return {
    ...{ number: (last?._id ?? 0) + 1, previous: last?.hash ?? null, at, day, root, counts, reach },
    dayRoot: dayRootOf([...today, root]),
    daysRoot: goesOn?.daysRoot ?? daysRootOf((await days.before(day)).map((one) => one.hash)),
  };
}

type Ordered = { source: SealSource; documents: Sealed[]; late: Sealed[] };

/** In the order of its leaves: those of a group stand together. */
function inOrder({ source, documents, late }: Collected): Ordered {
  const all = [...documents, ...late];
  const { groupOf } = source;
  return { source, late, documents: groupOf === null ? all : [...groupBy(all, groupOf).values()].flat() };
}

function partOf({ source, documents, late }: Ordered) {
  return {
    source: source.name,
    ids: documents.map(({ id }) => id),
    leaves: documents.map(({ id, content }) => leafHash(source.name, id, content)),
    late: late.map(({ insertedAt }) => insertedAt?.getTime() ?? 0),
  };
}

/** The groups that the documents are of, each after what the seals before have of it. */
async function groupsOf(store: SealStore, { source, documents }: Ordered): Promise<SealGroup[]> {
  if (source.groupOf === null) return [];
  const groups: SealGroup[] = [];
  for (const [key, members] of groupBy(documents, source.groupOf)) {
    groups.push({
      source: source.name,
      key,
      before: await sealedSoFar(store, source.name, key),
      count: members.length,
    });
  }
  return groups;
}

async function sealedSoFar(store: SealStore, source: string, key: string): Promise<number> {
  const last = await store.findOne({ 'groups.key': key }, { sort: { _id: -1 }, projection: { groups: 1 } });
  const group = last?.groups.find((one) => one.source === source && one.key === key);
  return group === undefined ? 0 : group.before + group.count;
}
