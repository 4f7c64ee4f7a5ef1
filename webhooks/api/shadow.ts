import { createRoute, z } from '@hono/zod-openapi';

import type { WithheldPart } from '../../src/shadow/weeks.ts';
import type { ApiApp, ApiDeps } from '../dependencies.ts';
import { cents, instant, json, listOf, pageBody, pageQuery, problems, request, SECURED } from './shared.ts';

const partSchema = z
  .object({
    type: z
      .string()
      .openapi({ description: 'Of the webhook, or what the message is about.', example: 'invoice.issued' }),
    count: z.int(),
    amount: cents.openapi({ description: 'What these come to together, where they are about an amount; else 0.' }),
  })
  .openapi('WithheldPart');
const withheld = {
  webhooks: z.array(partSchema).openapi({ description: 'What the platform would have been told.' }),
  messages: z.array(partSchema).openapi({ description: 'What people would have been told, linked or not.' }),
};
const weekSchema = z
  .object({ week: z.string().openapi({ example: '2026-W47' }), at: instant, ...withheld })
  .openapi('ShadowWeek');
const shadowSchema = listOf(weekSchema)
  .extend({
    shadow: z.boolean().openapi({ description: 'Whether the service is in shadow now.' }),
    running: z.object(withheld).openapi({ description: 'Since the last Monday that was summed up.' }),
  })
  .openapi('Shadow');

const route = createRoute({
  tags: ['Shadow'],
  security: SECURED,
  method: 'get',
  path: '/v1/shadow',
  summary: 'What a service with `SHADOW=1` would have sent, Monday by Monday, the latest first',
  request: { query: z.strictObject(pageQuery) },
  responses: { 200: json(shadowSchema, 'A page of Mondays.'), ...problems(401, 422) },
});

export function addShadow(app: ApiApp, { shadow }: ApiDeps): void {
  app.openapi(route, async (c) => {
    const [page, running] = await Promise.all([
      shadow.weeks.list(request(c.req.valid('query'))),
      shadow.weeks.running(),
    ]);
    const weeks = pageBody(page, ({ _id: week, at, parts }) => ({ week, at: at.toISOString(), ...byKind(parts) }));
    return c.json({ shadow: shadow.isOn, running: byKind(running), ...weeks }, 200);
  });
}

function byKind(parts: WithheldPart[]) {
  const of = (kind: WithheldPart['kind']) =>
    parts.filter((part) => part.kind === kind).map(({ type, count, amount }) => ({ type, count, amount }));
  return { webhooks: of('webhook'), messages: of('message') };
}
