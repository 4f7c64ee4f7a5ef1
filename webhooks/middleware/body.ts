import { hash } from 'node:crypto';

import { createMiddleware } from 'hono/factory';

import type { ApiEnv } from '../dependencies.ts';
import type { BodyReader } from '../guard/body.ts';
import { bodyRefusal } from '../guard/bodyRefusals.ts';
import type { Guard } from '../guard/guard.ts';
import { HttpProblem } from '../problem.ts';

/** Of the API; the receiver and Telegram's webhook have limits of their own. */
const BODY_KIB = 64;
const MIB = 1024 * 1024;

/** Routes that take files, as bytes: up to so many MiB. */
const FILES_MIB: readonly (readonly [RegExp, number])[] = [[/^\/v1\/payout-cycles\/[^/]+\/results$/, 16]];

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
    const fileMib = FILES_MIB.find(([path]) => path.test(c.req.path))?.[1];
    const limit = fileMib === undefined ? BODY_KIB * 1024 : fileMib * MIB;
    const body = await readBody(c.req.raw, peer, incoming, limit);
    if (!Buffer.isBuffer(body)) {
      throw new HttpProblem(...bodyRefusal(body, fileMib === undefined ? `${BODY_KIB} KiB` : `${fileMib} MiB`));
    }
    if (fileMib !== undefined) {
      // A file is no text until somebody knows what it is written in; of one, a hash stands for the whole.
      c.set('file', body);
      Object.assign(c.req.bodyCache, { text: Promise.resolve(hash('sha256', body, 'hex')) });
      return next();
    }
    // As Hono keeps what it has read itself: a promise, whatever the declaration says.
    Object.assign(c.req.bodyCache, { text: Promise.resolve(new TextDecoder().decode(body)) });
    return next();
  });
}
