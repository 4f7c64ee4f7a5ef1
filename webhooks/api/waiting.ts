import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';

import type { Approval } from '../../src/approvals/approvals.ts';
import type { ApiEnv } from '../dependencies.ts';
import { isSimulated } from '../middleware/simulation.ts';
import { cents, instant, json } from './shared.ts';

const waitingSchema = z
  .object({
    status: z.literal('waiting'),
    missing: z.literal('second_person').openapi({ description: 'What it waits for.' }),
    action: z.string().openapi({ example: 'payout.settle' }),
    subject: z.string().openapi({ example: 'payout:2026-04-01:affiliate-1' }),
    count: z.int().openapi({ description: 'How many payees there are.' }),
    amount: cents,
    hash: z.string().openapi({ description: 'Stands for every payout and amount: the second person wants the same.' }),
    askedBy: z.string(),
    askedAt: instant,
    expiresAt: instant,
    startedOver: z.enum(['changed', 'expired', 'asker-left']).nullable().openapi({
      description: 'Why an earlier request no longer counts, if there was one.',
    }),
    simulated: z.literal(true).optional().openapi({ description: 'Only where it is simulated: nothing was asked.' }),
  })
  .openapi('Waiting');

/** The answer to the first of two people (`payouts.approvals`), in the description of a route. */
export const waitingAnswer = json(
  waitingSchema,
  'Nothing is done yet: with `payouts.approvals` 2, a second person, an API key of another name or a manager, has to ask for the very same within 24 hours.',
);

/** The answer to the first of two people; simulated, it is what they would be told. */
export function waitingBody(c: Context<ApiEnv>, { request, startedOver }: Extract<Approval, { kind: 'waiting' }>) {
  const { action, subject, count, amount, hash, askedBy, askedAt, expiresAt } = request;
  return {
    ...{ status: 'waiting' as const, missing: 'second_person' as const },
    ...{ action, subject, count, amount, hash, askedBy, startedOver },
    askedAt: askedAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    ...(isSimulated(c) ? { simulated: true as const } : {}),
  };
}
