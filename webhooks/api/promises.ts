import { createRoute, z } from '@hono/zod-openapi';

import { instantSchema } from '../../src/events/catalogue.ts';
import { promiseData } from '../../src/events/outgoing/promises.ts';
import type { MakeOutcome, PromiseTerms, RefuseOutcome } from '../../src/promises/promises.ts';
import type { PromiseView } from '../../src/promises/views.ts';
import type { ApiApp, ApiDeps } from '../dependencies.ts';
import { isSimulated } from '../middleware/simulation.ts';
import { idParam, json, jsonBody, notFound, problems, readJson, reason, refusal, SECURED } from './shared.ts';
import { answerOf, answerWith, simulatable, simulateQuery } from './simulated.ts';

const day = z.iso.date();
const makeBody = z.strictObject({
  until: z
    .union([day, instantSchema])
    .optional()
    .meta({
      description: "A day of the model's own, which it has to its end, or an instant; left out, as late as it may be.",
      examples: ['2026-12-03'],
    }),
  parts: z
    .boolean()
    .optional()
    .meta({ description: 'In two parts, of which the first is debited at once.', examples: [true] }),
});
const refuseBody = z.object({ reason });
const answer = simulatable(promiseData, 'PromiseAnswer');

const common = { tags: ['Invoices'], security: SECURED, method: 'post' as const };
const makeRoute = createRoute({
  ...common,
  operationId: 'promiseInvoice',
  path: '/v1/invoices/{id}/promise',
  summary: 'Promise, for its model, to pay an overdue invoice',
  request: { params: idParam, query: simulateQuery, ...jsonBody(makeBody) },
  responses: { 200: json(answer, 'Promised.'), ...problems(401, 404, 409, 422) },
});
const refuseRoute = createRoute({
  ...common,
  operationId: 'refusePromise',
  path: '/v1/invoices/{id}/promise/refuse',
  summary: 'End a promise to pay; what waits for it takes effect',
  request: { params: idParam, query: simulateQuery, ...jsonBody(refuseBody, true) },
  responses: { 200: json(answer, 'Refused.'), ...problems(401, 404, 409, 422) },
});

export function addPromises(app: ApiApp, { promises, accounts, clock }: ApiDeps): void {
  app.openapi(makeRoute, async (c) => {
    const { until, parts = false } = await readJson(c, makeBody);
    const terms: PromiseTerms = {
      inParts: parts,
      ...(until === undefined ? {} : { until: typeof until === 'string' ? { day: until } : { at: until } }),
    };
    const by = { actor: c.var.actor, simulated: isSimulated(c) };
    const outcome = await promises.make(c.req.valid('param').id, terms, by, clock.now());
    const { promise, postings } = madeOrThrow(outcome);
    return c.json(await answerWith(c, promiseBody(promise), postings, accounts), 200);
  });

  app.openapi(refuseRoute, async (c) => {
    const body = await readJson(c, refuseBody);
    const by = { actor: c.var.actor, reason: body.reason, simulated: isSimulated(c) };
    const outcome = await promises.refuse(c.req.valid('param').id, by, clock.now());
    return c.json(answerOf(c, promiseBody(refusedOrThrow(outcome))), 200);
  });
}

function madeOrThrow(outcome: MakeOutcome): Extract<MakeOutcome, { kind: 'made' | 'already-made' }> {
  switch (outcome.kind) {
    case 'made':
      return outcome;
    case 'already-made':
      throw refusal({ state: outcome.invoice.status, reason: 'already_promised' });
    case 'insufficient': {
      const { balance, missing, invoice } = outcome;
      throw refusal({ state: invoice.status, reason: 'insufficient_balance' }, { balance, missing });
    }
    case 'refused':
      throw refusal(outcome);
    case 'not-found':
      throw notFound('invoice');
  }
}

function refusedOrThrow(outcome: RefuseOutcome): PromiseView {
  switch (outcome.kind) {
    case 'refused-now':
      return outcome.promise;
    case 'already-refused':
      throw refusal({ state: outcome.invoice.status, reason: 'promise_refused' });
    case 'refused':
      throw refusal(outcome);
    case 'not-found':
      throw notFound('invoice');
  }
}

export function promiseBody({ madeAt, until, endedAt, ...promise }: PromiseView) {
  return {
    ...promise,
    madeAt: madeAt.toISOString(),
    until: until.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
  };
}
