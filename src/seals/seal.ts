import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

import { canonicalJson } from '../kernel/json.ts';
import { hashLeaf, rootOf } from './merkle.ts';

/** How far a source is sealed: documents that bear their time up to `at`, those from before there were seals up to the id `after`. */
export type Reach = { at: Date } | { after: string };

/** What a seal says. All of it is in its hash; hashes are base64url. */
export type SealHeader = {
  number: number;
  /** Of the seal before; null for the first. */
  previous: string | null;
  /** The service's clock, and its day in UTC. Neither is ever earlier than in the seal before. */
  at: Date;
  day: string;
  /** Over its own leaves. */
  root: string;
  /** Over the roots of all seals of its day up to this one. */
  dayRoot: string;
  /** Over the hashes of the last seals of all days before, so that one anchor proves everything up to it. */
  daysRoot: string;
  /** How many leaves it has of each source, and how far each source is sealed with it. */
  counts: Record<string, number>;
  reach: Record<string, Reach>;
};

/** The UTC day that an instant lies in: the days of seals do not depend on the configuration. */
export function sealDayOf(at: Date): string {
  return at.toISOString().slice(0, '2026-11-26'.length);
}

export type SealKey = { id: string; bytes: Buffer };

/** Names a key without telling it. */
export function sealKeyOf(bytes: Buffer): SealKey {
  return { id: createHmac('sha256', bytes).update('settlebot/seal-key/1').digest('base64url').slice(0, 8), bytes };
}

/** Of a header, also of one that was written as JSON: the canonical form of both is the same. */
export function headerHash(header: object): string {
  return createHash('sha256')
    .update(`settlebot/seal/1\n${canonicalJson(header)}`)
    .digest('base64url');
}

/** The seal's hash under a key: who has no key can make no seal. */
export function macOf(hash: string, { bytes }: SealKey): string {
  return createHmac('sha256', bytes).update(`settlebot/seal-mac/1\n${hash}`).digest('base64url');
}

export function isMacOf(mac: string, hash: string, key: SealKey): boolean {
  const [given, own] = [Buffer.from(mac), Buffer.from(macOf(hash, key))];
  return given.length === own.length && timingSafeEqual(given, own);
}

/** The root over the roots of a day's seals, in their order. */
export function dayRootOf(roots: readonly string[]): string {
  return rootOf(roots.map(dayLeafOf)).toString('base64url');
}

/** The root over the hashes of the last seals of days, in their order. */
export function daysRootOf(hashes: readonly string[]): string {
  return rootOf(hashes.map(daysLeafOf)).toString('base64url');
}

/** The leaf of a day in the tree of days. */
export function daysLeafOf(hash: string): Buffer {
  return hashLeaf(`settlebot/day/1\n${hash}`);
}

/** The leaf of a seal in the tree of its day. */
export function dayLeafOf(root: string): Buffer {
  return hashLeaf(`settlebot/seal-root/1\n${root}`);
}
