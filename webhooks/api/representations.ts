import { createRoute, type RouteConfig, z } from '@hono/zod-openapi';
import type { Context, MiddlewareHandler } from 'hono';
import type { ApiApp, ApiEnv } from '../dependencies.ts';
import { csvFile, csvQuery, pdfFile, preferred, SUFFIXED, withoutExtension } from './files.ts';
import { idParam, problems, SECURED } from './shared.ts';

/** The files of one kind of thing, by its id. */
export type Files = {
  /** The address of the things: `/v1/invoices`. */
  base: string;
  /** Of the call that answers one as JSON; those of its files are called after it. */
  operationId: string;
  tags: string[];
  csv: { summary: string; answer: Answer };
  pdf: { summary: string; answer: Answer };
  /** Whether there is something whose id ends so: then the whole is an id, and names no file. */
  isId: (id: string) => Promise<boolean>;
};

type Answer = (c: Context<ApiEnv>, id: string) => Promise<Response>;

/**
 * The tables and documents of things: by `Accept`, below the thing, and by a suffix where no id ends so. To be added
 * before the route of the thing itself, which answers whatever is none of these.
 */
export function addFiles(app: ApiApp, files: Files): void {
  const { base } = files;
  for (const kind of ['csv', 'pdf'] as const) {
    const { answer } = files[kind];
    for (const config of descriptions(files, kind)) app.openAPIRegistry.registerPath(config);
    app.get(`${base}/:id/${kind}`, (c) => answer(c, c.req.param('id')));
    app.get(`${base}/:file{.+\\.${kind}}`, async (c, next) => {
      const file = c.req.param('file');
      return (await files.isId(file)) ? next() : answer(c, withoutExtension(file));
    });
  }
  app.get(`${base}/:id`, byAccept(files));
}

function byAccept({ csv, pdf }: Pick<Files, 'csv' | 'pdf'>): MiddlewareHandler<ApiEnv, '/:id'> {
  return async (c, next) => {
    const kind = preferred(c, ['json', 'csv', 'pdf']);
    if (kind === 'json') return next();
    return (kind === 'csv' ? csv : pdf).answer(c, c.req.param('id'));
  };
}

function descriptions({ base, operationId, tags, ...files }: Files, kind: 'csv' | 'pdf'): RouteConfig[] {
  const { summary } = files[kind];
  const id = `${operationId}${kind === 'csv' ? 'Csv' : 'Pdf'}`;
  const file = kind === 'csv' ? csvFile('Amounts are decimals.') : pdfFile('On A4.');
  const common = {
    ...{ method: 'get' as const, tags, security: SECURED, summary },
    request: { params: idParam, ...(kind === 'csv' ? { query: z.object(csvQuery) } : {}) },
    responses: { 200: file, ...problems(401, 404, ...(kind === 'csv' ? [422 as const] : [503 as const])) },
  };
  return [
    createRoute({ ...common, operationId: id, path: `${base}/{id}/${kind}` }),
    createRoute({ ...common, ...SUFFIXED, operationId: `${id}File`, path: `${base}/{id}.${kind}` }),
  ];
}
