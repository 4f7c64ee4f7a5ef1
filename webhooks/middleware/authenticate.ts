import { createHash, timingSafeEqual } from 'node:crypto';
import { createMiddleware } from 'hono/factory';

import { ALL_BUT_ADMIN, SCOPES } from '../../src/rights/scope.ts';
import type { ApiEnv } from '../dependencies.ts';
import { HttpProblem } from '../problem.ts';
import type { WrongKeys } from './wrongKeys.ts';

/** Lets requests with one of the keys through, and names the key as the actor (docs/configuration.md, `API_KEYS`). */
export function authenticate(
  { apiKeys, ownerKeys }: { apiKeys: { name: string; key: string }[]; ownerKeys: string[] },
  wrongKeys: WrongKeys,
) {
  const known = apiKeys.map(({ name, key }) => ({ name, digest: digestOf(key) }));
  return createMiddleware<ApiEnv>(async (c, next) => {
    const given = BEARER.exec(c.req.header('authorization') ?? '')?.[1];
    const actor = given === undefined ? undefined : ownerOf(given);
    if (given !== undefined && actor === undefined && !(await wrongKeys.note(c.env?.incoming?.socket.remoteAddress))) {
      throw new HttpProblem(429, 'Too many wrong API keys come from this address.', {}, { 'retry-after': '60' });
    }
    if (actor === undefined) {
      throw new HttpProblem(401, 'An API key is needed: "Authorization: Bearer KEY".', {}, CHALLENGE);
    }
    c.set('actor', actor);
    c.set('scopes', ownerKeys.includes(actor) ? SCOPES : ALL_BUT_ADMIN);
    await next();
  });

  /** Digests have one length whatever the key, and all are compared: the time taken reveals nothing. */
  function ownerOf(key: string): string | undefined {
    const digest = digestOf(key);
    let owner: string | undefined;
    for (const one of known) if (timingSafeEqual(one.digest, digest)) owner = one.name;
    return owner;
  }
}

const BEARER = /^Bearer +(\S+) *$/i;
const CHALLENGE = { 'www-authenticate': 'Bearer realm="settlebot"' };

function digestOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
