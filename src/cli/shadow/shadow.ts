import { join } from 'node:path';

import type { Config } from '../../config.ts';
import { type Core, createCore } from '../../core.ts';
import { connectDatabase } from '../../database/connect.ts';
import { databaseNameOf, withDatabase } from '../../database/connectionString.ts';
import { DataDirectoryInUse } from '../../database/errors.ts';
import { buildIndexes } from '../../database/indexes.ts';
import { migrate } from '../../database/migrations/migrate.ts';
import { MIGRATIONS } from '../../database/migrations/migrations.ts';
import { createCatalogue } from '../../events/catalogue.ts';
import { type Calendar, createCalendar } from '../../kernel/calendar.ts';
import { createServiceClock, type ServiceClock } from '../../kernel/clock.ts';
import { hashOf } from '../../kernel/ids.ts';
import { canonicalJson } from '../../kernel/json.ts';
import { loadPayeeKeys } from '../../payeeKeys.ts';
import { type Policy, readPolicy } from '../../policy.ts';
import { onInterrupt } from '../interrupt.ts';
import { say, tell } from '../output.ts';
import { createProgress, type Progress } from '../progress.ts';
import { BadInput } from './badInput.ts';
import { compare } from './compare.ts';
import { endOf } from './end.ts';
import { loadDecided } from './ours.ts';
import { type Paid, readPaid } from './paid.ts';
import { openPast, type Past, readPast } from './pastEvents.ts';
import { playPast } from './play.ts';
import { eventsOfPurchases } from './purchases.ts';
import { type Explained, isWholeMatch, type NotApplied, type Report, reportCsv, reportText } from './report.ts';
import { whyOf } from './why.ts';
import { keepEvents, openWorkFolder, replaceFile, type WorkFolder } from './workFolder.ts';

/** `events` or `purchases`: the past; `paid`: what really came of it. `until`: where the play ends, as late as all of it unless told. */
export type ShadowOptions = {
  events?: string;
  purchases?: string;
  paid: string;
  policy?: string;
  until?: Date;
  work: string;
};

const BAD_INPUT = 2;
const REPORT_FILE = 'differences.csv';

/**
 * Plays the past on a database of its own and compares what settlebot would have decided with what was really invoiced and paid
 * (docs/shadow.md). Exit code 0 when all of it matches, 1 when something differs, 2 for input that cannot be used, of which
 * nothing is played. The same command again goes on where it was stopped.
 */
export async function shadow(config: Config, options: ShadowOptions): Promise<number> {
  try {
    return await playAndCompare(config, options);
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    for (const fault of error.faults) tell(`settlebot: ${fault}`);
    return BAD_INPUT;
  }
}

async function playAndCompare(given: Config, options: ShadowOptions): Promise<number> {
  const policy = policyOf(given, options.policy);
  const { PLATFORM_TIME_ZONE: timeZone, PLATFORM_CURRENCY: currency } = given;
  const calendar = createCalendar(timeZone);
  const clock = createServiceClock();
  const paid = await readPaid(options.paid, currency, calendar);
  const past = await pastOf(options, { currency, calendar, now: clock.now() });
  const end = endOf({ past, paid, calendar, policy, until: options.until, now: clock.now() });
  const identity = { events: past.sha256, policy: hashOf(canonicalJson(policy)), timeZone, currency };
  const folder = await openWorkFolder(options.work, identity);
  const config = configFor({ ...given, policy }, folder);
  return withShadow(config, clock, async (core) => {
    const reached = await play({ core, clock, past, folder, end: notBefore(folder, end, options.until) });
    if (!reached) throw new Error('interrupted; the same command again goes on from here');
    const report = await reportOf(core, { past, paid, calendar });
    const file = join(options.work, REPORT_FILE);
    await replaceFile(file, reportCsv(report));
    say(reportText(report));
    say(`\nEvery difference, with the rule behind it: ${file}`);
    return isWholeMatch(report) ? 0 : 1;
  });
}

function policyOf({ policy }: Config, file: string | undefined): Policy {
  if (file === undefined) return policy;
  const read = readPolicy(file, file);
  if ('errors' in read) throw new BadInput(read.errors);
  return read.policy;
}

/** A table of purchases is made into events first, which stay in the folder to be looked at. */
async function pastOf(
  { events, purchases, until, work }: ShadowOptions,
  { currency, calendar, now }: { currency: string; calendar: Calendar; now: Date },
): Promise<Past> {
  if ((events === undefined) === (purchases === undefined)) {
    throw new BadInput(['give the past by --events or by --purchases, one of the two']);
  }
  const end =
    until === undefined ? { at: now, name: 'the present' } : { at: until, name: 'the end that --until names' };
  const file =
    purchases === undefined
      ? (events ?? '')
      : await keepEvents(work, await eventsOfPurchases(purchases, { currency, calendar, end }));
  return readPast(file, createCatalogue(currency), end);
}

/** What was played is not taken back. */
function notBefore(folder: WorkFolder, end: Date, until: Date | undefined): Date {
  const { at } = folder.state();
  const stood = at === null ? end : new Date(at);
  if (stood <= end) return end;
  if (until === undefined) return stood;
  throw new BadInput([
    `${folder.path} was played until ${at}, which is later than --until: name another folder by --work`,
  ]);
}

/** The business by the same configuration, in shadow, over a database of its own. */
function configFor(config: Config, folder: WorkFolder): Config {
  const { MONGODB_URI: uri } = config;
  return {
    ...config,
    SHADOW: true,
    TEST_CLOCK: true,
    DATA_DIR: folder.databaseFolder,
    MONGODB_URI: uri && withDatabase(uri, `${databaseNameOf(uri)}_shadow_${folder.state().token}`),
  };
}

async function withShadow<T>(config: Config, clock: ServiceClock, work: (core: Core) => Promise<T>): Promise<T> {
  const { MONGODB_URI: mongodbUri, DATA_DIR: dataDir } = config;
  const database = await connectDatabase({ mongodbUri, dataDir, patient: true }).catch((error: unknown) => {
    throw error instanceof DataDirectoryInUse ? new BadInput([error.message]) : error;
  });
  try {
    const { connection } = database;
    await migrate({ connection, migrations: MIGRATIONS, clock, apply: true, report: tell });
    // Whatever database it plays on, it is this play's own, and so is the key.
    const { keys: payeeKeys } = loadPayeeKeys({ ...config, MONGODB_URI: undefined }, { make: true });
    const core = createCore({ database, config, clock, onError: () => {}, payeeKeys });
    await buildIndexes(connection);
    return await work(core).finally(core.documents.close);
  } finally {
    await database.close();
  }
}

/** False when it was interrupted before its end. */
async function play({
  core,
  clock,
  past,
  folder,
  end,
}: {
  core: Core;
  clock: ServiceClock;
  past: Past;
  folder: WorkFolder;
  end: Date;
}): Promise<boolean> {
  const { signal: interrupted, release } = onInterrupt();
  const progress: Progress = createProgress(past.events.length);
  const file = await openPast(past.file, core.catalogue);
  try {
    const reach = (done: number, at: Date): void => {
      progress.reach(done);
      progress.note(core.platform.timeZone === 'UTC' ? at.toISOString().slice(0, 10) : at.toISOString());
    };
    await playPast({ ...{ core, clock, folder, end, reach, interrupted }, events: past.events, read: file.read });
    return !interrupted.aborted;
  } finally {
    await file.close();
    progress.stop();
    release();
  }
}

async function reportOf(
  core: Core,
  { past, paid, calendar }: { past: Past; paid: Paid[]; calendar: Calendar },
): Promise<Report> {
  const { results, differences } = compare(await loadDecided(core, calendar.dayOf), paid);
  const explained: Explained[] = [];
  for (const difference of differences) explained.push({ ...difference, why: await whyOf(core, difference) });
  return {
    from: new Date(past.events[0]?.at ?? 0),
    end: core.clock.now(),
    timeZone: core.platform.timeZone,
    currency: core.platform.currency,
    events: past.events.length,
    outOfOrder: past.outOfOrder,
    repeated: past.repeated,
    notApplied: await notAppliedOf(core),
    results,
    differences: explained,
    withheld: await core.shadow.weeks.total(),
  };
}

const PAGE = 500;

/** Events that waited in vain for what they refer to, or cannot be right. */
async function notAppliedOf({ inbox }: Core): Promise<NotApplied[]> {
  const found: NotApplied[] = [];
  for (const status of ['waiting', 'quarantined'] as const) {
    for (let after: string | null | undefined; after !== null; ) {
      const page = await inbox.list({ status, limit: PAGE, ...(after === undefined ? {} : { after }) });
      for (const { eventId, error, waitsFor } of page.items) {
        found.push({ eventId, status, error: error ?? `it waits for ${waitsFor.join(', ')}` });
      }
      after = page.next;
    }
  }
  return found;
}
