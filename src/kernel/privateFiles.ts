import { chmodSync, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { messageOf } from './errors.ts';

/** Windows has no such bits; there the folder's own list of rights decides. */
const hasModes = process.platform !== 'win32';
const OTHERS = 0o077;

/**
 * Keeps a folder, and these files in it, to their owner: what others could read or change is set right. Answers a line for each
 * that was, to warn with. Throws when it is another user's, so that it cannot be set right: it holds everybody's money and
 * messages.
 */
export function keepToOwner(folder: string, files: readonly string[]): string[] {
  if (!hasModes || !existsSync(folder)) return [];
  return [folder, ...files.map((name) => join(folder, name)).filter((path) => existsSync(path))].flatMap(setRight);
}

function setRight(path: string): string[] {
  const { mode } = statSync(path);
  if ((mode & OTHERS) === 0) return [];
  try {
    chmodSync(path, mode & 0o700);
  } catch (error) {
    throw new Error(
      `${path} can be read by other users (${shown(mode)}) and is not this user's to change: ${messageOf(error)}. Make it private, or name a folder of this user's own as DATA_DIR`,
    );
  }
  return [`${path} could be read by other users (${shown(mode)}) and cannot any more (${shown(mode & 0o700)})`];
}

function shown(mode: number): string {
  return (mode & 0o777).toString(8).padStart(4, '0');
}
