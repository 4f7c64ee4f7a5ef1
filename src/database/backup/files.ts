import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { hasCode } from '../../kernel/errors.ts';

const JOURNAL = 'journal';

/**
 * What the storage engine needs to begin from a copy that was made while it held its writers: all but what it makes again from
 * `WiredTiger.backup`, and what belongs to its process.
 */
const OF_ENGINE =
  /^(?:WiredTiger|WiredTiger\.backup|WiredTigerHS\.wt|_mdb_catalog\.wt|sizeStorer\.wt|storage\.bson|\.embedded-mongodb-index-repair|(?:collection|index)-[\w-]+\.wt|journal\/WiredTigerLog\.\d+)$/;

/** Without it a copy is none: the engine writes it while it is held, and only then. */
export const MADE_WHILE_HELD = 'WiredTiger.backup';

/** Whether a file of a data directory, or of a backup, belongs to the database. */
export function isOfEngine(name: string): boolean {
  return OF_ENGINE.test(name);
}

/** The files of the database in a data directory, and those of `others` that are there. */
export async function filesIn(dataDir: string, others: readonly string[]): Promise<string[]> {
  const names = await namesIn(dataDir);
  const journal = (await namesIn(join(dataDir, JOURNAL))).map((name) => `${JOURNAL}/${name}`);
  return [...names, ...journal].filter((name) => isOfEngine(name) || others.includes(name)).sort();
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}
