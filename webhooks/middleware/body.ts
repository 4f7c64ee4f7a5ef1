import { createMiddleware } from 'hono/factory';

import type { ApiEnv } from '../dependencies.ts';
import type { BodyReader } from '../guard/body.ts';
import { bodyRefusal } from '../guard/bodyRefusals.ts';
import type { Guard } from '../guard/guard.ts';
import { HttpProblem } from '../problem.ts';

/** Of the API; the receiver and Telegram's webhook have limits of their own. */
const BODY_KIB = 64;

/**
 * Reads the body of a request whose key is right, within the same bounds as those of events, and leaves it where the
 * request's own reading finds it.
 */
export function readBodies(guard: Guard, readBody: BodyReader) {
  return createMiddleware<ApiEnv>(async (c, next) => {
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return next();
    const incoming = c.env?.incoming;
    const peer = guard.peers.of(incoming?.socket);
    guard.peers.vouch(peer);
    const body = await readBody(c.req.raw, peer, incoming, BODY_KIB * 1024);
    if (!Buffer.isBuffer(body)) throw new HttpProblem(...bodyRefusal(body, `${BODY_KIB} KiB`));
    // As Hono keeps what it has read itself: a promise, whatever the declaration says.
    Object.assign(c.req.bodyCache, { text: Promise.resolve(new TextDecoder().decode(body)) });
    return next();
  });
}
