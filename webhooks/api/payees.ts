import { createRoute, z } from '@hono/zod-openapi';

import { platformsUnlessOwn } from '../../src/events/catalogue.ts';
import { withRules } from '../../src/events/incoming/eventIn.ts';
import { PAYEE_FIELDS, PAYEE_METHODS, PAYEE_RULES } from '../../src/events/incoming/payees.ts';
import { payeeOf } from '../../src/payees/payee.ts';
import type { PayeeSet, PayeeStanding } from '../../src/payees/payees.ts';
import type { ApiApp, ApiDeps } from '../dependencies.ts';
import { isSimulated } from '../middleware/simulation.ts';
import { idParam, instant, json, jsonBody, notFound, problems, readJson, reason, refusal, SECURED } from './shared.ts';
import { answerOf, simulatable, simulateQuery } from './simulated.ts';

const common = { tags: ['Accounts'], security: SECURED };
const path = '/v1/accounts/{id}/payee';

const change = {
  accountId: z.string(),
  version: z.int().openapi({ description: 'How many changes there were.', example: 2 }),
  changedAt: instant,
  by: z.string().openapi({ description: '`platform`, or the name of an API key.' }),
  heldUntil: instant
    .nullable()
    .openapi({ description: "Until when the account's payouts are held; null: they are not." }),
};
const payeeSchema = z.object({
  ...change,
  method: z.enum(PAYEE_METHODS),
  masked: z.string().openapi({ description: 'Never the whole of it.', example: 'DE89 … 3000' }),
});

const getPayee = createRoute({
  ...common,
  ...{ method: 'get', operationId: 'getPayee', path, summary: "Where an account's payouts are sent, masked" },
  request: { params: idParam },
  responses: { 200: json(payeeSchema.openapi('Payee'), 'The payee.'), ...problems(401, 404) },
});

const given = z.strictObject({ ...PAYEE_FIELDS, reason: reason.optional() });
const setPayee = createRoute({
  ...common,
  ...{ method: 'put', operationId: 'setPayee', path, summary: "Set where an account's payouts are sent" },
  description:
    "Replaces the whole. A change holds the account's payouts for 72 hours, and its person is told at once; the first one and the same again hold nothing. `errors` never repeats what was sent.",
  request: { params: idParam, query: simulateQuery, ...jsonBody(given, true) },
  responses: {
    200: json(simulatable(payeeSchema, 'ChangedPayee'), 'The payee, masked.'),
    ...problems(400, 401, 404, 409, 415, 422),
  },
});

const removal = z.strictObject({ reason });
const removePayee = createRoute({
  ...common,
  ...{ method: 'delete', operationId: 'removePayee', path, summary: "Remove where an account's payouts are sent" },
  description: 'Until another is set nothing can be paid to it; that is a change then, and holds.',
  request: { params: idParam, query: simulateQuery, ...jsonBody(removal, true) },
  responses: {
    200: json(simulatable(z.object(change), 'RemovedPayee'), 'It has none any more.'),
    ...problems(400, 401, 404, 409, 415, 422),
  },
});

/** Payees (docs/paydays.md). What they say goes in, and never comes out. */
export function addPayees(app: ApiApp, { payees, clock, platform }: ApiDeps): void {
  const body = bodyIn(platform.currency);

  app.openapi(getPayee, async (c) => {
    return c.json(shownBody(await payees.standing(c.req.valid('param').id, clock.now())), 200);
  });

  app.openapi(setPayee, async (c) => {
    const { reason: why, ...fields } = await readJson(c, body);
    const by = { accountId: c.req.valid('param').id, actor: c.var.actor, reason: why, simulated: isSimulated(c) };
    const outcome = await payees.set({ ...by, payee: payeeOf(fields) }, clock.now());
    return c.json(answerOf(c, shownBody(standingIn(outcome))), 200);
  });

  app.openapi(removePayee, async (c) => {
    const { reason: why } = await readJson(c, removal);
    const by = { accountId: c.req.valid('param').id, actor: c.var.actor, reason: why, simulated: isSimulated(c) };
    const outcome = await payees.set({ ...by, payee: null }, clock.now());
    return c.json(answerOf(c, changeBody(standingIn(outcome))), 200);
  });
}

/** The same rules as of the platform's event. */
function bodyIn(currency: string) {
  const platforms = { ...platformsUnlessOwn('payee.updated', currency), reads: ['method', 'currency'] };
  return withRules(given, [...PAYEE_RULES, platforms]);
}

function standingIn(outcome: PayeeSet): PayeeStanding {
  switch (outcome.kind) {
    case 'no-account':
      throw notFound('account');
    case 'no-payee':
      throw notFound('payee');
    case 'refused':
      throw refusal(outcome);
    default:
      return outcome.standing;
  }
}

function shownBody(standing: PayeeStanding | null) {
  if (standing === null || standing.shown === null) throw notFound('payee');
  return { ...changeBody(standing), ...standing.shown };
}

function changeBody({ accountId, version, changedAt, by, heldUntil }: PayeeStanding) {
  return { accountId, version, changedAt: changedAt.toISOString(), by, heldUntil: heldUntil?.toISOString() ?? null };
}
