import { createRoute, z } from '@hono/zod-openapi';

import { instantSchema } from '../../src/events/catalogue.ts';
import type { Refused } from '../../src/kernel/refusals.ts';
import { KEY_NAME } from '../../src/rights/apiKey.ts';
import type { KeyView } from '../../src/rights/keys.ts';
import { scopeSchema } from '../../src/rights/scope.ts';
import type { ApiApp, ApiDeps } from '../dependencies.ts';
import { NOT_KEPT } from '../middleware/idempotency.ts';
import { HttpProblem } from '../problem.ts';
import {
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
  refusal,
  request,
  SECURED,
} from './shared.ts';

const scopes = z.array(scopeSchema);
const keySchema = z
  .object({
    name: z
      .string()
      .openapi({ description: 'Who acts, in the audit trail; no other key ever has it.', example: 'till-2' }),
    kind: z
      .enum(['stored', 'environment'])
      .openapi({ description: '`environment`: one of `API_KEYS`, changed there.' }),
    state: z.enum(['active', 'expired', 'revoked', 'absent']).openapi({
      description: '`absent`: of the environment, and not configured now.',
    }),
    scopes,
    createdAt: instant,
    by: z.string(),
    expiresAt: instant.nullable(),
    revokedAt: instant.nullable(),
    overlapUntil: instant
      .nullable()
      .openapi({ description: 'Until when the secret before the last rotation opens, too.' }),
    lastUsed: z
      .object({ at: instant, network: z.string() })
      .nullable()
      .openapi({ description: 'To the minute; an IPv4 address, or the /64 of an IPv6 address.' }),
  })
  .openapi('ApiKey');
const madeKey = keySchema
  .extend({ key: z.string().openapi({ description: 'The key itself, this once.', example: 'sb_…' }) })
  .openapi('NewApiKey');

const nameParam = z.object({ name: z.string().max(200) });
const common = { tags: ['Rights'], security: SECURED, request: { params: nameParam } };
const listKeysRoute = listRoute(
  { tags: ['Rights'], operationId: 'listKeys', path: '/v1/keys', summary: 'API keys, by name, without their secrets' },
  { query: z.object(pageQuery), item: keySchema, page: 'Keys, those that are revoked among them.' },
);
const newKey = z.strictObject({
  name: z.string().regex(KEY_NAME, 'must be 1-64 of A-Z a-z 0-9 _ . -'),
  scopes: scopes.min(1),
  expiresAt: instantSchema.optional(),
});
const createKeyRoute = createRoute({
  ...{ tags: ['Rights'], security: SECURED, method: 'post', operationId: 'createKey', path: '/v1/keys' },
  summary: 'Make an API key; it is shown once',
  description: `Its name can never be that of another key. It expires by the service's clock. ${NOT_KEPT}`,
  request: jsonBody(newKey, true),
  responses: { 201: json(madeKey, 'The key.'), ...problems(400, 401, 403, 409, 415, 422) },
});
const getKeyRoute = createRoute({
  ...common,
  method: 'get',
  operationId: 'getKey',
  path: '/v1/keys/{name}',
  summary: 'One API key, without its secret',
  responses: { 200: json(keySchema, 'The key.'), ...problems(401, 403, 404) },
});
const rotation = z.strictObject({ overlapHours: z.number().min(0).max(720).default(0) });
const rotateKeyRoute = createRoute({
  ...common,
  method: 'post',
  operationId: 'rotateKey',
  path: '/v1/keys/{name}/rotate',
  summary: 'Another secret for a key; it is shown once',
  description: `The one before opens for \`overlapHours\` more, and without them no more. Of two rotations at once one is refused. ${NOT_KEPT}`,
  request: { params: nameParam, ...jsonBody(rotation) },
  responses: { 200: json(madeKey, 'The key, with its new secret.'), ...problems(400, 401, 403, 404, 409, 415, 422) },
});
const expiry = z.strictObject({ expiresAt: instantSchema.nullable().optional() });
const expireKeyRoute = createRoute({
  ...common,
  method: 'post',
  operationId: 'expireKey',
  path: '/v1/keys/{name}/expire',
  summary: 'Set when a key ends: now, at an instant, or never with null; what has ended stays so',
  request: { params: nameParam, ...jsonBody(expiry) },
  responses: { 200: json(keySchema, 'The key.'), ...problems(400, 401, 403, 404, 409, 415, 422) },
});
const revokeKeyRoute = createRoute({
  ...common,
  method: 'delete',
  operationId: 'revokeKey',
  path: '/v1/keys/{name}',
  summary: 'Revoke a key, at once and for ever',
  responses: { 204: { description: 'It opens nothing any more.' }, ...problems(401, 403, 404, 409) },
});

/** API keys (docs/rights.md). Nobody gives a scope that they lack: who may make keys has all of them. */
export function addKeys(app: ApiApp, { rights: { keys }, clock }: Pick<ApiDeps, 'rights' | 'clock'>): void {
  app.openapi(listKeysRoute, async (c) => {
    return c.json(pageBody(await keys.list(request(c.req.valid('query'))), bodyOf), 200);
  });

  app.openapi(createKeyRoute, async (c) => {
    const { name, scopes: wanted, expiresAt = null } = await readJson(c, newKey);
    inFuture(expiresAt);
    const outcome = await keys.create({ name, scopes: wanted, expiresAt }, c.var.actor);
    if (outcome.kind === 'refused') throw refusal(outcome);
    c.set('answerIsSecret', true);
    return c.json({ ...bodyOf(outcome.view), key: outcome.key }, 201, NOT_CACHED);
  });

  app.openapi(getKeyRoute, async (c) => {
    return c.json(bodyOf(orNotFound(await keys.get(c.req.valid('param').name), 'key')), 200);
  });

  app.openapi(rotateKeyRoute, async (c) => {
    const { overlapHours } = await readJson(c, rotation);
    const outcome = done(await keys.rotate(c.req.valid('param').name, overlapHours, c.var.actor));
    c.set('answerIsSecret', true);
    return c.json({ ...bodyOf(outcome.view), key: outcome.key }, 200, NOT_CACHED);
  });

  app.openapi(expireKeyRoute, async (c) => {
    const { expiresAt } = await readJson(c, expiry);
    inFuture(expiresAt ?? null);
    const end = expiresAt === undefined ? clock.now() : expiresAt;
    return c.json(bodyOf(done(await keys.expire(c.req.valid('param').name, end, c.var.actor)).view), 200);
  });

  app.openapi(revokeKeyRoute, async (c) => {
    done(await keys.revoke(c.req.valid('param').name, c.var.actor));
    return c.body(null, 204);
  });

  function inFuture(expiresAt: Date | null): void {
    if (expiresAt === null || expiresAt > clock.now()) return;
    const errors = [{ path: 'expiresAt', message: "must be in the future, by the service's clock" }];
    throw new HttpProblem(422, 'The body is not valid.', { errors });
  }
}

/** Whoever stands in between keeps no copy. */
const NOT_CACHED = { 'cache-control': 'no-store' };

function done<T extends { kind: string }>(
  outcome: T | Refused | { kind: 'not-found' },
): Exclude<T, Refused | { kind: 'not-found' }> {
  if (outcome.kind === 'not-found') throw notFound('key');
  if (outcome.kind === 'refused') throw refusal(outcome as Refused);
  return outcome as Exclude<T, Refused | { kind: 'not-found' }>;
}

function bodyOf({ createdAt, expiresAt, revokedAt, overlapUntil, lastUsed, ...rest }: KeyView) {
  return {
    ...rest,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
    overlapUntil: overlapUntil?.toISOString() ?? null,
    lastUsed: lastUsed === null ? null : { ...lastUsed, at: lastUsed.at.toISOString() },
  };
}
