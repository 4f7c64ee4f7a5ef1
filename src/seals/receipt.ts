import { canonicalJson } from '../kernel/json.ts';
import { groupText, type SealGroup } from './group.ts';
import { type Content, leafText, presentOf } from './leaf.ts';
import { hashLeaf, rootFrom, rootOf, type Step } from './merkle.ts';
import { dayLeafOf, daysLeafOf, headerHash } from './seal.ts';

/**
 * A proof that documents are in the seals, which needs nothing but itself and an anchor that somebody has kept. Hashes are
 * base64url.
 */
export type SealProof = {
  documents: ProvenDocument[];
  /** All that the seals have of one subject whose documents are counted, seal after seal. */
  groups: ProvenGroup[];
  /** Of each seal that these are in: how its root leads to that of its day. */
  seals: { number: number; day: string; root: string; path: StoredStep[] }[];
  /** Of each day: its last seal, and how that leads to the tree of days in the anchor; the anchor's own day needs no way. */
  days: { seal: StoredHeader; path: StoredStep[] }[];
  /** The seal that all of it leads to. */
  anchor: { day: string; number: number; hash: string };
};

/** What is sealed of a document, the text of its leaf, and how that leads to the root of its seal. */
type ProvenDocument = { source: string; id: string; facts: Content; leaf: string; seal: number; path: StoredStep[] };

type ProvenGroup = SealGroup & {
  leaf: string;
  seal: number;
  path: StoredStep[];
  documents: { id: string; facts: Content }[];
};

export type StoredStep = ['left' | 'right', string];

/** The header of a seal as JSON has it. */
type StoredHeader = {
  number: number;
  day: string;
  root: string;
  dayRoot: string;
  daysRoot: string;
  [other: string]: unknown;
};

/**
 * Why a proof does not lead to the anchor, in words; null when it does. `anchor` is the hash that somebody has kept, with its
 * seal's number where they have that.
 */
export function flawOf(proof: SealProof, anchor: { number?: number | undefined; hash: string }): string | null {
  const end = proof.days.find(({ seal }) => seal.number === proof.anchor.number)?.seal;
  if (end === undefined) return `it does not have seal ${proof.anchor.number}, which it leads to`;
  const hash = headerHash(end);
  if (hash !== anchor.hash || (anchor.number !== undefined && anchor.number !== end.number)) {
    return `it leads to another anchor, ${end.number}:${hash}`;
  }
  return firstOf([
    () => firstOf(proof.documents.map((document) => () => flawOfDocument(document, proof))),
    () => firstOf(proof.groups.map((group) => () => flawOfGroup(group, proof))),
    () => flawOfCounts(proof.groups),
    () => firstOf(proof.seals.map((seal) => () => flawOfSeal(seal, proof))),
    () => firstOf(proof.days.map((day) => () => flawOfDay(day, end))),
  ]);
}

function firstOf(checks: (() => string | null)[]): string | null {
  for (const check of checks) {
    const flaw = check();
    if (flaw !== null) return flaw;
  }
  return null;
}

function flawOfDocument({ source, id, facts, leaf, seal, path }: ProvenDocument, proof: SealProof): string | null {
  const name = `${source} ${id}`;
  if (leafText(source, id, facts) !== leaf) return `${name}: its facts are not those of its leaf`;
  return leadsTo(rootOfSeal(proof, seal), hashLeaf(leaf), path) ? null : `${name}: its leaf is not in seal ${seal}`;
}

function flawOfGroup({ leaf, seal, path, documents, ...group }: ProvenGroup, proof: SealProof): string | null {
  const { source, key, before, count } = group;
  const name = `${source} of ${key} in seal ${seal}`;
  if (documents.length !== count) return `${name}: there are ${documents.length}, and ${count} were counted`;
  const root = rootOf(documents.map(({ id, facts }) => hashLeaf(leafText(source, id, facts))));
  if (groupText({ source, key, before, count }, root) !== leaf) return `${name}: they are not those that were counted`;
  return leadsTo(rootOfSeal(proof, seal), hashLeaf(leaf), path) ? null : `${name}: their leaf is not in that seal`;
}

/** Each group goes on where the one before it ended, from nothing on. */
function flawOfCounts(groups: ProvenGroup[]): string | null {
  const totals = new Map<string, number>();
  for (const { source, key, before, count } of groups) {
    const name = `${source} of ${key}`;
    const known = totals.get(name) ?? 0;
    if (before !== known) return `${name}: ${before} were counted before, and it has ${known} of them`;
    totals.set(name, before + count);
  }
  return null;
}

function flawOfSeal({ number, day, root, path }: SealProof['seals'][number], { days }: SealProof): string | null {
  const dayRoot = days.find(({ seal }) => seal.day === day)?.seal.dayRoot;
  return leadsTo(dayRoot, dayLeafOf(root), path) ? null : `seal ${number} is not in the day ${day}`;
}

function flawOfDay({ seal, path }: SealProof['days'][number], end: StoredHeader): string | null {
  if (seal === end) return null;
  return leadsTo(end.daysRoot, daysLeafOf(headerHash(seal)), path) ? null : `the day ${seal.day} is not in the anchor`;
}

function rootOfSeal({ seals }: SealProof, number: number): string | undefined {
  return seals.find((seal) => seal.number === number)?.root;
}

function leadsTo(root: string | undefined, leaf: Buffer, path: StoredStep[]): boolean {
  return root !== undefined && rootFrom(leaf, path.map(stepOf)).toString('base64url') === root;
}

function stepOf([side, hash]: StoredStep): Step {
  return { side, hash: Buffer.from(hash, 'base64url') };
}

export function storedSteps(path: readonly Step[]): StoredStep[] {
  return path.map(({ side, hash }) => [side, hash.toString('base64url')]);
}

/** What is sealed of a document, as JSON has it. */
export function factsOf(content: Content): Content {
  return JSON.parse(canonicalJson(presentOf(content)));
}
