import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';

import { CYCLE_COLUMNS, cycleRow, rowsPaidWith } from '../../src/affiliates/payouts/cycleCsv.ts';
import type { CycleView } from '../../src/affiliates/payouts/cycleViews.ts';
import { isCycleDate } from '../../src/affiliates/payouts/payoutCycle.ts';
import { csv, csvRows } from '../../src/kernel/csv.ts';
import type { ApiApp, ApiDeps, ApiEnv } from '../dependencies.ts';
import { isSimulated } from '../middleware/simulation.ts';
import { HttpProblem } from '../problem.ts';
import { csvAnswer, csvFile, csvQuery, fileAnswer, pdfFile, preferred, withoutExtension } from './files.ts';
import { batchBody, batchSchema } from './payoutBatches.ts';
import { cycleDate } from './payouts.ts';
import { cents, instant, json, jsonBody, problems, readJson, reason, SECURED } from './shared.ts';
import { answerOf, simulatable, simulateQuery } from './simulated.ts';
import { waitingAnswer, waitingBody } from './waiting.ts';

const part = z.object({ count: z.int(), total: cents });
const cycleSchema = z
  .object({
    cycle: z.string().openapi({ example: '2026-04-01' }),
    payday: instant,
    approvals: z
      .object({ start: instant, end: instant })
      .openapi({ description: 'It takes approvals in `[start, end)`.' }),
    status: z.enum(['upcoming', 'closing', 'closed']),
    payouts: z.int(),
    total: cents,
    byStatus: z.object({ due: part, processing: part, paid: part, failed: part }),
    carriedIn: part.openapi({ description: 'Of earlier paydays, and paid with this one: in the sums.' }),
    carriedAway: part.openapi({ description: 'Its own that are paid with a later payday: not in the sums.' }),
    batch: batchSchema.nullable().openapi({ description: 'What is paid together; null while it is not drawn up.' }),
  })
  .openapi('PayoutCycle');
const params = z.object({ date: cycleDate });

const common = { tags: ['Affiliates'], security: SECURED };
const getRoute = createRoute({
  ...common,
  method: 'get',
  operationId: 'getPayoutCycle',
  path: '/v1/payout-cycles/{date}',
  summary:
    'A payout cycle, also as `text/csv` and `application/pdf` by `Accept`; its payouts are at `/v1/payouts?cycle=`',
  request: { params },
  responses: { 200: json(cycleSchema, 'The cycle.'), ...problems(401, 422) },
});
const settlement = z.strictObject({ reference: reason.optional() });
const settled = z.object({ cycle: z.string(), count: z.int(), total: cents });
const settleRoute = createRoute({
  ...common,
  method: 'post',
  operationId: 'settlePayoutCycle',
  path: '/v1/payout-cycles/{date}/settle',
  summary: 'Say that every payout of a cycle that is still to be settled is paid',
  request: { params, query: simulateQuery, ...jsonBody(settlement) },
  responses: {
    200: json(simulatable(settled, 'SettledCycle'), 'How many were settled now.'),
    202: waitingAnswer,
    ...problems(400, 401, 415, 422),
  },
});
const files = { ...common, method: 'get', request: { params, query: z.object(csvQuery) } } as const;
const csvRoute = {
  ...files,
  summary: 'All payouts that are paid with a cycle for a spreadsheet, also those that were carried to it',
  responses: { 200: csvFile('A row each; amounts as decimals.'), ...problems(401, 422) },
};
const CSV_PATHS = [
  ['getPayoutCycleCsv', '/v1/payout-cycles/{date}/csv'],
  ['getPayoutCycleCsvFile', '/v1/payout-cycles/{date}.csv'],
] as const;
const pdfRoute = createRoute({
  ...files,
  operationId: 'getPayoutCyclePdf',
  path: '/v1/payout-cycles/{date}/pdf',
  summary: 'The payouts of a cycle to print',
  request: { params },
  responses: { 200: pdfFile('Its sums and each payout, on A4.'), ...problems(401, 422, 503) },
});

export function addPayoutCycles(app: ApiApp, deps: ApiDeps): void {
  const { affiliates, paydays, documents, accounts, platform, clock } = deps;

  // The table is written page by page; what its handler returns is a stream and no typed body.
  for (const [operationId, path] of CSV_PATHS) {
    app.openAPIRegistry.registerPath(createRoute({ ...csvRoute, operationId, path }));
  }
  app.openAPIRegistry.registerPath(pdfRoute);
  app.get('/v1/payout-cycles/:date/csv', (c) => csvOf(c, c.req.param('date')));
  // No date ends so: the suffix names the file and nothing else.
  app.get('/v1/payout-cycles/:file{.+\\.csv}', (c) => csvOf(c, withoutExtension(c.req.param('file'))));
  app.get('/v1/payout-cycles/:date/pdf', (c) => pdfOf(c, c.req.param('date')));
  app.get('/v1/payout-cycles/:date', async (c, next) => {
    const kind = preferred(c, ['json', 'csv', 'pdf']);
    if (kind === 'json') return next();
    return (kind === 'csv' ? csvOf : pdfOf)(c, c.req.param('date'));
  });

  app.openapi(getRoute, async (c) => {
    const { date } = c.req.valid('param');
    const [cycle, batch] = await Promise.all([affiliates.cycles.get(date), paydays.batches.get(date)]);
    return c.json({ ...cycleBody(cycle), batch: batch === null ? null : await batchBody(batch, accounts) }, 200);
  });

  app.openapi(settleRoute, async (c) => {
    const cycle = c.req.valid('param').date;
    const by = { ...(await readJson(c, settlement)), actor: c.var.actor };
    const { settleCycle, previewCycle } = affiliates.payoutActs;
    const outcome = await (isSimulated(c) ? previewCycle : settleCycle)(cycle, by, clock.now());
    if (outcome.kind === 'waiting') return c.json(waitingBody(c, outcome), 202);
    const { count, total } = outcome.kind === 'settled' ? outcome : { count: 0, total: 0 };
    return c.json(answerOf(c, { cycle, count, total }), 200);
  });

  async function csvOf(c: Context<ApiEnv>, date: string): Promise<Response> {
    const cycle = dateOf(date);
    return csvAnswer(c, `payouts-${cycle}.csv`, csvPages(cycle));
  }

  async function pdfOf(c: Context<ApiEnv>, date: string): Promise<Response> {
    return fileAnswer(c, await documents.cycle(dateOf(date)));
  }

  async function* csvPages(cycle: string): AsyncGenerator<string, undefined> {
    let header = csv(CYCLE_COLUMNS, []);
    for await (const found of affiliates.payouts.ofCycle(cycle)) {
      const payouts = rowsPaidWith(found, cycle);
      const names = await accounts.namesOf(payouts.map(({ accountId }) => accountId));
      const rows = payouts.map((one) => cycleRow(one, cycle, names.get(one.accountId) ?? '', platform.currency));
      yield `${header}${csvRows(rows)}`;
      header = '';
    }
    if (header !== '') yield header;
  }
}

/** A payday of an address that the router does not check. Throws the problem when it is none. */
export function dateOf(date: string): string {
  if (!isCycleDate(date)) throw new HttpProblem(422, 'The request is not valid.', { errors: [BAD_DATE] });
  return date;
}

const BAD_DATE = { path: 'date', message: 'must be a payday, the 1st or 16th of a month, as 2026-04-01' };

function cycleBody({ payday, approvals, ...view }: CycleView) {
  return {
    ...view,
    payday: payday.toISOString(),
    approvals: { start: approvals.start.toISOString(), end: approvals.end.toISOString() },
  };
}
