import { createRoute, z } from '@hono/zod-openapi';

import type { EventSummary, EventView } from '../../src/inbox/inbox.ts';
import type { ApiApp, ApiDeps } from '../dependencies.ts';
import {
  getRoute,
  idParam,
  instant,
  json,
  jsonBody,
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
import { replayWebhook, webhookSchema } from './webhooks.ts';

const status = z.enum(['received', 'waiting', 'applied', 'ignored', 'quarantined']);
const eventSummary = z
  .object({
    eventId: z.string(),
    type: z.string(),
    timestamp: instant,
    receivedAt: instant,
    status,
    attempts: z.int(),
    error: z.string().nullable(),
    waitsFor: z.array(z.string()),
    dismissed: z.object({ by: z.string(), reason: z.string(), at: instant }).nullable(),
  })
  .openapi('EventSummary');
const event = eventSummary
  .extend({
    data: z.unknown().openapi({ description: 'Null where it was erased.' }),
    erased: z.boolean().openapi({ description: 'Its body was erased, with an account or after its time.' }),
  })
  .openapi('Event');

const tags = ['Events'];
const common = { tags, security: SECURED };
const list = listRoute(
  { tags, operationId: 'listEvents', path: '/v1/events', summary: 'Events that were received, without their data' },
  { query: z.strictObject({ status: status.optional(), ...pageQuery }), item: eventSummary, page: 'A page of events.' },
);
const getOne = getRoute(
  { tags, operationId: 'getEvent', path: '/v1/events/{id}', summary: 'One event' },
  event,
  'The event.',
);
const replayRoute = createRoute({
  ...common,
  method: 'post',
  operationId: 'replayEvent',
  path: '/v1/events/{id}/replay',
  summary: 'Try a quarantined event again, or send a webhook to the platform again',
  request: { params: idParam },
  responses: {
    200: json(z.union([event, webhookSchema]), 'The event, or the webhook of this id, as it stands now.'),
    ...problems(401, 404, 409),
  },
});

const dismissal = z.strictObject({ reason });
const dismissRoute = createRoute({
  ...common,
  method: 'post',
  operationId: 'dismissEvent',
  path: '/v1/events/{id}/dismiss',
  summary: 'Settle a quarantined event without its effect; a replay undoes that',
  request: { params: idParam, ...jsonBody(dismissal, true) },
  responses: { 200: json(event, 'The event, ignored.'), ...problems(400, 401, 404, 409, 415, 422) },
});

export function addEvents(app: ApiApp, { inbox, outgoing, audit, clock }: ApiDeps): void {
  const eventOf = async (id: string): Promise<EventView> => orNotFound(await inbox.get(id), 'event');

  app.openapi(list, async (c) => {
    const page = await inbox.list(request(c.req.valid('query')));
    return c.json(pageBody(page, eventBody), 200);
  });

  app.openapi(getOne, async (c) => c.json(eventBody(await eventOf(c.req.valid('param').id)), 200));

  app.openapi(replayRoute, async (c) => {
    const { id } = c.req.valid('param');
    const actor = c.var.actor;
    const outcome = await inbox.replay(id, () =>
      audit.record({ actor, action: 'event.replay', subject: `event:${id}`, at: clock.now() }),
    );
    if (outcome.kind === 'not-found') {
      const webhook = orNotFound(await replayWebhook({ outgoing, audit, clock }, id, actor), 'event');
      return c.json(webhook, 200);
    }
    if (outcome.kind === 'refused') throw refusal(outcome);
    return c.json(eventBody(await eventOf(id)), 200);
  });

  app.openapi(dismissRoute, async (c) => {
    const { id } = c.req.valid('param');
    const { reason } = await readJson(c, dismissal);
    const actor = c.var.actor;
    const outcome = await inbox.dismiss(id, { by: actor, reason }, ({ about }) =>
      audit.record({ actor, action: 'event.dismiss', subject: `event:${id}`, reason, about, at: clock.now() }),
    );
    if (outcome.kind === 'not-found') throw notFound('event');
    if (outcome.kind === 'refused') throw refusal(outcome);
    if (outcome.kind === 'dismissed-before') throw refusal({ state: 'ignored', reason: 'already_dismissed' });
    return c.json(eventBody(await eventOf(id)), 200);
  });
}

function eventBody<T extends EventSummary>(view: T) {
  const { timestamp, receivedAt, dismissed } = view;
  return {
    ...view,
    timestamp: timestamp.toISOString(),
    receivedAt: receivedAt.toISOString(),
    dismissed: dismissed === null ? null : { ...dismissed, at: dismissed.at.toISOString() },
  };
}
