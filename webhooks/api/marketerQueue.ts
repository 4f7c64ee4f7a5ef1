import { z } from '@hono/zod-openapi';

import { createCalendar } from '../../src/kernel/calendar.ts';
import type { ApiApp, ApiDeps } from '../dependencies.ts';
import { orderBodies, orderSchema } from './orders.ts';
import { getRoute, notFound } from './shared.ts';

/** Of each kind of order so many are answered; whoever has more in hand finds them in the list of orders. */
const MOST = 100;
/** Weeks of fans, the running one among them. */
const WEEKS = 5;

const count = z.int().min(0);
const queue = z
  .object({
    marketerId: z.string(),
    capacity: z.int().nullable().openapi({ description: 'How many orders run at a time; null: as many as there are.' }),
    counts: z.object({ running: count, queued: count, toAnswer: count }),
    running: z.array(orderSchema).openapi({ description: 'In the order of their acceptance.' }),
    queued: z.array(orderSchema).openapi({ description: 'Accepted, by their places in the queue.' }),
    toAnswer: z.array(orderSchema).openapi({ description: 'Placed and not answered, the longest waiting first.' }),
    fansByWeek: z
      .array(z.object({ week: z.string().openapi({ example: '2026-W47' }), fans: count }))
      .openapi({ description: 'How many fans began to count in each of the last five weeks, the running one last.' }),
  })
  .openapi('MarketerQueue');

const route = getRoute(
  {
    tags: ['Orders'],
    operationId: 'getMarketerQueue',
    path: '/v1/marketers/{id}/queue',
    summary: 'The orders that a marketer has in hand, and how many fans come',
  },
  queue,
  `At most ${MOST} orders of each kind; \`counts\` says of how many.`,
);

export function addMarketerQueue(app: ApiApp, { accounts, orders, clock, platform }: ApiDeps): void {
  const calendar = createCalendar(platform.timeZone);

  app.openapi(route, async (c) => {
    const { id: marketerId } = c.req.valid('param');
    const now = clock.now();
    if ((await accounts.get(marketerId))?.role !== 'marketer') throw notFound('marketer');
    const { weeks, start } = calendar.weeksUntil(now, WEEKS);
    const [inHand, counts, capacity, fans] = await Promise.all([
      orders.marketerQueue(marketerId, MOST, now),
      orders.queueCounts(marketerId, now),
      orders.capacity(marketerId),
      orders.fansByWeek(marketerId, start, platform.timeZone),
    ]);
    const { running, queued, toAnswer } = inHand;
    const bodyOf = await orderBodies([...running, ...queued, ...toAnswer], { accounts, orders, platform }, now);
    return c.json(
      {
        ...{ marketerId, capacity, counts },
        running: running.map(bodyOf),
        queued: queued.map(bodyOf),
        toAnswer: toAnswer.map(bodyOf),
        fansByWeek: weeks.map((week) => ({ week, fans: fans.get(week) ?? 0 })),
      },
      200,
    );
  });
}
