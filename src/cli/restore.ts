import { stat } from 'node:fs/promises';

import type { Config } from '../config.ts';
import { restoreBackup } from '../database/backup/restore.ts';
import { MIGRATIONS } from '../database/migrations/migrations.ts';
import { ANCHORS_FILE } from '../sealKeys.ts';
import { PRIVATE_FILES } from '../secrets.ts';
import { refuseServer } from './backup.ts';
import { say, tell } from './output.ts';
import { createProgress } from './progress.ts';

/**
 * Makes the database of a backup in DATA_DIR, which must have none. Exit code 0 when it is there whole; else nothing of it is.
 * What is to be done before the service starts on it is said.
 */
export async function restore(config: Config, file: string): Promise<number> {
  refuseServer(config, 'mongorestore restores it');
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  const progress = createProgress(size);
  try {
    const { takenAt, documents } = await restoreBackup({
      file,
      dataDir: config.DATA_DIR,
      others: [ANCHORS_FILE, ...PRIVATE_FILES],
      migrations: MIGRATIONS.map(({ name }) => name),
      reach: (step, bytes) => {
        progress.note(step === 'check' ? 'comparing' : 'unpacking');
        progress.reach(bytes);
      },
      say: tell,
    });
    progress.stop();
    const { events = 0, ledger_entries: entries = 0 } = documents;
    say(`${config.DATA_DIR} is as of ${takenAt.toISOString()}: ${events} events, ${entries} ledger entries`);
    say('Start the service on it, which finishes what was under way. Then settlebot verify compares everything,');
    say('and settlebot erase ACCOUNT erases again who was erased since that instant');
    return 0;
  } finally {
    progress.stop();
  }
}
