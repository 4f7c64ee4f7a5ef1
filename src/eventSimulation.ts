import type { Connection } from 'mongoose';

import { OverlayFull } from './database/overlay/full.ts';
import type { createOverlay } from './database/overlay/overlay.ts';
import type { Dismissed, Inbox, Replayed } from './inbox/inbox.ts';
import type { InboxWorker } from './inbox/worker.ts';
import { waitAtMost } from './kernel/wait.ts';
import { effectsOf, postingsOf, type SimulatedEffects, type SimulatedPosting } from './simulation/eventChanges.ts';
import type { DecisionOutcome, Standings } from './standing/standings.ts';

/** What would become of an event. `unchanged`: it would be applied, and nothing be otherwise; `undecided`: not in the time there is. */
export const SIMULATED_OUTCOMES = ['applied', 'unchanged', 'fails', 'waits', 'dismissed', 'undecided'] as const;
export type SimulatedOutcome = (typeof SIMULATED_OUTCOMES)[number];

export type EventSimulation = SimulatedEffects & {
  eventId: string;
  outcome: SimulatedOutcome;
  reason: { code: string; words: string } | null;
  waitsFor: string[];
  /** Of a dismissal: how many events would go on waiting for what it would bring. */
  holdsBack: number;
};

/** More would change, or have to be read at once, than is held in memory for a look ahead, or it takes longer than there is time. */
export { OverlayFull as SimulationTooLarge };

/** The business as it is over an overlay. */
type Imagined = {
  inbox: Pick<Inbox, 'get' | 'replay' | 'dismiss' | 'heldBack'>;
  inboxWorker: Pick<InboxWorker, 'drain' | 'stop'>;
  standing: { standings: Pick<Standings, 'grace' | 'keep' | 'terminate'> };
};

/** An event that still cannot be decided then, because something else is under way, is left undecided. */
const PATIENCE_MS = 5_000;
/** What is still at work then is ended before its next question to the database. */
const MOST_MS = 15_000;
/** So many wait for their turn behind the one that is looked at. */
const MOST_WAITING = 4;

/** So many are asked for already that another one would wait too long. */
export class TooManySimulations extends Error {
  override name = 'TooManySimulations';
}

type Overlay = ReturnType<typeof createOverlay>;
type Replay = EventSimulation | Exclude<Replayed, { kind: 'replayed' }>;
type Dismissal = EventSimulation | Exclude<Dismissed, { kind: 'dismissed' }>;

export type EventSimulations = ReturnType<typeof createEventSimulations>;

/**
 * Says what a replay, a dismissal or a decision about a model would change, and writes nothing: the whole business does it, over an overlay of the database that
 * keeps every write in memory. So it is decided by the same code as in earnest, for every type of event, with all that follows at once.
 * One at a time, and few that wait. Throws OverlayFull where it would take more memory or time than there is for one, TooManySimulations,
 * and what kept it from working as in earnest: then it says nothing.
 */
export function createEventSimulations({
  connection,
  imagine,
  limits: { patienceMs = PATIENCE_MS, mostMs = MOST_MS, documents } = {},
}: {
  connection: Connection;
  limits?: { patienceMs?: number; mostMs?: number; documents?: number } | undefined;
  imagine: (connection: Connection) => Imagined;
}) {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  /** Works over an overlay of its own, which is closed when its time is over. */
  function inTurn<T>(id: string | null, work: (business: Imagined & { overlay: Overlay }) => Promise<T>): Promise<T> {
    if (waiting > MOST_WAITING) return Promise.reject(new TooManySimulations('too many simulations are asked for'));
    waiting += 1;
    const turn = last.then(async () => {
      const business = await imagined(id);
      const closing = setTimeout(business.overlay.close, mostMs);
      try {
        return await work(business);
      } catch (error) {
        // The first fault is the cause; what failed in its wake says less.
        business.overlay.check();
        throw error;
      } finally {
        clearTimeout(closing);
        business.overlay.close();
      }
    });
    const done = () => {
      waiting -= 1;
    };
    last = turn.then(done, done);
    return turn;
  }

  const replay = (id: string) =>
    inTurn(id, async ({ overlay, inbox, inboxWorker }): Promise<Replay> => {
      const replayed = await inbox.replay(id);
      if (replayed.kind !== 'replayed') return replayed;
      const draining = inboxWorker.drain();
      try {
        await waitAtMost(draining, patienceMs);
      } finally {
        await inboxWorker.stop();
      }
      await draining;
      overlay.check();
      const event = await inbox.get(id);
      const effects = effectsOf(overlay.changes(), id);
      const { status = 'received', error, errorCode, waitsFor = [] } = event ?? {};
      const isUnchanged =
        effects.changes.every(({ subject }) => subject === `event:${id}`) && effects.postings.length === 0;
      const outcome = outcomeOf(status, isUnchanged);
      const reason = outcome === 'fails' ? { code: errorCode ?? 'unclassified', words: error ?? '' } : null;
      return { ...{ eventId: id, outcome, reason, waitsFor, holdsBack: 0 }, ...effects };
    });

  const dismiss = (id: string, by: { by: string; reason: string }) =>
    inTurn(id, async ({ overlay, inbox }): Promise<Dismissal> => {
      const heldBack = await inbox.heldBack([id]);
      const dismissed = await inbox.dismiss(id, by);
      if (dismissed.kind !== 'dismissed') return dismissed;
      overlay.check();
      const holdsBack = heldBack.get(id) ?? 0;
      const effects = effectsOf(overlay.changes(), id);
      return { eventId: id, outcome: 'dismissed', reason: null, waitsFor: [], holdsBack, ...effects };
    });

  /** A decision that a manager makes about a model: the standing that it would result in, and what the ledger would get. */
  const decide = (decision: (standings: Imagined['standing']['standings']) => Promise<DecisionOutcome>) =>
    inTurn(null, async ({ overlay, standing }): Promise<{ outcome: DecisionOutcome; postings: SimulatedPosting[] }> => {
      const outcome = await decision(standing.standings);
      overlay.check();
      return { outcome, postings: postingsOf(overlay.changes()) };
    });

  /** What others are working on is none of this: the overlay does not see it. Who leads, and leases, are its own. */
  async function imagined(id: string | null) {
    // Nobody pays for what works in memory before it is asked for.
    const { createOverlay } = await import('./database/overlay/overlay.ts');
    const others = { $or: [{ status: { $ne: 'received' } }, ...(id === null ? [] : [{ _id: id }])] };
    const hidden = { events: others, leases: { _id: { $in: [] } } };
    const overlay = createOverlay(connection, { hidden, ...(documents === undefined ? {} : { limit: documents }) });
    return { overlay, ...imagine(overlay.connection) };
  }

  return { replay, dismiss, decide };
}

function outcomeOf(status: string, isUnchanged: boolean): SimulatedOutcome {
  if (status === 'applied' || status === 'ignored') return isUnchanged ? 'unchanged' : 'applied';
  if (status === 'quarantined') return 'fails';
  return status === 'waiting' ? 'waits' : 'undecided';
}
