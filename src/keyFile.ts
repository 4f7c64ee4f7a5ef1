import { randomBytes } from 'node:crypto';

import { makePrivate, readIfThere } from './kernel/privateFiles.ts';

const KEY_BYTES = 32;

/**
 * The key in a file that is readable by its owner alone; null where there is none and none is to be made. `isNew`: it was made now.
 * Throws where the file has something else: `lost` says what then has to be put back.
 */
export function keyInFile(file: string, { make, lost }: { make: boolean; lost: string }) {
  const stored = readIfThere(file);
  if (stored !== null) return { key: keyOf(stored, file, lost), isNew: false };
  if (!make) return null;
  const made = randomBytes(KEY_BYTES).toString('base64');
  if (makePrivate(file, `${made}\n`)) return { key: keyOf(made, file, lost), isNew: true };
  // Another process has made one meanwhile.
  return { key: keyOf(readIfThere(file) ?? '', file, lost), isNew: false };
}

function keyOf(text: string, file: string, lost: string): Buffer {
  const key = text.trim();
  const bytes = Buffer.from(key, 'base64');
  if (bytes.length !== KEY_BYTES || bytes.toString('base64') !== key) {
    throw new Error(`${file} is not what the service wrote; put back the one that ${lost}`);
  }
  return bytes;
}
