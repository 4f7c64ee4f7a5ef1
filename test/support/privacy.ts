import type { Connection } from 'mongoose';

import { createKeyring } from '../../src/privacy/keyring.ts';
import { createTexts, type Texts } from '../../src/privacy/texts.ts';

/** Personal texts as the service stores and reads them, over a database. */
export function textsOver(connection: Connection): Texts {
  return createTexts(createKeyring(connection));
}
