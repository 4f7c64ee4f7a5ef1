import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';

import { allows, type Scope } from '../../src/rights/scope.ts';
import type { ApiApp, ApiEnv } from '../dependencies.ts';
import { HttpProblem } from '../problem.ts';
import { OPERATION_SCOPES } from '../scopes.ts';

/**
 * Refuses what the key has no scope for, before anything is read or done. It goes by the operations that are described, whatever route
 * serves them, so a file or another representation needs what the thing itself does.
 */
export function withinRights(app: ApiApp) {
  let operations: Operation[] | undefined;
  return createMiddleware<ApiEnv>(async (c, next) => {
    // Routes are added after this; none is while requests are answered.
    operations ??= operationsOf(app);
    const method = c.req.method === 'HEAD' ? 'GET' : c.req.method;
    for (const { scope } of meant(operations, method, c.req.path)) needScope(c, scope);
    await next();
  });
}

/** Throws the problem unless the key that the request came with has a scope. */
export function needScope(c: Context<ApiEnv>, scope: Scope, what = 'This'): void {
  if (allows(c.var.scopes, scope)) return;
  throw new HttpProblem(403, `${what} needs the scope ${scope}, which the key ${c.var.actor} does not have.`, {
    ...{ reason: 'scope_missing', scope },
  });
}

type Operation = { method: string; path: RegExp; scope: Scope };

/** Those at an address: an id can look like the end of another one's. Of what nobody described, an act is the owner's. */
function meant(operations: Operation[], method: string, path: string): Pick<Operation, 'scope'>[] {
  const found = operations.filter((one) => one.method === method && one.path.test(path));
  if (found.length > 0) return found;
  return [{ scope: method === 'GET' ? 'read' : 'admin' }];
}

function operationsOf({ openAPIRegistry }: ApiApp): Operation[] {
  return openAPIRegistry.definitions.flatMap((definition) => {
    if (definition.type !== 'route') return [];
    const { method, path, operationId = '' } = definition.route;
    const scope = OPERATION_SCOPES[operationId] ?? 'admin';
    return [{ method: method.toUpperCase(), path: patternOf(path), scope }];
  });
}

/** `/v1/invoices/{id}.csv` as an expression. */
function patternOf(path: string): RegExp {
  const parts = path.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^/]+')}$`);
}
