import { z } from '@hono/zod-openapi';

import type { CommissionView } from '../../src/affiliates/commissions/commission.ts';
import type { ApiApp, ApiDeps } from '../dependencies.ts';
import { cents, getRoute, idQuery, instant, listRoute, orNotFound, pageBody, pageQuery, request } from './shared.ts';

const status = z.enum(['pending', 'approved', 'rejected', 'paid']);
const commissionSchema = z
  .object({
    commissionId: z.string(),
    affiliateId: z.string(),
    subscriptionId: z.string(),
    paymentId: z.string(),
    programId: z.string(),
    amount: cents,
    status,
    paidAt: instant.openapi({ description: 'When the charge was paid.' }),
    holdUntil: instant,
    approvedAt: instant.nullable(),
    payoutId: z.string().nullable(),
    payday: z.string().nullable().openapi({
      description: 'Of its payout, or else expected; null while a refund that was asked for is open.',
      example: '2026-04-01',
    }),
    refundRequested: z.boolean().openapi({ description: 'It waits for what becomes of a refund that was asked for.' }),
    reverses: z.string().optional().openapi({ description: 'The commission that this one corrects.' }),
    rejectedFor: z.enum(['refunded', 'cancelled-in-trial']).optional(),
  })
  .openapi('Commission');
const listQuery = z.strictObject({
  affiliateId: idQuery,
  status: status.optional(),
  ...pageQuery,
});

const tags = ['Affiliates'];
const list = listRoute(
  { tags, path: '/v1/commissions', summary: 'Commissions, the newest charge first' },
  { query: listQuery, item: commissionSchema, page: 'A page of commissions.' },
);
const getOne = getRoute(
  { tags, path: '/v1/commissions/{id}', summary: 'One commission' },
  commissionSchema,
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
