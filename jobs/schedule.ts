import { NotYet } from '../src/events/handler.ts';
import type { JobResult, Report } from '../src/kernel/activity.ts';
import { awaitAll, createTurns, pause } from '../src/kernel/wait.ts';

/**
 * Work that is due at instants that follow from what is stored. `run` does what is due at `at` or earlier, all of it or
 * a bounded batch, and is idempotent; `nextDue` answers the next instant, or null when there is none.
 */
export type Tick = {
  name: string;
  nextDue(): Promise<Date | null>;
  /** Answers what it did, where it counts that. */
  run(at: Date): Promise<JobResult>;
};

export type Ran = { job: string; at: Date };

export type Schedule = ReturnType<typeof createSchedule>;

const BUSY_RETRY_MS = 100;
/** The last instant that there is a date for. */
const FAR_AHEAD = new Date(8_640_000_000_000_000);

/**
 * Runs ticks in the order of time, and of the table where the time is equal. The database holds the truth, so a tick
 * that is missed, doubled, late or run by two processes changes nothing.
 */
export function createSchedule(ticks: Tick[], report: Report = () => undefined) {
  const inTurn = createTurns();

  /**
   * Runs everything that is due by `until`, each tick at its own instant; before each, `reach` takes the service there.
   * While another process is at a tick it waits, unless `patient` is false. One call at a time, in this process.
   */
  function runDue(until: Date, reach: (at: Date) => Promise<void>, patient = true): Promise<Ran[]> {
    return inTurn(() => runInOrder(until, reach, patient));
  }

  async function runInOrder(until: Date, reach: (at: Date) => Promise<void>, patient: boolean): Promise<Ran[]> {
    const ran: Ran[] = [];
    for (;;) {
      const next = await earliest(until);
      if (next === null) return ran;
      try {
        await reach(next.at);
        const started = performance.now();
        const result = await next.tick.run(next.at);
        report({ kind: 'job', job: next.tick.name, at: next.at, ms: performance.now() - started, ...result });
        ran.push({ job: next.tick.name, at: next.at });
      } catch (error) {
        if (!(error instanceof NotYet)) throw error;
        if (!patient) return ran;
        await pause(BUSY_RETRY_MS);
      }
    }
  }

  /** All are asked at once: one after the other, their questions to the database cost twice as much. */
  async function earliest(until: Date): Promise<{ tick: Tick; at: Date } | null> {
    const answers = await awaitAll(ticks.map(async (tick) => ({ tick, at: await tick.nextDue() })));
    let found: { tick: Tick; at: Date } | null = null;
    for (const { tick, at } of answers) {
      if (at !== null && at <= until && (found === null || at < found.at)) found = { tick, at };
    }
    return found;
  }

  /** When something is due next, however far ahead; null when nothing is. */
  async function nextDue(): Promise<Date | null> {
    return (await earliest(FAR_AHEAD))?.at ?? null;
  }

  /** Every tick in the order of the table, with when it is due next. */
  function nextOfEach(): Promise<{ job: string; nextAt: Date | null }[]> {
    return awaitAll(ticks.map(async ({ name, nextDue: next }) => ({ job: name, nextAt: await next() })));
  }

  return { runDue, nextDue, nextOfEach };
}
