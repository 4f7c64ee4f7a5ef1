import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { deepTest } from '../support/depth.ts';

import { tell } from '../support/events.ts';
import { createWorld, type World } from '../support/world.ts';

const [FIRST_MONDAY, SECOND_MONDAY, THIRD_MONDAY] = [
  '2026-03-09T06:00:00Z',
  '2026-03-16T06:00:00Z',
  '2026-03-23T06:00:00Z',
];

let world: World;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.reset('2026-03-02T00:00:00Z');
  await world.send(
    ...[
      tell.account('M', 'model'),
      tell.account('N', 'model'),
      tell.account('c', 'marketer'),
      tell.account('d', 'marketer'),
    ],
    tell.campaign('A', 'M', 'c', 5_000),
  );
});

const PAYMENT = tell.payment('p1', 1_000, '2026-03-03T00:00:00Z', { campaignId: 'A' });
const REFUND = tell.refund('r1', 'p1', 1_000, '2026-03-11T00:00:00Z');
const handover = (at: string) => tell.campaign('A', 'N', 'd', 2_000, { id: `handover-${at}`, at });

/** Each line as model, type, contractor, rate and cost, invoice by invoice. */
async function lines(): Promise<string[]> {
  const { items } = await world.core.invoicing.invoices.list({ limit: 100 }, world.clock.now());
  return items
    .filter(({ status }) => status !== 'void')
    .sort((a, b) => (a.invoiceId < b.invoiceId ? -1 : 1))
    .flatMap(({ invoiceId, lines: all }) =>
      all.map(({ type, contractorId, rateBps, cost }) => `${invoiceId} ${type} ${contractorId} ${rateBps} ${cost}`),
    );
}

describe('a refund belongs to the model whose transaction its payment is (rules 1.1)', () => {
  deepTest('after the campaign went to another model, at the terms that the first one had last', async () => {
    await world.send(PAYMENT);
    await world.travelTo(FIRST_MONDAY);
    await world.send(
      tell.campaign('A', 'M', 'c', 4_000, { id: 'cheaper', at: '2026-03-09T12:00:00Z' }),
      handover('2026-03-10T00:00:00Z'),
      REFUND,
      tell.payment('p2', 1_000, '2026-03-12T00:00:00Z', { campaignId: 'A' }),
    );
    await world.travelTo(SECOND_MONDAY);
    expect(await lines()).toEqual([
      '2026-W10:M tip c 5000 500',
      '2026-W11:M refund c 4000 -400',
      '2026-W11:N tip d 2000 200',
    ]);
    expect(await world.core.ledger.balance('credit:M')).toBe(400);
    expect(await world.core.ledger.balance('credit:N')).toBe(0);
    expect(await world.core.verify()).toEqual([]);
  });

  deepTest('in whatever order these three arrive', async () => {
    const facts = [PAYMENT, handover('2026-03-10T00:00:00Z'), REFUND];
    const expected = ['2026-W10:M tip c 5000 500', '2026-W11:M refund c 5000 -500'];
    for (const order of [facts, [...facts].reverse(), [facts[1], facts[0], facts[2]]]) {
      await world.reset('2026-03-02T00:00:00Z');
      await world.send(tell.account('M', 'model'), tell.account('N', 'model'));
      await world.send(
        tell.account('c', 'marketer'),
        tell.account('d', 'marketer'),
        tell.campaign('A', 'M', 'c', 5_000),
      );
      for (const fact of order) if (fact !== undefined) await world.send(fact);
      await world.travelTo(SECOND_MONDAY);
      expect(await lines()).toEqual(expected);
    }
  });

  test('of a payment that was billed before a version came that gives it to another', async () => {
    await world.send(PAYMENT);
    await world.travelTo(FIRST_MONDAY);
    await world.send(handover('2026-03-01T00:00:00Z'), REFUND);
    await world.travelTo(SECOND_MONDAY);
    expect(await lines()).toEqual(['2026-W10:M tip c 5000 500', '2026-W11:M refund c 5000 -500']);
  });

  deepTest('and goes with its payment where that changes hands before it is billed', async () => {
    await world.send(PAYMENT, tell.refund('r1', 'p1', 400, '2026-03-04T00:00:00Z'), handover('2026-03-01T00:00:00Z'));
    await world.travelTo(FIRST_MONDAY);
    expect(await lines()).toEqual(['2026-W10:N refund d 2000 -80', '2026-W10:N tip d 2000 200']);
  });

  deepTest('and goes with its payment where that is billed anew after a void', async () => {
    await world.send(PAYMENT);
    await world.travelTo(FIRST_MONDAY);
    await world.send(handover('2026-03-01T00:00:00Z'), REFUND);
    await world.core.invoicing.invoices.void('2026-W10:M', { actor: 'test', reason: 'wrong model' }, world.clock.now());
    await world.travelTo(THIRD_MONDAY);
    expect(await lines()).toEqual(['2026-W11:N refund d 2000 -200', '2026-W11:N tip d 2000 200']);
    expect(await world.core.verify()).toEqual([]);
  });

  deepTest('where only the terms changed, those that are in force when it is refunded hold (rules 1.3)', async () => {
    await world.send(
      PAYMENT,
      tell.campaign('A', 'M', 'd', 2_000, { id: 'new-terms', at: '2026-03-10T00:00:00Z' }),
      REFUND,
    );
    await world.travelTo(SECOND_MONDAY);
    expect(await lines()).toEqual(['2026-W10:M tip c 5000 500', '2026-W11:M refund d 2000 -200']);
  });
});
