import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { knownNamesOn } from '../../src/accounts/names.ts';
import { SimulationTooLarge } from '../../src/eventSimulation.ts';
import { ownerOf } from '../../src/kernel/owner.ts';
import { merged, type Posting } from '../../src/ledger/entry.ts';
import type { ApiDeps, ApiEnv } from '../dependencies.ts';
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

/** What the owner of a ledger account is called. */
export const ownerName = z
  .string()
  .optional()
  .openapi({ description: "Of whose account it is, where it is somebody's." });

/** The schema of an act's answer, in earnest and simulated, with a name of its own in the description. */
export function simulatable<T extends z.ZodRawShape>(schema: z.ZodObject<T>, name: string) {
  return schema
    .extend({
      simulated: z.literal(true).optional().openapi({ description: 'Only where it is simulated: nothing is written.' }),
      postings: z
        .array(z.object({ account: z.string().openapi({ example: 'model:ava' }), name: ownerName, amount: cents }))
        .optional()
        .openapi({ description: 'Only where it is simulated: what the ledger would get.' }),
    })
    .openapi(name);
}

/** The answer of an act that moves nothing in the ledger: of what was done, or of what would be. */
export function answerOf<T extends object>(c: Context<ApiEnv>, body: T): T & { simulated?: true; postings?: [] } {
  return isSimulated(c) ? { ...body, simulated: true, postings: [] } : body;
}

/** The same of an act that moves something: with the `postings` that the ledger would get, and whose accounts they are. */
export async function answerWith<T extends object>(
  c: Context<ApiEnv>,
  body: T,
  postings: readonly Posting[],
  accounts: ReadNames,
): Promise<T & { simulated?: true; postings?: (Posting & { name?: string })[] }> {
  if (!isSimulated(c)) return body;
  return { ...body, simulated: true, postings: await withOwners(accounts, merged([...postings])) };
}

/** What stands of ledger accounts, each with what its owner is called, by one read. */
export async function withOwners<T extends { account: string }>(accounts: ReadNames, all: readonly T[]) {
  const nameOf = await knownNamesOn(
    accounts,
    all.map(({ account }) => ownerOf(account)),
  );
  return all.map((one) => ({ ...one, ...nameOf(ownerOf(one.account)) }));
}

type ReadNames = Pick<ApiDeps['accounts'], 'namesOf'>;

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
