import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { hasCode, messageOf } from './errors.ts';

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

/** The text of a file, or null when there is none. Throws when it cannot be read. */
export function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw new Error(`${file} cannot be read: ${messageOf(error)}`);
  }
}

/** Makes a file, and its folder, for their owner alone; false when another process made it meanwhile. */
export function makePrivate(file: string, text: string): boolean {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
    return true;
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    return false;
  }
}
