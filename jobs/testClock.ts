import type { ServiceClock } from '../src/kernel/clock.ts';
import { createTurns } from '../src/kernel/wait.ts';
import type { Ran } from './schedule.ts';

export type Moved = { kind: 'moved'; now: Date; ran: Ran[] } | { kind: 'earlier'; now: Date };

/**
 * The test clock (docs/integration.md): stands still between moves and moves forward only. `travel` takes the service
 * there, `quiet` resolves when nothing is in hand, `save` stores where it stands,
 * `seal` seals what was written on the way.
 */
export function createTestClock(deps: {
  clock: ServiceClock;
  travel: (from: Date, to: Date) => Promise<Ran[]>;
  quiet: () => Promise<void>;
  save: (at: Date) => Promise<void>;
  seal: () => Promise<void>;
}) {
  const inTurn = createTurns();

  /** Moves at once are done one after the other. */
  const moveTo = (at: Date): Promise<Moved> => inTurn(() => moveNow(at));

  async function moveNow(at: Date): Promise<Moved> {
    const from = deps.clock.now();
    if (at < from) return { kind: 'earlier', now: from };
    await deps.quiet();
    const ran = await deps.travel(from, at);
    await deps.save(at);
    await deps.quiet();
    await deps.seal();
    return { kind: 'moved', now: at, ran };
  }

  return { now: deps.clock.now, moveTo, settle: deps.quiet };
}
