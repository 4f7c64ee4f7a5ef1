import type { FollowUps, PendingKind } from '../followUps.ts';
import type { Clock } from '../kernel/clock.ts';
import { pause } from '../kernel/wait.ts';

/** A service that works finishes what was cut off within five seconds. */
const WAIT_MS = 6_000;
const POLL_MS = 250;
/** What is pending for longer, while a service works, is stuck. */
const ALLOWED_MS = 60_000;

/** What was decided and has not had all its effects: `told` says how much, a line each; `stuck` is a difference, a line each. */
export type Pending = { told: string[]; stuck: string[]; isAbout: (line: string) => boolean };

/**
 * Acts whose effects are pending, after a service that works beside us has had the time to finish those that it found. What
 * is stuck is among the differences; the rest was decided a moment ago, or waits for a service to start.
 */
export async function pendingActs(followUps: Pick<FollowUps, 'pending' | 'isLed'>, clock: Clock): Promise<Pending> {
  const isLed = await followUps.isLed();
  const found = isLed ? await leftAfterAWhile(followUps) : await followUps.pending();
  const ageOf = (since: Date) => Math.max(0, clock.now().getTime() - since.getTime());
  const kinds = found.map(({ kind, acts }) => ({
    kind,
    stuck: acts.filter(({ since }) => isLed && ageOf(since) > ALLOWED_MS),
    fresh: acts.filter(({ since }) => !isLed || ageOf(since) <= ALLOWED_MS),
  }));
  const ids = new Set(kinds.flatMap(({ fresh }) => fresh.map(({ id }) => id)));
  return {
    stuck: kinds.flatMap(({ kind, stuck }) =>
      stuck.map(({ id, since }) => `${kind}: the effects of ${id} are pending since ${since.toISOString()}`),
    ),
    told: kinds
      .filter(({ fresh }) => fresh.length > 0)
      .map(({ kind, fresh }) => {
        const oldest = Math.max(...fresh.map(({ since }) => ageOf(since)));
        return `${kind}: ${fresh.length}, the oldest decided ${Math.round(oldest / 1_000)} s ago`;
      }),
    isAbout: (line) => [...ids].some((id) => names(line, id)),
  };
}

/** Those of the acts found first that are still pending when a service has had its time. */
async function leftAfterAWhile({ pending }: Pick<FollowUps, 'pending'>): Promise<PendingKind[]> {
  let left = await pending();
  for (let waitedMs = 0; left.length > 0 && waitedMs < WAIT_MS; waitedMs += POLL_MS) {
    await pause(POLL_MS);
    left = among(left, await pending());
  }
  return left;
}

function among(before: PendingKind[], now: PendingKind[]): PendingKind[] {
  const known = new Set(before.flatMap(({ kind, acts }) => acts.map(({ id }) => `${kind} ${id}`)));
  return now
    .map(({ kind, acts }) => ({ kind, acts: acts.filter(({ id }) => known.has(`${kind} ${id}`)) }))
    .filter(({ acts }) => acts.length > 0);
}

/** Whether a line is about this: `orders/o1 is ...`, `order o1: ...`, `what came of order.stop of order:o1 ...`. */
function names(line: string, id: string): boolean {
  for (let at = line.indexOf(id); at >= 0; at = line.indexOf(id, at + 1)) {
    const isWhole = !/[\w.~-]/.test(line[at + id.length] ?? ' ');
    if (isWhole && /(^[a-z_]+ |[/:])$/.test(line.slice(0, at))) return true;
  }
  return false;
}
