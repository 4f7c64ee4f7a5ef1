import { createRoute, z } from '@hono/zod-openapi';

import type { ErasureView } from '../../src/erasure/erasures.ts';
import type { ApiApp, ApiDeps } from '../dependencies.ts';
import { getRoute, idParam, instant, json, notFound, orNotFound, problems, refusal, SECURED } from './shared.ts';

const erasure = z
  .object({
    accountId: z.string(),
    status: z.enum(['erasing', 'erased']),
    requestedAt: instant,
    erasedAt: instant.nullable(),
    waitsFor: z.array(z.string()).openapi({ description: 'Events that have to be applied or dismissed first.' }),
  })
  .openapi('Erasure');

const tags = ['Accounts'];
const eraseRoute = createRoute({
  ...{ tags, security: SECURED },
  method: 'post',
  operationId: 'requestErasure',
  path: '/v1/accounts/{id}/erasure',
  summary: 'Erase the person of an account: its names, chats, texts and the bodies of its events',
  request: { params: idParam },
  responses: { 202: json(erasure, 'It is being erased, or is erased.'), ...problems(401, 403, 404, 409) },
});
const getErasure = getRoute(
  {
    tags,
    operationId: 'getErasure',
    path: '/v1/accounts/{id}/erasure',
    summary: 'How far the erasure of an account is',
  },
  erasure,
  'The erasure.',
);

export function addErasure(app: ApiApp, { erasures }: Pick<ApiDeps, 'erasures'>): void {
  app.openapi(eraseRoute, async (c) => {
    const outcome = await erasures.request(c.req.valid('param').id, c.var.actor);
    if (outcome.kind === 'not-found') throw notFound('account');
    if (outcome.kind === 'refused') {
      throw refusal({ state: 'open', reason: 'account_not_settled' }, { open: outcome.open });
    }
    return c.json(bodyOf(outcome.erasure), 202);
  });

  app.openapi(getErasure, async (c) => {
    return c.json(bodyOf(orNotFound(await erasures.get(c.req.valid('param').id), 'erasure')), 200);
  });
}

function bodyOf({ requestedAt, erasedAt, ...rest }: ErasureView) {
  return { ...rest, requestedAt: requestedAt.toISOString(), erasedAt: erasedAt?.toISOString() ?? null };
}
