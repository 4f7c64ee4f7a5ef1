import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { sampleOf } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** W10: M has paid, N has not; W11: M is credited, N's first one is void, and what was on it is on the next. */
beforeEach(async () => {
  await world.reset('2026-03-02T00:00:00Z');
  await world.send(
    tell.account('M', 'model'),
    tell.account('N', 'model'),
    tell.account('c', 'marketer'),
    tell.campaign('A', 'M', 'c', 5_000),
    tell.campaign('B', 'N', 'c', 5_000),
    tell.topUp('t1', 'M', 10_000),
    tell.payment('p1', 1_000, '2026-03-03T00:00:00Z', { campaignId: 'A' }),
    tell.payment('p2', 2_000, '2026-03-03T00:00:00Z', { campaignId: 'B' }),
    tell.refund('r1', 'p1', 500, '2026-03-10T00:00:00Z'),
  );
  await world.travelTo('2026-03-09T06:00:00Z');
  await world.core.invoicing.invoices.void('2026-W10:N', { actor: 'ops', reason: 'a mistake' }, world.clock.now());
  await world.travelTo('2026-03-16T06:00:00Z');
  expect(await world.core.verify()).toEqual([]);
});

const change = (collection: string, _id: string, fields: object) =>
  world.collection(collection).updateOne({ _id }, { $set: fields });

test.each(
  sampleOf<[string, () => Promise<unknown>, RegExp]>(
    [
      ['a subtotal', () => change('invoices', '2026-W10:M', { subtotal: 501 }), /2026-W10:M: subtotal is 501, not 500/],
      ['a total', () => change('invoices', '2026-W10:M', { total: 1 }), /2026-W10:M: total is 1, not 500/],
      ['a cost', () => change('invoices', '2026-W10:M', { 'lines.0.cost': 1 }), /cost of A tip is 1, not 500/],
      [
        'a line, with all that follows from it',
        () =>
          change('invoices', '2026-W10:M', {
            'lines.0.gross': 1_200,
            'lines.0.cost': 600,
            subtotal: 600,
            total: 600,
          }),
        /A tip has 0 transactions and -200 more than its lines say/,
      ],
      [
        'an amount that was paid',
        () =>
          change('invoices', '2026-W10:M', {
            'lines.0.rateBps': 6_000,
            'lines.0.cost': 600,
            subtotal: 600,
            total: 600,
          }),
        /2026-W10:M: its ledger entry moves other amounts/,
      ],
      [
        'a transaction',
        () => change('transactions', 'payment:p1', { amount: 1_001 }),
        /A tip has 0 transactions and 1 more/,
      ],
      [
        'a transaction that is gone',
        () => world.collection('transactions').deleteOne({ _id: 'payment:p1' }),
        /2026-W10:M has 1 transactions, but 0 are booked for it/,
      ],
      [
        'a transaction that was moved',
        () => change('transactions', 'payment:p1', { billingWeek: '2026-W12' }),
        /2026-W10:M has 1 transactions, but 0 are booked for it/,
      ],
      [
        'a state without its entry',
        () => change('invoices', '2026-W11:N', { status: 'completed' }),
        /2026-W11:N is completed, but/,
      ],
      [
        'an entry without its state',
        () => change('invoices', '2026-W10:M', { status: 'open' }),
        /2026-W10:M is open, but/,
      ],
      [
        'a void invoice that is open again',
        () => change('invoices', '2026-W10:N', { status: 'open' }),
        /2026-W10:N is open, but/,
      ],
      [
        'an invoice that is gone',
        () => world.collection('invoices').deleteOne({ _id: '2026-W10:M' }),
        /3 transactions belong to weeks up to 2026-W11, but 2 are on invoices/,
      ],
      ['credit that was not taken', () => change('invoices', '2026-W11:N', { credit: 5 }), /platform:invoiced holds 0/],
    ],
    1,
  ),
)('verify finds %s', async (_, damage, found) => {
  await damage();
  expect((await world.core.verify()).join('\n')).toMatch(found);
});
