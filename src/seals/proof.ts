import { type Days, lastOf, rootsOf } from './days.ts';
import { groupText, treeLeavesOf } from './group.ts';
import { leafHash, leafText } from './leaf.ts';
import { locate } from './locate.ts';
import { lastSeal } from './makeSeals.ts';
import { pathOf, rootOf } from './merkle.ts';
import { factsOf, flawOf, type SealProof, type StoredStep, storedSteps } from './receipt.ts';
import { dayLeafOf, daysLeafOf } from './seal.ts';
import type { SealSource } from './source.ts';
import { headerOf, type SealHead, type SealStore, type StoredSeal, unpacked } from './store.ts';

/** What is to be proven: documents, and all documents of a group. */
export type Wanted = { documents: { source: string; id: string }[]; groups: { source: string; key: string }[] };

/**
 * `isDayOver`: the anchor is the last seal of its day, which is told outside. `unsealed`: some of it was written since the last
 * seal. `altered`: some of it is not as it was sealed; `verify` names it.
 */
export type Proving =
  | { kind: 'proven'; proof: SealProof; isDayOver: boolean }
  | { kind: 'unsealed' }
  | { kind: 'altered' };

type Deps = { store: SealStore; sources: readonly SealSource[]; days: Days };

/** A part of a proof, with the seal that it is in. */
type Found<T> = { seal: StoredSeal; proof: T };
type Flaw = 'unsealed' | 'altered';

/** Proves what is wanted from what is stored, without a key. */
export async function prove(deps: Deps, { documents, groups }: Wanted): Promise<Proving> {
  const found: Found<SealProof['documents'][number]>[] = [];
  for (const { source, id } of documents) {
    const one = await proveDocument(deps, source, id);
    if (typeof one === 'string') return { kind: one };
    found.push(one);
  }
  const counted: Found<SealProof['groups'][number]>[] = [];
  for (const { source, key } of groups) {
    const all = await proveGroup(deps, source, key);
    if (all === 'altered') return { kind: 'altered' };
    counted.push(...all);
  }
  const seals = [...new Map([...found, ...counted].map(({ seal }) => [seal._id, seal])).values()];
  const end = await endOf(deps.store, seals);
  if (end === null) return { kind: 'unsealed' };
  const { _id: number, day, hash } = end.seal;
  const proof: SealProof = {
    documents: found.map((one) => one.proof),
    groups: counted.map((one) => one.proof),
    ...(await waysTo(deps, seals, end.seal)),
    anchor: { day, number, hash },
  };
  // What is stored of the seals may have been changed, too: then nobody is given what proves nothing.
  return flawOf(proof, { number, hash }) === null
    ? { kind: 'proven', proof, isDayOver: end.isDayOver }
    : { kind: 'altered' };
}

async function proveDocument(
  { store, sources }: Deps,
  name: string,
  id: string,
): Promise<Found<SealProof['documents'][number]> | Flaw> {
  const source = sources.find((one) => one.name === name);
  const [document] = (await source?.byIds([id])) ?? [];
  if (document === undefined) return 'altered';
  const place = await locate(store, name, document);
  if (place === 'unsealed') return 'unsealed';
  if (place === 'missing') return 'altered';
  const { seal, index } = place;
  const { content } = document;
  const path = wayOf(treeOf(seal), startOf(seal, name) + index);
  const facts = factsOf(content);
  return { seal, proof: { source: name, id, facts, leaf: leafText(name, id, content), seal: seal._id, path } };
}

/** All that the seals have of a group, in their order. */
async function proveGroup(
  { store, sources }: Deps,
  name: string,
  key: string,
): Promise<Found<SealProof['groups'][number]>[] | 'altered'> {
  const source = sources.find((one) => one.name === name);
  const found: Found<SealProof['groups'][number]>[] = [];
  if (source === undefined) return found;
  for await (const seal of store.find({ 'groups.key': key }).sort({ _id: 1 }).batchSize(4)) {
    const ofSource = seal.groups.filter((group) => group.source === name);
    const position = ofSource.findIndex((group) => group.key === key);
    const group = ofSource[position];
    const part = seal.parts.find((one) => one.source === name);
    if (group === undefined || part === undefined) continue;
    const from = ofSource.slice(0, position).reduce((sum, { count }) => sum + count, 0);
    const ids = part.ids.slice(from, from + group.count);
    const documents = new Map((await source.byIds(ids)).map((document) => [document.id, document]));
    const contents = ids.flatMap((id) => documents.get(id) ?? []);
    if (contents.length < ids.length) return 'altered';
    const root = rootOf(contents.map(({ id, content }) => leafHash(name, id, content)));
    const path = wayOf(treeOf(seal), startOf(seal, name) + position);
    const listed = contents.map(({ id, content }) => ({ id, facts: factsOf(content) }));
    found.push({ seal, proof: { ...group, leaf: groupText(group, root), seal: seal._id, path, documents: listed } });
  }
  return found;
}

/** Nothing where there is no such leaf, because what is stored was changed: then it leads nowhere. */
function wayOf(leaves: Buffer[], index: number): StoredStep[] {
  return index in leaves ? storedSteps(pathOf(leaves, index)) : [];
}

function treeOf({ parts, groups }: StoredSeal): Buffer[] {
  return treeLeavesOf(
    parts.map(({ source, hashes }) => ({ source, leaves: unpacked(hashes) })),
    groups,
  );
}

/** Where the leaves of a source begin in the tree of a seal. */
function startOf({ parts, groups }: StoredSeal, name: string): number {
  let start = 0;
  for (const { source, ids } of parts) {
    if (source === name) break;
    const grouped = groups.filter((group) => group.source === source).length;
    start += grouped === 0 ? ids.length : grouped;
  }
  return start;
}

/** The seal that all of it leads to: the last one of the newest day that is over, or while that has none of it the last one. */
async function endOf(store: SealStore, seals: StoredSeal[]): Promise<{ seal: SealHead; isDayOver: boolean } | null> {
  const last = await lastSeal(store);
  if (last === null || seals.length === 0) return null;
  if (seals.some(({ day }) => day === last.day)) return { seal: last, isDayOver: false };
  const over = await store.findOne({ day: { $lt: last.day } }, { sort: { day: -1 }, projection: { day: 1 } });
  const seal = over === null ? null : await lastOf(store, over.day);
  return seal === null ? null : { seal, isDayOver: true };
}

/** How these seals lead to the roots of their days, and these days to the last seal. */
async function waysTo(
  { store, days }: Deps,
  seals: StoredSeal[],
  end: SealHead,
): Promise<Pick<SealProof, 'seals' | 'days'>> {
  const known = await days.before(end.day);
  const leaves = known.map(({ hash }) => daysLeafOf(hash));
  const ways: Pick<SealProof, 'seals' | 'days'> = { seals: [], days: [] };
  for (const day of new Set([...seals.map((seal) => seal.day), end.day])) {
    const last = day === end.day ? end : await lastOf(store, day);
    if (last === null) continue;
    const index = known.findIndex((one) => one.day === day);
    const path = index < 0 ? [] : wayOf(leaves, index);
    ways.days.push({ seal: JSON.parse(JSON.stringify(headerOf(last))), path });
    ways.seals.push(...(await waysInDay(store, day, last, seals)));
  }
  return ways;
}

async function waysInDay(
  store: SealStore,
  day: string,
  last: SealHead,
  seals: StoredSeal[],
): Promise<SealProof['seals']> {
  const roots = (await rootsOf(store, day, last._id)).map(dayLeafOf);
  const first = last._id - roots.length + 1;
  return seals
    .filter((seal) => seal.day === day)
    .map(({ _id: number, root }) => ({ number, day, root, path: wayOf(roots, number - first) }));
}
