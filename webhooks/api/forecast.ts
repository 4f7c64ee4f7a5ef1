import { z } from '@hono/zod-openapi';

import { standingData } from '../../src/events/outgoing/standing.ts';
import type { ApiApp, ApiDeps } from '../dependencies.ts';
import { cents, getRoute, instant, notFound } from './shared.ts';
import { standingBody } from './standing.ts';

const step = z
  .object({
    at: instant.nullable().openapi({ description: 'When it follows if nothing is paid; null where it has happened.' }),
    what: z.enum(['campaigns-paused', 'cpl-orders-blocked']),
    unless: z
      .object({ payment: cents, invoiceIds: z.array(z.string()) })
      .openapi({ description: 'The smallest payment that prevents or lifts it, and of which invoices.' }),
  })
  .openapi('ForecastStep');
const forecast = z.object({ now: standingData, steps: z.array(step) }).openapi('Forecast');

const route = getRoute(
  {
    tags: ['Standing'],
    operationId: 'getForecast',
    path: '/v1/models/{id}/forecast',
    summary: 'What follows for a model when nothing is paid, and what prevents it',
  },
  forecast,
  'Its standing now, and the sanctions in force or ahead; promises to pay and grace are counted.',
);

export function addForecast(app: ApiApp, { accounts, standings, clock, platform }: ApiDeps): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const at = clock.now();
    const [account, standing, ahead] = await Promise.all([
      accounts.get(id),
      standings.standing(id, at),
      standings.ahead(id, at),
    ]);
    if (account?.role !== 'model') throw notFound('model');
    const steps = ahead.map(({ sanction, at: when, payment, invoiceIds }) => ({
      at: when?.toISOString() ?? null,
      what: sanction,
      unless: { payment, invoiceIds },
    }));
    return c.json({ now: standingBody(id, standing, platform), steps }, 200);
  });
}
