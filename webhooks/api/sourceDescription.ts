import { z } from '@hono/zod-openapi';

import type { ApiApp } from '../dependencies.ts';
import { json, problems } from './shared.ts';

/** The addresses of sources (docs/sources.md); `receipt` is what is answered for an event that is stored. */
export function describeSources({ openAPIRegistry }: ApiApp, receipt: z.ZodObject): void {
  const shared = {
    tags: ['Webhooks in'],
    method: 'post' as const,
    // What signs differs by source, and is none of this API's keys.
    security: [],
    responses: {
      200: json(receipt, '`duplicate`: it is here already.'),
      202: json(
        receipt,
        '`accepted`: stored durably, and mapped right after. `ignored`: stored, and nothing comes of it.',
      ),
      ...problems(400, 401, 404, 408, 409, 413, 415, 503),
    },
  };
  openAPIRegistry.registerPath({
    ...shared,
    operationId: 'sendStripeEvent',
    path: '/webhooks/stripe',
    summary: "Take an event of Stripe's",
    description: 'As [Stripe](/docs/stripe) signs and sends it; up to 256 KiB. `404` without `STRIPE_WEBHOOK_SECRET`.',
    request: {
      headers: z.object({
        'stripe-signature': z.string().openapi({ example: 't=1764064800,v1=5257a869e7ecebeda32affa62cdca3fa' }),
      }),
      body: { content: { 'application/json': { schema: stripeEvent } }, required: true },
    },
  });
  openAPIRegistry.registerPath({
    ...shared,
    operationId: 'sendSourceEvent',
    path: '/webhooks/{source}',
    summary: 'Take an event of another source',
    description: 'In the form, and with the signature, that [`SOURCES_FILE`](/docs/sources) declares; up to 256 KiB.',
    request: {
      params: z.object({ source: z.string().openapi({ description: 'Its name in `SOURCES_FILE`.', example: 'shop' }) }),
      body: { content: { 'application/json': { schema: anything } }, required: true },
    },
  });
}

const anything = z.unknown().openapi({ description: 'Whatever the source sends.' });
const stripeEvent = z
  .looseObject({
    id: z.string().openapi({ example: 'evt_1MqqbKLt4dXK03v5qaIbiNCC' }),
    type: z.string().openapi({ example: 'invoice.paid' }),
  })
  .openapi('StripeEvent', { description: "Stripe's own object." });
