import { join } from 'node:path';

import type { Config } from './config.ts';
import { type Secret, secretOf } from './kernel/cipher.ts';
import { messageOf } from './kernel/errors.ts';
import { keyInFile } from './keyFile.ts';
import { PAYEE_KEY_FILE } from './secrets.ts';

/** The keys of payees, the one that is written with first; `notes` are for whoever starts the service. */
export type PayeeKeys = { keys: Secret[]; notes: string[] };

const OFF = 'payees are off: PAYEE_KEYS is not set, and with MONGODB_URI no key is made (docs/paydays.md)';

/**
 * PAYEE_KEYS; or beside an embedded database the key that was made at the first start and is stored in DATA_DIR, readable by its owner
 * alone. With MONGODB_URI several processes share a database, and a key of one machine would be none for the others: there is none
 * unless it is named. A file that is no key stops nothing but payees.
 */
export function loadPayeeKeys(
  { PAYEE_KEYS, MONGODB_URI, DATA_DIR }: Pick<Config, 'PAYEE_KEYS' | 'MONGODB_URI' | 'DATA_DIR'>,
  { make }: { make: boolean },
): PayeeKeys {
  if (PAYEE_KEYS !== undefined) return { keys: PAYEE_KEYS.map(secretOf), notes: [] };
  if (MONGODB_URI !== undefined) return { keys: [], notes: [OFF] };
  const file = join(DATA_DIR, PAYEE_KEY_FILE);
  try {
    const found = keyInFile(file, { make, lost: 'payees are encrypted with' });
    if (found === null) return { keys: [], notes: [] };
    const notes = found.isNew ? [`a key of payees was made: in ${file}, readable by its owner alone`] : [];
    return { keys: [secretOf(found.key)], notes };
  } catch (error) {
    return { keys: [], notes: [`payees are off: ${messageOf(error)}`] };
  }
}
