import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';

import { instantSchema } from '../../src/events/catalogue.ts';
import { standingData } from '../../src/events/outgoing/standing.ts';
import { writtenReason } from '../../src/standing/reason.ts';
import type { Standing, TrustChange } from '../../src/standing/standing.ts';
import type { DecisionOutcome, Standings } from '../../src/standing/standings.ts';
import { standingView } from '../../src/standing/standingWords.ts';
import type { ApiApp, ApiDeps, ApiEnv } from '../dependencies.ts';
import { isSimulated } from '../middleware/simulation.ts';
import { HttpProblem } from '../problem.ts';
import {
  getRoute,
  idParam,
  instant,
  json,
  jsonBody,
  listOf,
  notFound,
  pageBody,
  pageQuery,
  problems,
  readJson,
  reason,
  refusal,
  request,
  SECURED,
} from './shared.ts';
import { answerWith, looking, simulatable, simulateQuery } from './simulated.ts';

const trustChange = z
  .object({
    at: instant,
    cause: z.enum([
      ...(['invoice-on-time', 'invoice-late', 'invoice-late-again', 'order-completed'] as const),
      ...(['promise-kept', 'promise-broken'] as const),
    ]),
    subject: z.string().openapi({ description: 'The id of the invoice or order.' }),
    change: z.int().openapi({ description: 'As it follows from the policy.' }),
    score: z.int().openapi({ description: 'The score after it, from 0 to 100.' }),
  })
  .openapi('TrustChange');

const graceBody = z.object({ until: instantSchema, reason });
const decisionBody = z.object({ reason });

const tags = ['Standing'];
const common = { tags, security: SECURED };
const standingRoute = getRoute(
  { tags, operationId: 'getStanding', path: '/v1/models/{id}/standing', summary: 'How a model stands now' },
  standingData,
  'Its standing.',
);
const trustRoute = createRoute({
  ...common,
  method: 'get',
  operationId: 'listTrustChanges',
  path: '/v1/models/{id}/trust',
  summary: "The changes of a model's trust score, newest last",
  request: { params: idParam, query: z.strictObject(pageQuery) },
  responses: { 200: json(listOf(trustChange), 'A page of changes.'), ...problems(401, 404, 422) },
});
const answer = simulatable(standingData, 'StandingAnswer');
const decided = { 200: json(answer, 'The standing it results in.'), ...problems(401, 404, 409, 422) };
const graceRoute = createRoute({
  ...common,
  method: 'post',
  operationId: 'grantGrace',
  path: '/v1/models/{id}/grace',
  summary: 'Hold sanctions until an instant',
  request: { params: idParam, query: simulateQuery, ...jsonBody(graceBody, true) },
  responses: decided,
});
const terminateRoute = createRoute({
  ...common,
  method: 'post',
  operationId: 'terminatePartnership',
  path: '/v1/models/{id}/terminate',
  summary: 'End the partnership',
  request: { params: idParam, query: simulateQuery, ...jsonBody(decisionBody, true) },
  responses: decided,
});
const keepRoute = createRoute({
  ...common,
  method: 'post',
  operationId: 'keepPartnership',
  path: '/v1/models/{id}/keep',
  summary: 'Close a termination review without consequences',
  request: { params: idParam, query: simulateQuery, ...jsonBody(decisionBody, true) },
  responses: decided,
});

export function addStanding(app: ApiApp, deps: ApiDeps): void {
  const { accounts, standings, eventSimulations, clock, platform } = deps;

  /** In the path of an order: the account and its facts are read side by side. */
  app.openapi(standingRoute, async (c) => {
    const { id } = c.req.valid('param');
    const [account, standing] = await Promise.all([accounts.get(id), standings.standing(id, clock.now())]);
    if (account?.role !== 'model') throw notFound('model');
    return c.json(standingBody(id, standing, platform), 200);
  });

  app.openapi(trustRoute, async (c) => {
    const { id } = c.req.valid('param');
    const [account, changes] = await Promise.all([accounts.get(id), standings.trust(id, clock.now())]);
    if (account?.role !== 'model') throw notFound('model');
    const { limit, after = '' } = request(c.req.valid('query'));
    const rest = changes.filter((change) => cursorOf(change) > after);
    const last = rest[limit - 1];
    const next = rest.length > limit && last !== undefined ? cursorOf(last) : null;
    return c.json(pageBody({ items: rest.slice(0, limit), next }, trustBody), 200);
  });

  app.openapi(graceRoute, async (c) => {
    const { until, reason } = await readJson(c, graceBody);
    const now = clock.now();
    if (until <= now) {
      const errors = [{ path: 'until', message: `must be later than ${now.toISOString()}` }];
      throw new HttpProblem(422, 'The body is not valid.', { errors });
    }
    const id = await modelOf(c.req.valid('param').id);
    const by = { actor: c.var.actor, reason };
    return c.json(await decidedOn(c, id, (deciding) => deciding.grace(id, until, by, now)), 200);
  });

  app.openapi(terminateRoute, async (c) => {
    const { reason } = await readJson(c, decisionBody);
    const id = await modelOf(c.req.valid('param').id);
    const by = { actor: c.var.actor, reason };
    return c.json(await decidedOn(c, id, (deciding) => deciding.terminate(id, by, clock.now())), 200);
  });

  app.openapi(keepRoute, async (c) => {
    const { reason } = await readJson(c, decisionBody);
    const id = await modelOf(c.req.valid('param').id);
    const by = { actor: c.var.actor, reason };
    return c.json(await decidedOn(c, id, (deciding) => deciding.keep(id, by, clock.now())), 200);
  });

  async function modelOf(id: string): Promise<string> {
    const account = await accounts.get(id);
    if (account?.role !== 'model') throw notFound('model');
    return id;
  }

  /** Decides, or says what that would result in. */
  async function decidedOn(c: Context<ApiEnv>, id: string, decide: Decide) {
    const { outcome, postings } = isSimulated(c)
      ? await looking(eventSimulations.decide(decide))
      : { outcome: await decide(standings), postings: [] };
    if (outcome.kind === 'refused') throw refusal(outcome);
    return answerWith(c, standingBody(id, outcome.standing, platform), postings, accounts);
  }
}

type Decide = (standings: Pick<Standings, 'grace' | 'keep' | 'terminate'>) => Promise<DecisionOutcome>;

export function standingBody(modelId: string, standing: Standing, platform: ApiDeps['platform']) {
  const { count, total, oldestDueAt } = standing.overdue;
  return {
    ...standingView(modelId, standing, platform),
    because: standing.reasons.map(writtenReason),
    overdue: { count, total, oldestDueAt: oldestDueAt?.toISOString() ?? null },
  };
}

function trustBody({ at, cause, subject, change, score }: TrustChange) {
  return { at: at.toISOString(), cause, subject, change, score };
}

/** Changes are in the order of time and, within one instant, of ids; so are these. */
function cursorOf({ at, subject }: TrustChange): string {
  return `${at.toISOString()}~${subject}`;
}
