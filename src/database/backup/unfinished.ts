import { readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { isThere, makeFolder, syncFolder } from './folders.ts';

/** In the data directory: what is being unpacked, and what is whole and on its way up. Renaming one to the other decides. */
export const UNPACKING = 'restoring';
export const UNPACKED = 'restored';

/** What a restore left that was cut off: `unpacking` is worth nothing, `unpacked` is a whole database. */
export async function findUnfinishedRestore(dataDir: string): Promise<'unpacking' | 'unpacked' | null> {
  if (await isThere(join(dataDir, UNPACKED))) return 'unpacked';
  return (await isThere(join(dataDir, UNPACKING))) ? 'unpacking' : null;
}

/** Removes what was unpacked in part. */
export async function dropUnpacking(dataDir: string): Promise<void> {
  await rm(join(dataDir, UNPACKING), { recursive: true, force: true });
}

/**
 * Moves what was unpacked to its place, file by file; cut off at any point it can be done again. Until the folder is gone
 * nobody opens the database.
 */
export async function finishRestore(dataDir: string): Promise<void> {
  const from = join(dataDir, UNPACKED);
  for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const name = join(entry.parentPath, entry.name).slice(from.length + 1);
    await makeFolder(dirname(join(dataDir, name)));
    await rename(join(from, name), join(dataDir, name));
  }
  await syncFolder(dataDir);
  await rm(from, { recursive: true });
  await syncFolder(dataDir);
}
