import { z } from '@hono/zod-openapi';

import type { ApiApp } from '../dependencies.ts';
import { PROBLEM_CODES } from '../problem.ts';
import { problems } from './shared.ts';

/** The address that takes many events at once, in OpenAPI; `event` is one that comes alone. */
export function describeBatch({ openAPIRegistry }: ApiApp, event: z.ZodObject, headers: z.ZodObject): void {
  const line = event.extend({ id: z.string() }).openapi('BatchLine');
  openAPIRegistry.registerPath({
    tags: ['Webhooks in'],
    method: 'post',
    path: '/webhooks/platform/batch',
    summary: "Take up to 500 of the platform's events",
    description: 'An event a line, with its `id`; up to 2 MiB under one signature. Each line is answered for itself.',
    request: { headers, body: { content: { 'application/x-ndjson': { schema: line } }, required: true } },
    responses: {
      200: { content: ANSWERS, description: 'Every event is stored.' },
      207: {
        content: ANSWERS,
        description: 'Some are not: the lines say which. With `Retry-After` where some are to be sent again.',
      },
      ...problems(400, 401, 408, 413, 415, 503),
    },
  });
}

const lineAnswer = z
  .discriminatedUnion('status', [
    z.object({ line: z.int(), id: z.string(), status: z.enum(['accepted', 'duplicate', 'ignored']) }),
    z.object({
      line: z.int(),
      id: z.string().nullable(),
      status: z.enum(['refused', 'unavailable']),
      code: z.enum(PROBLEM_CODES),
      message: z.string(),
      errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    }),
  ])
  .openapi('BatchLineAnswer');

const ANSWERS = { 'application/x-ndjson': { schema: lineAnswer } };
