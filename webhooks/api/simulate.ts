import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';

import { namesOn } from '../../src/accounts/names.ts';
import { previewDifference, previewTotals, rowsFrom } from '../../src/simulation/preview.ts';
import { previewCsv } from '../../src/simulation/previewCsv.ts';
import type { SimulatedAsOf } from '../../src/simulation/simulation.ts';
import type { ApiApp, ApiDeps, ApiEnv } from '../dependencies.ts';
import { csvAnswer, csvFile, csvQuery, preferred, withoutExtension } from './files.ts';
import { cents, instant, json, listOf, pageQuery, problems, SECURED } from './shared.ts';

const run = z.enum(['monday', 'payday']);
const part = z.object({ count: z.int(), total: cents });
const outcome = z.enum(['payout', 'carried', 'debited', 'open', 'credited']);
const previewSchema = z
  .object({
    run,
    period: z
      .string()
      .openapi({ description: 'The week that is invoiced, or the cycle that is paid.', example: '2026-04-01' }),
    at: instant.openapi({ description: 'When it runs.' }),
    asOf: instant.openapi({
      description:
        'When it was simulated: now, or at most ten minutes ago where more than 2,000 transactions or commissions are read.',
    }),
    made: part.openapi({ description: 'The invoices or payouts that there would be.' }),
    byOutcome: z.partialRecord(outcome, part),
    last: part.extend({ period: z.string() }).nullable().openapi({ description: 'The run before it.' }),
    difference: part.nullable().openapi({ description: 'By how much `made` differs from the run before it.' }),
  })
  .openapi('Preview');

const common = { tags: ['Simulation'], security: SECURED, request: { params: z.object({ run }) } };
const route = createRoute({
  ...common,
  method: 'get',
  operationId: 'simulateRun',
  path: '/v1/simulate/{run}',
  summary: 'What the next run would do by what is known now, also as `text/csv` by `Accept`; writes nothing',
  responses: { 200: json(previewSchema, 'Its totals, and against the run before.'), ...problems(401, 422) },
});
const csvRoute = {
  ...common,
  method: 'get',
  summary: 'The same, account by account',
  request: { ...common.request, query: z.object(csvQuery) },
  responses: { 200: csvFile('A row each; amounts as decimals.'), ...problems(401, 422) },
} as const;

const rowSchema = z
  .object({
    accountId: z.string(),
    name: z.string(),
    outcome,
    amount: cents,
    commissions: cents.nullable().openapi({ description: 'Of a payout, what comes of commissions; else null.' }),
    earnings: cents.nullable().openapi({ description: 'Of a payout, what was earned as a marketer; else null.' }),
    count: z.int().openapi({ description: 'Of how many commissions or lines.' }),
    why: z.enum(['nothing-due', 'below-minimum']).nullable().openapi({ description: 'Of what is carried over.' }),
  })
  .openapi('PreviewRow');
const rowsRoute = createRoute({
  ...common,
  method: 'get',
  operationId: 'listSimulatedRows',
  path: '/v1/simulate/{run}/rows',
  summary: 'The same, account by account, the greatest amount first',
  description: 'Each page is of what is known when it is asked for, or else of the `asOf` of the whole.',
  request: {
    ...common.request,
    query: z.strictObject({
      ...pageQuery,
      outcome: outcome.optional(),
      after: z
        .string()
        .regex(/^-?\d{1,16}:[a-z]+:./, 'must be the `next` of the page before')
        .optional()
        .openapi({ description: 'The `next` of the page before.' }),
    }),
  },
  responses: { 200: json(listOf(rowSchema), 'A page of accounts.'), ...problems(401, 422) },
});

const CSV_PATHS = [
  ['simulateRunCsv', '/v1/simulate/{run}/csv'],
  ['simulateRunCsvFile', '/v1/simulate/{run}.csv'],
] as const;

export function addSimulate(app: ApiApp, { simulation, accounts, platform }: ApiDeps): void {
  for (const [operationId, path] of CSV_PATHS) {
    app.openAPIRegistry.registerPath(createRoute({ ...csvRoute, operationId, path }));
  }
  app.get('/v1/simulate/:run{monday|payday}/csv', (c) => csvOf(c, c.req.param('run')));
  app.get('/v1/simulate/:file{(monday|payday)\\.csv}', (c) => csvOf(c, withoutExtension(c.req.param('file'))));
  app.get('/v1/simulate/:run{monday|payday}', (c, next) =>
    preferred(c, ['json', 'csv']) === 'csv' ? csvOf(c, c.req.param('run')) : next(),
  );

  app.openapi(route, async (c) => c.json(previewBody(await simulation.lately(c.req.valid('param').run)), 200));

  app.openapi(rowsRoute, async (c) => {
    const { limit = 50, after, outcome: only } = c.req.valid('query');
    const { ranked: rows } = await simulation.lately(c.req.valid('param').run);
    const wanted = only === undefined ? rows : rows.filter((row) => row.outcome === only);
    const page = rowsFrom(wanted, limit, after);
    const nameOf = await namesOn(
      accounts,
      page.items.map(({ accountId }) => accountId),
    );
    const items = page.items.map(({ parts, why = null, accountId, ...row }) => ({
      ...{ accountId, name: nameOf(accountId), ...row, why },
      ...{ commissions: parts?.commissions ?? null, earnings: parts?.earnings ?? null },
    }));
    return c.json({ items, next: page.next }, 200);
  });

  async function csvOf(c: Context<ApiEnv>, name: string): Promise<Response> {
    const preview = await simulation.lately(run.parse(name));
    return csvAnswer(c, `preview-${preview.period}.csv`, await previewCsv(preview, accounts, platform.currency));
  }
}

function previewBody(preview: SimulatedAsOf) {
  const { made, byOutcome } = previewTotals(preview);
  return {
    run: preview.run,
    period: preview.period,
    at: preview.at.toISOString(),
    asOf: preview.asOf.toISOString(),
    made,
    byOutcome: Object.fromEntries(byOutcome),
    last: preview.last,
    difference: previewDifference(preview),
  };
}
