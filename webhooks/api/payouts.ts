import { createRoute, z } from '@hono/zod-openapi';

import { type NameOf, namesOn } from '../../src/accounts/names.ts';
import { itemKindOf } from '../../src/affiliates/items.ts';
import type { Hold, PayoutAction, PayoutView } from '../../src/affiliates/payouts/payout.ts';
import { isCycleDate } from '../../src/affiliates/payouts/payoutCycle.ts';
import type { PayoutOutcome, PayoutPreview } from '../../src/affiliates/payouts/payouts.ts';
import type { DocumentNumber } from '../../src/books/numbers.ts';
import { fileName } from '../../src/documents/words.ts';
import { ITEM_KINDS, PAYOUT_STATUSES, payoutData, payoutExample } from '../../src/events/outgoing/affiliates.ts';
import type { RefusalCode } from '../../src/kernel/refusals.ts';
import type { ApiApp, ApiDeps } from '../dependencies.ts';
import { isSimulated } from '../middleware/simulation.ts';
import { payoutCsv } from './csv.ts';
import { csvAnswer, fileAnswer } from './files.ts';
import { addFiles } from './representations.ts';
import {
  accountOf,
  cents,
  getRoute,
  idParam,
  idQuery,
  instant,
  json,
  jsonBody,
  listRoute,
  notFound,
  orNotFound,
  pageBody,
  pageQuery,
  problems,
  readJson,
  reason,
  refusal,
  request,
  SECURED,
} from './shared.ts';
import { answerWith, simulatable, simulateQuery } from './simulated.ts';
import { waitingAnswer, waitingBody } from './waiting.ts';

const heldSchema = z
  .object({ until: instant, reason: z.string(), by: z.string() })
  .nullable()
  .openapi({ description: 'What keeps it from being approved, exported and settled by hand now, or null.' });
const itemSchema = z.object({ commissionId: z.string(), kind: z.enum(ITEM_KINDS), amount: cents });
const payoutSchema = payoutData
  .extend({
    name: z.string().openapi({ description: 'Of who is paid, as the platform sent it.', example: 'Kim Berg' }),
    held: heldSchema,
    items: z.array(itemSchema).openapi({
      description:
        'The commissions that it pays, each with its amount, and what comes of no sale: adjustments, and what came back of paid payouts. What was earned as a marketer has none.',
    }),
  })
  .openapi('Payout', {
    example: {
      ...payoutExample,
      ...{ name: 'Kim Berg', held: null },
      items: [{ commissionId: 'pay-1', kind: 'commission', amount: 12_000 }],
      count: 1,
    },
  });
const changedSchema = simulatable(payoutSchema, 'ChangedPayout');
const returnedSchema = simulatable(payoutSchema, 'ReturnedPayout');

export const cycleDate = z.string().refine(isCycleDate, 'must be a payday, the 1st or 16th of a month, as 2026-04-01');
const listQuery = z.strictObject({
  cycle: cycleDate.optional().openapi({ description: 'Those that this payday drew up.' }),
  paidWith: cycleDate.optional().openapi({
    description: 'Those that are paid with this payday: without those carried away, with those carried to it.',
  }),
  accountId: idQuery,
  status: z.enum(PAYOUT_STATUSES).optional(),
  ...pageQuery,
});
const actionBody = z.object({ reference: reason.optional(), reason: reason.optional() });

const tags = ['Affiliates'];
const common = { tags, security: SECURED };
const list = listRoute(
  { tags, operationId: 'listPayouts', path: '/v1/payouts', summary: 'Payouts, the newest cycle first' },
  { query: listQuery, item: payoutSchema, page: 'A page of payouts.' },
);
const getOne = getRoute(
  {
    tags,
    operationId: 'getPayout',
    path: '/v1/payouts/{id}',
    summary: 'One payout, also as `text/csv` and `application/pdf` by `Accept`',
  },
  payoutSchema,
  'The payout.',
);

function actionRoute<A extends PayoutAction>(action: A, summary: string) {
  const payout = json(changedSchema, 'The payout as it is now.');
  return createRoute({
    ...common,
    method: 'post',
    operationId: `${action}Payout`,
    path: `/v1/payouts/{id}/${action}`,
    summary,
    request: { params: idParam, query: simulateQuery, ...jsonBody(actionBody) },
    responses: { 200: payout, 202: waitingAnswer, ...problems(401, 404, 409, 422) },
  });
}

const ACTIONS = [
  ['process', actionRoute('process', 'Say that a payout is being transferred')],
  ['settle', actionRoute('settle', 'Say that a payout is paid')],
  ['fail', actionRoute('fail', 'Say that a payout has failed: its amount goes into a later one')],
] as const;

const returnRoute = createRoute({
  ...common,
  method: 'post',
  operationId: 'returnPayout',
  path: '/v1/payouts/{id}/return',
  summary: 'Say that the bank gave back a payout after it was paid: its amount goes into the next one',
  request: { params: idParam, query: simulateQuery, ...jsonBody(actionBody) },
  responses: {
    200: json(returnedSchema, 'The payout, still paid, with what came back.'),
    ...problems(401, 404, 409, 422),
  },
});

export function addPayouts(app: ApiApp, deps: ApiDeps): void {
  const { documents, accounts, clock, platform, books } = deps;
  const { holds } = deps.paydays;
  const { payouts, payoutActs, returns } = deps.affiliates;

  app.openapi(list, async (c) => {
    const { paidWith, ...asked } = c.req.valid('query');
    const page = await payouts.list(request({ ...asked, batch: paidWith }));
    const more = await moreOf(page.items);
    return c.json(
      pageBody(page, (view) => payoutBody(view, more)),
      200,
    );
  });

  addFiles(app, {
    base: '/v1/payouts',
    operationId: 'getPayout',
    tags,
    csv: {
      summary: 'One payout for a spreadsheet: what it is made of',
      answer: async (c, id) => {
        const view = orNotFound(await payouts.get(id), 'payout');
        const { items, numbers, nameOf } = await moreOf([view]);
        const more = { items: items.get(id) ?? [], number: numbers.get(id)?.number, name: nameOf(view.accountId) };
        return csvAnswer(c, fileName('payout', id, 'csv'), payoutCsv(view, more, platform.currency));
      },
    },
    pdf: {
      summary: 'The statement of a payout to print',
      answer: async (c, id) => fileAnswer(c, orNotFound(await documents.statement(id), 'payout').file),
    },
    isId: async (id) => (await accounts.get(accountOf(id))) !== null,
  });

  app.openapi(getOne, async (c) => {
    const view = orNotFound(await payouts.get(c.req.valid('param').id), 'payout');
    return c.json(payoutBody(view, await moreOf([view])), 200);
  });

  for (const [action, route] of ACTIONS) {
    app.openapi(route, async (c) => {
      const by = { ...(await readJson(c, actionBody)), actor: c.var.actor };
      const { act, preview } = payoutActs;
      const outcome = await (isSimulated(c) ? preview : act)(c.req.valid('param').id, action, by, clock.now());
      if (outcome.kind === 'waiting') return c.json(waitingBody(c, outcome), 202);
      const payout = changed(outcome, ALREADY[action]);
      const body = payoutBody(payout, await moreOf([payout]));
      return c.json(await answerWith(c, body, outcome.kind === 'would' ? outcome.postings : [], accounts), 200);
    });
  }

  app.openapi(returnRoute, async (c) => {
    const by = { ...(await readJson(c, actionBody)), actor: c.var.actor };
    const { id } = c.req.valid('param');
    const outcome = isSimulated(c)
      ? await returns.preview(id, by, clock.now())
      : await returns.returnPayout(id, by, clock.now());
    const payout = changed(outcome, 'already_returned');
    const body = payoutBody(payout, await moreOf([payout]));
    return c.json(await answerWith(c, body, outcome.kind === 'would' ? outcome.postings : [], accounts), 200);
  });

  /** What a payout is made of, what holds it, the number of its statement, and who is paid, which are stored apart from it. */
  async function moreOf(views: PayoutView[]): Promise<More> {
    const ids = views.map(({ payoutId }) => payoutId);
    const [items, held, numbers, nameOf] = await Promise.all([
      payouts.itemsOf(ids),
      holds.ofPayouts(views, clock.now()),
      books.numbers.of('statement', ids),
      namesOn(
        accounts,
        views.map(({ accountId }) => accountId),
      ),
    ]);
    return { items, held, numbers, nameOf };
  }
}

function changed(outcome: PayoutOutcome | PayoutPreview, already: RefusalCode): PayoutView {
  switch (outcome.kind) {
    case 'done':
    case 'would':
      return outcome.payout;
    case 'already':
      throw refusal({ state: outcome.payout.status, reason: already });
    case 'refused':
      throw refusal(outcome);
    case 'not-found':
      throw notFound('payout');
  }
}

/** Found in the state that was wanted. */
const ALREADY = { process: 'already_processing', settle: 'already_settled', fail: 'already_failed' } as const;

type More = {
  items: Map<string, { commissionId: string; amount: number }[]>;
  held: Map<string, Hold>;
  numbers: Map<string, DocumentNumber>;
  nameOf: NameOf;
};

function payoutBody(view: PayoutView, { items, held, numbers, nameOf }: More) {
  const number = numbers.get(view.payoutId)?.number;
  const hold = held.get(view.payoutId);
  return {
    ...view,
    ...(number === undefined ? {} : { number }),
    name: nameOf(view.accountId),
    held: hold === undefined ? null : { ...hold, until: hold.until.toISOString() },
    items: (items.get(view.payoutId) ?? []).map(({ commissionId, amount }) => ({
      ...{ commissionId, kind: itemKindOf(commissionId), amount },
    })),
    drawnAt: view.drawnAt.toISOString(),
    processingAt: view.processingAt?.toISOString() ?? null,
    endedAt: view.endedAt?.toISOString() ?? null,
    returned: view.returned === null ? null : { ...view.returned, at: view.returned.at.toISOString() },
  };
}
