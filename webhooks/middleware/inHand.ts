import { createMiddleware } from 'hono/factory';

import type { ApiEnv } from '../dependencies.ts';
import type { Guard } from '../guard/guard.ts';
import { problem } from '../problem.ts';

/** Bounds how many requests are worked on at a time, however many connections they come over. */
export function boundInHand({ peers, refusals }: Guard, most: number) {
  let inHand = 0;
  return createMiddleware<ApiEnv>(async (c, next) => {
    if (inHand >= most) {
      refusals.note('in-hand', peers.of(c.env?.incoming?.socket).address);
      return problem(503, 'Too many requests are being worked on.', {}, { 'retry-after': '1' });
    }
    inHand += 1;
    try {
      await next();
    } finally {
      inHand -= 1;
    }
    return;
  });
}
