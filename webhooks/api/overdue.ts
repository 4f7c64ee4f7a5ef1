import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { promiseData } from '../../src/events/outgoing/promises.ts';
import { standingData } from '../../src/events/outgoing/standing.ts';
import type { OverdueFilter } from '../../src/invoicing/overdueInvoices.ts';
import { restOf } from '../../src/invoicing/part.ts';
import { csv, csvRows } from '../../src/kernel/csv.ts';
import { groupBy } from '../../src/kernel/group.ts';
import { LARGEST_AMOUNT } from '../../src/kernel/money.ts';
import type { PromiseView } from '../../src/promises/views.ts';
import type { OverdueInvoice } from '../../src/standing/overdue.ts';
import { OVERDUE_COLUMNS, overdueRow } from '../../src/standing/overdueCsv.ts';
import type { ApiApp, ApiDeps, ApiEnv } from '../dependencies.ts';
import { csvAnswer, csvFile, csvQuery } from './files.ts';
import { namedInvoice, namedInvoiceBody, namesOnInvoices } from './invoiceBodies.ts';
import { asksForTable, tableQuery } from './listTables.ts';
import { promiseBody } from './promises.ts';
import {
  cents,
  idQuery,
  instant,
  json,
  listRoute,
  pageBody,
  pageQuery,
  problems,
  readQuery,
  request,
  SECURED,
} from './shared.ts';
import { standingBody } from './standing.ts';

const overdueInvoice = namedInvoice
  .extend({
    left: cents.openapi({ description: 'What is still to be paid of it: `total` without what was paid of it ahead.' }),
    promise: promiseData.nullable().openapi({ description: 'What its model promised of it last, or null.' }),
    contact: z
      .object({
        reachable: z.boolean().openapi({ description: 'Whether any chat of the model takes messages.' }),
        channels: z.array(z.enum(['telegram', 'discord'])).openapi({ description: 'Those that do.' }),
        lastRemindedAt: instant.nullable().openapi({ description: 'When a manager last had it reminded of this one.' }),
      })
      .openapi('Contact'),
    daysOverdue: z.int().openapi({ description: 'Whole calendar days past `dueAt`.' }),
    standing: standingData,
  })
  .openapi('OverdueInvoice', { example: undefined });

function wholeNumber(most: number) {
  const message = `must be a whole number from 0 to ${most}`;
  return z
    .string()
    .regex(/^\d{1,16}$/, message)
    .transform(Number)
    .refine((value) => value <= most, message)
    .optional();
}

const filter = {
  days: wholeNumber(36_500).openapi({ type: 'integer', description: 'At least so many whole days past due.' }),
  maxDays: wholeNumber(36_500).openapi({ type: 'integer', description: 'At most so many whole days past due.' }),
  amount: wholeNumber(LARGEST_AMOUNT).openapi({
    type: 'integer',
    description: 'A total of at least so much, in minor units.',
  }),
  model: idQuery.openapi({ description: 'Of the model with this id.' }),
};

const csvFilter = z.strictObject({ ...filter, ...tableQuery, limit: pageQuery.limit });
const share = {
  count: z.int().openapi({ description: 'Invoices.' }),
  models: z.int().openapi({ description: 'Of how many models.' }),
  amount: cents.openapi({ description: 'What is still to be paid of them.' }),
};
const summary = z
  .object({
    ...share,
    ages: z.array(
      z.object({
        from: z.int().openapi({ description: 'At least so many whole calendar days past due.' }),
        to: z.int().nullable().openapi({ description: 'At most so many; null without an end.' }),
        ...share,
      }),
    ),
  })
  .openapi('OverdueSummary');

const tags = ['Standing'];
const common = { tags, security: SECURED };
const list = listRoute(
  {
    tags,
    operationId: 'listOverdue',
    path: '/v1/overdue',
    summary: "What is unpaid past due, oldest first, with the model's standing; by `Accept` all of it as `text/csv`",
  },
  { query: z.strictObject({ ...filter, ...pageQuery }), item: overdueInvoice, page: 'A page of invoices.' },
);
const summaryRoute = createRoute({
  ...common,
  method: 'get',
  operationId: 'getOverdueSummary',
  path: '/v1/overdue/summary',
  summary: 'What is unpaid past due, by how long: how many invoices, of how many models, over how much',
  responses: { 200: json(summary, 'All that is overdue now.'), ...problems(401) },
});
const csvRoute = {
  ...common,
  method: 'get',
  summary: 'All that is unpaid past due, for a spreadsheet',
  request: { query: z.strictObject({ ...filter, ...csvQuery }) },
  responses: { 200: csvFile('A row each; amounts as decimals.'), ...problems(401, 422) },
} as const;
const CSV_PATHS = [
  ['getOverdueCsv', '/v1/overdue/csv'],
  ['getOverdueCsvFile', '/v1/overdue.csv'],
] as const;

export function addOverdue(
  app: ApiApp,
  { overdue, promises, accounts, manualReminders, clock, platform }: ApiDeps,
): void {
  // The table is written page by page; what its handler returns is a stream and no typed body.
  for (const [operationId, path] of CSV_PATHS) {
    app.openAPIRegistry.registerPath(createRoute({ ...csvRoute, operationId, path }));
    app.get(path, csvOf);
  }
  app.openapi(summaryRoute, async (c) => c.json(await overdue.summary(clock.now()), 200));
  app.get('/v1/overdue', (c, next) => (asksForTable(c) ? csvOf(c) : next()));

  app.openapi(list, async (c) => {
    const { days, maxDays, amount, model, ...page } = request(c.req.valid('query'));
    const now = clock.now();
    const found = await overdue.list({ ...page, ...filterOf({ days, maxDays, amount, model }) }, now);
    const [nameOf, promised, contacts] = await Promise.all([
      namesOnInvoices(accounts, found.items),
      promisedOf(found.items, now),
      contactsOf(found.items),
    ]);
    return c.json(
      pageBody(found, (item) => ({
        ...namedInvoiceBody(item, nameOf),
        left: restOf(item),
        promise: promiseOf(promised.get(item.invoiceId)),
        contact: contacts(item),
        daysOverdue: item.days,
        standing: standingBody(item.modelId, item.standing, platform),
      })),
      200,
    );
  });

  async function csvOf(c: Context<ApiEnv>): Promise<Response> {
    return csvAnswer(c, 'overdue.csv', csvPages(filterOf(readQuery(c, csvFilter)), clock.now()));
  }

  async function* csvPages(wanted: OverdueFilter, now: Date): AsyncGenerator<string, undefined> {
    let header = csv(OVERDUE_COLUMNS, []);
    for await (const items of overdue.pages(wanted, now)) {
      const [names, promised] = await Promise.all([
        accounts.namesOf(items.map(({ modelId }) => modelId)),
        promisedOf(items, now),
      ]);
      const rows = items.map((item) =>
        overdueRow(item, promised.get(item.invoiceId), names.get(item.modelId) ?? '', platform.currency),
      );
      yield `${header}${csvRows(rows)}`;
      header = '';
    }
  }

  function promisedOf(items: OverdueInvoice[], now: Date): Promise<Map<string, PromiseView>> {
    return promises.latestOf(
      items.map(({ invoiceId }) => invoiceId),
      now,
    );
  }

  /** By which channels each model can be reached, and when each invoice was last reminded of by hand. */
  async function contactsOf(items: OverdueInvoice[]) {
    const [links, reminded] = await Promise.all([
      accounts.linksOf(items.map(({ modelId }) => modelId)),
      manualReminders.lastOf(items.map(({ invoiceId }) => invoiceId)),
    ]);
    const reached = groupBy(
      links.filter(({ unreachable }) => unreachable === undefined),
      ({ accountId }) => accountId,
    );
    return ({ modelId, invoiceId }: OverdueInvoice) => {
      const channels = [...new Set(reached.get(modelId)?.map(({ channel }) => channel))].sort();
      const lastRemindedAt = reminded.get(invoiceId)?.toISOString() ?? null;
      return { reachable: channels.length > 0, channels, lastRemindedAt };
    };
  }
}

function promiseOf(promise: PromiseView | undefined) {
  return promise === undefined ? null : promiseBody(promise);
}

type Filter = {
  days?: number | undefined;
  maxDays?: number | undefined;
  amount?: number | undefined;
  model?: string | undefined;
};

function filterOf({ days, maxDays, amount, model }: Filter): OverdueFilter {
  return {
    ...(days === undefined ? {} : { minDays: days }),
    ...(maxDays === undefined ? {} : { maxDays }),
    ...(amount === undefined ? {} : { minTotal: amount }),
    ...(model === undefined ? {} : { modelId: model }),
  };
}
