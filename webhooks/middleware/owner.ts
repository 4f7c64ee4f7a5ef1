import type { Context } from 'hono';

import type { ApiEnv } from '../dependencies.ts';
import { HttpProblem } from '../problem.ts';

/** Throws unless the request came with a key of the owner (docs/configuration.md, `OWNER_API_KEYS`). */
export function ownerOnly(c: Context<ApiEnv>): void {
  if (!c.var.isOwner) throw ownerNeeded('This');
}

export function ownerNeeded(what: string): HttpProblem {
  return new HttpProblem(403, `${what} is for the owner of the service: OWNER_API_KEYS has to name the key.`);
}
