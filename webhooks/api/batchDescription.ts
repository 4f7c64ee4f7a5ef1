import { z } from '@hono/zod-openapi';

import type { ApiApp } from '../dependencies.ts';
import { PROBLEM_CODES } from '../problem.ts';
import { platformEvent } from './eventSchemas.ts';
import { problems } from './shared.ts';

const id = z.string().openapi({ description: "The event's id: 1-128 of `A-Za-z0-9_:-`.", example: 'evt-1' });
/** Typed as no more than this: the types of all events together take the compiler minutes. */
const event: z.ZodType = platformEvent;
const batchLine = z.intersection(event, z.object({ id })).openapi('BatchLine');

/** The address that takes many events at once; `receipt` is what is answered for one that is stored. */
export function describeBatch({ openAPIRegistry }: ApiApp, headers: z.ZodObject, receipt: z.ZodObject): void {
  const line = z.int().openapi({ description: 'The number of its line, from 1.', example: 1 });
  const answer = z
    .union([receipt.extend({ line }), notStored.extend({ line })])
    .openapi('BatchLineAnswer', { description: 'By `status`.' });
  const answers = { 'application/x-ndjson': { schema: answer } };
  openAPIRegistry.registerPath({
    tags: ['Webhooks in'],
    operationId: 'sendEvents',
    method: 'post',
    path: '/webhooks/platform/batch',
    security: [],
    summary: "Take up to 500 of the platform's events",
    description: 'An event a line, with its `id`; up to 2 MiB under one signature. Each line is answered for itself.',
    request: { headers, body: { content: { 'application/x-ndjson': { schema: batchLine } }, required: true } },
    responses: {
      200: { content: answers, description: 'Every event is stored.' },
      207: {
        content: answers,
        description: 'Some are not: the lines say which. With `Retry-After` where some are to be sent again.',
      },
      ...problems(400, 401, 408, 413, 415, 503),
    },
  });
}

const notStored = z.object({
  id: z
    .string()
    .nullable()
    .openapi({ description: 'Null where the line has none that can be read.', example: 'evt-1' }),
  status: z.enum(['refused', 'unavailable']).openapi({ description: '`unavailable` is to be sent again.' }),
  code: z.enum(PROBLEM_CODES).openapi({ description: 'Why, as `reason` of a problem.', example: 'invalid' }),
  message: z.string().openapi({ example: 'The data is not that of payment.succeeded.' }),
  errors: z
    .array(z.object({ path: z.string(), message: z.string() }))
    .optional()
    .openapi({ example: [{ path: 'data.amount', message: 'must not be negative' }] }),
});
