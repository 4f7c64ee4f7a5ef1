import { createRoute, z } from '@hono/zod-openapi';

import { MOST_TIMES, SERIES, SERIES_NAMES, UNITS, USUAL } from '../../src/series/catalogue.ts';
import { STEPS } from '../../src/series/periods.ts';
import type { ApiApp, ApiDeps } from '../dependencies.ts';
import { idQuery, instant, invalidQuery, json, problems, SECURED } from './shared.ts';

const A_DAY = 'must be a calendar day, as 2026-11-23';
const day = z.iso
  .date(A_DAY)
  .refine((text) => text >= '1971', A_DAY)
  .optional();

const query = z.strictObject({
  from: day.openapi({ description: 'From the period on that this day lies in.' }),
  to: day.openapi({ description: 'Until the period that this day lies in; now, if left out.' }),
  marketer: idQuery.openapi({ description: 'Of `fans` alone: those of the orders of the marketer with this id.' }),
});

const point = z.object({
  at: z.iso.date().openapi({ description: "The first day of the period, in the platform's zone." }),
  values: z
    .record(z.string(), z.int().nullable())
    .openapi({ description: 'By key; null where there is nothing to say.' }),
  asOf: instant
    .nullable()
    .openapi({ description: 'Of a period that is not over: when its facts were read. Null of one that is.' }),
});

const series = z
  .object({
    name: z.enum(SERIES_NAMES),
    step: z.enum(STEPS).openapi({ description: 'What a point is of.' }),
    values: z
      .array(z.object({ key: z.string(), unit: z.enum(UNITS) }))
      .openapi({ description: 'The values of each point, in the order in which they are shown.' }),
    points: z.array(point),
  })
  .openapi('Series', {
    example: {
      ...{ name: 'escrow', step: 'day', values: [{ key: 'held', unit: 'amount' }] },
      points: [{ at: '2026-11-22', values: { held: 41_080 }, asOf: null }],
    },
  });

const route = createRoute({
  tags: ['Health'],
  security: SECURED,
  method: 'get',
  operationId: 'getSeries',
  path: '/v1/series/{name}',
  summary: 'Figures over weeks, days or payout cycles, the oldest first',
  description: `The last ${USUAL.week} weeks, ${USUAL.day} days or ${USUAL.cycle} cycles unless asked otherwise; ${MOST_TIMES} times as many at most.`,
  request: { params: z.object({ name: z.enum(SERIES_NAMES) }), query },
  responses: { 200: json(series, 'Its points; those before its first fact are left out.'), ...problems(401, 422) },
});

export function addSeries(app: ApiApp, { series: kept, clock }: ApiDeps): void {
  app.openapi(route, async (c) => {
    const { name } = c.req.valid('param');
    const { from, to, marketer } = c.req.valid('query');
    if (marketer !== undefined && name !== 'fans') throw invalidQuery('marketer', 'is for fans alone');
    if (from !== undefined && to !== undefined && from > to) throw invalidQuery('from', 'must not be after `to`');
    const found = await kept.get(name, { from, to, marketerId: marketer }, clock.now());
    const { step, values } = SERIES[name];
    if (found.kind === 'too-many') throw invalidQuery('from', `must be at most ${found.most} ${step}s before \`to\``);
    return c.json(
      {
        ...{ name, step },
        values: Object.entries(values).map(([key, unit]) => ({ key, unit })),
        points: found.points.map(({ asOf, ...rest }) => ({ ...rest, asOf: asOf?.toISOString() ?? null })),
      },
      200,
    );
  });
}
