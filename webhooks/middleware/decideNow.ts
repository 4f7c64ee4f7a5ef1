import { createMiddleware } from 'hono/factory';

import type { ApiEnv } from '../dependencies.ts';
import type { Unavailable } from '../guard/unavailable.ts';
import { problem } from '../problem.ts';

/** Refuses what decides something while nothing may be decided; what is only read is answered. */
export function decideNow(mayDecide: () => boolean = () => true, unavailable?: Unavailable) {
  return createMiddleware<ApiEnv>(async (c, next) => {
    if (READS.has(c.req.method) || mayDecide()) return next();
    unavailable?.note('clock');
    return problem(
      503,
      'The clocks of the service and its database disagree: nothing is decided until they agree.',
      {},
      RETRY,
    );
  });
}

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);
/** They are set by people; it is asked again every few seconds. */
const RETRY = { 'retry-after': '60' };
