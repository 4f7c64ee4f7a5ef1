import { z } from '@hono/zod-openapi';
import type { CommissionView } from '../../src/affiliates/commissions/commission.ts';
import { COMMISSION_STATUSES, commissionData } from '../../src/events/outgoing/affiliates.ts';
import type { ApiApp, ApiDeps } from '../dependencies.ts';
import { getRoute, idQuery, listRoute, orNotFound, pageBody, pageQuery, request } from './shared.ts';

const listQuery = z.strictObject({
  affiliateId: idQuery,
  status: z.enum(COMMISSION_STATUSES).optional(),
  ...pageQuery,
});

const tags = ['Affiliates'];
const list = listRoute(
  { tags, operationId: 'listCommissions', path: '/v1/commissions', summary: 'Commissions, the newest charge first' },
  { query: listQuery, item: commissionData, page: 'A page of commissions.' },
);
const getOne = getRoute(
  { tags, operationId: 'getCommission', path: '/v1/commissions/{id}', summary: 'One commission' },
  commissionData,
  'The commission.',
);

export function addCommissions(app: ApiApp, { affiliates: { commissions }, clock }: ApiDeps): void {
  app.openapi(list, async (c) => {
    const page = await commissions.list(request(c.req.valid('query')), clock.now());
    return c.json(pageBody(page, commissionBody), 200);
  });

  app.openapi(getOne, async (c) => {
    const view = orNotFound(await commissions.get(c.req.valid('param').id, clock.now()), 'commission');
    return c.json(commissionBody(view), 200);
  });
}

function commissionBody({ paidAt, holdUntil, approvedAt, reverses, rejectedFor, ...view }: CommissionView) {
  return {
    ...view,
    paidAt: paidAt.toISOString(),
    holdUntil: holdUntil.toISOString(),
    approvedAt: approvedAt?.toISOString() ?? null,
    ...(reverses === undefined ? {} : { reverses }),
    ...(rejectedFor === undefined ? {} : { rejectedFor }),
  };
}
