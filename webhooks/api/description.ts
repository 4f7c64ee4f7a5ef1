import { z } from '@hono/zod-openapi';

import { EVENT_TYPES } from '../../src/events/catalogue.ts';
import type { ApiApp } from '../dependencies.ts';
import { describeBatch } from './batchDescription.ts';
import { json, problems } from './shared.ts';

/** `GET /openapi.json`: OpenAPI 3.1, made on first demand from the routes themselves. */
export function addDescription(app: ApiApp): void {
  let text: Uint8Array<ArrayBuffer> | undefined;
  describeKey(app);
  describeReceiver(app);
  app.get('/openapi.json', (c) => {
    text ??= new TextEncoder().encode(JSON.stringify(app.getOpenAPI31Document(ABOUT)));
    return c.body(text, 200, { 'content-type': 'application/json' });
  });
}

const ABOUT = {
  openapi: '3.1.0',
  info: {
    title: 'settlebot',
    version: '1',
    description: [
      'Amounts are integers in minor units of the platform currency, rates in basis points, instants RFC 3339 in UTC.',
      'Lists answer `{items, next}`: ask on with `after` = `next` until it is null.',
      'Every `POST` under `/v1` takes an `Idempotency-Key` header: the same request again, within 24 hours, gets the first answer.',
      'Errors are `application/problem+json` (RFC 9457).',
    ].join('\n\n'),
  },
};

function describeKey(app: ApiApp): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'apiKey', {
    type: 'http',
    scheme: 'bearer',
    description: 'One of `API_KEYS`. Its name is the actor in the audit trail.',
  });
}

/** The receiver is no route of the router's: it checks raw bytes, before anything is parsed. */
function describeReceiver(app: ApiApp): void {
  const receipt = z.object({ status: z.enum(['accepted', 'duplicate', 'ignored']), id: z.string() }).openapi('Receipt');
  const event = z
    .object({
      type: z.string().openapi({ description: `Known: ${EVENT_TYPES.map((type) => `\`${type}\``).join(', ')}.` }),
      timestamp: z.iso.datetime(),
      data: z.record(z.string(), z.unknown()),
    })
    .openapi('PlatformEvent');
  app.openAPIRegistry.registerPath({
    tags: ['Webhooks in'],
    method: 'post',
    path: '/webhooks/platform',
    summary: "Take one of the platform's events",
    description:
      'Signed as [Standard Webhooks](https://www.standardwebhooks.com); 5 minutes of tolerance; up to 256 KiB.',
    request: {
      headers: signatureHeaders("The event's id"),
      body: { content: { 'application/json': { schema: event } }, required: true },
    },
    responses: {
      200: json(receipt, '`duplicate`: this id with these same bytes is here already.'),
      202: json(receipt, '`accepted`: stored durably. `ignored`: stored, but of a type not known.'),
      ...problems(400, 401, 408, 409, 413, 415, 422, 503),
    },
  });
  describeBatch(app, event, signatureHeaders("The batch's own id"));
}

function signatureHeaders(whose: string) {
  return z.object({
    'webhook-id': z.string().openapi({ description: `${whose}: 1-128 of \`A-Za-z0-9_:-\`.` }),
    'webhook-timestamp': z.string().openapi({ description: 'Seconds since 1970.' }),
    'webhook-signature': z
      .string()
      .openapi({ description: '`v1,...`; several allowed, separated by spaces or in headers of their own.' }),
  });
}
