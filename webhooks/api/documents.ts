import { createRoute, z } from '@hono/zod-openapi';

import type { Attachment } from '../../src/notices/messages/message.ts';
import type { ApiApp, ApiDeps } from '../dependencies.ts';
import { fileHeaders, withoutExtension } from './files.ts';
import { idParam, orNotFound, problems, SECURED } from './shared.ts';

const file = { 'application/pdf': { schema: z.string().openapi({ format: 'binary' }) } };
const common = { method: 'get', security: SECURED, request: { params: idParam } } as const;
const invoiceRoute = createRoute({
  ...common,
  tags: ['Invoices'],
  path: '/v1/invoices/{id}.pdf',
  summary: 'One invoice to print',
  responses: { 200: { content: file, description: 'Its lines and sums, on A4.' }, ...problems(401, 404) },
});
const statementRoute = createRoute({
  ...common,
  tags: ['Affiliates'],
  path: '/v1/payouts/{id}.pdf',
  summary: 'The statement of a payout to print',
  responses: { 200: { content: file, description: 'What it is made of, on A4.' }, ...problems(401, 404) },
});

/** Documents as files. These routes come before the routes of their subjects, whose ids would match the `.pdf` too. */
export function addDocuments(app: ApiApp, { documents, clock }: Pick<ApiDeps, 'documents' | 'clock'>): void {
  app.openAPIRegistry.registerPath(invoiceRoute);
  app.get('/v1/invoices/:file{.+\\.pdf}', async (c) => {
    const view = orNotFound(await documents.invoice(withoutExtension(c.req.param('file')), clock.now()), 'invoice');
    return c.body(bytesOf(view.file), 200, fileHeaders(view.file));
  });

  app.openAPIRegistry.registerPath(statementRoute);
  app.get('/v1/payouts/:file{.+\\.pdf}', async (c) => {
    const view = orNotFound(await documents.statement(withoutExtension(c.req.param('file'))), 'payout');
    return c.body(bytesOf(view.file), 200, fileHeaders(view.file));
  });
}

function bytesOf({ content }: Attachment): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(content));
}
