import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { hasCode } from '../../kernel/errors.ts';

const JOURNAL = 'journal';

/** What a database consists of on disk; not what belongs to the process that has it open, as its lock and its socket. */
const OF_ENGINE =
  /^(?:WiredTiger|WiredTiger\.turtle|WiredTiger\.wt|WiredTigerHS\.wt|_mdb_catalog\.wt|sizeStorer\.wt|storage\.bson|\.embedded-mongodb-index-repair|(?:collection|index)-[\w-]+\.wt|journal\/WiredTigerLog\.\d+)$/;

/** Which checkpoint the database begins from. The engine replaces this file as a whole when one is complete. */
export const CHECKPOINT_FILE = 'WiredTiger.turtle';

/** Whether a file of a data directory, or of a backup, belongs to the database. */
export function isOfEngine(name: string): boolean {
  return OF_ENGINE.test(name);
}

export function isJournal(name: string): boolean {
  return name.startsWith(`${JOURNAL}/`);
}

/**
 * The files of the database in a data directory, and those of `others` that are there: these first, as what they speak of is
 * in the database already; the journal last, as it has what came after the checkpoint.
 */
export async function filesIn(dataDir: string, others: readonly string[]): Promise<string[]> {
  const names = await namesIn(dataDir);
  const journal = (await namesIn(join(dataDir, JOURNAL))).map((name) => `${JOURNAL}/${name}`);
  return [
    ...names.filter((name) => others.includes(name)),
    ...names.filter(isOfEngine).sort(),
    ...journal.filter(isOfEngine).sort(),
  ];
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}
