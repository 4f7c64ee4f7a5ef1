import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { matchedRoutes } from 'hono/route';

import type { ApiApp, ApiEnv } from '../dependencies.ts';
import { HttpProblem } from '../problem.ts';

/** Whether a request asks what would be. What else `simulate` could say is refused before anything is done. */
export function isSimulated(c: Context<ApiEnv>): boolean {
  return c.req.method !== 'GET' && c.req.query('simulate') !== undefined;
}

/**
 * Refuses to simulate a call that cannot be simulated, so that nobody does in earnest what was meant as a trial. Those that
 * can have `simulate` in their query.
 */
export function refuseSimulation(app: ApiApp) {
  let routes: Set<string> | undefined;
  return createMiddleware<ApiEnv>(async (c, next) => {
    if (!isSimulated(c)) return next();
    routes ??= simulatableRoutes(app);
    const simulatable = routes;
    if (matchedRoutes(c).some(({ path }) => simulatable.has(path))) return next();
    const errors = [{ path: 'simulate', message: 'this call cannot be simulated' }];
    throw new HttpProblem(422, 'The request is not valid.', { errors });
  });
}

/** The paths, as the router has them, of all routes that take `simulate`. */
function simulatableRoutes(app: ApiApp): Set<string> {
  return new Set(
    app.openAPIRegistry.definitions.flatMap((definition) => {
      if (definition.type !== 'route') return [];
      const { query } = definition.route.request ?? {};
      const takes = query instanceof z.ZodObject && 'simulate' in query.shape;
      return takes ? [definition.route.path.replaceAll(/\{(.+?)\}/g, ':$1')] : [];
    }),
  );
}
