import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';

import { restOf } from '../../src/invoicing/part.ts';
import type { OverdueInvoice } from '../../src/standing/overdue.ts';
import { timesOf } from '../support/depth.ts';
import { documentsRead } from '../support/documentsRead.ts';
import { createWorld } from '../support/world.ts';

/** What is overdue in sums, which are read from an index as far as nothing was paid in parts. */

const NOW = new Date('2026-03-20T12:00:00Z');
const DAY_MS = 86_400_000;
const world = await createWorld({ startsAt: NOW.toISOString() });
afterAll(world.close);

type Drawn = { model: number; days: number; total: number; parts: number[]; status: string };
const invoices = () => world.core.connection.collection<{ _id: string; [field: string]: unknown }>('invoices');
const overdue = () => world.core.standing.overdue;
beforeEach(() => world.reset(NOW.toISOString()));

async function store(drawn: Drawn[]): Promise<void> {
  await invoices().deleteMany({});
  if (drawn.length === 0) return;
  await invoices().insertMany(
    drawn.map(({ model, days, total, parts, status }, index) => {
      const dueAt = new Date(NOW.getTime() - days * DAY_MS);
      const paid = parts.map((amount, at) => ({ number: at + 1, amount, paidAt: dueAt }));
      return {
        ...{
          _id: `2026-W10:m${model}-${index}`,
          modelId: `m${model}`,
          week: '2026-W10',
          status,
          issuedAt: dueAt,
          dueAt,
        },
        ...{ lines: [], subtotal: total, discountBps: 0, discount: 0, credit: 0, total },
        ...(paid.length === 0 ? {} : { parts: paid }),
      };
    }),
  );
}

/** All of them one by one, as they are listed. */
async function listed(): Promise<OverdueInvoice[]> {
  const all: OverdueInvoice[] = [];
  for await (const page of overdue().pages({}, NOW)) all.push(...page);
  return all;
}

function sumsOf(items: readonly OverdueInvoice[]) {
  const models = new Set(items.map(({ modelId }) => modelId)).size;
  return { count: items.length, models, amount: items.reduce((sum, item) => sum + restOf(item), 0) };
}

async function expectTheSame(): Promise<void> {
  const items = await listed();
  const all = sumsOf(items);
  const summary = await overdue().summary(NOW);
  expect(summary).toMatchObject(all);
  for (const { from, to, ...share } of summary.ages) {
    expect(share).toEqual(sumsOf(items.filter(({ days }) => days >= from && days <= (to ?? Number.MAX_VALUE))));
  }
  expect(await overdue().totals({}, NOW)).toEqual({ invoices: all.count, models: all.models, total: all.amount });
  expect(await overdue().backlog(NOW)).toMatchObject({ count: all.count, amount: all.amount });
}

const invoice = fc.record({
  model: fc.nat(5),
  days: fc.integer({ min: -3, max: 40 }),
  total: fc.integer({ min: 100, max: 9_000 }),
  parts: fc.oneof(
    { weight: 2, arbitrary: fc.constant<number[]>([]) },
    fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 3 }),
  ),
  status: fc.constantFrom('open', 'open', 'open', 'completed', 'void', 'written_off'),
});

describe('sums of what is overdue', () => {
  it('are those of its list, whatever was paid in parts', () =>
    fc.assert(
      fc.asyncProperty(fc.array(invoice, { maxLength: 25 }), async (drawn) => {
        await store(drawn);
        await expectTheSame();
      }),
      { numRuns: timesOf(40) },
    ));

  it('are so, too, where parts of more models were paid than can be named', async () => {
    const common = { days: 4, total: 500, status: 'open' };
    const paidAhead = Array.from({ length: 1_001 }, (_, model) => ({ ...common, model, parts: [20] }));
    await store([...paidAhead, { ...common, model: 2_000, parts: [] }]);
    expect(await overdue().summary(NOW)).toMatchObject({ count: 1_002, models: 1_002, amount: 1_001 * 480 + 500 });
    expect(await overdue().totals({}, NOW)).toEqual({ invoices: 1_002, models: 1_002, total: 1_001 * 480 + 500 });
  });

  it('are read from an index alone, but for the models of which parts were paid', async () => {
    const many = Array.from({ length: 300 }, (_, model) => ({
      model,
      days: model % 40,
      total: 500,
      parts: [],
      status: 'open',
    }));
    await store(many);
    const read = (work: () => Promise<unknown>) => documentsRead('invoices', work);
    expect(await read(() => overdue().summary(NOW))).toBe(0);
    expect(await read(() => overdue().totals({}, NOW))).toBe(0);
    await store([...many, { model: 7, days: 3, total: 500, parts: [100], status: 'open' }]);
    expect(await read(() => overdue().summary(NOW))).toBeLessThan(30);
  });
});
