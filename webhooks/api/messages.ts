import { createRoute, z } from '@hono/zod-openapi';

import { noticeMessage } from '../../src/notices/messages/notice.ts';
import type { Told } from '../../src/notices/told.ts';
import type { DisplayContext } from '../../src/texts/speech.ts';
import type { ApiApp, ApiDeps } from '../dependencies.ts';
import {
  idParam,
  instant,
  json,
  listOf,
  orNotFound,
  pageBody,
  pageQuery,
  problems,
  request,
  SECURED,
} from './shared.ts';

const message = z
  .object({
    messageId: z.string(),
    kind: z.string(),
    title: z.string().nullable().openapi({
      description: 'Its heading, in English: who reads it has it in their own language.',
    }),
    at: instant.openapi({ description: 'When what it tells happened.' }),
    channel: z.enum(['telegram', 'discord']).nullable().openapi({
      description: 'Null while it waits for its time: by which chat it goes is decided then.',
    }),
    state: z.enum(['waiting', 'delivered', 'unconfirmed', 'failed']).openapi({
      description: '`unconfirmed`: the channel did not answer, so nobody knows whether it has arrived.',
    }),
    deliveredAt: instant.nullable(),
    error: z.string().nullable().openapi({ description: 'Why it has not arrived, as the channel says.' }),
  })
  .openapi('ToldMessage', {
    example: {
      ...{ messageId: 'invoice:2026-W47:ava:issued>telegram', kind: 'invoice.issued' },
      ...{ title: 'Invoice for 16–22 November: $41.08', at: '2026-11-23T06:00:00.000Z', channel: 'telegram' },
      ...{ state: 'delivered', deliveredAt: '2026-11-23T06:00:02.000Z', error: null },
    },
  });

const route = createRoute({
  tags: ['Accounts'],
  security: SECURED,
  method: 'get',
  operationId: 'listMessages',
  path: '/v1/accounts/{id}/messages',
  summary: 'What somebody was told in their chats, and is to be told; newest first',
  request: { params: idParam, query: z.strictObject(pageQuery) },
  responses: { 200: json(listOf(message), 'A page of messages.'), ...problems(401, 404, 422) },
});

export function addMessages(app: ApiApp, { accounts, told, platform }: ApiDeps): void {
  app.openapi(route, async (c) => {
    const { accountId } = orNotFound(await accounts.get(c.req.valid('param').id), 'account');
    const page = await told({ accountId, ...request(c.req.valid('query')) });
    return c.json(
      pageBody(page, (one) => messageBody(one, platform)),
      200,
    );
  });
}

function messageBody({ messageId, content, at, channel, state, deliveredAt, error }: Told, platform: DisplayContext) {
  return {
    messageId,
    kind: content.kind,
    title: noticeMessage(content, platform).title ?? null,
    at: at.toISOString(),
    ...{ channel, state },
    deliveredAt: deliveredAt?.toISOString() ?? null,
    error,
  };
}
