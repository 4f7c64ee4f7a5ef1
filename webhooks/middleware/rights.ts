import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';

import type { CurrentSession } from '../../src/console/sessions.ts';
import { allows, type Scope } from '../../src/rights/scope.ts';
import type { ApiApp, ApiEnv } from '../dependencies.ts';
import { type Asked, OWNED, type OwnDeps } from '../owned.ts';
import { HttpProblem } from '../problem.ts';
import { OPERATION_SCOPES, SESSION_OPERATIONS } from '../scopes.ts';

/**
 * Refuses what the key, or the manager in the console, has no scope for, and what is not theirs to whoever is there and no manager,
 * before anything is read or done. It goes by the operations that are described, whatever route serves them, so a file or another
 * representation needs what the thing itself does.
 */
export function withinRights(app: ApiApp, deps: OwnDeps) {
  let operations: Operation[] | undefined;
  return createMiddleware<ApiEnv>(async (c, next) => {
    // Routes are added after this; none is while requests are answered.
    operations ??= operationsOf(app);
    const method = c.req.method === 'HEAD' ? 'GET' : c.req.method;
    const found = meant(operations, method, c.req.path);
    const { session } = c.var;
    if (found.some(({ id }) => SESSION_OPERATIONS.includes(id))) needSession(session);
    else if (session === undefined || session.account.role === 'manager') {
      for (const { scope } of found) needScope(c, scope);
    } else await needOwn(c, found, session, deps);
    await next();
  });
}

/** Throws the problem unless the key that the request came with, or the manager, has a scope. */
export function needScope(c: Context<ApiEnv>, scope: Scope, what = 'This'): void {
  if (allows(c.var.scopes, scope)) return;
  const who = c.var.session === undefined ? `the key ${c.var.actor}` : c.var.actor;
  throw new HttpProblem(403, `${what} needs the scope ${scope}, which ${who} does not have.`, {
    ...{ reason: 'scope_missing', scope },
  });
}

function needSession(session: CurrentSession | undefined): void {
  if (session !== undefined) return;
  throw new HttpProblem(403, 'Only somebody in the console may do this: a key has calls of its own.', {
    reason: 'session_needed',
  });
}

/** Throws the problem unless what is asked for is the person's own: of several operations at one address, by one of them. */
async function needOwn(
  c: Context<ApiEnv>,
  found: Meant[],
  { account }: Pick<CurrentSession, 'account'>,
  deps: OwnDeps,
): Promise<void> {
  const query = onlyOnce(c.req.queries());
  const allowed = found.filter(({ id }) => OWNED[id]?.roles.includes(account.role) === true);
  for (const { id, path } of allowed) if (await OWNED[id]?.isTheirs({ path, query }, account, deps)) return;
  if (allowed.some(({ path }) => Object.keys(path).length > 0)) throw new HttpProblem(404, NOT_THERE);
  throw new HttpProblem(403, 'A person sees what is theirs, and acts by commands.', { reason: 'not_yours' });
}

/** The same whether there is such a thing or it is somebody else's. */
const NOT_THERE = 'There is no such thing.';

/** What is asked for twice is asked for ambiguously. */
function onlyOnce(queries: Record<string, string[]>): Asked['query'] {
  return Object.fromEntries(
    Object.entries(queries).flatMap(([name, [value = '', ...more]]) => (more.length > 0 ? [] : [[name, value]])),
  );
}

type Operation = { id: string; method: string; path: RegExp; scope: Scope };
type Meant = { id: string; scope: Scope; path: Asked['path'] };

/** Those at an address: an id can look like the end of another one's. Of what nobody described, an act is the owner's. */
function meant(operations: Operation[], method: string, path: string): Meant[] {
  const found = operations.flatMap((one) => {
    const match = one.method === method ? one.path.exec(path) : null;
    return match === null ? [] : [{ id: one.id, scope: one.scope, path: decoded(match.groups ?? {}) }];
  });
  if (found.length > 0) return found;
  return [{ id: '', scope: method === 'GET' ? 'read' : 'admin', path: {} }];
}

/** As the router decodes what it finds in an address. */
function decoded(groups: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodedPart(value)]));
}

function decodedPart(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    // A % that begins nothing stands for itself.
    return value;
  }
}

function operationsOf({ openAPIRegistry }: ApiApp): Operation[] {
  return openAPIRegistry.definitions.flatMap((definition) => {
    if (definition.type !== 'route') return [];
    const { method, path, operationId: id = '' } = definition.route;
    const scope = OPERATION_SCOPES[id] ?? 'admin';
    return [{ id, method: method.toUpperCase(), path: patternOf(path), scope }];
  });
}

/** `/v1/invoices/{id}.csv` as an expression, with what is in braces by its name. */
function patternOf(path: string): RegExp {
  const literal = (part: string) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const parts = path.split(/\{(\w+)\}/).map((part, index) => (index % 2 === 0 ? literal(part) : `(?<${part}>[^/]+)`));
  return new RegExp(`^${parts.join('')}$`);
}
