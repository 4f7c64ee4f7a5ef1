import { z } from '@hono/zod-openapi';
import { type NameOf, namesOn } from '../../src/accounts/names.ts';
import type { CommissionView } from '../../src/affiliates/commissions/commission.ts';
import { COMMISSION_STATUSES, commissionData } from '../../src/events/outgoing/affiliates.ts';
import type { ApiApp, ApiDeps } from '../dependencies.ts';
import { getRoute, idQuery, listRoute, orNotFound, pageBody, pageQuery, request } from './shared.ts';

const commissionAnswer = commissionData
  .extend({ affiliateName: z.string().openapi({ description: 'As the platform sent it.', example: 'Kim Berg' }) })
  .openapi('Commission');
const listQuery = z.strictObject({
  affiliateId: idQuery,
  status: z.enum(COMMISSION_STATUSES).optional(),
  ...pageQuery,
});

const tags = ['Affiliates'];
const list = listRoute(
  { tags, operationId: 'listCommissions', path: '/v1/commissions', summary: 'Commissions, the newest charge first' },
  { query: listQuery, item: commissionAnswer, page: 'A page of commissions.' },
);
const getOne = getRoute(
  { tags, operationId: 'getCommission', path: '/v1/commissions/{id}', summary: 'One commission' },
  commissionAnswer,
  'The commission.',
);

export function addCommissions(app: ApiApp, { accounts, affiliates: { commissions }, clock }: ApiDeps): void {
  /** Commissions with what those who earn them are called. */
  async function bodiesOf(views: CommissionView[]) {
    const nameOf = await namesOn(
      accounts,
      views.map(({ affiliateId }) => affiliateId),
    );
    return (view: CommissionView) => commissionBody(view, nameOf);
  }

  app.openapi(list, async (c) => {
    const page = await commissions.list(request(c.req.valid('query')), clock.now());
    return c.json(pageBody(page, await bodiesOf(page.items)), 200);
  });

  app.openapi(getOne, async (c) => {
    const view = orNotFound(await commissions.get(c.req.valid('param').id, clock.now()), 'commission');
    return c.json((await bodiesOf([view]))(view), 200);
  });
}

function commissionBody(
  { paidAt, holdUntil, approvedAt, reverses, rejectedFor, ...view }: CommissionView,
  nameOf: NameOf,
) {
  return {
    ...view,
    affiliateName: nameOf(view.affiliateId),
    paidAt: paidAt.toISOString(),
    holdUntil: holdUntil.toISOString(),
    approvedAt: approvedAt?.toISOString() ?? null,
    ...(reverses === undefined ? {} : { reverses }),
    ...(rejectedFor === undefined ? {} : { rejectedFor }),
  };
}
