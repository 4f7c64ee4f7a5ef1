import { createRoute, z } from '@hono/zod-openapi';

import type { EntryView } from '../../src/ledger/journal.ts';
import type { ApiApp, ApiDeps } from '../dependencies.ts';
import { cents, instant, json, listRoute, pageBody, pageQuery, problems, request, SECURED } from './shared.ts';

const account = z
  .string()
  .regex(
    /^(model|credit|marketer|affiliate|escrow|held|platform|world):[A-Za-z0-9_.:~-]{1,80}$/,
    'must be a ledger account',
  )
  .openapi({ example: 'model:m1' });
const entry = z
  .object({
    entryId: z.string(),
    postings: z.array(z.object({ account: z.string(), amount: cents })),
    effectiveAt: instant,
    recordedAt: instant,
    reverses: z.string().optional(),
  })
  .openapi('LedgerEntry');

const tags = ['Ledger'];
const common = { tags, security: SECURED };
const balanceRoute = createRoute({
  ...common,
  method: 'get',
  operationId: 'getBalance',
  path: '/v1/ledger/balances/{account}',
  summary: 'The balance of a ledger account',
  request: { params: z.object({ account }) },
  responses: { 200: json(z.object({ account: z.string(), balance: cents }), 'The balance.'), ...problems(401, 422) },
});
const entriesRoute = listRoute(
  {
    tags,
    operationId: 'listLedgerEntries',
    path: '/v1/ledger/entries',
    summary: 'Ledger entries, of one account or of all',
  },
  { query: z.strictObject({ account: account.optional(), ...pageQuery }), item: entry, page: 'A page of entries.' },
);

export function addLedger(app: ApiApp, { ledger }: ApiDeps): void {
  app.openapi(balanceRoute, async (c) => {
    const { account } = c.req.valid('param');
    return c.json({ account, balance: await ledger.balance(account) }, 200);
  });

  app.openapi(entriesRoute, async (c) => {
    const page = await ledger.entries(request(c.req.valid('query')));
    return c.json(pageBody(page, entryBody), 200);
  });
}

function entryBody({ entryId, postings, effectiveAt, recordedAt, reverses }: EntryView) {
  return {
    entryId,
    postings,
    effectiveAt: effectiveAt.toISOString(),
    recordedAt: recordedAt.toISOString(),
    ...(reverses === undefined ? {} : { reverses }),
  };
}
