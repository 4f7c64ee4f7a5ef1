import type { Connection } from 'mongoose';
import { createClockStand, travel } from '../../jobs/clockStand.ts';
import { createLastRuns } from '../../jobs/lastRuns.ts';
import { createSchedule, type Ran } from '../../jobs/schedule.ts';
import { ticksOf } from '../../jobs/ticks.ts';
import type { Config } from '../config.ts';
import { type Core, createCore } from '../core.ts';
import { createClockWatch } from '../database/clockWatch.ts';
import { connectDatabase, type Database } from '../database/connect.ts';
import { ClocksDisagree } from '../database/errors.ts';
import { buildIndexes } from '../database/indexes.ts';
import { migrate } from '../database/migrations/migrate.ts';
import { MIGRATIONS } from '../database/migrations/migrations.ts';
import { createServiceClock } from '../kernel/clock.ts';
import { keepToOwner } from '../kernel/privateFiles.ts';
import { loadPayeeKeys } from '../payeeKeys.ts';
import { anchorFileOf, loadSealKeys } from '../sealKeys.ts';
import { createAnchorFile } from '../seals/anchorFile.ts';
import { PRIVATE_FILES } from '../secrets.ts';
import { tell } from './output.ts';

/** The business for one command: alone on its database, or beside a service that is running on it. */
export type Business = {
  core: Core;
  /** `shared` when the engine is that of a service beside us. */
  kind: Database['kind'];
  /** Where the service's clock stood when the service was last seen, if it ever was. */
  stood: Date | null;
  /** Goes from one instant to another as the service would: events by arrival, ticks at their own instants. */
  travel(from: Date, to: Date): Promise<Ran[]>;
  /** After travelling: the real clock runs again, the test clock stands at `at`. */
  goOn(at: Date): void;
  saveStand(at: Date): Promise<void>;
};

/**
 * Whether a command changes the business; only one that does migrates a database of an older version. One that `creates`
 * changes it, too, and makes a database where there is none.
 */
export type Access = 'reads' | 'writes' | 'creates';

/**
 * Opens the business, does the work, closes. The clock is the service's: the real one, or with TEST_CLOCK=1 the test
 * clock where it stands. What others could read of DATA_DIR is set right, with a line. Throws NoDatabase where there is none, unless the command creates one. What
 * the service reports in the background shows here in the states of events.
 */
export async function withBusiness<T>(
  config: Config,
  access: Access,
  work: (business: Business) => Promise<T>,
): Promise<T> {
  const { MONGODB_URI: mongodbUri, DATA_DIR: dataDir } = config;
  for (const line of keepToOwner(dataDir, PRIVATE_FILES)) tell(line);
  const mustExist = access !== 'creates';
  const database = await connectDatabase({ mongodbUri, dataDir, allowShared: true, mustExist, patient: true });
  try {
    const clock = createServiceClock();
    const { connection } = database;
    await compareClocks(connection, access);
    // Beside a service that has not migrated its database there is an older one at work, which must not see the new form.
    const apply = access !== 'reads' && database.kind !== 'shared';
    await migrate({ connection, migrations: MIGRATIONS, clock, apply, report });
    const { keys } = loadSealKeys(config, { make: apply });
    const payeeKeys = loadPayeeKeys(config, { make: apply }).keys;
    const seals = { keys, anchors: createAnchorFile(anchorFileOf(config)) };
    const core = createCore({ database, config, clock, onError: () => {}, seals, payeeKeys });
    const stand = createClockStand(core.connection, config.TEST_CLOCK ? 'test' : 'real');
    const lastRuns = createLastRuns(core.connection);
    const schedule = createSchedule(ticksOf(core), lastRuns.note);
    await buildIndexes(core.connection);
    const stood = await stand.load();
    if (config.TEST_CLOCK) clock.pin(latest(stood, config.TEST_CLOCK_START) ?? clock.now());
    if (apply) await core.notePolicy();
    return await work({
      core,
      kind: database.kind,
      stood,
      goOn: (at) => (config.TEST_CLOCK ? clock.pin(at) : clock.unpin()),
      travel: (from, to) => travel({ core, clock, schedule }, from, to),
      saveStand: async (at) => {
        await stand.save(at);
        await lastRuns.save();
      },
    });
  } finally {
    await database.close();
  }
}

/** Throws ClocksDisagree for a command that would decide by a clock that is not the database's. */
async function compareClocks(connection: Connection, access: Access): Promise<void> {
  const clocks = createClockWatch({ connection, warn: tell, onError: () => {} });
  await clocks.measure();
  if (access !== 'reads' && !clocks.agrees()) throw new ClocksDisagree(clocks.offsetMs());
}

/**
 * Runs what was missed since a service ran here, each tick with its own date, before something new comes in: without it
 * an event of today would count for a Monday of last month.
 */
export async function catchUp({ core, stood, travel, goOn, saveStand }: Business): Promise<void> {
  const now = core.clock.now();
  await travel(stood !== null && stood < now ? stood : now, now);
  goOn(now);
  await saveStand(now);
}

/** Not to standard output, which has what the command answers. */
function report(line: string): void {
  tell(line);
}

function latest(one: Date | null, other: Date | undefined): Date | null {
  if (one === null || other === undefined) return one ?? other ?? null;
  return one > other ? one : other;
}
