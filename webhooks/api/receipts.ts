import { createRoute, z } from '@hono/zod-openapi';

import { SUBJECTS } from '../../src/receipts/receipt.ts';
import type { ApiApp, ApiDeps } from '../dependencies.ts';
import { idParam, json, orNotFound, problems, refusal, SECURED } from './shared.ts';

const receipt = z
  .object({
    format: z.string().openapi({ example: 'settlebot/receipt/1' }),
    subject: z.object({ kind: z.enum(SUBJECTS), id: z.string() }),
    rule: z.string().openapi({ description: 'The rule behind it, in words; no part of the proof.' }),
    members: z
      .array(z.unknown())
      .optional()
      .openapi({ description: 'What an invoice or payout is made of; left out above 20,000.' }),
    proof: z.looseObject({
      anchor: z.object({ day: z.string(), number: z.int(), hash: z.string() }).openapi({
        description: 'The seal that all of it leads to.',
      }),
    }),
  })
  .openapi('Receipt');

const getReceipt = createRoute({
  tags: ['Receipts'],
  operationId: 'getReceipt',
  path: '/v1/receipts/{id}',
  summary: 'The receipt of an invoice, order, commission or payout',
  description:
    'A file that `settlebot verify-receipt FILE --anchor NUMBER:HASH` checks without the service. The id of a subscription that was judged as a fan names its order.',
  security: SECURED,
  method: 'get',
  request: { params: idParam },
  responses: { 200: json(receipt, 'The receipt.'), ...problems(401, 404, 409) },
});

/** Receipts (docs/api.md). */
export function addReceipts(app: ApiApp, { receipts, clock }: ApiDeps): void {
  app.openapi(getReceipt, async (c) => {
    const subject = orNotFound(await receipts.find(c.req.valid('param').id, clock.now()), 'thing');
    const issued = await receipts.issue(subject);
    switch (issued.kind) {
      case 'issued':
        return c.json(issued.receipt, 200);
      case 'unsealed':
        throw refusal({ state: 'unsealed', reason: 'not_sealed_yet' });
      case 'altered':
        throw refusal({ state: 'altered', reason: 'not_as_sealed' });
    }
  });
}
