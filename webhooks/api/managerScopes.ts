import { createRoute, z } from '@hono/zod-openapi';

import { scopeSchema } from '../../src/rights/scope.ts';
import type { ApiApp, ApiDeps } from '../dependencies.ts';
import {
  idParam,
  instant,
  json,
  jsonBody,
  notFound,
  orNotFound,
  problems,
  readJson,
  reason,
  SECURED,
} from './shared.ts';

const body = z
  .object({
    accountId: z.string(),
    scopes: z
      .array(scopeSchema)
      .openapi({ description: 'What the account may do as a manager, now or once it is one.' }),
    decision: z
      .object({ by: z.string(), reason: z.string(), at: instant })
      .nullable()
      .openapi({ description: "The owner's; null while the policy's `roles` say." }),
  })
  .openapi('ManagerScopes');
const decided = z.strictObject({ scopes: z.array(scopeSchema).nullable(), reason });
const common = { tags: ['Rights'], security: SECURED, path: '/v1/accounts/{id}/scopes' as const };
const getRoute = createRoute({
  ...{ ...common, method: 'get', operationId: 'getScopes', request: { params: idParam } },
  summary: 'What an account may do as a manager',
  responses: { 200: json(body, 'The scopes.'), ...problems(401, 404) },
});
const decideRoute = createRoute({
  ...{ ...common, method: 'put', operationId: 'decideScopes' },
  summary: "Set what a manager may do, against the policy's `roles`; null gives them back to it",
  description: 'It holds from this moment, and whatever the account becomes; all managers are told.',
  request: { params: idParam, ...jsonBody(decided, true) },
  responses: { 200: json(body, 'The scopes as they are now.'), ...problems(400, 401, 403, 404, 415, 422) },
});

/** What managers may do (docs/rights.md). */
export function addManagerScopes(app: ApiApp, deps: Pick<ApiDeps, 'rights' | 'accounts' | 'clock'>): void {
  const { managers } = deps.rights;

  app.openapi(getRoute, async (c) => {
    const { accountId } = orNotFound(await deps.accounts.get(c.req.valid('param').id), 'account');
    return c.json(await bodyOf(accountId), 200);
  });

  app.openapi(decideRoute, async (c) => {
    const { scopes, reason: why } = await readJson(c, decided);
    const { id } = c.req.valid('param');
    const outcome = await managers.decide(id, scopes, { by: c.var.actor, reason: why, at: deps.clock.now() });
    if (outcome.kind === 'not-found') throw notFound('account');
    return c.json(await bodyOf(id), 200);
  });

  async function bodyOf(accountId: string) {
    const { scopes, decision } = await managers.heldBy(accountId);
    return {
      accountId,
      scopes: [...scopes],
      decision: decision === null ? null : { ...decision, at: decision.at.toISOString() },
    };
  }
}
