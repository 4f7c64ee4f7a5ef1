import { join } from 'node:path';

import type { Config } from './config.ts';
import { keyInFile } from './keyFile.ts';
import { type SealKey, sealKeyOf } from './seals/seal.ts';
import { SEAL_KEY_FILE } from './secrets.ts';

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
  const found = keyInFile(file, { make, lost: 'seals were made with' });
  if (found === null) return { keys: [], generated: [], file };
  const generated = found.isNew ? [`SEAL_KEY=${found.key.toString('base64')}`] : [];
  return { keys: [sealKeyOf(found.key)], generated, file };
}

/** Where the anchors of this process go. */
export function anchorFileOf({ ANCHOR_FILE, DATA_DIR }: Pick<Config, 'ANCHOR_FILE' | 'DATA_DIR'>): string {
  return ANCHOR_FILE ?? join(DATA_DIR, ANCHORS_FILE);
}
