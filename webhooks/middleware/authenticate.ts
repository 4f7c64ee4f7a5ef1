import { createHash, timingSafeEqual } from 'node:crypto';
import { createMiddleware } from 'hono/factory';

import { scopesOfEnvironment } from '../../src/rights/scope.ts';
import type { ApiDeps, ApiEnv } from '../dependencies.ts';
import { networkOf } from '../guard/networks.ts';
import { HttpProblem } from '../problem.ts';
import { enterBySession, presentedSession } from './session.ts';
import type { WrongKeys } from './wrongKeys.ts';

/**
 * Lets requests with a key through that is one of the environment's (docs/configuration.md, `API_KEYS`) or a stored one, and names the key
 * as the actor. What it may do is read with it. A key that was good once is answered like any other wrong one; the log names it. Where
 * there is a console, a session of it lets through as well, but not together with a key: nobody is two at once.
 */
export function authenticate(
  deps: Pick<ApiDeps, 'apiKeys' | 'ownerKeys' | 'rights' | 'console' | 'consoleUrl' | 'scopesOf' | 'clock'>,
  wrongKeys: WrongKeys,
) {
  const { apiKeys, ownerKeys, rights } = deps;
  const enter = enterBySession(deps, wrongKeys);
  const known = apiKeys.map(({ name, key }) => ({ name, digest: digestOf(key) }));
  return createMiddleware<ApiEnv>(async (c, next) => {
    const session = deps.consoleUrl === undefined ? undefined : presentedSession(c);
    if (session !== undefined) {
      if (c.req.header('authorization') === undefined) return enter(c, session, next);
      throw new HttpProblem(400, 'The request has an API key and a session of the console: it can be but one of both.');
    }
    const given = BEARER.exec(c.req.header('authorization') ?? '')?.[1];
    const from = c.env?.incoming?.socket.remoteAddress;
    const found = given === undefined ? null : (ofEnvironment(given) ?? (await rights.keys.find(given)));
    if (given !== undefined && found?.kind !== 'active' && !(await wrongKeys.note(from, found))) {
      throw new HttpProblem(429, 'Too many wrong API keys come from this address.', {}, { 'retry-after': '60' });
    }
    if (found?.kind !== 'active') {
      throw new HttpProblem(401, 'An API key is needed: "Authorization: Bearer KEY".', {}, CHALLENGE);
    }
    rights.keys.noteUse(found.name, networkOf(from ?? 'unknown'));
    c.set('actor', found.name);
    c.set('scopes', found.scopes);
    c.set('endsAt', found.endsAt);
    c.set('enterAgain', async () => {
      const now = given === undefined ? null : (ofEnvironment(given) ?? (await rights.keys.findAnew(given)));
      return now?.kind === 'active' ? { scopes: now.scopes, endsAt: now.endsAt } : null;
    });
    await next();
  });

  /** Digests have one length whatever the key, and all are compared: the time taken reveals nothing. */
  function ofEnvironment(key: string) {
    const digest = digestOf(key);
    let name: string | undefined;
    for (const one of known) if (timingSafeEqual(one.digest, digest)) name = one.name;
    if (name === undefined) return null;
    return { kind: 'active' as const, name, scopes: scopesOfEnvironment(name, ownerKeys), endsAt: null };
  }
}

const BEARER = /^Bearer +(\S+) *$/i;
const CHALLENGE = { 'www-authenticate': 'Bearer realm="settlebot"' };

function digestOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
