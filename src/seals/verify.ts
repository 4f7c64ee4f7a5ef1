import type { KeptSeal } from './anchorFile.ts';
import { LATE_MS } from './collect.ts';
import { treeLeavesOf } from './group.ts';
import { createIdSet, type IdSet } from './idSet.ts';
import { leafHash } from './leaf.ts';
import { rootOf } from './merkle.ts';
import { dayRootOf, daysRootOf, headerHash, isMacOf, type Reach, type SealKey } from './seal.ts';
import type { Sealed, SealSource } from './source.ts';
import { headerOf, type SealedPart, type SealHead, type SealStore, type StoredSeal, unpacked } from './store.ts';

/** So many documents are read together; those of events have their bodies with them. */
const PER_READ = 100;

type Deps = {
  store: SealStore;
  sources: readonly SealSource[];
  keys: readonly SealKey[];
  anchors: readonly KeptSeal[];
  /** What lies long behind the seals, and is sealed next: by the names of the sources. */
  admitted: (sources: readonly SealSource[]) => Promise<Map<string, Sealed[]>>;
};

/**
 * Checks the seals against each other, their key, what they are of and the anchors, and answers every difference as a line.
 * Memory grows by eight bytes with each sealed document.
 */
export async function verifySeals({ store, sources, keys, anchors, admitted }: Deps): Promise<string[]> {
  const differences: string[] = [];
  const sealed = new Map(sources.map(({ name }) => [name, createIdSet()]));
  const chain = createChainCheck(keys);
  const counts = createGroupCheck();
  const anchored = createAnchorCheck(anchors);
  let last: SealHead | null = null;
  for await (const seal of store.find({}).sort({ _id: 1 }).batchSize(4)) {
    differences.push(...chain.check(seal), ...counts.check(seal), ...anchored.check(seal));
    for (const part of seal.parts) {
      const source = sources.find(({ name }) => name === part.source);
      if (source === undefined) differences.push(`${nameOf(seal)} has ${part.source}, which nobody seals`);
      else differences.push(...(await checkPart(source, part, seal, sealed.get(part.source))));
    }
    last = seal;
  }
  differences.push(...anchored.missing());
  const waiting = await admitted(sources);
  for (const source of sources) {
    const ids = sealed.get(source.name);
    for (const { id } of waiting.get(source.name) ?? []) ids?.add(id);
    differences.push(...(await checkUnsealed(source, ids, last)));
  }
  return differences;
}

/** Each seal follows the one before, says what its leaves say, and bears the mac of a key that is known. */
function createChainCheck(keys: readonly SealKey[]) {
  let before: SealHead | null = null;
  let today: string[] = [];
  const days: string[] = [];
  let daysRoot = daysRootOf(days);

  function check(seal: StoredSeal): string[] {
    const lines = [...successionOf(seal), ...contentOf(seal), ...macDifference(seal, keys)];
    before = seal;
    return lines.map((line) => `${nameOf(seal)} ${line}`);
  }

  function successionOf(seal: StoredSeal): string[] {
    const expected = (before?._id ?? 0) + 1;
    if (seal._id !== expected) return [`is there, but seal ${expected} is gone`];
    const isEarlier = before !== null && (seal.at < before.at || seal.day < before.day);
    return [
      ...((seal.previous ?? null) === (before?.hash ?? null) ? [] : ['does not follow the seal before it']),
      ...(isEarlier ? ['is earlier than the seal before it'] : []),
    ];
  }

  function contentOf(seal: StoredSeal): string[] {
    const parts = seal.parts.map(({ source, hashes }) => ({ source, leaves: unpacked(hashes) }));
    const root = rootOf(treeLeavesOf(parts, seal.groups ?? [])).toString('base64url');
    if (before !== null && before.day !== seal.day) {
      days.push(before.hash);
      daysRoot = daysRootOf(days);
    }
    today = before?.day === seal.day ? [...today, root] : [root];
    const counts = Object.fromEntries(seal.parts.map(({ source, ids }) => [source, ids.length]));
    const hasAll = seal.parts.every(({ ids, hashes }) => unpacked(hashes).length === ids.length);
    return [
      ...(seal.root === root ? [] : ['does not have the leaves that it was made of']),
      ...(seal.dayRoot === dayRootOf(today) ? [] : ['does not have the root of its day']),
      ...(seal.daysRoot === daysRoot ? [] : ['does not have the root of the days before it']),
      ...(hasAll && sameCounts(counts, seal.counts) ? [] : ['does not have as many documents as it says']),
      ...(headerHash(headerOf(seal)) === seal.hash ? [] : ['does not match its hash']),
    ];
  }

  return { check };
}

/** Of each group a seal goes on where the one before it ended. */
function createGroupCheck() {
  const totals = new Map<string, number>();

  function check(seal: StoredSeal): string[] {
    return (seal.groups ?? []).flatMap(({ source, key, before, count }) => {
      const name = `${source}:${key}`;
      const known = totals.get(name) ?? 0;
      totals.set(name, before + count);
      return known === before
        ? []
        : [`${nameOf(seal)} counts ${before} ${source} of ${key} before it, and there are ${known}`];
    });
  }

  return { check };
}

function sameCounts(one: Record<string, number>, other: Record<string, number>): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => one[name] === other[name]);
}

function macDifference({ hash, keyId, mac }: SealHead, keys: readonly SealKey[]): string[] {
  const key = keys.find(({ id }) => id === keyId);
  if (key === undefined) return [`bears the mac of key ${keyId}, which SEAL_KEY does not name`];
  return isMacOf(mac, hash, key) ? [] : ['bears no mac of its key'];
}

/** Every document of a part is there, as it was sealed. */
async function checkPart(
  source: SealSource,
  part: SealedPart,
  seal: SealHead,
  sealed: IdSet | undefined,
): Promise<string[]> {
  const hashes = unpacked(part.hashes);
  const differences: string[] = [];
  for (let from = 0; from < part.ids.length; from += PER_READ) {
    const ids = part.ids.slice(from, from + PER_READ);
    const found = new Map((await source.byIds(ids)).map((document) => [document.id, document]));
    const faults = await source.faults(ids);
    for (const [index, id] of ids.entries()) {
      sealed?.add(id);
      const line = differenceOf(source.name, found.get(id), hashes[from + index]) ?? faults.get(id) ?? null;
      if (line !== null) differences.push(`${source.name} ${id}: ${line} (${nameOf(seal)})`);
    }
  }
  return differences;
}

function differenceOf(name: string, document: Sealed | undefined, hash: Buffer | undefined): string | null {
  if (document === undefined) return 'it was sealed, and is gone';
  const isSame = hash !== undefined && leafHash(name, document.id, document.content).equals(hash);
  return isSame ? null : 'it is not as it was sealed';
}

/** What is in no seal was written lately, or it was put there behind the seals. */
async function checkUnsealed(source: SealSource, sealed: IdSet | undefined, last: SealHead | null): Promise<string[]> {
  const reach = last?.reach[source.name];
  if (reach === undefined) return [];
  const differences: string[] = [];
  for await (const { _id, insertedAt } of source.all()) {
    if (sealed?.has(_id) || isStillToCome(reach, _id, insertedAt)) continue;
    differences.push(`${source.name} ${_id}: it was put there after its time was sealed`);
  }
  return differences;
}

function isStillToCome(reach: Reach, id: string, insertedAt: Date | undefined): boolean {
  if ('after' in reach) return insertedAt !== undefined || id > reach.after;
  return insertedAt !== undefined && insertedAt.getTime() > reach.at.getTime() - LATE_MS;
}

/** The chain has what was told outside. */
function createAnchorCheck(anchors: Deps['anchors']) {
  const byNumber = new Map<number, Set<string>>();
  for (const { number, hash } of anchors) byNumber.set(number, (byNumber.get(number) ?? new Set()).add(hash));

  function check(seal: SealHead): string[] {
    const told = byNumber.get(seal._id);
    byNumber.delete(seal._id);
    return told === undefined || (told.size === 1 && told.has(seal.hash))
      ? []
      : [
          `${nameOf(seal)} is not the one that was anchored: it was made again, by somebody else or after a backup was restored`,
        ];
  }

  function missing(): string[] {
    return rangesOf([...byNumber.keys()]).map(
      (range) => `${range} anchored, and gone since: the end was cut off, or an older backup was restored`,
    );
  }

  return { check, missing };
}

/** `seal 3 was`, `seals 5-9 were`. */
function rangesOf(numbers: number[]): string[] {
  const ranges: [number, number][] = [];
  for (const number of numbers.sort((one, other) => one - other)) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([from, to]) => (from === to ? `seal ${from} was` : `seals ${from}-${to} were`));
}

function nameOf({ _id }: SealHead): string {
  return `seal ${_id}`;
}
