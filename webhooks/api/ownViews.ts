import type { Handler } from 'hono';

import type { ApiApp, ApiEnv } from '../dependencies.ts';
import { OWNED } from '../owned.ts';
import { ownView } from '../ownView.ts';

type Route = Parameters<ApiApp['openapi']>[0];

/**
 * From here on what is added to the app answers whoever is in the console and no manager as they may see it, in its pages and in its
 * table. Files are made for their owner anyway.
 */
export function answerOwners(app: ApiApp): void {
  const add = app.openapi;
  const addOwned = (route: Route, handler: Handler<ApiEnv>, hook?: Parameters<typeof add>[2]) => {
    const { operationId = '' } = route;
    return add(route, OWNED[operationId] === undefined ? handler : forOwner(operationId, handler), hook);
  };
  // The types of a route say nothing of who reads it: its handler answers all there is.
  app.openapi = addOwned as typeof app.openapi;
}

function forOwner(operationId: string, handler: Handler<ApiEnv>): Handler<ApiEnv> {
  return async (c, next) => {
    const response = (await handler(c, next)) as Response;
    const account = c.var.session?.account;
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    if (account === undefined || account.role === 'manager' || !isJson) return response;
    return new Response(JSON.stringify(ownView(operationId, await response.json(), account)), response);
  };
}
