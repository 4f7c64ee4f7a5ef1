import { createRoute, z } from '@hono/zod-openapi';
import { knownNamesOn, type NameIfKnown } from '../../src/accounts/names.ts';
import { ownerOf } from '../../src/kernel/owner.ts';
import { failureIn } from '../../src/outgoing/failure.ts';
import { OUTGOING_STATES, OUTGOING_TYPES, type OutgoingSummary } from '../../src/outgoing/outgoing.ts';
import type { ApiApp, ApiDeps } from '../dependencies.ts';
import {
  getRoute,
  idParam,
  instant,
  json,
  listRoute,
  orNotFound,
  pageBody,
  pageQuery,
  problems,
  request,
  SECURED,
} from './shared.ts';

/** Why a webhook did not reach the platform, by kind. */
export const failureSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('refused'), status: z.int() }),
    z.object({ kind: z.literal('redirected'), status: z.int() }),
    z.object({ kind: z.literal('late'), seconds: z.number() }),
    z.object({ kind: z.literal('unreachable'), code: z.string().nullable() }),
    z.object({ kind: z.literal('erased') }),
  ])
  .openapi('WebhookFailure');

const summarySchema = z
  .object({
    webhookId: z.string().openapi({ description: 'As sent in `webhook-id`.' }),
    type: z.enum(OUTGOING_TYPES),
    subject: z.string().openapi({ description: 'Webhooks of one subject are sent in order.', example: 'model:m1' }),
    name: z.string().optional().openapi({ description: 'Of the account that is the subject, where it is one.' }),
    sequence: z.int().nullable().openapi({
      description: 'Its number among those of its subject, from 1; null for one of before there were numbers.',
    }),
    timestamp: instant.openapi({ description: 'When it happened.' }),
    emittedAt: instant,
    status: z.enum(OUTGOING_STATES),
    attempts: z.int(),
    error: z.string().nullable().openapi({ description: 'Why it did not arrive last, as text.' }),
    failure: failureSchema.nullable().openapi({
      description: 'The same for programs, and for words of your own; null also for a text of another kind.',
    }),
    nextAt: instant.nullable().openapi({ description: 'When it is sent next, while it is due.' }),
    deliveredAt: instant.nullable(),
  })
  .openapi('WebhookSummary');
export const webhookSchema = summarySchema.extend({ data: z.unknown() }).openapi('Webhook');

const tags = ['Webhooks out'];
const common = { tags, security: SECURED };
const list = listRoute(
  {
    tags,
    operationId: 'listWebhooks',
    path: '/v1/webhooks',
    summary: 'Webhooks to the platform, newest first, without their data',
  },
  {
    query: z.strictObject({ status: z.enum(OUTGOING_STATES).optional(), ...pageQuery }),
    item: summarySchema,
    page: 'A page of webhooks.',
  },
);
const getOne = getRoute(
  { tags, operationId: 'getWebhook', path: '/v1/webhooks/{id}', summary: 'One webhook' },
  webhookSchema,
  'The webhook.',
);
const replayRoute = createRoute({
  ...common,
  method: 'post',
  operationId: 'replayWebhook',
  path: '/v1/webhooks/{id}/replay',
  summary: 'Send a webhook again, at once and under the same id',
  request: { params: idParam },
  responses: { 200: json(webhookSchema, 'The webhook as it stands now.'), ...problems(401, 404) },
});

export function addWebhooks(app: ApiApp, deps: ApiDeps): void {
  app.openapi(list, async (c) => {
    const page = await deps.outgoing.list(request(c.req.valid('query')));
    const names = await namesOfSubjects(deps, page.items);
    return c.json(
      pageBody(page, (view) => webhookBody(view, names)),
      200,
    );
  });

  app.openapi(getOne, async (c) => {
    const webhook = orNotFound(await deps.outgoing.get(c.req.valid('param').id), 'webhook');
    return c.json(webhookBody(webhook, await namesOfSubjects(deps, [webhook])), 200);
  });

  app.openapi(replayRoute, async (c) => {
    const webhook = orNotFound(await replayWebhook(deps, c.req.valid('param').id, c.var.actor), 'webhook');
    return c.json(webhook, 200);
  });
}

/** Has a webhook sent again, and answers it as it stands then; null when there is none of this id. */
export async function replayWebhook(
  { accounts, outgoing, audit, clock }: Pick<ApiDeps, 'accounts' | 'outgoing' | 'audit' | 'clock'>,
  id: string,
  actor: string,
): Promise<z.infer<typeof webhookSchema> | null> {
  const outcome = await outgoing.replay(id);
  const webhook = outcome.kind === 'not-found' ? null : await outgoing.get(id);
  if (webhook === null) return null;
  await audit.record({ actor, action: 'webhook.replay', subject: `webhook:${id}`, at: clock.now() });
  return webhookBody(webhook, await namesOfSubjects({ accounts }, [webhook]));
}

function namesOfSubjects({ accounts }: Pick<ApiDeps, 'accounts'>, found: OutgoingSummary[]): Promise<NameIfKnown> {
  return knownNamesOn(
    accounts,
    found.map(({ subject }) => ownerOf(subject)),
  );
}

function webhookBody<T extends OutgoingSummary>(view: T, names: NameIfKnown) {
  return {
    ...view,
    ...names(ownerOf(view.subject)),
    failure: failureIn(view.error),
    timestamp: view.timestamp.toISOString(),
    emittedAt: view.emittedAt.toISOString(),
    nextAt: view.nextAt?.toISOString() ?? null,
    deliveredAt: view.deliveredAt?.toISOString() ?? null,
  };
}
