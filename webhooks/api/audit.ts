import { createRoute, z } from '@hono/zod-openapi';
import type { ApiApp, ApiDeps } from '../dependencies.ts';
import { instant, json, listOf, pageBody, pageQuery, problems, request, SECURED } from './shared.ts';

const record = z
  .object({
    auditId: z.string(),
    at: instant,
    actor: z.string().openapi({ description: 'The name of an API key, or an account.' }),
    action: z.string().openapi({ example: 'invoice.void' }),
    subject: z.string().openapi({ example: 'invoice:2026-W47:m1' }),
    reason: z.string().nullable(),
    before: z.unknown(),
    after: z.unknown(),
  })
  .openapi('AuditRecord');

const subject = z.string().min(1).max(200).openapi({ description: '`kind:id`, or an id alone.' });
const listRoute = createRoute({
  tags: ['Audit'],
  security: SECURED,
  method: 'get',
  operationId: 'listAuditRecords',
  path: '/v1/audit',
  summary: 'Who did what, when and why; newest first',
  request: { query: z.strictObject({ subject: subject.optional(), ...pageQuery }) },
  responses: { 200: json(listOf(record), 'A page of records.'), ...problems(401, 422) },
});

export function addAudit(app: ApiApp, { audit }: ApiDeps): void {
  app.openapi(listRoute, async (c) => {
    const page = await audit.list(request(c.req.valid('query')));
    return c.json(
      pageBody(page, (view) => ({ ...view, at: view.at.toISOString() })),
      200,
    );
  });
}
