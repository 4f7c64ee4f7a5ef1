import { z } from '@hono/zod-openapi';

import { ROLES } from '../../src/events/catalogue.ts';
import type { ApiApp, ApiDeps } from '../dependencies.ts';
import { listRoute, pageBody, pageQuery, request } from './shared.ts';

const found = z
  .object({ accountId: z.string(), role: z.enum(ROLES), name: z.string() })
  .openapi('FoundAccount', { example: { accountId: 'ava', role: 'model', name: 'Ava Lund' } });

const query = z.strictObject({
  q: z.string().trim().max(200).optional().openapi({
    description:
      'Each of its words begins a word of the name or of the id; case and accents do not matter, in any script.',
    example: 'zoe bi',
  }),
  role: z.enum(ROLES).optional(),
  ...pageQuery,
});

const list = listRoute(
  {
    tags: ['Accounts'],
    operationId: 'listAccounts',
    path: '/v1/accounts',
    summary: 'People and businesses by name or id, in the order of ids; whoever was erased is not found',
  },
  { query, item: found, page: 'A page of accounts.' },
);

export function addAccountList(app: ApiApp, { accounts }: ApiDeps): void {
  app.openapi(list, async (c) => {
    const { q, ...asked } = request(c.req.valid('query'));
    const page = await accounts.search({ ...asked, ...(q === undefined ? {} : { typed: q }) });
    return c.json(
      pageBody(page, ({ accountId, role, name }) => ({ accountId, role, name })),
      200,
    );
  });
}
