import type { Context, Next } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';

import type { Scope } from '../../src/rights/scope.ts';
import type { ApiDeps, ApiEnv } from '../dependencies.ts';
import { networkOf } from '../guard/networks.ts';
import { HttpProblem } from '../problem.ts';
import type { WrongKeys } from './wrongKeys.ts';

/** Whoever calls from a page of ours says so: no form and no link of another site can. */
const PAGE_HEADER = 'settlebot-console';
/** Where no cookie is sent, as inside Telegram, the page sends the token itself. */
const SESSION_HEADER = 'settlebot-session';
const COOKIE = 'settlebot';

/** What a request presents; `by`: how it does, and gets the next one. */
type Presented = { token: string; by: 'cookie' | 'header' };

export function presentedSession(c: Context<ApiEnv>): Presented | undefined {
  const header = c.req.header(SESSION_HEADER);
  if (header !== undefined) return { token: header, by: 'header' };
  const cookie = getCookie(c, COOKIE, 'host');
  return cookie === undefined ? undefined : { token: cookie, by: 'cookie' };
}

/**
 * Throws the problem unless the request comes from a page of ours. The cookie's SameSite holds what other sites send; this holds, too,
 * where a browser knows no better, and where another service has the same site. `consoleUrl` is the origin of our pages.
 */
export function requireOwnPage(c: Context<ApiEnv>, consoleUrl: string | undefined): void {
  const reads = c.req.method === 'GET' || c.req.method === 'HEAD';
  if (isSameOrigin(c, consoleUrl) && (reads || c.req.header(PAGE_HEADER) === '1')) return;
  throw new HttpProblem(403, `A session acts for its own pages alone: "${PAGE_HEADER}: 1", from the same origin.`, {
    reason: 'other_site',
  });
}

/**
 * As the browser says: `Sec-Fetch-Site`, else, from a web view or a Safari that does not know that yet, `Origin`. A read of their own
 * pages has neither there.
 */
function isSameOrigin(c: Context<ApiEnv>, consoleUrl: string | undefined): boolean {
  const site = c.req.header('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin';
  const origin = c.req.header('origin');
  return origin === undefined || origin === consoleUrl;
}

/** No later than the session itself: then the browser forgets it. */
export function giveCookie(
  c: Context<ApiEnv>,
  token: string,
  { expiresAt, now }: { expiresAt: Date; now: Date },
): void {
  const maxAge = Math.max(0, Math.floor((expiresAt.getTime() - now.getTime()) / 1_000));
  setCookie(c, COOKIE, token, { prefix: 'host', secure: true, httpOnly: true, sameSite: 'Strict', path: '/', maxAge });
}

export function takeCookie(c: Context<ApiEnv>): void {
  deleteCookie(c, COOKIE, { prefix: 'host', secure: true, path: '/' });
}

/** Counts what opens nothing as a wrong key is counted; resolves with the problem to answer. */
export async function wrongSession(c: Context<ApiEnv>, wrongKeys: WrongKeys, detail: string): Promise<HttpProblem> {
  if (await wrongKeys.note(c.env?.incoming?.socket.remoteAddress)) return new HttpProblem(401, detail);
  return new HttpProblem(429, 'Too many wrong sessions and links come from this address.', {}, { 'retry-after': '60' });
}

/** Whence a request comes, as its session remembers it. */
export function fromOf(c: Context<ApiEnv>): { network: string; userAgent: string } {
  const address = c.env?.incoming?.socket.remoteAddress ?? 'unknown';
  return { network: networkOf(address), userAgent: c.req.header('user-agent') ?? '' };
}

type SessionDeps = Pick<ApiDeps, 'console' | 'consoleUrl' | 'scopesOf' | 'clock'>;

/**
 * Lets whoever is in the console act as the account that their chat speaks for now, with what that may do now. Its answers are kept
 * by nobody, and carry the next token when there is one.
 */
export function enterBySession(deps: SessionDeps, wrongKeys: WrongKeys) {
  const { scopesOf, clock, consoleUrl } = deps;
  const { sessions } = deps.console;
  return async (c: Context<ApiEnv>, { token, by }: Presented, next: Next): Promise<void> => {
    requireOwnPage(c, consoleUrl);
    const session = await sessions.of(token);
    if (session === null) {
      const { response } = await wrongSession(c, wrongKeys, 'The session is over: /console in the chat opens another.');
      c.res = response;
      if (by === 'cookie') takeCookie(c);
      return;
    }
    const scopes: readonly Scope[] = await scopesOf(session.account);
    c.set('actor', session.actor);
    c.set('scopes', scopes);
    c.set('session', session);
    c.set('endsAt', session.session.expiresAt);
    c.set('enterAgain', async () => {
      const now = await sessions.still(session.session.sessionId);
      return now === null ? null : { scopes: await scopesOf(now.account), endsAt: now.session.expiresAt, session: now };
    });
    await next();
    c.header('cache-control', 'no-store');
    // Whoever has just ended it gets no other token.
    if (session.nextToken === undefined || c.var.hasSignedOut === true) return;
    if (by === 'header') c.header(SESSION_HEADER, session.nextToken);
    else giveCookie(c, session.nextToken, { expiresAt: session.session.expiresAt, now: clock.now() });
  };
}
