import { createRoute, z } from '@hono/zod-openapi';
import { CYCLE_COLUMNS, cycleRow } from '../../src/affiliates/payouts/cycleCsv.ts';
import { isCycleDate } from '../../src/affiliates/payouts/payoutCycle.ts';
import type { CycleView } from '../../src/affiliates/payouts/payoutCycles.ts';
import { csv, csvRows } from '../../src/kernel/csv.ts';
import type { ApiApp, ApiDeps } from '../dependencies.ts';
import { HttpProblem } from '../problem.ts';
import { csvFile, csvHeaders, streamOf, withoutExtension } from './files.ts';
import { cycleDate } from './payouts.ts';
import { cents, instant, json, problems, SECURED } from './shared.ts';

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
  })
  .openapi('PayoutCycle');
const params = z.object({ date: cycleDate });

const common = { tags: ['Affiliates'], security: SECURED };
const getRoute = createRoute({
  ...common,
  method: 'get',
  path: '/v1/payout-cycles/{date}',
  summary: 'A payout cycle; its payouts are at `/v1/payouts?cycle=`',
  request: { params },
  responses: { 200: json(cycleSchema, 'The cycle.'), ...problems(401, 422) },
});
const csvRoute = createRoute({
  ...common,
  method: 'get',
  path: '/v1/payout-cycles/{date}.csv',
  summary: 'All payouts of a cycle, for an upload to a bank or wallet',
  request: { params },
  responses: {
    200: csvFile('A row each; amounts as decimals.'),
    ...problems(401, 422),
  },
});

export function addPayoutCycles(app: ApiApp, { affiliates, accounts, platform }: ApiDeps): void {
  // The answer is written page by page; what its handler returns is a stream and no typed body.
  app.openAPIRegistry.registerPath(csvRoute);
  app.get('/v1/payout-cycles/:file{.+\\.csv}', async (c) => {
    const cycle = withoutExtension(c.req.param('file'));
    if (!isCycleDate(cycle)) throw new HttpProblem(422, 'The request is not valid.', { errors: [BAD_DATE] });
    return c.body(await streamOf(csvPages(cycle)), 200, csvHeaders(`payouts-${cycle}.csv`));
  });

  app.openapi(getRoute, async (c) => {
    return c.json(cycleBody(await affiliates.cycles.get(c.req.valid('param').date)), 200);
  });

  async function* csvPages(cycle: string): AsyncGenerator<string, undefined> {
    let header = csv(CYCLE_COLUMNS, []);
    for await (const payouts of affiliates.payouts.ofCycle(cycle)) {
      const known = await accounts.getMany(payouts.map(({ accountId }) => accountId));
      const rows = payouts.map((one) => cycleRow(one, known.get(one.accountId)?.name ?? '', platform.currency));
      yield `${header}${csvRows(rows)}`;
      header = '';
    }
    if (header !== '') yield header;
  }
}

const BAD_DATE = { path: 'date', message: 'must be a payday, the 1st or 16th of a month, as 2026-04-01' };

function cycleBody({ payday, approvals, ...view }: CycleView) {
  return {
    ...view,
    payday: payday.toISOString(),
    approvals: { start: approvals.start.toISOString(), end: approvals.end.toISOString() },
  };
}
