import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

import { BrokenInvariant } from '../kernel/errors.ts';

/** Beside `src` when it runs from its sources, and beside `dist` when it is built. */
const PLACES = ['../../package.json', '../../../package.json'];

/** The version of this service. */
export function readVersion(): string {
  const file = PLACES.map((place) => fileURLToPath(new URL(place, import.meta.url))).find((path) => existsSync(path));
  if (file === undefined) throw new BrokenInvariant('the service has no package.json beside it');
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8'))).version;
}
