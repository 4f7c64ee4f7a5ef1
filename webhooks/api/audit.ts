import { createRoute, z } from '@hono/zod-openapi';
import { knownNamesOn } from '../../src/accounts/names.ts';
import { personIn } from '../../src/kernel/actor.ts';
import type { ApiApp, ApiDeps } from '../dependencies.ts';
import { instant, invalidQuery, json, listOf, pageBody, pageQuery, problems, request, SECURED } from './shared.ts';

const record = z
  .object({
    auditId: z.string(),
    at: instant,
    actor: z.string().openapi({
      description:
        'The name of an API key, an account with the chat that it acted by, `platform`, `service`, or `cli:` and a user of the machine.',
    }),
    actorName: z.string().optional().openapi({ description: 'What the account that acted is called, where one did.' }),
    action: z.string().openapi({ example: 'invoice.void' }),
    subject: z.string().openapi({ example: 'invoice:2026-W47:m1' }),
    reason: z.string().nullable(),
    before: z.unknown(),
    after: z.unknown(),
  })
  .openapi('AuditRecord');

const name = (pattern: RegExp, message: string) => z.string().max(200).regex(pattern, message).optional();
const listQuery = z.strictObject({
  subject: z.string().min(1).max(200).optional().openapi({ description: '`kind:id`, or an id alone.' }),
  actor: name(/^\S.*$/, 'must be an account, or the name of a key').openapi({
    description: 'An account, in whichever of its chats, or the name of an API key.',
    example: 'boss',
  }),
  action: name(
    /^[A-Za-z][\w-]*(?:\.[\w-]+)*$/,
    'must be an act, as invoice.void, or a kind of acts, as invoice',
  ).openapi({
    description: 'An act, or a kind of them: `invoice` is all of `invoice.…`.',
    example: 'invoice.void',
  }),
  from: instant.optional().openapi({ description: 'From this instant on.' }),
  to: instant.optional().openapi({ description: 'Before this instant.' }),
  ...pageQuery,
});
const listRoute = createRoute({
  tags: ['Audit'],
  security: SECURED,
  method: 'get',
  operationId: 'listAuditRecords',
  path: '/v1/audit',
  summary: 'Who did what, when and why; newest first',
  request: { query: listQuery },
  responses: { 200: json(listOf(record), 'A page of records.'), ...problems(401, 422) },
});

export function addAudit(app: ApiApp, { accounts, audit }: ApiDeps): void {
  app.openapi(listRoute, async (c) => {
    const { from, to, ...query } = c.req.valid('query');
    if (from !== undefined && to !== undefined && Date.parse(from) >= Date.parse(to))
      throw invalidQuery('to', 'must be later than from');
    const page = await audit.list({
      ...request(query),
      ...(from === undefined ? {} : { from: new Date(from) }),
      ...(to === undefined ? {} : { to: new Date(to) }),
    });
    const nameOf = await knownNamesOn(
      accounts,
      page.items.map(({ actor }) => personIn(actor)),
    );
    return c.json(
      pageBody(page, ({ auditId, at, actor, ...rest }) => {
        const { name: actorName } = nameOf(personIn(actor));
        return { auditId, at: at.toISOString(), actor, ...(actorName === undefined ? {} : { actorName }), ...rest };
      }),
      200,
    );
  });
}
