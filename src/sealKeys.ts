import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import type { Config } from './config.ts';
import { makePrivate, readIfThere } from './kernel/privateFiles.ts';
import { type SealKey, sealKeyOf } from './seals/seal.ts';
import { SEAL_KEY_FILE } from './secrets.ts';

const KEY_BYTES = 32;

/** Where anchors go in DATA_DIR, unless they go elsewhere. */
export const ANCHORS_FILE = 'anchors.txt';

/**
 * The keys of seals, the one that makes them first: SEAL_KEY, or the one that was made at the first start and is stored in
 * DATA_DIR, readable by its owner alone. `make` says whether one is made where there is none; `generated` has it, to be shown
 * once.
 */
export function loadSealKeys(
  { SEAL_KEY, DATA_DIR }: Pick<Config, 'SEAL_KEY' | 'DATA_DIR'>,
  { make }: { make: boolean },
): { keys: SealKey[]; generated: string[]; file: string } {
  const file = join(DATA_DIR, SEAL_KEY_FILE);
  if (SEAL_KEY !== undefined) return { keys: SEAL_KEY.map(sealKeyOf), generated: [], file };
  const stored = readIfThere(file);
  if (stored !== null) return { keys: [keyOf(stored, file)], generated: [], file };
  if (!make) return { keys: [], generated: [], file };
  const made = randomBytes(KEY_BYTES).toString('base64');
  if (!makePrivate(file, `${made}\n`)) return { keys: [keyOf(readIfThere(file) ?? '', file)], generated: [], file };
  return { keys: [keyOf(made, file)], generated: [`SEAL_KEY=${made}`], file };
}

/** Where the anchors of this process go. */
export function anchorFileOf({ ANCHOR_FILE, DATA_DIR }: Pick<Config, 'ANCHOR_FILE' | 'DATA_DIR'>): string {
  return ANCHOR_FILE ?? join(DATA_DIR, ANCHORS_FILE);
}

function keyOf(text: string, file: string): SealKey {
  const key = text.trim();
  const bytes = Buffer.from(key, 'base64');
  if (bytes.length !== KEY_BYTES || bytes.toString('base64') !== key) {
    throw new Error(`${file} is not what the service wrote; put back the one that seals were made with`);
  }
  return sealKeyOf(bytes);
}
