import fc from 'fast-check';
import type { mongo } from 'mongoose';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { createOverlay } from '../../src/database/overlay/overlay.ts';
import { testDatabase } from '../support/database.ts';
import { timesOf } from '../support/depth.ts';

/** What an overlay answers once something is written to it, beside what the database answers that it is written to. */

type Thing = { _id: string; [field: string]: unknown };

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(() => database.clear());

const AT = new Date('2026-03-02T06:00:00Z');
/** Nothing at all, null, and values of several types. */
const VALUES = [undefined, null, -1, 0, 3, 'a', true, AT];
const COMPARISONS = ['$gt', '$gte', '$lt', '$lte', '$eq', '$ne', '$cmp'] as const;

/** Whether two are the same is asked of values that are there, or of null. */
const ORDERING: ReadonlySet<string> = new Set(['$gt', '$gte', '$lt', '$lte', '$cmp']);

/** In the database all of them; in an overlay of another collection the last one alone. */
async function both(things: Thing[]) {
  const real = database.connection.collection<Thing>('whole');
  const part = database.connection.collection<Thing>('part');
  await Promise.all([real.deleteMany({}), part.deleteMany({})]);
  await real.insertMany(things);
  if (things.length > 1) await part.insertMany(things.slice(0, -1));
  const overlaid = createOverlay(database.connection).connection.db?.collection<Thing>('part');
  await overlaid?.insertOne(things.at(-1) as Thing);
  return [real as unknown as mongo.Collection, overlaid as unknown as mongo.Collection] as const;
}

const thingOf = (value: unknown, index: number): Thing => ({
  _id: `t${index}`,
  ...(value === undefined ? {} : { value }),
});

it('compares in expressions as the database does: nothing, null, and every type in its order', async () => {
  const collections = await both(VALUES.map(thingOf));
  const compared = Object.fromEntries(
    COMPARISONS.flatMap((how) =>
      [null, 0, 'a', AT, ...(ORDERING.has(how) ? ['$missing'] : [])].map((other, index) => [
        `${how.slice(1)}${index}`,
        { [how]: ['$value', other] },
      ]),
    ),
  );
  const pipelines: mongo.Document[][] = [
    [{ $project: compared }, { $sort: { _id: 1 } }],
    [{ $match: { $expr: { $gt: ['$value', null] } } }, { $sort: { _id: 1 } }, { $project: { _id: 1 } }],
    [
      { $sort: { _id: 1 } },
      { $group: { _id: null, some: { $sum: { $cond: [{ $gt: ['$value', null] }, 1, 0] } }, all: { $sum: 1 } } },
    ],
  ];
  for (const pipeline of pipelines) {
    const [real, overlaid] = await Promise.all(collections.map((one) => one.aggregate(pipeline).toArray()));
    expect(overlaid).toEqual(real);
  }
});

it('updates by such expressions as the database does', async () => {
  const update = [{ $set: { isThere: { $gt: ['$value', null] }, literal: { $literal: { $gt: ['$value', null] } } } }];
  const collections = await both(VALUES.map(thingOf));
  const [real, overlaid] = await Promise.all(
    collections.map(async (one) => {
      await one.updateMany({ $expr: { $lte: ['$value', 3] } }, update);
      return one.find().sort({ _id: 1 }).toArray();
    }),
  );
  expect(overlaid).toEqual(real);
  expect(real?.filter(({ isThere }) => isThere === true)).toHaveLength(3);
});

it('does so of whatever values', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...VALUES), { minLength: 1, maxLength: 5 }),
      fc.constantFrom(...VALUES.filter((value) => value !== undefined)),
      fc.constantFrom(...COMPARISONS),
      async (values, other, how) => {
        const collections = await both(values.map(thingOf));
        const pipeline = [
          { $sort: { _id: 1 } },
          { $project: { compared: { [how]: ['$value', { $literal: other }] } } },
        ];
        const [real, overlaid] = await Promise.all(collections.map((one) => one.aggregate(pipeline).toArray()));
        expect(overlaid).toEqual(real);
      },
    ),
    { numRuns: timesOf(100) },
  ));
