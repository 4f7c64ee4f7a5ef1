import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';

import { fieldErrors } from '../../src/events/catalogue.ts';
import type { Page } from '../../src/kernel/page.ts';
import type { Refused } from '../../src/kernel/refusals.ts';
import { scopeSchema } from '../../src/rights/scope.ts';
import { refusalWords } from '../../src/texts/refusals.ts';
import { isJson } from '../middleware/contentType.ts';
import { HttpProblem, PROBLEM_CODES, type ProblemMembers, problemBody } from '../problem.ts';

/** What all parts of the API have in common: routes that are alike, parameters, schemas of answers, refusals. */

export const SECURED = [{ apiKey: [] }];

export const idParam = z.object({ id: z.string().max(200) });

/** The account of an invoice or payout: what follows its week or cycle. */
export function accountOf(id: string): string {
  return id.slice(id.indexOf(':') + 1);
}

/** The id of something, as a query asks for it. */
export const idQuery = z.string().min(1).max(64).optional();

/** What people say about a decision. */
export const reason = z.string().trim().min(1).max(1_000);

export const pageQuery = {
  limit: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, 'must be a whole number from 1 to 500')
    .transform(Number)
    .refine((limit) => limit <= 500, 'must be a whole number from 1 to 500')
    .optional()
    .openapi({ type: 'integer', minimum: 1, maximum: 500, default: 50 }),
  after: z.string().min(1).max(300).optional().openapi({ description: 'The `next` of the page before.' }),
};

export const instant = z.iso.datetime().openapi({ example: '2026-11-23T06:00:00.000Z' });
/** Its kind tells tables that it is an amount. */
export const cents = z
  .int()
  .meta({ 'x-kind': 'amount' })
  .openapi({ description: 'In minor units of the platform currency.', example: 4108 });

const problemSchema = z
  .object({
    title: z.string(),
    status: z.int(),
    detail: z.string().openapi({ description: 'A sentence for people; programs go by `reason`.' }),
    reason: z.enum(PROBLEM_CODES).openapi({ description: 'Why, as a code.', example: 'insufficient_balance' }),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    state: z.string().optional().openapi({ description: 'The state that does not allow it.' }),
    scope: scopeSchema.optional().openapi({ description: 'The scope that is missing.' }),
  })
  .openapi('Problem');

/** A JSON answer in the description of a route. */
export function json<T extends z.ZodType>(schema: T, description: string) {
  return { content: { 'application/json': { schema } }, description };
}

/**
 * The refusals in the description of a route. Typed as nothing, because handlers throw them: what a handler returns is
 * its success alone.
 */
export function problems(...statuses: (keyof typeof REFUSALS)[]): Record<never, never> {
  return Object.fromEntries(
    statuses.map((status) => {
      const content = { 'application/problem+json': { schema: problemSchema, example: problemExample(status) } };
      return [status, { content, description: REFUSALS[status] }];
    }),
  );
}

/** What a refusal may look like. */
export function problemExample(status: keyof typeof REFUSALS) {
  return problemBody(status, REFUSALS[status], EXAMPLES[status]);
}

/** What the examples of some refusals say besides. */
const EXAMPLES: Partial<Record<keyof typeof REFUSALS, ProblemMembers>> = {
  403: { scope: 'invoices' },
  409: { state: 'open', reason: 'insufficient_balance' },
  422: { errors: [{ path: 'reason', message: 'Invalid input: expected string, received undefined' }] },
};

export const REFUSALS = {
  400: 'The body cannot be read; `errors` names the fields at fault.',
  401: 'The key or signature is missing or wrong.',
  403: 'The key does not have the scope that it needs, which `scope` names.',
  404: 'There is no such thing.',
  408: 'The body came too slowly.',
  409: 'The state does not allow it; `state` and `reason` say why.',
  413: 'The body is too large.',
  415: 'The body is not `application/json`.',
  422: '`errors` names the fields at fault.',
  429: 'Too many wrong keys came from this address; try again after `Retry-After` seconds.',
  503: 'Not now; try again after `Retry-After` seconds.',
};

type RouteWords<P extends string> = { tags: string[]; operationId: string; path: P; summary: string };

/** The route of a list, a page at a time. `page` describes the answer. */
export function listRoute<P extends string, Q extends z.ZodObject, T extends z.ZodType>(
  words: RouteWords<P>,
  { query, item, page }: { query: Q; item: T; page: string },
) {
  return createRoute({
    ...words,
    security: SECURED,
    method: 'get',
    request: { query },
    responses: { 200: json(listOf(item), page), ...problems(401, 422) },
  });
}

/** The route of one thing by its id. */
export function getRoute<P extends string, T extends z.ZodType>(words: RouteWords<P>, schema: T, description: string) {
  return createRoute({
    ...words,
    security: SECURED,
    method: 'get',
    request: { params: idParam },
    responses: { 200: json(schema, description), ...problems(401, 404) },
  });
}

export function listOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

export function pageBody<T, U>(page: Page<T>, bodyOf: (item: T) => U): { items: U[]; next: string | null } {
  return { items: page.items.map(bodyOf), next: page.next };
}

/** Refuses a query whose parameters do not go together. */
export function invalidQuery(path: string, message: string): HttpProblem {
  return new HttpProblem(422, 'The request is not valid.', { errors: [{ path, message }] });
}

/** A query as the slices take it: the default limit filled in, what was not asked left out. */
export function request<T extends { limit?: number | undefined }>(query: T): Asked<T> {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  // Object.fromEntries forgets the names of the fields; these are those of `query`.
  return { limit: 50, ...Object.fromEntries(given) } as Asked<T>;
}

type Asked<T> = { limit: number } & { [K in Exclude<keyof T, 'limit'>]: Exclude<T[K], undefined> };

/** The JSON body of a `POST`; none at all counts as `{}`. Throws the problem when it does not fit the schema. */
export async function readJson<T>(c: Context, schema: z.ZodType<T>): Promise<T> {
  const text = await c.req.text();
  if (text !== '' && !isJson(c.req.header('content-type'))) {
    throw new HttpProblem(415, 'The body must be application/json in UTF-8.');
  }
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new HttpProblem(422, 'The body is not valid.', { errors: fieldErrors(parsed.error, '') });
}

/** The query of a route that the router does not check. Throws the problem when it does not fit the schema. */
export function readQuery<T>(c: Context, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(c.req.query());
  if (parsed.success) return parsed.data;
  throw new HttpProblem(422, 'The request is not valid.', { errors: fieldErrors(parsed.error, '') });
}

function parseJson(text: string): unknown {
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    throw new HttpProblem(400, 'The body is not JSON.');
  }
}

/** A `POST` body in the description of a route. Not checked by the router: `readJson` does, and allows an empty one. */
export function jsonBody(schema: z.ZodType, required = false) {
  return { body: { content: { 'application/json': { schema: jsonSchemaOf(schema) } }, required } };
}

function jsonSchemaOf(schema: z.ZodType): { type: 'object'; properties: Record<string, object>; required?: string[] } {
  const { properties, required } = z.toJSONSchema(schema, { io: 'input' });
  return { type: 'object', properties: Object(properties), ...(required === undefined ? {} : { required }) };
}

export function notFound(what: string): HttpProblem {
  return new HttpProblem(404, `There is no such ${what}.`);
}

/** What was asked for; throws the problem when there is no such thing. */
export function orNotFound<T>(value: T | null, what: string): T {
  if (value === null) throw notFound(what);
  return value;
}

/** The problem of an action that a state does not allow: its code, with the words for it as `detail`. */
export function refusal(
  { state, reason }: Pick<Refused, 'state' | 'reason'>,
  members: Record<string, unknown> = {},
): HttpProblem {
  const words = refusalWords(reason);
  const detail = `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
  return new HttpProblem(409, detail, { state, reason, ...members });
}
