import type { Connection } from 'mongoose';

import type { JobResult } from '../kernel/activity.ts';
import type { Calendar } from '../kernel/calendar.ts';
import type { Clock } from '../kernel/clock.ts';
import type { AnchorFile } from './anchorFile.ts';
import { isPending, LARGEST_PART } from './collect.ts';
import { lastSeal, makeSeal } from './makeSeals.ts';
import type { SealKey } from './seal.ts';
import type { SealSource } from './source.ts';
import { createSealStore, type SealHead } from './store.ts';
import { verifySeals } from './verify.ts';

/** What was written is sealed this long after the last seal at the latest. */
const EVERY_MS = 300_000;
/** So many seals in a row, when there is much to seal: other ticks wait no longer for it. */
const AT_A_TIME = 20;

export type Seals = ReturnType<typeof createSeals>;

/**
 * Seals what is written and never changed, so that an alteration shows (docs/decisions/0024). The first of `keys` makes the
 * seals, each of them is believed. Without one nothing is sealed.
 */
export function createSeals(deps: {
  connection: Connection;
  sources: readonly SealSource[];
  calendar: Pick<Calendar, 'dayOf'>;
  clock: Clock;
  keys: readonly SealKey[];
  anchors: AnchorFile | undefined;
  onError: (error: unknown) => void;
}) {
  const { sources, keys, clock, anchors } = deps;
  const [key] = keys;
  const store = createSealStore(deps.connection);

  /** When there is something to seal: five minutes after the last seal, or now where that had no room for all. */
  async function nextDue(): Promise<Date | null> {
    if (key === undefined) return null;
    const now = clock.now();
    const last = await lastSeal(store);
    if (!(await hasPending(last))) return null;
    return last === null || isFull(last) ? now : new Date(last.at.getTime() + EVERY_MS);
  }

  async function hasPending(last: SealHead | null): Promise<boolean> {
    for (const source of sources) if (await isPending(source, last?.reach[source.name])) return true;
    return false;
  }

  async function run(): Promise<JobResult> {
    let count = 0;
    for (let made = 0; key !== undefined && made < AT_A_TIME; made += 1) {
      const sealed = await makeSeal({ ...deps, store }, key, clock.now());
      if (sealed === null) break;
      for (const one of Object.values(sealed.seal.counts)) count += one;
      await noteAnchor(sealed.seal);
      if (!sealed.more) break;
    }
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

  async function verify(): Promise<string[]> {
    return verifySeals({ store, sources, keys, anchors: (await anchors?.read()) ?? [] });
  }

  return { nextDue, run, verify };
}

function isFull({ counts, reach }: SealHead): boolean {
  const isCut = Object.values(reach).some((one) => 'after' in one);
  return isCut || Object.values(counts).some((count) => count >= LARGEST_PART);
}
