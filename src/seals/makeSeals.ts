import { unlessDuplicate } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import type { Calendar } from '../kernel/calendar.ts';
import { type Collected, collect } from './collect.ts';
import { leafHash } from './leaf.ts';
import { rootOf } from './merkle.ts';
import { dayRootOf, headerHash, macOf, type SealHeader, type SealKey } from './seal.ts';
import type { Sealed, SealSource } from './source.ts';
import { packed, type SealedPart, type SealHead, type SealStore, type StoredSeal } from './store.ts';

type Deps = { store: SealStore; sources: readonly SealSource[]; calendar: Pick<Calendar, 'dayOf'> };

/** A seal that was made; `more`: there is more to seal than it took. */
export type Made = { seal: SealHead; more: boolean };

/**
 * Seals what was written since the last seal, as much as one takes; null when there is nothing, or when another process
 * makes this seal. One insert, whose number decides: a seal is there as a whole or not at all.
 */
export async function makeSeal(deps: Deps, key: SealKey, now: Date): Promise<Made | null> {
  const { store, sources } = deps;
  const last = await lastSeal(store);
  const collected: Collected[] = [];
  for (const source of sources) collected.push(await collect(store, source, last?.reach[source.name]));
  const parts = collected.map(partOf).filter(({ ids }) => ids.length > 0);
  if (parts.length === 0) return null;
  const leaves = parts.flatMap(({ leafHashes }) => leafHashes);
  const header = await nextHeader(deps, last, {
    root: rootOf(leaves).toString('base64url'),
    counts: Object.fromEntries(parts.map(({ source, ids }) => [source, ids.length])),
    reach: Object.fromEntries(collected.map(({ source, reach }) => [source.name, reach])),
    now,
  });
  const hash = headerHash(header);
  const { number, ...rest } = header;
  const head = { _id: number, ...rest, hash, keyId: key.id, mac: macOf(hash, key) };
  const seal: StoredSeal = { ...head, parts: parts.map(({ leafHashes: _, ...part }) => part) };
  if ((await unlessDuplicate(store.insertOne(seal, durable(store)))) === null) return null;
  return { seal: head, more: collected.some(({ more }) => more) };
}

const WITHOUT_PARTS = { parts: 0 } as const;

export async function lastSeal(store: SealStore): Promise<SealHead | null> {
  return store.findOne({}, { sort: { _id: -1 }, projection: WITHOUT_PARTS });
}

async function nextHeader(
  { store, calendar }: Deps,
  last: SealHead | null,
  { now, root, counts, reach }: Pick<SealHeader, 'root' | 'counts' | 'reach'> & { now: Date },
): Promise<SealHeader> {
  // A clock that was set back does not take the chain back.
  const at = last !== null && last.at > now ? last.at : now;
  const ofClock = calendar.dayOf(at);
  const day = last !== null && last.day > ofClock ? last.day : ofClock;
  const today = last?.day === day ? await rootsOf(store, day) : [];
  const number = (last?._id ?? 0) + 1;
  return { number, previous: last?.hash ?? null, at, day, root, dayRoot: dayRootOf([...today, root]), counts, reach };
}

/** The roots of a day's seals, in their order. */
async function rootsOf(store: SealStore, day: string): Promise<string[]> {
  const seals = await store.find({ day }, { projection: { root: 1 }, sort: { _id: 1 } }).toArray();
  return seals.map(({ root }) => root);
}

function partOf({ source, documents, late }: Collected): SealedPart & { leafHashes: Buffer[] } {
  const all = [...documents, ...late];
  const leafHashes = all.map(({ id, content }) => leafHash(source.name, id, content));
  return {
    source: source.name,
    ids: all.map(({ id }) => id),
    hashes: packed(leafHashes),
    late: late.map(writtenAt),
    leafHashes,
  };
}

function writtenAt({ insertedAt }: Sealed): number {
  return insertedAt?.getTime() ?? 0;
}
