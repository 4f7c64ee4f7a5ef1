import { createRoute, z } from '@hono/zod-openapi';

import { instantSchema } from '../../src/events/catalogue.ts';
import type { HoldSubject } from '../../src/paydays/hold.ts';
import type { HoldOutcome } from '../../src/paydays/holds.ts';
import type { ApiApp, ApiDeps } from '../dependencies.ts';
import { isSimulated } from '../middleware/simulation.ts';
import {
  cents,
  idParam,
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

const holdSchema = z.object({
  accountId: z.string(),
  payoutId: z.string().nullable().openapi({ description: 'Null where every payout of the account is held.' }),
  until: instant.openapi({ description: 'When it ends by itself.' }),
  reason: z.string(),
  by: z.string(),
  at: instant,
  releasedAt: instant.nullable().openapi({ description: 'When it was ended earlier, or null.' }),
  payouts: z
    .array(z.object({ payoutId: z.string(), amount: cents }))
    .openapi({ description: 'Those that are due and concerned now, 100 at most.' }),
});
const answer = simulatable(holdSchema, 'HeldPayouts');
const holdBody = z.strictObject({ until: instantSchema, reason });
const releaseBody = z.strictObject({ reason });

function routeOf<P extends string>(path: P, operationId: string, body: z.ZodType, summary: string) {
  return createRoute({
    ...{ tags: ['Affiliates'], security: SECURED, method: 'post', operationId, path, summary },
    request: { params: idParam, query: simulateQuery, ...jsonBody(body, true) },
    responses: { 200: json(answer, 'The hold.'), ...problems(400, 401, 404, 409, 415, 422) },
  });
}

const HOLDS = [
  [
    'payout',
    (payoutId: string): HoldSubject => ({ payoutId }),
    routeOf('/v1/payouts/{id}/hold', 'holdPayout', holdBody, 'Hold a payout that is due until an instant'),
    routeOf('/v1/payouts/{id}/release', 'releasePayout', releaseBody, 'End the hold of a payout'),
  ],
  [
    'account',
    (accountId: string): HoldSubject => ({ accountId }),
    routeOf(
      '/v1/accounts/{id}/payout-hold',
      'holdAccountPayouts',
      holdBody,
      'Hold all payouts of an account until an instant, also those that are drawn up meanwhile',
    ),
    routeOf(
      '/v1/accounts/{id}/payout-release',
      'releaseAccountPayouts',
      releaseBody,
      "End the hold of an account's payouts",
    ),
  ],
] as const;

/** Holds of payouts, and of all payouts of an account (docs/paydays.md). */
export function addPayoutHolds(app: ApiApp, { paydays: { holds }, clock }: ApiDeps): void {
  for (const [thing, subjectOf, holdRoute, releaseRoute] of HOLDS) {
    app.openapi(holdRoute, async (c) => {
      const { until, reason } = await readJson(c, holdBody);
      const subject = subjectOf(c.req.valid('param').id);
      const wanted = { subject, until, reason, actor: c.var.actor, simulated: isSimulated(c) };
      return c.json(answerOf(c, bodyOf(thing, await holds.place(wanted, clock.now()))), 200);
    });

    app.openapi(releaseRoute, async (c) => {
      const { reason } = await readJson(c, releaseBody);
      const subject = subjectOf(c.req.valid('param').id);
      const wanted = { subject, reason, actor: c.var.actor, simulated: isSimulated(c) };
      return c.json(answerOf(c, bodyOf(thing, await holds.release(wanted, clock.now()))), 200);
    });
  }
}

/** What is held as long already is answered as it stands: nothing is left to do. */
function bodyOf(thing: 'payout' | 'account', outcome: HoldOutcome) {
  if (outcome.kind === 'not-found') throw notFound(thing);
  if (outcome.kind === 'refused') throw refusal(outcome);
  const { until, at, releasedAt, ...hold } = outcome.hold;
  return {
    ...hold,
    ...{ until: until.toISOString(), at: at.toISOString(), releasedAt: releasedAt?.toISOString() ?? null },
    payouts: outcome.payouts.map(({ payoutId, amount }) => ({ payoutId, amount })),
  };
}
