import type { Config } from '../config.ts';
import { backUp } from '../database/backup/backUp.ts';
import { connectDatabase } from '../database/connect.ts';
import { BackupFailed } from '../database/errors.ts';
import { MIGRATIONS } from '../database/migrations/migrations.ts';
import { readMigrations } from '../database/migrations/status.ts';
import { createServiceClock } from '../kernel/clock.ts';
import { ANCHORS_FILE } from '../sealKeys.ts';
import { PRIVATE_FILES } from '../secrets.ts';
import { say } from './output.ts';
import { createProgress } from './progress.ts';
import { readVersion } from './version.ts';

/**
 * Copies the embedded database into a file, beside a service that has it open or alone. Exit code 0 when the file is whole; else
 * there is none. The files of DATA_DIR without which a restored database is not the same service go with it.
 */
export async function backup(
  config: Config,
  file: string,
  { force = false, withoutSecrets = false }: { force?: boolean; withoutSecrets?: boolean },
): Promise<number> {
  const { DATA_DIR: dataDir } = config;
  refuseServer(config, 'mongodump backs it up');
  const database = await connectDatabase({ mongodbUri: undefined, dataDir, allowShared: true, mustExist: true });
  const progress = createProgress(1);
  try {
    const { connection } = database;
    const clock = createServiceClock();
    const made = await backUp({
      connection,
      dataDir,
      file,
      force,
      others: withoutSecrets ? [ANCHORS_FILE] : [ANCHORS_FILE, ...PRIVATE_FILES],
      version: readVersion(),
      migrations: await appliedMigrations(connection),
      now: clock.now,
      reach: (bytes, of) => progress.reach(bytes, of),
    });
    progress.stop();
    const megabytes = (made.bytes / 1_000_000).toFixed(1);
    say(`${file}: ${megabytes} MB, as of ${made.takenAt.toISOString()}`);
    return 0;
  } finally {
    progress.stop();
    await database.close();
  }
}

/** A MongoDB server has tools of its own, which know its members and shards. */
export function refuseServer({ MONGODB_URI }: Config, instead: string): void {
  if (MONGODB_URI === undefined) return;
  throw new BackupFailed(`the database is the MongoDB server of MONGODB_URI: ${instead} (docs/operations.md)`);
}

async function appliedMigrations(connection: Parameters<typeof readMigrations>[0]): Promise<string[]> {
  const { states } = await readMigrations(connection, MIGRATIONS);
  return states.filter(({ appliedAt }) => appliedAt !== null).map(({ name }) => name);
}
