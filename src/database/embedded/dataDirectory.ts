import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { hasCode } from '../../kernel/errors.ts';

/** Whether a database was made in `dataDir` before: the storage engine writes this file first of all. */
export async function hasDatabase(dataDir: string): Promise<boolean> {
  try {
    await access(join(resolve(dataDir), 'WiredTiger'));
    return true;
  } catch (error) {
    // What is there and cannot be looked at is told by opening it.
    return !(hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR'));
  }
}
