import { createRoute, z } from '@hono/zod-openapi';

import { knownNamesOn, type NameIfKnown } from '../../src/accounts/names.ts';
import type { ResultView, TakenResult, TakeOutcome } from '../../src/bankResults/bankResults.ts';
import { RESULT_FORMATS } from '../../src/bankResults/result.ts';
import type { ApiApp, ApiDeps } from '../dependencies.ts';
import { isSimulated } from '../middleware/simulation.ts';
import { HttpProblem } from '../problem.ts';
import { cycleDate } from './payouts.ts';
import { accountOf, cents, instant, json, notFound, problems, refusal, SECURED } from './shared.ts';
import { answerOf, simulatable, simulateQuery } from './simulated.ts';

const sums = z.object({ count: z.int(), total: cents });
const resultSchema = z.object({
  cycle: z.string().openapi({ example: '2026-04-01' }),
  hash: z.string().openapi({ description: 'SHA-256 of the file.' }),
  format: z.enum(RESULT_FORMATS),
  lines: z.int().openapi({ description: 'Payments that it names, one by one.' }),
  settled: sums,
  failed: sums,
  returned: sums,
  already: z.int().openapi({ description: 'Lines that say what was known.' }),
  pending: z.int().openapi({ description: 'Lines of payments that are still on their way.' }),
  others: z.int().openapi({ description: 'Payments that bear no reference of ours.' }),
  differences: z
    .array(
      z.object({
        line: z.int(),
        kind: z.enum(['unknown', 'other_cycle', 'amount', 'not_approved', 'paid_already', 'failed_already']),
        outcome: z.enum(['paid', 'failed', 'returned', 'pending']),
        payoutId: z.string().nullable(),
        name: z.string().optional().openapi({ description: 'Of its account, where the payout is known.' }),
        reference: z.string().nullable(),
        expected: cents.nullable(),
        given: cents.nullable(),
      }),
    )
    .openapi({ description: 'Lines that do not agree with what is stored: nothing was done with them.' }),
  missed: z.array(z.string()).openapi({
    description: 'Payouts that somebody else settled or failed at the same moment, otherwise than the file says.',
  }),
  open: sums.openapi({ description: 'What of the batch was still to be settled after it.' }),
});
const taken = { at: instant, by: z.string() };
const answer = simulatable(
  resultSchema.extend({
    takenBefore: z.object(taken).nullable().openapi({
      description: 'This file was taken before: the answer is what it did then, and nothing was done now.',
    }),
  }),
  'TakenPayoutResult',
);
const listed = z.object({ items: z.array(resultSchema.extend(taken).openapi('PayoutResult')) });

const FILE_TYPES = ['application/xml', 'text/xml', 'text/csv', 'application/octet-stream'] as const;
const params = z.object({ date: cycleDate });
const path = '/v1/payout-cycles/{date}/results';
const common = { tags: ['Affiliates'], security: SECURED, path };
const file = { schema: z.string().openapi({ format: 'binary' }) };
const takeRoute = createRoute({
  ...common,
  method: 'post',
  operationId: 'takePayoutResult',
  summary: 'Hand in what a bank, PayPal or Wise says of the payouts of an approved batch; each file once',
  description:
    'The body is the file as it came, up to 16 MiB: pain.002, camt.054, a result of PayPal or Wise, or a table with `payoutId` and `status` (docs/paydays.md). A file that cannot be read is refused whole, and `errors` names its lines.',
  request: { params, query: simulateQuery },
  responses: { 200: json(answer, 'What it did.'), ...problems(400, 401, 404, 409, 413, 415, 422) },
});
const listRoute = createRoute({
  ...common,
  method: 'get',
  operationId: 'listPayoutResults',
  summary: 'The files that were handed in for a cycle, with their differences',
  request: { params },
  responses: { 200: json(listed, 'All of them, the first one first.'), ...problems(401, 422) },
});

/** What banks and wallets say of payouts (docs/paydays.md). */
export function addPayoutResults(app: ApiApp, { accounts, bankResults, clock }: ApiDeps): void {
  /** What those are called whose payouts differ from what some files say of them. */
  const namesIn = (results: ResultView[]) =>
    knownNamesOn(
      accounts,
      results.flatMap(({ listed }) => listed.map(accountIn)),
    );

  app.openAPIRegistry.registerPath({
    ...takeRoute,
    request: {
      ...takeRoute.request,
      body: { required: true, content: Object.fromEntries(FILE_TYPES.map((type) => [type, file])) },
    },
  });
  app.openapi({ ...takeRoute, hide: true }, async (c) => {
    const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
    if (!FILE_TYPES.some((known) => known === type)) {
      throw new HttpProblem(415, `The body must be a file: ${FILE_TYPES.join(', ')}.`);
    }
    const bytes = c.var.file;
    if (bytes === undefined || bytes.length === 0) throw new HttpProblem(400, 'The body is empty.');
    const { date: cycle } = c.req.valid('param');
    const how = isSimulated(c) ? { how: 'simulate' as const } : {};
    const { result, takenBefore } = takenOf(await bankResults.take({ cycle, bytes, ...how }, c.var.actor, clock.now()));
    const body = resultBody(result, await namesIn([result]));
    return c.json(answerOf(c, { ...body, takenBefore }), 200);
  });

  app.openapi(listRoute, async (c) => {
    const found = await bankResults.ofCycle(c.req.valid('param').date);
    const names = await namesIn(found);
    return c.json({ items: found.map((one) => ({ ...resultBody(one, names), ...takenBody(one) })) }, 200);
  });
}

function takenOf(outcome: TakeOutcome): { result: ResultView; takenBefore: ReturnType<typeof takenBody> | null } {
  switch (outcome.kind) {
    case 'taken':
    case 'would-be':
      return { result: outcome.result, takenBefore: null };
    case 'taken-before':
      return { result: outcome.result, takenBefore: takenBody(outcome.result) };
    case 'unreadable': {
      const errors = outcome.faults
        .slice(0, MOST_ERRORS)
        .map(({ line, message }) => ({ path: line === null ? 'body' : `line ${line}`, message }));
      throw new HttpProblem(422, 'The file cannot be read; nothing of it was taken.', { errors });
    }
    case 'wrong-cycle':
      throw refusal({ state: 'none', reason: 'result_of_other_cycle' }, { cycle: outcome.cycle });
    case 'refused':
      throw refusal(outcome);
    case 'not-found':
      throw notFound('payday');
  }
}

const MOST_ERRORS = 100;

function takenBody({ at, by }: TakenResult) {
  return { at: at.toISOString(), by };
}

function resultBody(
  { cycle, hash, format, lines, already, pending, others, open, missed, ...result }: ResultView,
  names: NameIfKnown,
) {
  const differences = result.listed.map((line) => ({ ...line, ...names(accountIn(line)) }));
  return {
    ...{ cycle, hash, format, lines },
    ...{ settled: result.settle, failed: result.fail, returned: result.return },
    ...{ already, pending, others, differences, missed, open },
  };
}

function accountIn({ payoutId }: { payoutId: string | null }): string | null {
  return payoutId === null ? null : accountOf(payoutId);
}
