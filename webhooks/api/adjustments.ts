import { createRoute, z } from '@hono/zod-openapi';
import { knownNamesOn } from '../../src/accounts/names.ts';
import { type AdjustmentView, type NoBalance, parseNamed } from '../../src/adjustments/adjustment.ts';
import { type AdjustmentRefusal, adjustmentIdOf } from '../../src/adjustments/adjustments.ts';
import { adjustmentData } from '../../src/events/outgoing/adjustments.ts';
import { LARGEST_AMOUNT } from '../../src/kernel/money.ts';
import { ownerOf } from '../../src/kernel/owner.ts';
import type { ApiApp, ApiDeps } from '../dependencies.ts';
import { isSimulated } from '../middleware/simulation.ts';
import { HttpProblem } from '../problem.ts';
import {
  cents,
  getRoute,
  json,
  jsonBody,
  listRoute,
  notFound,
  orNotFound,
  pageQuery,
  problems,
  readJson,
  reason,
  refusal,
  request,
  SECURED,
} from './shared.ts';
import { answerOf, answerWith, ownerName, simulatable, simulateQuery, withOwners } from './simulated.ts';

const NOT_A_BALANCE = 'must be model:ID, marketer:ID, affiliate:ID, or the id of an account';
const account = z
  .string()
  .max(80)
  .refine((text) => parseNamed(text) !== null, NOT_A_BALANCE)
  .openapi({ description: 'A balance, or an account: then the balance of its role.', example: 'marketer:marco' });
const amount = z
  .int('must be an integer number of minor units')
  .min(-LARGEST_AMOUNT, `must be at least -${LARGEST_AMOUNT} minor units`)
  .max(LARGEST_AMOUNT, `must be at most ${LARGEST_AMOUNT} minor units`)
  .refine((units) => units !== 0, 'must not be zero')
  .openapi({ description: 'In minor units; below zero takes something away.', example: -1_500 });
const adjustBody = z.strictObject({ account, amount, reason });
const listQuery = z.strictObject({ account: account.optional(), ...pageQuery });

const adjustment = adjustmentData.extend({ name: ownerName }).openapi('NamedAdjustment');
const made = simulatable(
  adjustment.extend({
    adjustmentId: adjustmentData.shape.adjustmentId.nullable().openapi({ description: 'Null where it is simulated.' }),
    balance: cents.openapi({ description: 'What the account has then.' }),
  }),
  'AdjustmentAnswer',
);

const tags = ['Ledger'];
const adjustRoute = createRoute({
  tags,
  security: SECURED,
  method: 'post',
  operationId: 'adjustBalance',
  path: '/v1/adjustments',
  summary: 'Correct a balance by hand',
  request: { query: simulateQuery, ...jsonBody(adjustBody, true) },
  responses: { 200: json(made, 'The adjustment, and the balance that it leaves.'), ...problems(401, 404, 409, 422) },
});
const list = listRoute(
  { tags, operationId: 'listAdjustments', path: '/v1/adjustments', summary: 'Adjustments, the newest first' },
  { query: listQuery, item: adjustment, page: 'A page of adjustments.' },
);
const getOne = getRoute(
  { tags, operationId: 'getAdjustment', path: '/v1/adjustments/{id}', summary: 'One adjustment' },
  adjustment,
  'The adjustment.',
);

export function addAdjustments(app: ApiApp, { adjustments, accounts, clock }: ApiDeps): void {
  /** An adjustment with what the owner of the balance is called. */
  async function named<Id extends string | null>(adjustment: AdjustmentOf<Id>) {
    const { name } = (await knownNamesOn(accounts, [ownerOf(adjustment.account)]))(ownerOf(adjustment.account));
    return { ...bodyOf(adjustment), ...(name === undefined ? {} : { name }) };
  }

  app.openapi(adjustRoute, async (c) => {
    const wanted = await readJson(c, adjustBody);
    const { actor } = c.var;
    if (isSimulated(c)) {
      const preview = await adjustments.preview(wanted, actor, clock.now());
      if (preview.kind !== 'would') throw refused(preview);
      const { adjustment, after: balance, postings } = preview;
      const body = await named({ ...adjustment, adjustmentId: null });
      return c.json(await answerWith(c, { ...body, balance }, postings, accounts), 200);
    }
    // What is asked again under its key is the same adjustment, also when the first answer was never stored.
    const key = c.req.header('idempotency-key');
    const id = adjustmentIdOf(key === undefined ? undefined : `${actor}\n${key}`);
    const outcome = await adjustments.make(id, wanted, actor, clock.now());
    switch (outcome.kind) {
      case 'done':
      case 'already':
        return c.json(answerOf(c, { ...(await named(outcome.adjustment)), balance: outcome.balance }), 200);
      case 'other': {
        const errors = [{ path: 'Idempotency-Key', message: 'must be new for a new request' }];
        throw new HttpProblem(422, 'This Idempotency-Key was used for another adjustment.', { errors });
      }
      default:
        throw refused(outcome);
    }
  });

  app.openapi(list, async (c) => {
    const page = await adjustments.list(request(c.req.valid('query')));
    return c.json({ items: await withOwners(accounts, page.items.map(bodyOf)), next: page.next }, 200);
  });

  app.openapi(getOne, async (c) => {
    return c.json(await named(orNotFound(await adjustments.get(c.req.valid('param').id), 'adjustment')), 200);
  });
}

function refused(outcome: AdjustmentRefusal): HttpProblem {
  switch (outcome.kind) {
    case 'not-found':
      return notFound('account');
    case 'no-balance': {
      const errors = [{ path: 'account', message: NO_BALANCE[outcome.why] }];
      return new HttpProblem(422, 'There is no such balance.', { errors });
    }
    case 'refused':
      return outcome.reason === 'insufficient_balance'
        ? refusal(outcome, { balance: outcome.balance, missing: outcome.missing })
        : refusal(outcome);
  }
}

const NO_BALANCE: Record<NoBalance, string> = {
  'not-a-balance': NOT_A_BALANCE,
  manager: 'must not be a manager, who has no balance',
  'not-a-model': 'must be a model: what another role has as one can only be taken out',
};

type AdjustmentOf<Id> = Omit<AdjustmentView, 'adjustmentId'> & { adjustmentId: Id };

function bodyOf<Id extends string | null>({ at, ...adjustment }: AdjustmentOf<Id>) {
  return { ...adjustment, at: at.toISOString() };
}
