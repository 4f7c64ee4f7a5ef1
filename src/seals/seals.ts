import type { Connection } from 'mongoose';

import type { JobResult } from '../kernel/activity.ts';
import { type Admitted, createAdmissions } from './admissions.ts';
import type { AnchorFile, KeptSeal } from './anchorFile.ts';
import { isPending, LARGEST_PART } from './collect.ts';
import { createDayAnchors } from './dayAnchors.ts';
import { createDays } from './days.ts';
import { lastSeal, makeSeal } from './makeSeals.ts';
import { prove, type Wanted } from './proof.ts';
import { type SealKey, sealDayOf } from './seal.ts';
import type { SealSource } from './source.ts';
import { createSealStore, type SealHead } from './store.ts';
import { verifySeals } from './verify.ts';

/** What was written is sealed this long after the last seal; it is asked each minute whether it is time. */
const EVERY_MS = 240_000;
/** So long what was written waits for its seal at the most, while the service runs. */
export const SEALED_WITHIN_MS = 300_000;
/** So many seals in a row, when there is much to seal: nothing else of the housekeeping waits longer for it. */
const AT_A_TIME = 20;

export type Seals = ReturnType<typeof createSeals>;

/**
 * Seals what is written and never changed, so that an alteration shows (docs/decisions/0024). The first of `keys` makes the
 * seals, each of them is believed. Without one nothing is sealed.
 */
export function createSeals(deps: {
  connection: Connection;
  sources: readonly SealSource[];
  keys: readonly SealKey[];
  anchors: AnchorFile | undefined;
  /** Where the last seal of each day is told besides. */
  dayAnchors: Omit<Parameters<typeof createDayAnchors>[0], 'connection' | 'store'>;
  onError: (error: unknown) => void;
}) {
  const { sources, keys, anchors } = deps;
  const [key] = keys;
  const store = createSealStore(deps.connection);
  const days = createDays(store);
  const admissions = createAdmissions({ ...deps, store });
  const dayAnchors = createDayAnchors({ ...deps.dayAnchors, connection: deps.connection, store });

  /**
   * Seals when it is time: minutes after the last seal, at once where that had no room for all, and when a new day has begun
   * so that the last one has its last seal. Answers how many documents; null when it is not time.
   */
  async function sealDue(now: Date): Promise<JobResult | null> {
    if (key === undefined) return null;
    const sealed = (await isDue(now)) ? await seal(key, now) : null;
    const last = await lastSeal(store);
    if (last !== null) await dayAnchors.tell(last.day, now);
    return sealed;
  }

  async function isDue(now: Date): Promise<boolean> {
    const last = await lastSeal(store);
    if (last !== null && last.day < sealDayOf(now)) return true;
    if (last !== null && !isFull(last) && isLately(last.at, now)) return false;
    for (const source of sources) if (await isPending(source, last?.reach[source.name])) return true;
    return admissions.hasWaiting();
  }

  async function seal(by: SealKey, now: Date): Promise<JobResult> {
    let count = 0;
    await admissions.noteSealed();
    for (let made = 0; made < AT_A_TIME; made += 1) {
      const sealed = await makeSeal({ store, sources, days, admitted: admissions.waiting }, by, now);
      if (sealed === null) break;
      for (const one of Object.values(sealed.seal.counts)) count += one;
      await noteAnchor(sealed.seal);
      if (!sealed.more) break;
    }
    await admissions.noteSealed();
    return { count };
  }

  /** A file that cannot be written keeps nobody from sealing: the next line stands for this seal, too. */
  async function noteAnchor({ _id: number, day, hash }: SealHead): Promise<void> {
    try {
      await anchors?.append({ number, day, hash });
    } catch (error) {
      deps.onError(error);
    }
  }

  /** Compares with `kept`, too: anchors that somebody has elsewhere. */
  async function verify(kept: readonly KeptSeal[] = []): Promise<string[]> {
    const told = [...((await anchors?.read()) ?? []), ...(await dayAnchors.all()), ...kept];
    return verifySeals({ store, sources, keys, anchors: told, admitted: admissions.waiting });
  }

  /** Says of a document that lies long behind the seals that it is genuine: the next seal takes it (docs/operations.md). */
  async function admit(
    collection: string,
    id: string,
    by: { actor: string; reason: string; at: Date },
  ): Promise<Admitted | 'not-sealed'> {
    const source = sources.find(({ name }) => name === collection);
    return source === undefined ? 'not-sealed' : admissions.admit(source, id, by);
  }

  /** How long ago the last seal was made, in seconds of the service's clock; null while there is none. */
  async function ageSeconds(now: Date): Promise<number | null> {
    const last = await lastSeal(store);
    return last === null ? null : Math.max(0, (now.getTime() - last.at.getTime()) / 1_000);
  }

  return {
    /** The collections whose documents are sealed. */
    collections: sources.map(({ name }) => name),
    sealDue,
    ageSeconds,
    verify,
    admit,
    /** What `verify` says besides, which is no fault. */
    notices: admissions.notices,
    /** Proves that documents are sealed, with what leads from them to an anchor (docs/operations.md). */
    prove: (wanted: Wanted) => prove({ store, sources, days }, wanted),
  };
}

/** A clock that was set back keeps nothing from being sealed. */
function isLately(at: Date, now: Date): boolean {
  return at <= now && now.getTime() - at.getTime() < EVERY_MS;
}

function isFull({ counts, reach }: SealHead): boolean {
  const isCut = Object.values(reach).some((one) => 'after' in one);
  return isCut || Object.values(counts).some((count) => count >= LARGEST_PART);
}
