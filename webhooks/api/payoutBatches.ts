import { createRoute, z } from '@hono/zod-openapi';

import type { Accounts } from '../../src/accounts/accounts.ts';
import { type NameOf, namesOn } from '../../src/accounts/names.ts';
import type { BatchOutcome } from '../../src/paydays/batchActs.ts';
import type { BatchView, LeftOut } from '../../src/paydays/batches.ts';
import { FINDINGS } from '../../src/paydays/findings.ts';
import type { ApiApp, ApiDeps } from '../dependencies.ts';
import { isSimulated } from '../middleware/simulation.ts';
import { cycleDate } from './payouts.ts';
import {
  accountOf,
  cents,
  instant,
  json,
  jsonBody,
  notFound,
  problems,
  readJson,
  reason,
  refusal,
  SECURED,
} from './shared.ts';
import { answerOf, simulatable, simulateQuery } from './simulated.ts';
import { waitingAnswer, waitingBody } from './waiting.ts';

const named = z.object({
  payoutId: z.string(),
  accountId: z.string(),
  name: z.string().openapi({ description: 'Of the account.' }),
  amount: cents,
});
const hash = z.string().openapi({ description: 'Stands for every payout and amount of the batch.', example: '5f2c…' });
export const batchSchema = z
  .object({
    state: z.enum(['drawn-up', 'checked', 'approved', 'exported', 'settled']),
    hash,
    count: z.int(),
    total: cents,
    open: z.object({ count: z.int(), total: cents }).openapi({ description: 'What of it is still to be settled.' }),
    held: z.array(named.extend({ until: instant, reason: z.string(), by: z.string() })).openapi({
      description:
        'Not in it while they are held; of one that is approved, its payouts that wait for the end of a hold.',
    }),
    excluded: z.array(named.extend({ reason: z.string(), by: z.string(), at: instant })),
    checkedBy: z.string().nullable(),
    checkedAt: instant.nullable(),
    approvedBy: z.string().nullable(),
    approvedAt: instant.nullable(),
    askedBy: z.string().nullable().openapi({ description: 'Who asked for the approval, where it took two people.' }),
    exports: z.array(
      z.object({ format: z.string(), hash: z.string(), count: z.int(), total: cents, by: z.string(), at: instant }),
    ),
    findings: z
      .array(
        z.object({
          kind: z.enum(FINDINGS),
          count: z.int(),
          total: cents,
          payouts: z
            .array(named.extend({ before: cents.optional(), what: z.string().optional() }))
            .openapi({ description: 'The first 50; `before` is what the amount is compared with.' }),
        }),
      )
      .openapi({ description: 'What there was to be said at the last check (docs/paydays.md).' }),
  })
  .openapi('PayoutBatch');

const answer = simulatable(batchSchema, 'ChangedPayoutBatch');
const approveBody = z.strictObject({ hash: z.string().min(1).max(100).optional() });
const excludeBody = z.strictObject({ payoutId: z.string().min(1).max(200), reason });
const includeBody = z.strictObject({ payoutId: z.string().min(1).max(200) });
const nothing = z.strictObject({});

const common = { tags: ['Affiliates'], security: SECURED, method: 'post' as const };
const params = z.object({ date: cycleDate });
const refusals = problems(400, 401, 404, 409, 415, 422);
const checkRoute = createRoute({
  ...common,
  operationId: 'checkPayoutCycle',
  path: '/v1/payout-cycles/{date}/check',
  summary: 'Check the batch of a payday: what it has, and what is unusual in it',
  request: { params, query: simulateQuery, ...jsonBody(nothing) },
  responses: { 200: json(answer, 'The batch, with what was found.'), ...refusals },
});
const approveRoute = createRoute({
  ...common,
  operationId: 'approvePayoutCycle',
  path: '/v1/payout-cycles/{date}/approve',
  summary: 'Approve the batch of a payday as it was checked; with `hash` exactly that',
  request: { params, query: simulateQuery, ...jsonBody(approveBody) },
  responses: { 200: json(answer, 'The batch.'), 202: waitingAnswer, ...refusals },
});
const excludeRoute = createRoute({
  ...common,
  operationId: 'excludePayout',
  path: '/v1/payout-cycles/{date}/exclude',
  summary: 'Take a payout out of the batch of a payday: it goes to the next one',
  request: { params, query: simulateQuery, ...jsonBody(excludeBody, true) },
  responses: { 200: json(answer, 'The batch.'), ...refusals },
});
const includeRoute = createRoute({
  ...common,
  operationId: 'includePayout',
  path: '/v1/payout-cycles/{date}/include',
  summary: 'Put an excluded payout back into the batch of a payday',
  request: { params, query: simulateQuery, ...jsonBody(includeBody, true) },
  responses: { 200: json(answer, 'The batch.'), ...refusals },
});

/** What people do with the batch of a payday (docs/paydays.md). */
export function addPayoutBatches(app: ApiApp, { accounts, paydays: { batchActs }, clock }: ApiDeps): void {
  const changed = async (outcome: BatchOutcome) => batchBody(batchOf(outcome), accounts);

  app.openapi(checkRoute, async (c) => {
    await readJson(c, nothing);
    const by = { actor: c.var.actor, simulated: isSimulated(c) };
    const outcome = await batchActs.check(c.req.valid('param').date, by, clock.now());
    return c.json(answerOf(c, await changed(outcome)), 200);
  });

  app.openapi(approveRoute, async (c) => {
    const { hash } = await readJson(c, approveBody);
    const by = { actor: c.var.actor, simulated: isSimulated(c), hash };
    const outcome = await batchActs.approve(c.req.valid('param').date, by, clock.now());
    if (outcome.kind === 'waiting') return c.json(waitingBody(c, outcome), 202);
    return c.json(answerOf(c, await changed(outcome)), 200);
  });

  app.openapi(excludeRoute, async (c) => {
    const { payoutId, reason } = await readJson(c, excludeBody);
    const by = { actor: c.var.actor, simulated: isSimulated(c), reason, cycle: c.req.valid('param').date };
    return c.json(answerOf(c, await changed(await batchActs.exclude(payoutId, by, clock.now()))), 200);
  });

  app.openapi(includeRoute, async (c) => {
    const { payoutId } = await readJson(c, includeBody);
    const by = { actor: c.var.actor, simulated: isSimulated(c), cycle: c.req.valid('param').date };
    return c.json(answerOf(c, await changed(await batchActs.include(payoutId, by, clock.now()))), 200);
  });
}

/** The batch as it stands after an act; an act that found it done already leaves it as it is. */
function batchOf(outcome: BatchOutcome): BatchView {
  switch (outcome.kind) {
    case 'done':
    case 'already':
    case 'waiting':
      return outcome.batch;
    case 'refused': {
      const { changes } = outcome;
      const said = changes?.map(({ accountId, what, at }) => ({ accountId, what, at: at.toISOString() }));
      throw refusal(outcome, said === undefined ? {} : { changes: said });
    }
    case 'not-found':
      throw notFound('payout');
  }
}

/** A batch with what those are called whom it names. */
export async function batchBody(batch: BatchView, accounts: Pick<Accounts, 'namesOf'>) {
  const { state, hash, count, total, open, leftOut, checked, approved, exports, findings } = batch;
  const named = [...leftOut, ...findings.flatMap(({ payouts }) => payouts)];
  const nameOf = await namesOn(
    accounts,
    named.map(({ payoutId }) => accountOf(payoutId)),
  );
  return {
    ...{ state, hash, count, total, open },
    held: leftOut.flatMap((line) => ('held' in line ? [heldBody(line, nameOf)] : [])),
    excluded: leftOut.flatMap((line) => ('excluded' in line ? [excludedBody(line, nameOf)] : [])),
    checkedBy: checked?.actor ?? null,
    checkedAt: checked?.at.toISOString() ?? null,
    approvedBy: approved?.actor ?? null,
    approvedAt: approved?.at.toISOString() ?? null,
    askedBy: approved?.askedBy ?? null,
    exports: exports.map(({ actor, at, ...file }) => ({ ...file, by: actor, at: at.toISOString() })),
    findings: findings.map(({ payouts, ...finding }) => ({
      ...finding,
      payouts: payouts.map(({ payoutId, ...one }) => ({ ...payee(payoutId, nameOf), ...one })),
    })),
  };
}

/** A payout by its id, with who is paid. */
function payee(payoutId: string, nameOf: NameOf) {
  const accountId = accountOf(payoutId);
  return { payoutId, accountId, name: nameOf(accountId) };
}

function heldBody(
  { payoutId, amount, held: { until, reason, by } }: Extract<LeftOut, { held: unknown }>,
  nameOf: NameOf,
) {
  return { ...payee(payoutId, nameOf), amount, until: until.toISOString(), reason, by };
}

function excludedBody({ payoutId, amount, excluded }: Extract<LeftOut, { excluded: unknown }>, nameOf: NameOf) {
  const { reason, actor: by, at } = excluded;
  return { ...payee(payoutId, nameOf), amount, reason, by, at: at.toISOString() };
}
