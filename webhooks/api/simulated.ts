import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';

import { SimulationTooLarge } from '../../src/eventSimulation.ts';
import { merged, type Posting } from '../../src/ledger/entry.ts';
import type { ApiEnv } from '../dependencies.ts';
import { isSimulated } from '../middleware/simulation.ts';
import { HttpProblem } from '../problem.ts';
import { cents } from './shared.ts';

/**
 * Acts that can be simulated: with `?simulate=true` the same checks and refusals hold, the answer is what would be, and
 * nothing is written. The route has `simulateQuery` as its query, describes its answer by `simulatable`, tells its slice
 * what `isSimulated` says, and answers by `answerOf`.
 */

/** Strict: with a name that is misspelt, the act would be done. */
export const simulateQuery = z.strictObject({
  simulate: z.literal('true', 'must be true, or left out').optional().openapi({
    description: 'Answers what would be, with `simulated: true`, and writes nothing; no Idempotency-Key is used up.',
  }),
});

/** The schema of an act's answer, in earnest and simulated, with a name of its own in the description. */
export function simulatable<T extends z.ZodRawShape>(schema: z.ZodObject<T>, name: string) {
  return schema
    .extend({
      simulated: z.literal(true).optional().openapi({ description: 'Only where it is simulated: nothing is written.' }),
      postings: z
        .array(z.object({ account: z.string().openapi({ example: 'model:ava' }), amount: cents }))
        .optional()
        .openapi({ description: 'Only where it is simulated: what the ledger would get.' }),
    })
    .openapi(name);
}

/** The answer of an act: of what was done, or of what would be, with the `postings` that the ledger would get. */
export function answerOf<T extends object>(
  c: Context<ApiEnv>,
  body: T,
  postings: readonly Posting[],
): T & { simulated?: true; postings?: Posting[] } {
  return isSimulated(c) ? { ...body, simulated: true, postings: merged([...postings]) } : body;
}

/** What a simulation over the whole business says; a problem where it would take more memory than there is for one. */
export async function looking<T>(simulation: Promise<T>): Promise<T> {
  try {
    return await simulation;
  } catch (error) {
    if (error instanceof SimulationTooLarge)
      throw new HttpProblem(409, `${error.message}.`, { reason: 'simulation_too_large' });
    throw error;
  }
}
