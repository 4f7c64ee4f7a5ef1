import { z } from '@hono/zod-openapi';
import type { Context, Handler, Next } from 'hono';

import { csvRows } from '../../src/kernel/csv.ts';
import type { ApiApp, ApiEnv } from '../dependencies.ts';
import { csvAnswer, csvQuery, preferred } from './files.ts';
import { columnsOf, createDescribed, rowOf } from './tableColumns.ts';

/**
 * Every list is a table too: by `Accept: text/csv` or `format=csv` it answers all of its pages, one after the other by the handler of
 * the list itself, so that a table has what the pages have. No more than a page is held at a time, and none is read ahead of a
 * client that reads slowly or has gone.
 */

type Route = Parameters<ApiApp['openapi']>[0];
type ListHandler = Handler<ApiEnv>;

/** From here on each list that is added to the app answers as a table as well. Amounts are decimals of `currency`. */
export function answerTables(app: ApiApp, { currency }: { currency: string }): void {
  const add = app.openapi;
  const described = createDescribed(app);
  const addTable = (route: Route, handler: ListHandler, hook?: Parameters<typeof add>[2]) => {
    if (!isList(route)) return add(route, handler, hook);
    return add(withTable(route), tabled(route, handler), hook);
  };
  // The types of a route say nothing of its table: to its handler it is the list that it was.
  app.openapi = addTable as typeof app.openapi;

  function tabled(route: Route, handler: ListHandler): ListHandler {
    return async (c, next) => {
      const { format, bom: _, ...query } = validQuery(c);
      setQuery(c, query);
      const kind = format ?? preferred(c, ['json', 'csv']);
      if (kind !== 'csv') return handler(c, next);
      return csvAnswer(c, fileNameOf(c, route.path), pages(c, next, route, handler));
    };
  }

  async function* pages(c: Context<ApiEnv>, next: Next, route: Route, handler: ListHandler) {
    const columns = columnsOf(described.itemOf(route.path), currency);
    const query = validQuery(c);
    let head = csvRows([columns.map(({ name }) => ({ text: name }))]);
    let after = query.after;
    do {
      setQuery(c, { ...query, limit: ROWS_AT_ONCE, ...(after === undefined ? {} : { after }) });
      // What a handler of a list does not answer it throws, as a problem.
      const page = (await ((await handler(c, next)) as Response).json()) as { items: object[]; next?: string | null };
      yield `${head}${csvRows(page.items.map((item) => rowOf(item, columns)))}`;
      head = '';
      after = page.next;
    } while (after !== null && after !== undefined);
    return undefined;
  }
}

/** The largest page that a list has. */
const ROWS_AT_ONCE = 500;

/** What a list takes, for its table. */
export const tableQuery = {
  format: z
    .enum(['json', 'csv'])
    .optional()
    .openapi({ description: '`csv`: all pages as a table, whatever `Accept` says; `limit` says nothing then.' }),
  ...csvQuery,
};

/** Whether a route that has a table of its own is asked for it. */
export function asksForTable(c: Context<ApiEnv>): boolean {
  const format = c.req.query('format');
  return format === undefined ? preferred(c, ['json', 'csv']) === 'csv' : format === 'csv';
}

function isList({ method, responses }: Route): boolean {
  const answer = responses[200];
  const body = answer !== undefined && 'content' in answer ? answer.content?.['application/json'] : undefined;
  const schema = body !== undefined && 'schema' in body ? body.schema : undefined;
  if (method !== 'get' || !(schema instanceof z.ZodObject) || !(schema.shape.items instanceof z.ZodArray)) return false;
  // A thing can have items as well, among what else it is.
  return 'next' in schema.shape || Object.keys(schema.shape).length === 1;
}

function withTable(route: Route): Route {
  const { query } = route.request ?? {};
  const answer = route.responses[200] as { content: object; description: string };
  return {
    ...route,
    description: [route.description, TABLE].filter((part) => part !== undefined).join(' '),
    request: {
      ...route.request,
      query: query instanceof z.ZodObject ? query.extend(tableQuery) : z.object(tableQuery),
    },
    responses: {
      ...route.responses,
      200: { ...answer, content: { ...answer.content, 'text/csv': { schema: z.string() } } },
    },
  };
}

const TABLE =
  'By `Accept: text/csv` or `format=csv` all pages as a table, whose columns are the fields of an item in their order; amounts are decimals there.';

type Query = { format?: 'json' | 'csv'; bom?: string; limit?: number; after?: string | null };

function validQuery(c: Context<ApiEnv>): Query {
  return c.req.valid('query' as never);
}

function setQuery(c: Context<ApiEnv>, query: Query): void {
  c.req.addValidatedData('query', query);
}

/** `orders-o1-fans.csv` of `/v1/orders/{id}/fans`. */
function fileNameOf(c: Context<ApiEnv>, path: string): string {
  const parts = path.split('/').slice(2);
  const named = parts.map((part) => part.replace(/^\{(\w+)\}$/, (_, name: string) => c.req.param(name) ?? ''));
  return `${named.join('-').replaceAll(/[^A-Za-z0-9_.-]/g, '_')}.csv`;
}
