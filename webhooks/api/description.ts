import { z } from '@hono/zod-openapi';

import type { ApiApp } from '../dependencies.ts';
import { describeBatch } from './batchDescription.ts';
import { platformEvent, webhooksOut } from './eventSchemas.ts';
import { finishDescription } from './finishDescription.ts';
import { json, problems } from './shared.ts';
import { describeSources } from './sourceDescription.ts';

/**
 * `GET /openapi.json`: OpenAPI 3.1, made on first demand from the routes themselves and the catalogue of events.
 * `publicUrl` is where people find the service, if that is configured.
 */
export function addDescription(app: ApiApp, { publicUrl }: { publicUrl?: string | undefined } = {}): void {
  let text: Uint8Array<ArrayBuffer> | undefined;
  describeKey(app);
  describeReceiver(app);
  describeBatch(app, SIGNATURE, receipt);
  describeSources(app, receipt);
  describeWebhooks(app);
  app.get('/openapi.json', (c) => {
    text ??= new TextEncoder().encode(JSON.stringify(describe(app, publicUrl)));
    return c.body(text, 200, { 'content-type': 'application/json' });
  });
}

function describe(app: ApiApp, publicUrl: string | undefined) {
  const here = { url: '/', description: 'The service that answers this.' };
  const servers = publicUrl === undefined ? [here] : [{ url: publicUrl, description: 'Where it is found.' }, here];
  return finishDescription(app.getOpenAPI31Document({ ...ABOUT, servers, tags: TAGS }));
}

const ABOUT = {
  openapi: '3.1.0',
  info: {
    title: 'settlebot',
    version: '1',
    license: { name: 'MIT', identifier: 'MIT' },
    description: [
      'Amounts are integers in minor units of the platform currency, rates in basis points, instants RFC 3339 in UTC.',
      'Lists answer `{items, next}`: ask on with `after` = `next` until it is null.',
      'Every `POST` under `/v1` takes an `Idempotency-Key` header: the same request again, within 24 hours, gets the first answer.',
      'Errors are `application/problem+json` (RFC 9457): programs go by `reason`, which is one of the codes of `Problem`.',
      'Guides with examples: [Integration](/docs/integration), [Events](/docs/events), [API](/docs/api).',
    ].join('\n\n'),
  },
};

/** In the order in which they are read. */
const TAGS = [
  { name: 'Webhooks in', description: 'Events of the platform and of other sources, signed.' },
  { name: 'Webhooks out', description: 'What the platform is told, signed, and how far it has come.' },
  { name: 'Events', description: 'What became of events: applied, waiting, quarantined.' },
  { name: 'Accounts', description: 'People, their balances, roles and chats.' },
  { name: 'Rights', description: 'Who may do what: API keys, and managers.' },
  { name: 'Invoices', description: 'RevShare invoices, week by week.' },
  { name: 'Standing', description: 'What holds a model back, and what managers decide about it.' },
  { name: 'Orders', description: 'CPL orders and their fans.' },
  { name: 'Affiliates', description: 'Commissions, payouts and paydays.' },
  { name: 'Simulation', description: 'What the next run would do.' },
  { name: 'Shadow', description: 'What a service with `SHADOW=1` would have sent.' },
  { name: 'Ledger', description: 'Balances and entries.' },
  { name: 'Console', description: 'What a person does in the console: the commands of chat.' },
  { name: 'Live', description: 'What changes, as it changes.' },
  { name: 'Audit', description: 'Who did what, when and why.' },
  { name: 'Receipts', description: 'Files that prove what was written.' },
  { name: 'Test clock', description: 'Weeks go by in seconds; with `TEST_CLOCK=1` only.' },
  { name: 'Health', description: 'For whoever runs the service; no key.' },
];

function describeKey(app: ApiApp): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'apiKey', {
    type: 'http',
    scheme: 'bearer',
    description: 'One of `API_KEYS`. Its name is the actor in the audit trail.',
  });
}

const SIGNATURE = z.object({
  'webhook-id': z
    .string()
    .openapi({ description: "The event's id, or the batch's own: 1-128 of `A-Za-z0-9_:-`.", example: 'evt-1' }),
  'webhook-timestamp': z.string().openapi({ description: 'Seconds since 1970.', example: '1764064800' }),
  'webhook-signature': z.string().openapi({
    description: '`v1,...`; several allowed, separated by spaces or in headers of their own.',
    example: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  }),
});

/** The receiver is no route of the router's: it checks raw bytes, before anything is parsed. */
function describeReceiver(app: ApiApp): void {
  app.openAPIRegistry.registerPath({
    tags: ['Webhooks in'],
    operationId: 'sendEvent',
    method: 'post',
    path: '/webhooks/platform',
    security: [],
    summary: "Take one of the platform's events",
    description:
      'Signed as [Standard Webhooks](https://www.standardwebhooks.com); 5 minutes of tolerance; up to 256 KiB.',
    request: {
      headers: SIGNATURE,
      body: { content: { 'application/json': { schema: platformEvent } }, required: true },
    },
    responses: {
      200: json(receipt, '`duplicate`: this id with the same meaning is here already.'),
      202: json(receipt, '`accepted`: stored durably. `ignored`: stored, but of a type not known.'),
      ...problems(400, 401, 408, 409, 413, 415, 422, 503),
    },
  });
}

const warning = z
  .object({
    path: z.string().openapi({ description: 'Where the unknown field is.', example: 'data.timezone' }),
    message: z.string().openapi({ example: 'is no field of account.updated: it is stored, and has no effect' }),
    suggestion: z.string().optional().openapi({
      description: 'The path of a known field that it may be meant for.',
      example: 'data.timeZone',
    }),
  })
  .openapi('EventWarning');
const receipt = z
  .object({
    status: z.enum(['accepted', 'duplicate', 'ignored']),
    id: z.string().openapi({ example: 'evt-1' }),
    warnings: z.array(warning).optional().openapi({
      description: 'Unknown fields, which have no effect: the first ten. Absent where there is none.',
    }),
    moreWarnings: z.int().optional().openapi({ description: 'How many there are besides, where there are more.' }),
  })
  .openapi('EventReceipt');

/** What the platform's own receiver gets, and what its answers mean. */
function describeWebhooks(app: ApiApp): void {
  for (const { type, operationId, when, about, schema } of webhooksOut) {
    app.openAPIRegistry.registerWebhook({
      tags: ['Webhooks out'],
      operationId,
      method: 'post',
      path: type,
      security: [],
      summary: when,
      description: about,
      request: { headers: SIGNATURE, body: { content: { 'application/json': { schema } }, required: true } },
      responses: {
        '2XX': { description: 'It is taken, and not sent again.' },
        default: {
          description: 'Anything else within 15 s: it is sent again, over 27 hours, with the same `webhook-id`.',
        },
      },
    });
  }
}
