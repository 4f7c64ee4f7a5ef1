import { type Connection, Schema } from 'mongoose';

import { driverCollection } from '../src/database/collection.ts';
import type { Activity } from '../src/kernel/activity.ts';
import { realMilliseconds } from '../src/kernel/clock.ts';

/** The last time that a tick ran, in any process: for what was due at `dueAt`, by real time at `ranAt`. `_id` is its name. */
export type LastRun = { _id: string; dueAt: Date; ranAt: Date; ms: number; count?: number };

const runSchema = new Schema<LastRun>(
  { _id: { type: String, required: true }, dueAt: Date, ranAt: Date, ms: Number, count: Number },
  { versionKey: false, collection: 'job_runs' },
);

/** How a tick stands, for people. */
export type JobState = {
  job: string;
  /** `dueAt` by the service's clock, `ranAt` by the real one. */
  last: { dueAt: Date; ranAt: Date; ms: number; count: number | null } | null;
  nextAt: Date | null;
  isLate: boolean;
};

/** What is due is run within two seconds; a week's invoices take minutes, and other ticks wait for them. */
const LATE_MS = 300_000;

/** How a tick stands that is due at `nextAt` and ran last as stored. */
export function stateOf(job: string, nextAt: Date | null, ran: LastRun | undefined, now: Date): JobState {
  const isLate = nextAt !== null && now.getTime() - nextAt.getTime() > LATE_MS;
  const last = ran === undefined ? null : { dueAt: ran.dueAt, ranAt: ran.ranAt, ms: ran.ms, count: ran.count ?? null };
  return { job, last, nextAt, isLate };
}

/**
 * When each tick ran last, for people: nothing is decided by it. It is noted in memory and written with the stand of the
 * clock, so that a tick costs no write of its own; a kill loses the runs of two seconds.
 */
export function createLastRuns(connection: Connection) {
  const runs = driverCollection(connection.model<LastRun>('JobRun', runSchema));
  const unsaved = new Map<string, LastRun>();

  function note(activity: Activity): void {
    if (activity.kind !== 'job') return;
    const { job, at: dueAt, ms, count } = activity;
    const ranAt = new Date(realMilliseconds());
    unsaved.set(job, { _id: job, dueAt, ranAt, ms: Math.round(ms), ...(count === undefined ? {} : { count }) });
  }

  async function save(): Promise<void> {
    const noted = [...unsaved.values()];
    if (noted.length === 0) return;
    unsaved.clear();
    await runs.bulkWrite(
      noted.map((run) => ({ replaceOne: { filter: { _id: run._id }, replacement: run, upsert: true } })),
      { ordered: false },
    );
  }

  /** By the names of the ticks. */
  async function load(): Promise<Map<string, LastRun>> {
    return new Map((await runs.find({}).toArray()).map((run) => [run._id, run]));
  }

  return { note, save, load };
}
