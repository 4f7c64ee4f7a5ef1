import type { Lease, Leases } from './database/lease.ts';
import { isDatabaseTrouble } from './database/trouble.ts';
import type { Clock } from './kernel/clock.ts';
import type { PendingAct, Unfinished } from './kernel/unfinished.ts';

/** Of one kind, so many are looked at: where there are more, those that are finished make room for the others. */
const AT_ONCE = 200;
/** Who finishes acts says so again at each look, and is taken for dead this long after. */
const LEAD_MS = 2_500;
const LEAD = 'follow-ups';

export type FollowUps = ReturnType<typeof createFollowUps>;

/** What is pending of one kind. */
export type PendingKind = { kind: string; acts: PendingAct[] };

/**
 * Finishes acts that were cut off: whose process died, or lost its database, between the write that decided and what
 * follows from it. One process of all that work looks, at short intervals: what it finds a second time nobody else is at,
 * so it is finished. Where nothing is cut off, a look is one indexed query for each kind.
 */
export function createFollowUps(deps: {
  kinds: readonly Unfinished[];
  leases: Pick<Leases, 'acquire' | 'isTaken'>;
  clock: Clock;
  onError: (error: unknown) => void;
}) {
  const { kinds, leases, clock } = deps;
  let lease: Lease | null = null;
  /** What was found at the last look, by kind; null where there was none, or another process looked. */
  let before: Map<string, Set<string>> | null = null;

  /**
   * One look; does nothing while another process leads. What fails is tried again at the next. Answers whether it found
   * anything, so that the next look is wanted soon.
   */
  async function look(): Promise<boolean> {
    if (!(await leads())) {
      before = null;
      return false;
    }
    const known = before;
    before = new Map();
    for (const { kind, find, finish } of kinds) {
      try {
        const found = (await find(AT_ONCE)).map(({ id }) => id);
        before.set(kind, new Set(found));
        // Whoever led before is gone, and what it was at stays as it is: the first look finishes that.
        const left = known === null ? found : found.filter((id) => known.get(kind)?.has(id) === true);
        if (left.length > 0) await finish(left, clock.now());
      } catch (error) {
        if (isDatabaseTrouble(error)) throw error;
        deps.onError(error);
      }
    }
    return [...before.values()].some((ids) => ids.size > 0);
  }

  async function leads(): Promise<boolean> {
    if (lease !== null && (await lease.extend(LEAD_MS))) return true;
    lease = (await leases.isTaken(LEAD)) ? null : await leases.acquire(LEAD, LEAD_MS);
    return lease !== null;
  }

  /** Leaves it to others. */
  async function stop(): Promise<void> {
    await lease?.release();
    lease = null;
  }

  /** What is pending, of each kind of which anything is. */
  async function pending(): Promise<PendingKind[]> {
    const found: PendingKind[] = [];
    for (const { kind, find } of kinds) {
      const acts = await find(AT_ONCE);
      if (acts.length > 0) found.push({ kind, acts });
    }
    return found;
  }

  /** Whether any process works at it. */
  const isLed = (): Promise<boolean> => leases.isTaken(LEAD);

  return { look, stop, pending, isLed };
}
