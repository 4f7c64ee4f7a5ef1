import { createRoute, z } from '@hono/zod-openapi';

import { namesOn } from '../../src/accounts/names.ts';
import { CHANGES } from '../../src/affiliates/payouts/cycleChanges.ts';
import type { CycleView } from '../../src/affiliates/payouts/cycleViews.ts';
import { BrokenInvariant } from '../../src/kernel/errors.ts';
import type { BatchSummary } from '../../src/paydays/batches.ts';
import type { ApiApp, ApiDeps } from '../dependencies.ts';
import { cycleDate } from './payouts.ts';
import { cents, instant, json, listRoute, pageBody, pageQuery, problems, refusal, request, SECURED } from './shared.ts';

const tags = ['Affiliates'];
const part = z.object({ count: z.int(), total: cents });
const cycleItem = z
  .object({
    cycle: z.string().openapi({ example: '2026-04-01' }),
    payday: instant,
    status: z.enum(['upcoming', 'closing', 'closed']),
    state: z
      .enum(['drawn-up', 'checked', 'approved', 'exported', 'settled'])
      .nullable()
      .openapi({ description: 'How far its batch is; null while it is not drawn up.' }),
    payouts: z.int().openapi({ description: 'How many are paid with it, whatever became of them.' }),
    total: cents.openapi({ description: 'What they come to.' }),
    payable: part.openapi({ description: 'Due or being transferred.' }),
    paid: part,
    failed: part,
    held: part.openapi({ description: 'Of `payable`, what is held now.' }),
    excluded: part.openapi({
      description: 'What was taken out of its batch: still in `payable` until that is approved, carried away then.',
    }),
    carriedIn: part.openapi({ description: 'Of earlier paydays, and paid with this one: in the sums.' }),
    carriedAway: part.openapi({ description: 'Its own that are paid with a later payday: not in the sums.' }),
  })
  .openapi('PayoutCycleSums');
const list = listRoute(
  {
    tags,
    operationId: 'listPayoutCycles',
    path: '/v1/payout-cycles',
    summary: 'Paydays that have payouts, newest first',
  },
  {
    query: z.strictObject({
      ...pageQuery,
      after: cycleDate.optional().openapi({ description: 'The `next` of the page before.' }),
    }),
    item: cycleItem,
    page: 'A page of paydays.',
  },
);

const amounts = {
  amount: cents.openapi({ description: 'With this cycle.' }),
  before: cents.openapi({ description: 'With the one before.' }),
  difference: cents.openapi({ description: '`amount` without `before`.' }),
};
const changeItem = z
  .object({ accountId: z.string(), name: z.string(), change: z.enum(CHANGES).exclude(['same']), ...amounts })
  .openapi('PayoutChange');
const changeSum = z.object({ count: z.int(), ...amounts });
const changes = z
  .object({
    cycle: z.string(),
    before: z.string().nullable().openapi({
      description: 'The cycle that it is compared with: the last one before it that has payouts, or null.',
    }),
    totals: z
      .object({ new: changeSum, gone: changeSum, more: changeSum, less: changeSum, same: changeSum })
      .openapi({ description: 'Of all accounts, whatever the page.' }),
    items: z.array(changeItem),
    next: z.string().nullable(),
  })
  .openapi('PayoutCycleChanges');
const changesRoute = createRoute({
  tags,
  security: SECURED,
  method: 'get',
  operationId: 'getPayoutCycleChanges',
  path: '/v1/payout-cycles/{date}/changes',
  summary:
    'Who is paid more, less, for the first time or no more than with the payday before, the biggest difference first',
  description: 'Of a payday whose payouts are not drawn up, `GET /v1/simulate/payday` says what it would be.',
  request: { params: z.object({ date: cycleDate }), query: z.strictObject(pageQuery) },
  responses: { 200: json(changes, 'A page of accounts, and all of them by kind.'), ...problems(401, 409, 422) },
});

/** Paydays beside each other: all of them, and one beside the one before (docs/paydays.md). */
export function addPayoutCycleLists(app: ApiApp, { affiliates, paydays, accounts }: ApiDeps): void {
  app.openapi(list, async (c) => {
    const page = await affiliates.cycles.list(request(c.req.valid('query')));
    const open = page.items.map(({ cycle, byStatus: { due, processing } }) => ({
      ...{ cycle, open: due.count + processing.count },
    }));
    const summaries = await paydays.batches.summaries(open);
    return c.json(
      pageBody(page, (view) => sumsBody(view, summaries.get(view.cycle))),
      200,
    );
  });

  app.openapi(changesRoute, async (c) => {
    const found = await affiliates.cycles.changes(c.req.valid('param').date, request(c.req.valid('query')));
    if (found === null) throw refusal({ state: 'none', reason: 'payday_not_drawn_up' });
    const nameOf = await namesOn(
      accounts,
      found.items.map(({ accountId }) => accountId),
    );
    const items = found.items.map(({ accountId, change, ...rest }) => {
      if (change === 'same')
        throw new BrokenInvariant(`account ${accountId} has not changed, and is among the changes`);
      return { accountId, name: nameOf(accountId), change, ...rest };
    });
    return c.json({ ...found, items }, 200);
  });
}

function sumsBody(view: CycleView, batch: BatchSummary | undefined) {
  if (batch === undefined) throw new BrokenInvariant(`payday ${view.cycle} has no batch, not even none`);
  const { cycle, payday, status, payouts, total, byStatus, carriedIn, carriedAway } = view;
  const { due, processing, paid, failed } = byStatus;
  return {
    ...{ cycle, payday: payday.toISOString(), status, state: batch.state, payouts, total },
    payable: { count: due.count + processing.count, total: due.total + processing.total },
    ...{ paid, failed, held: batch.held, excluded: batch.excluded, carriedIn, carriedAway },
  };
}
