import { createRoute, z } from '@hono/zod-openapi';

import { namesOn } from '../../src/accounts/names.ts';
import { TODAY_KINDS, type TodayKind } from '../../src/digests/today.ts';
import type { ApiApp, ApiDeps } from '../dependencies.ts';
import { cents, instant, json, problems, SECURED } from './shared.ts';

const item = z
  .object({
    kind: z.enum(TODAY_KINDS),
    count: z.int(),
    amount: cents.nullable().openapi({ description: 'In minor units; null of what is not about money.' }),
    oldest: instant.nullable().openapi({
      description:
        'Since when the one that has waited longest does, or by when the next is due; null where nobody notes that.',
    }),
    first: z.array(z.string()).openapi({ description: 'The ids of at most ten, the oldest first.' }),
    names: z.record(z.string(), z.string()).optional().openapi({
      description: 'Of kinds that are people: what those in `first` are called, by their ids.',
    }),
    list: z
      .object({ operation: z.string(), query: z.record(z.string(), z.string()) })
      .nullable()
      .openapi({ description: 'The operation, with its query, whose list they are in; null where there is none.' }),
  })
  .openapi('TodayItem', {
    example: {
      ...{ kind: 'overdue', count: 2, amount: 50_001, oldest: '2026-11-06T06:00:00.000Z' },
      ...{ first: ['2026-W45:late', '2026-W46:late'], list: { operation: 'listOverdue', query: {} } },
    },
  });

const route = createRoute({
  tags: ['Health'],
  security: SECURED,
  method: 'get',
  operationId: 'getToday',
  path: '/v1/today',
  summary: 'What needs somebody now, by kind, also of which there is nothing',
  responses: { 200: json(z.object({ at: instant, items: z.array(item) }), 'All kinds.'), ...problems(401) },
});

/** Kinds whose ids are those of accounts. */
const PEOPLE: ReadonlySet<TodayKind> = new Set(['reviews', 'people-unreached', 'payees-missing', 'erasures']);

export function addToday(app: ApiApp, { accounts, today, clock }: ApiDeps): void {
  app.openapi(route, async (c) => {
    const now = clock.now();
    const items = await today(now);
    const nameOf = await namesOn(
      accounts,
      items.flatMap(({ kind, first }) => (PEOPLE.has(kind) ? first : [])),
    );
    const shown = items.map(({ oldest, ...rest }) => ({
      ...rest,
      oldest: oldest?.toISOString() ?? null,
      ...(PEOPLE.has(rest.kind) ? { names: Object.fromEntries(rest.first.map((id) => [id, nameOf(id)])) } : {}),
    }));
    return c.json({ at: now.toISOString(), items: shown }, 200);
  });
}
