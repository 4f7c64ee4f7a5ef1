import { createRoute, z } from '@hono/zod-openapi';

import { knownNamesOn, type NameIfKnown } from '../../src/accounts/names.ts';
import { EXPORT_FORMATS } from '../../src/books/ledgerExport.ts';
import { trialBalanceCsv } from '../../src/books/trialBalanceCsv.ts';
import { isMonth } from '../../src/kernel/calendar.ts';
import { ownerOf } from '../../src/kernel/owner.ts';
import { isAccountCursor } from '../../src/ledger/accountEntries.ts';
import { CAUSES } from '../../src/ledger/cause.ts';
import type { EntryView } from '../../src/ledger/journal.ts';
import type { ApiApp, ApiDeps } from '../dependencies.ts';
import { csvAnswer, csvQuery, textAnswer } from './files.ts';
import { asksForTable } from './listTables.ts';
import {
  cents,
  instant,
  invalidQuery,
  json,
  listRoute,
  pageBody,
  pageQuery,
  problems,
  readQuery,
  request,
  SECURED,
} from './shared.ts';

const account = z
  .string()
  .regex(
    /^(model|credit|marketer|affiliate|escrow|held|platform|world):[A-Za-z0-9_.:~-]{1,80}$/,
    'must be a ledger account',
  )
  .openapi({ example: 'model:m1' });
const name = z
  .string()
  .optional()
  .openapi({ description: 'Whose it is, where it is somebody’s.', example: 'Ava Álvarez' });
const entry = z
  .object({
    entryId: z.string(),
    postings: z.array(z.object({ account: z.string(), name, amount: cents })),
    effectiveAt: instant,
    recordedAt: instant,
    reverses: z.string().optional(),
    cause: z
      .object({ kind: z.enum(CAUSES), id: z.string() })
      .nullable()
      .openapi({ description: 'What it was written for.' }),
    eventId: z.string().optional().openapi({ description: 'The event that it came of, where the platform sent one.' }),
    balanceAfter: cents.optional().openapi({
      description:
        'Of the list of one account: what that had once this was written. An entry counts from then, also where it takes effect later.',
    }),
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
  responses: {
    200: json(z.object({ account: z.string(), name, balance: cents }), 'The balance.'),
    ...problems(401, 422),
  },
});
const entriesRoute = listRoute(
  {
    tags,
    operationId: 'listLedgerEntries',
    path: '/v1/ledger/entries',
    summary: 'Ledger entries by id; those of one account the last written first, with its running balance',
  },
  { query: z.strictObject({ account: account.optional(), ...pageQuery }), item: entry, page: 'A page of entries.' },
);

const day = z.iso.date('must be a day, as 2026-11-01');
const exportQuery = z.strictObject({
  from: day.openapi({ description: 'The first day, in the platform’s zone.', example: '2026-11-01' }),
  to: day.openapi({ description: 'The day after the last.', example: '2026-12-01' }),
  format: z.enum(EXPORT_FORMATS).default('csv'),
  ...csvQuery,
});
const exportRoute = createRoute({
  ...common,
  method: 'get',
  operationId: 'exportLedger',
  path: '/v1/ledger/export',
  summary: 'The ledger as double entry, for an accountant',
  request: { query: exportQuery },
  responses: {
    200: {
      content: { 'text/csv': { schema: z.string() }, 'text/plain': { schema: z.string() } },
      description: 'Every posting of the entries that take effect on these days; as Beancount every entry.',
    },
    ...problems(401, 422),
  },
});

const sums = { opening: cents, debits: cents, credits: cents, closing: cents };
const month = z.string().refine(isMonth, 'must be a month, as 2026-11').openapi({ example: '2026-11' });
const trialBalance = z
  .object({
    month,
    state: z.enum(['open', 'closed']).openapi({ description: 'A closed month never changes.' }),
    closedAt: instant.nullable(),
    asOf: instant.nullable().openapi({
      description:
        'When an open month was added up: now, or at most an hour ago where it has more than 2,000 entries; null of a closed one.',
    }),
    entries: z.int().openapi({ description: 'How many entries were recorded in it.' }),
    accounts: z.int(),
    hash: z.string().openapi({ description: 'Of all its accounts.' }),
    totals: z.object(sums).openapi({ description: 'Opening and closing are zero; debits and credits are the same.' }),
    classes: z.array(z.object({ class: z.string().openapi({ example: 'model' }), accounts: z.int(), ...sums })),
    items: z
      .array(z.object({ account: z.string(), name, ...sums }))
      .openapi({ description: 'A page of its accounts.' }),
    next: z.string().nullable(),
  })
  .openapi('TrialBalance');
const trialBalanceRoute = createRoute({
  ...common,
  method: 'get',
  operationId: 'getTrialBalance',
  path: '/v1/ledger/trial-balance',
  summary: 'What each account had, got and gave in a month, also as `text/csv` by `Accept`',
  request: { query: z.strictObject({ month, ...pageQuery, ...csvQuery }) },
  responses: { 200: json(trialBalance, 'The month, with a page of its accounts.'), ...problems(401, 422) },
});

export function addLedger(app: ApiApp, { accounts, ledger, books, platform }: ApiDeps): void {
  /** What those are called whose ledger accounts these are. */
  const namesIn = (named: string[]) => knownNamesOn(accounts, named.map(ownerOf));

  // What these write is a stream and no typed body.
  app.openAPIRegistry.registerPath(exportRoute);
  app.get('/v1/ledger/export', async (c) => {
    const { from, to, format } = readQuery(c, exportQuery);
    const period = books.ledgerExport.periodOf({ from, to });
    if (period === null) throw invalidQuery('to', 'must be later than from');
    const pieces = books.ledgerExport.pieces({ from, to }, period, format);
    const name = `ledger-${from}-${to}.${format}`;
    return format === 'csv' ? csvAnswer(c, name, pieces) : textAnswer(c, name, pieces);
  });

  app.get('/v1/ledger/trial-balance', async (c, next) => {
    if (!asksForTable(c)) return next();
    const asked = readQuery(c, z.looseObject({ month }));
    const balance = await books.months.get(asked.month);
    return csvAnswer(c, `trial-balance-${asked.month}.csv`, trialBalanceCsv(balance, platform.currency));
  });

  app.openapi(trialBalanceRoute, async (c) => {
    const { month, limit, after } = request(c.req.valid('query'));
    const page = await books.months.page(month, { limit, ...(after === undefined ? {} : { after }) });
    const [closedAt = null, asOf = null] = [page.closedAt, page.asOf].map((at) => at?.toISOString());
    const names = await namesIn(page.items.map(({ account }) => account));
    const items = page.items.map((one) => ({ ...one, ...names(ownerOf(one.account)) }));
    return c.json({ ...page, items, closedAt, asOf }, 200);
  });

  app.openapi(balanceRoute, async (c) => {
    const { account } = c.req.valid('param');
    const [balance, names] = await Promise.all([ledger.balance(account), namesIn([account])]);
    return c.json({ account, ...names(ownerOf(account)), balance }, 200);
  });

  app.openapi(entriesRoute, async (c) => {
    const asked = request(c.req.valid('query'));
    if (asked.account !== undefined && asked.after !== undefined && !isAccountCursor(asked.after)) {
      throw invalidQuery('after', 'must be the next of a page of this list');
    }
    const page = await ledger.entries(asked);
    const names = await namesIn(page.items.flatMap(({ postings }) => postings.map(({ account: one }) => one)));
    return c.json(
      pageBody(page, (view) => entryBody(view, names)),
      200,
    );
  });
}

function entryBody({ effectiveAt, recordedAt, postings, ...view }: EntryView, names: NameIfKnown) {
  const named = postings.map((posting) => ({ ...posting, ...names(ownerOf(posting.account)) }));
  return { ...view, postings: named, effectiveAt: effectiveAt.toISOString(), recordedAt: recordedAt.toISOString() };
}
