import { createRoute, z } from '@hono/zod-openapi';

import type { NameOf } from '../../src/accounts/names.ts';
import { ORDER_STATUSES, orderData, orderExample } from '../../src/events/outgoing/orders.ts';
import { TIERS } from '../../src/events/outgoing/standing.ts';
import { BrokenInvariant } from '../../src/kernel/errors.ts';
import type { Client } from '../../src/orders/clientRecords.ts';
import type { FanVerdict, FanView } from '../../src/orders/fans/fan.ts';
import { namesOf } from '../../src/orders/names.ts';
import { type OrderView, totalOf } from '../../src/orders/order.ts';
import { reasonsOf } from '../../src/orders/words.ts';
import type { DisplayContext } from '../../src/texts/speech.ts';
import type { ApiApp, ApiDeps } from '../dependencies.ts';
import { HttpProblem } from '../problem.ts';
import {
  getRoute,
  idParam,
  idQuery,
  instant,
  json,
  jsonBody,
  listOf,
  listRoute,
  notFound,
  orNotFound,
  pageBody,
  pageQuery,
  problems,
  readJson,
  reason,
  refusal,
  request,
  SECURED,
} from './shared.ts';

const clientSchema = z
  .object({
    tier: z.enum(TIERS),
    trustScore: z.int().min(0).max(100),
    paidOnTime: z.int().openapi({ description: 'Of the last `invoices`, how many were paid on time.' }),
    invoices: z.int().openapi({ description: 'The last invoices that were paid or fell due, at most ten.' }),
    coveredFans: z.int().openapi({
      description:
        'For how many of the fans to come there is money now, on the balance or in escrow; 0 when it is over.',
    }),
  })
  .openapi('OrderClient', { description: 'How the client stands now, as the marketer reads it.' });
export const orderSchema = orderData
  .extend({
    modelName: z.string().openapi({ description: 'As the platform sent it; the id where the account has none.' }),
    marketerName: z.string(),
    client: clientSchema,
  })
  .openapi('Order', {
    example: {
      ...orderExample,
      modelName: 'Ava Álvarez',
      marketerName: 'Max Media',
      client: { tier: 'trusted', trustScore: 82, paidOnTime: 9, invoices: 10, coveredFans: 50 },
    },
  });
const verdict = z.enum([
  'counted',
  'surplus',
  'not_running',
  'other_source',
  'not_real',
  'returning',
] as const satisfies FanVerdict[]);
const fanSchema = z
  .object({
    subscriptionId: z.string(),
    fanId: z.string(),
    startedAt: instant,
    judgedAt: instant,
    verdict,
    number: z.int().nullable().openapi({ description: 'Of those that count, from 1.' }),
  })
  .openapi('Fan');

const listQuery = z.strictObject({
  modelId: idQuery,
  marketerId: idQuery,
  status: z.enum(ORDER_STATUSES).optional(),
  q: z.string().trim().min(1).max(100).optional().openapi({
    description:
      'Of one model, or of one marketer: those whose other side is called so, by beginnings of words of a name or an id.',
  }),
  ...pageQuery,
});
const fansQuery = z.strictObject({
  verdict: verdict.optional().openapi({ description: 'Those that count, or those that do not for this reason.' }),
  counted: z
    .enum(['true', 'false'])
    .optional()
    .openapi({ description: '`false`: those that do not count, for whatever reason.' }),
  ...pageQuery,
});
const answerBody = z.object({ reason: reason.optional() });
/** The reason that client and marketer read when the platform gives none. */
const NO_REASON = 'the platform gave no reason';

const tags = ['Orders'];
const common = { tags, security: SECURED };
const list = listRoute(
  { tags, operationId: 'listOrders', path: '/v1/orders', summary: 'CPL orders, the newest placed first' },
  { query: listQuery, item: orderSchema, page: 'A page of orders.' },
);
const getOne = getRoute(
  { tags, operationId: 'getOrder', path: '/v1/orders/{id}', summary: 'One order' },
  orderSchema,
  'The order.',
);
const fansRoute = createRoute({
  ...common,
  method: 'get',
  operationId: 'listFans',
  path: '/v1/orders/{id}/fans',
  summary: 'Every fan that came through the order’s campaign, with its verdict',
  request: { params: idParam, query: fansQuery },
  responses: { 200: json(listOf(fanSchema), 'A page of fans, by subscription.'), ...problems(401, 404, 422) },
});
const acceptRoute = actRoute('accept', 'Accept a placed order, for its marketer');
const rejectRoute = actRoute('reject', 'Reject a placed order, for its marketer');
const stopRoute = actRoute('stop', 'Stop an accepted order and settle it at once');

function actRoute<P extends string>(act: P, summary: string) {
  return createRoute({
    ...common,
    method: 'post',
    operationId: `${act}Order`,
    path: `/v1/orders/{id}/${act}`,
    summary,
    request: { params: idParam, ...jsonBody(answerBody) },
    responses: { 200: json(orderSchema, 'The order as it is then.'), ...problems(401, 404, 409, 422) },
  });
}

export function addOrders(app: ApiApp, { accounts, orders, clock, platform }: ApiDeps): void {
  const bodiesOf = (views: OrderView[]) => orderBodies(views, { accounts, orders, platform }, clock.now());
  const bodyOf = async (view: OrderView) => (await bodiesOf([view]))(view);

  /** Those of the other side of somebody's orders that are called so; among all orders nobody is on the other side. */
  async function meant({ modelId, marketerId }: { modelId?: string; marketerId?: string }, typed: string) {
    if (modelId === undefined && marketerId === undefined) {
      const message = 'needs modelId or marketerId: it finds by the other side of their orders';
      throw new HttpProblem(422, 'The request is not valid.', { errors: [{ path: 'q', message }] });
    }
    const sides = await orders.otherSides({
      ...(modelId === undefined ? {} : { modelId }),
      ...(marketerId === undefined ? {} : { marketerId }),
    });
    return accounts.meantAmong(sides, typed);
  }

  app.openapi(list, async (c) => {
    const { q, ...query } = request(c.req.valid('query'));
    const page = await orders.list(
      { ...query, ...(q === undefined ? {} : { otherSide: await meant(query, q) }) },
      clock.now(),
    );
    return c.json(pageBody(page, await bodiesOf(page.items)), 200);
  });

  app.openapi(getOne, async (c) => {
    const view = orNotFound(await orders.get(c.req.valid('param').id, clock.now()), 'order');
    return c.json(await bodyOf(view), 200);
  });

  app.openapi(fansRoute, async (c) => {
    const { counted, ...query } = request(c.req.valid('query'));
    const filter = { ...query, ...(counted === undefined ? {} : { counted: counted === 'true' }) };
    const page = orNotFound(await orders.fans(c.req.valid('param').id, filter), 'order');
    return c.json(pageBody(page, fanBody), 200);
  });

  app.openapi(acceptRoute, async (c) => {
    const { reason } = await readJson(c, answerBody);
    const outcome = await orders.accept(c.req.valid('param').id, { actor: c.var.actor, reason }, clock.now());
    switch (outcome.kind) {
      case 'accepted':
        return c.json(await bodyOf(outcome.order), 200);
      case 'already-accepted':
        throw refusal({ state: outcome.order.status, reason: 'already_accepted' });
      case 'insufficient': {
        const { order, missing } = outcome;
        const balance = totalOf(order) - missing;
        throw refusal({ state: order.status, reason: 'insufficient_balance' }, { balance, missing });
      }
      case 'refused':
        throw refusal(outcome);
      case 'not-found':
        throw notFound('order');
    }
  });

  app.openapi(rejectRoute, async (c) => {
    const { reason } = await readJson(c, answerBody);
    const outcome = await orders.reject(c.req.valid('param').id, { actor: c.var.actor, reason }, clock.now());
    switch (outcome.kind) {
      case 'rejected':
        return c.json(await bodyOf(outcome.order), 200);
      case 'already-rejected':
        throw refusal({ state: outcome.order.status, reason: 'already_rejected' });
      case 'refused':
        throw refusal(outcome);
      case 'not-found':
        throw notFound('order');
    }
  });

  app.openapi(stopRoute, async (c) => {
    const { reason = NO_REASON } = await readJson(c, answerBody);
    const outcome = await orders.stop(c.req.valid('param').id, { actor: c.var.actor, reason }, clock.now());
    switch (outcome.kind) {
      case 'stopped':
        return c.json(await bodyOf(outcome.order), 200);
      case 'already-stopped':
        throw refusal({ state: outcome.order.status, reason: 'already_stopped' });
      case 'refused':
        throw refusal(outcome);
      case 'not-found':
        throw notFound('order');
    }
  });
}

type Reads = Pick<ApiDeps, 'accounts' | 'platform'> & { orders: Pick<ApiDeps['orders'], 'clientsOf'> };

/** How orders are answered, each with the names of both sides and how its client stands at `now`. */
export async function orderBodies(views: OrderView[], { accounts, orders, platform }: Reads, now: Date) {
  const [clients, nameOf] = await Promise.all([orders.clientsOf(views, now), namesOf(accounts, views)]);
  return (view: OrderView) => orderBody(view, clients.get(view.orderId), nameOf, platform);
}

function orderBody(view: OrderView, client: Client | undefined, nameOf: NameOf, platform: DisplayContext) {
  if (client === undefined) throw new BrokenInvariant(`order ${view.orderId} has a client without a standing`);
  const { placedAt, respondBy, acceptedAt, startedAt, endedAt, ...rest } = view;
  return {
    ...{ ...rest, ...reasonsOf(view, platform) },
    placedAt: placedAt.toISOString(),
    respondBy: respondBy.toISOString(),
    acceptedAt: acceptedAt?.toISOString() ?? null,
    startedAt: startedAt?.toISOString() ?? null,
    endedAt: endedAt?.toISOString() ?? null,
    modelName: nameOf(view.modelId),
    marketerName: nameOf(view.marketerId),
    client: client.record,
  };
}

function fanBody({ startedAt, judgedAt, ...rest }: FanView) {
  return { ...rest, startedAt: startedAt.toISOString(), judgedAt: judgedAt.toISOString() };
}
