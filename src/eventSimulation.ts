import type { Connection } from 'mongoose';

import { createOverlay, OverlayFull } from './database/overlay/overlay.ts';
import type { Dismissed, Inbox, Replayed } from './inbox/inbox.ts';
import type { InboxWorker } from './inbox/worker.ts';
import { pause } from './kernel/wait.ts';
import { effectsOf, type SimulatedEffects } from './simulation/eventChanges.ts';

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

/** More would change, or have to be read at once, than is held in memory for a look ahead. */
export { OverlayFull as SimulationTooLarge };

/** The business as it is over an overlay. */
type Imagined = {
  inbox: Pick<Inbox, 'get' | 'replay' | 'dismiss' | 'heldBack'>;
  inboxWorker: Pick<InboxWorker, 'drain' | 'stop'>;
};

/** An event that still cannot be decided then, because something else is under way, is left undecided. */
const PATIENCE_MS = 5_000;

export type EventSimulations = ReturnType<typeof createEventSimulations>;

/**
 * Says what a replay or a dismissal would change, and writes nothing: the whole business does it, over an overlay of the database that
 * keeps every write in memory. So it is decided by the same code as in earnest, for every type of event, with all that follows at once.
 * One at a time. Throws OverlayFull where more would change than is held in memory.
 */
export function createEventSimulations({
  connection,
  imagine,
}: {
  connection: Connection;
  imagine: (connection: Connection) => Imagined;
}) {
  let last: Promise<unknown> = Promise.resolve();
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  }

  const replay = (id: string) =>
    inTurn(async (): Promise<EventSimulation | Exclude<Replayed, { kind: 'replayed' }>> => {
      const { overlay, inbox, inboxWorker } = imagined(id);
      const replayed = await inbox.replay(id);
      if (replayed.kind !== 'replayed') return replayed;
      const giveUp = new AbortController();
      const draining = inboxWorker.drain();
      await Promise.race([draining, pause(PATIENCE_MS, giveUp.signal)]);
      giveUp.abort();
      await inboxWorker.stop();
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
    inTurn(async (): Promise<EventSimulation | Exclude<Dismissed, { kind: 'dismissed' }>> => {
      const { overlay, inbox } = imagined(id);
      const heldBack = await inbox.heldBack([id]);
      const dismissed = await inbox.dismiss(id, by);
      if (dismissed.kind !== 'dismissed') return dismissed;
      overlay.check();
      const holdsBack = heldBack.get(id) ?? 0;
      const effects = effectsOf(overlay.changes(), id);
      return { eventId: id, outcome: 'dismissed', reason: null, waitsFor: [], holdsBack, ...effects };
    });

  /** What others are working on is none of this: the overlay does not see it. Who leads, and leases, are its own. */
  function imagined(id: string) {
    const others = { $or: [{ status: { $ne: 'received' } }, { _id: id }] };
    const overlay = createOverlay(connection, { hidden: { events: others, leases: { _id: { $in: [] } } } });
    return { overlay, ...imagine(overlay.connection) };
  }

  return { replay, dismiss };
}

function outcomeOf(status: string, isUnchanged: boolean): SimulatedOutcome {
  if (status === 'applied' || status === 'ignored') return isUnchanged ? 'unchanged' : 'applied';
  if (status === 'quarantined') return 'fails';
  return status === 'waiting' ? 'waits' : 'undecided';
}
