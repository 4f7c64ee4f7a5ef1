import { createRoute, z } from '@hono/zod-openapi';
import { type NameOf, namesOn } from '../../src/accounts/names.ts';
import type { HealthState } from '../../src/health/health.ts';
import { CHECKS } from '../../src/kernel/checks.ts';
import { failureIn } from '../../src/outgoing/failure.ts';
import type { ApiApp, ApiDeps, JobState } from '../dependencies.ts';
import { instant, json, listRoute, pageBody, pageQuery, problems, request, SECURED } from './shared.ts';
import { failureSchema } from './webhooks.ts';

const tags = ['Health'];
const count = z.int();
const deliveries = {
  due: count.openapi({ description: 'To be sent.' }),
  sending: count.openapi({ description: 'Handed to the channel now.' }),
  unconfirmed: count.openapi({ description: 'The channel did not answer, so nobody knows whether it arrived.' }),
  undeliverable: count.openapi({ description: 'The chat takes no messages.' }),
  failed: count.openapi({ description: 'Given up after too many tries.' }),
};
const jobSchema = z
  .object({
    job: z.string().openapi({ example: 'issue-invoices' }),
    last: z
      .object({
        dueAt: instant.openapi({ description: 'What it ran for, by the clock of the service.' }),
        ranAt: instant.openapi({ description: 'Real time.' }),
        ms: count,
        count: count.nullable().openapi({ description: 'On how many things it worked, where it counts them.' }),
      })
      .nullable()
      .openapi({ description: 'When it ran last, in any process; null where it is not known.' }),
    nextAt: instant.nullable().openapi({ description: 'When it is due next; null while nothing is.' }),
    isLate: z.boolean().openapi({ description: 'It was due more than five minutes ago.' }),
  })
  .openapi('JobState');
const person = {
  accountId: z.string(),
  name: z.string().openapi({ description: 'As the platform sent it.', example: 'Ava Álvarez' }),
};
const channel = z.enum(['telegram', 'discord']);
const since = instant.openapi({ description: 'By the clock of the service.' });
const unreachableChat = z.object({ ...person, channel, reason: z.string(), since }).openapi('UnreachableChat');
const unreachedPerson = z.object({ ...person, since }).openapi('UnreachedPerson');
const healthSchema = z
  .object({
    at: instant.openapi({ description: 'The clock of the service.' }),
    stuck: count.openapi({ description: 'What goes no further without somebody: in quarantine, parked, failed.' }),
    ready: z.boolean().openapi({ description: 'What `/readyz` answers, with the same `checks`.' }),
    checks: z.object({
      database: z.enum(CHECKS.database).optional(),
      clock: z.string().optional().openapi({ description: '`agrees`, or by how much it does not.' }),
      telegram: z.enum(CHECKS.telegram).optional(),
      discord: z.enum(CHECKS.discord).optional(),
      shadow: z.enum(CHECKS.shadow).optional().openapi({ description: 'Only where it is on.' }),
    }),
    clockOffsetSeconds: z.int().openapi({
      description: "By how much the database's clock is ahead of the service's; the checks allow for a little.",
    }),
    events: z.object({
      received: count.openapi({ description: 'To be applied.' }),
      waiting: count.openapi({ description: 'For what they refer to.' }),
      quarantined: count,
    }),
    webhooks: z.object({
      enabled: z.boolean().openapi({ description: 'Whether the platform is told anything.' }),
      due: count,
      parked: count,
      parkedLately: z
        .array(
          z.object({
            ...{ webhookId: z.string(), type: z.string(), error: z.string().nullable() },
            failure: failureSchema.nullable(),
          }),
        )
        .openapi({ description: 'The latest of those that were given up.' }),
    }),
    notices: z.object({
      waiting: count.openapi({ description: 'For their time.' }),
      ...deliveries,
      byChannel: z.object({ telegram: z.object(deliveries), discord: z.object(deliveries) }),
    }),
    unreachable: z
      .object({
        count,
        chats: z.array(
          z.object({
            ...person,
            channel,
            reason: z.string().nullable(),
            since: instant.nullable(),
          }),
        ),
      })
      .openapi({ description: 'Chats that take no messages; all of them are at `/v1/health/unreachable`.' }),
    unreached: z.object({ count, accountIds: z.array(z.string()) }).openapi({
      description: 'People whom no chat reaches; all of them, with their names, are at `/v1/health/unreached`.',
    }),
    managersChannel: z.string().nullable().openapi({ description: 'Why the place of the managers takes no messages.' }),
    jobs: z.array(jobSchema),
  })
  .openapi('Health');

const route = createRoute({
  tags,
  security: SECURED,
  method: 'get',
  operationId: 'getHealth',
  path: '/v1/health',
  summary: 'What is in hand, what is stuck, what is late, and who cannot be reached',
  responses: { 200: json(healthSchema, 'As it is now; lists have the first 20.'), ...problems(401, 503) },
});

const query = z.strictObject(pageQuery);
const unreachableRoute = listRoute(
  {
    ...{ tags, operationId: 'listUnreachable', path: '/v1/health/unreachable' },
    summary: 'Chats that take no messages, those since the longest time first',
  },
  { query, item: unreachableChat, page: 'A page of chats.' },
);
const unreachedRoute = listRoute(
  {
    ...{ tags, operationId: 'listUnreached', path: '/v1/health/unreached' },
    summary: 'People whom no chat reaches, those since the longest time first',
  },
  { query, item: unreachedPerson, page: 'A page of people.' },
);

const SHOWN = 20;

export function addHealth(app: ApiApp, { accounts, health, readiness, jobStates, clock }: ApiDeps): void {
  /** People of whom something is to be said, with what they are called. */
  async function named<T extends { accountId: string; since: Date }>(found: T[]) {
    const nameOf = await namesOn(
      accounts,
      found.map(({ accountId }) => accountId),
    );
    return ({ since, ...one }: T) => ({ ...one, name: nameOf(one.accountId), since: since.toISOString() });
  }

  app.openapi(unreachableRoute, async (c) => {
    const page = await accounts.listUnreachable(request(c.req.valid('query')));
    return c.json(pageBody(page, await named(page.items)), 200);
  });

  app.openapi(unreachedRoute, async (c) => {
    const page = await accounts.listUnreached(request(c.req.valid('query')));
    return c.json(pageBody(page, await named(page.items)), 200);
  });

  app.openapi(route, async (c) => {
    const [state, { ready, checks, clockOffsetSeconds = 0 }, jobs] = await Promise.all([
      health.state(SHOWN),
      readiness(),
      jobStates(),
    ]);
    const at = clock.now().toISOString();
    const nameOf = await namesOn(
      accounts,
      state.unreachable.links.map(({ accountId }) => accountId),
    );
    return c.json({ at, ready, checks, clockOffsetSeconds, ...bodyOf(state, nameOf), jobs: jobs.map(jobBody) }, 200);
  });
}

function bodyOf(
  { stuck, events, webhooks, notices, unreachable, unreached, managersChannel }: HealthState,
  nameOf: NameOf,
) {
  const { enabled, due, parked } = webhooks;
  return {
    ...{ stuck, events, notices, unreached },
    webhooks: {
      ...{ enabled, due, parked },
      parkedLately: webhooks.parkedLately.map(({ webhookId, type, error }) => ({
        ...{ webhookId, type, error, failure: failureIn(error) },
      })),
    },
    unreachable: {
      count: unreachable.count,
      chats: unreachable.links.map(({ accountId, channel, unreachable: why }) => ({
        ...{
          accountId,
          name: nameOf(accountId),
          channel,
          reason: why?.reason ?? null,
          since: why?.since.toISOString() ?? null,
        },
      })),
    },
    managersChannel: managersChannel ?? null,
  };
}

function jobBody({ job, last, nextAt, isLate }: JobState) {
  return {
    job,
    last: last === null ? null : { ...last, dueAt: last.dueAt.toISOString(), ranAt: last.ranAt.toISOString() },
    nextAt: nextAt?.toISOString() ?? null,
    isLate,
  };
}
