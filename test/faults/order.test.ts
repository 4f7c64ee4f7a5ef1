import { afterEach, beforeEach, describe, expect } from 'vitest';

import { deepTest } from '../support/depth.ts';
import type { PlatformEvent } from '../support/platform.ts';
import { createHouse, type House, type ServiceProcess } from '../support/process.ts';
import { account, balanceOf, campaign, chance, market, payment, refund, shuffled, topUp } from './traffic.ts';

const MODELS = 12;

let house: House;
beforeEach(async () => {
  house = await createHouse();
});
afterEach(() => house.remove());

describe('one event', () => {
  deepTest('that comes a hundred times at once has one effect, and every sender hears that it is here', async () => {
    const service = await house.start();
    await service.platform().sendAll(market(1));
    const event = topUp('once', 'm0', 500);
    const answers = await Promise.all(Array.from({ length: 100 }, () => service.platform().send(event)));
    expect(answers.every(({ status }) => status === 200 || status === 202)).toBe(true);
    expect(answers.filter(({ status }) => status === 202).length).toBeGreaterThan(0);
    await service.settle();
    expect(await balanceOf(service, 'model:m0')).toBe(500);
    expect(await house.verify()).toEqual([]);
  });
});

describe('events in another order', () => {
  deepTest(
    'shuffled, doubled, refunds first and a month late come to the same end',
    async () => {
      const other = await createHouse();
      try {
        const [inOrder, disorder] = await Promise.all([house.start(), other.start()]);
        const random = chance(11);
        for (const { events, until } of story()) {
          await inOrder.platform().sendAll(events, 1);
          await disorder.platform().sendAll(shuffled([...events, ...events], random), 24);
          await Promise.all([inOrder.moveTo(until), disorder.moveTo(until)]);
        }
        const [expected, found] = await Promise.all([everything(inOrder), everything(disorder)]);
        expect(expected.invoices.length).toBeGreaterThan(2 * MODELS);
        expect(expected.events.filter(({ status }) => status === 'quarantined').length).toBe(3);
        expect(found).toEqual(expected);
        expect(await house.verify()).toEqual([]);
        expect(await other.verify()).toEqual([]);
      } finally {
        await other.remove();
      }
    },
    120_000,
  );
});

describe('a service that was down', () => {
  deepTest(
    'for five weeks issues every missed invoice once, in order, with its own dates',
    async () => {
      const first = await house.start();
      await first
        .platform()
        .sendAll([
          ...market(3),
          ...[3, 10, 17, 24, 31].flatMap((day, week) =>
            [0, 1, 2].map((model) =>
              payment(`p${week}-${model}`, `c${model}`, 4_000, `2026-03-${String(day).padStart(2, '0')}T12:00:00Z`),
            ),
          ),
          topUp('t', 'm0', 3_500),
        ]);
      await first.settle();
      await first.kill();

      const back = await house.start({ TEST_CLOCK_START: '2026-04-08T09:00:00Z' });
      expect((await back.api('GET', '/test/clock')).body).toEqual({ now: '2026-04-08T09:00:00.000Z' });
      const invoices = (await back.list('/v1/invoices?modelId=m0')).reverse();
      expect(
        invoices.map(({ week, issuedAt, dueAt, status, completedAt }) => [week, issuedAt, dueAt, status, completedAt]),
      ).toEqual([
        ['2026-W10', '2026-03-09T06:00:00.000Z', '2026-03-12T06:00:00.000Z', 'completed', '2026-03-09T06:00:00.000Z'],
        ['2026-W11', '2026-03-16T06:00:00.000Z', '2026-03-19T06:00:00.000Z', 'completed', '2026-03-16T06:00:00.000Z'],
        ['2026-W12', '2026-03-23T06:00:00.000Z', '2026-03-26T06:00:00.000Z', 'completed', '2026-03-23T06:00:00.000Z'],
        ['2026-W13', '2026-03-30T06:00:00.000Z', '2026-04-02T06:00:00.000Z', 'overdue', null],
        ['2026-W14', '2026-04-06T06:00:00.000Z', '2026-04-09T06:00:00.000Z', 'open', null],
      ]);
      expect(await back.list('/v1/invoices')).toHaveLength(15);
      expect(await balanceOf(back, 'model:m0')).toBe(500);
      const { items } = (await back.api('GET', '/v1/ledger/entries?account=model:m0')).body;
      expect(items.map(({ effectiveAt }: { effectiveAt: string }) => effectiveAt).sort()).toEqual([
        '2026-03-02T00:00:00.000Z',
        '2026-03-09T06:00:00.000Z',
        '2026-03-16T06:00:00.000Z',
        '2026-03-23T06:00:00.000Z',
      ]);
      expect(await house.verify()).toEqual([]);
    },
    180_000,
  );

  deepTest(
    'and comes back with a clock an hour slow stays where it stood, and bills no week twice',
    async () => {
      const first = await house.start();
      await first.platform().sendAll([...market(1), payment('p1', 'c0', 400, '2026-03-03T12:00:00Z')]);
      await first.moveTo('2026-03-09T06:30:00Z');
      await first.kill();
      const back = await house.start({ TEST_CLOCK_START: '2026-03-09T05:30:00Z' });
      expect((await back.api('GET', '/test/clock')).body).toEqual({ now: '2026-03-09T06:30:00.000Z' });
      await back.platform().sendAll([payment('p2', 'c0', 800, '2026-03-04T12:00:00Z')]);
      await back.moveTo('2026-03-09T07:00:00Z');
      expect(await back.list('/v1/invoices')).toMatchObject([{ invoiceId: '2026-W10:m0', total: 100 }]);
      await back.moveTo('2026-03-16T06:00:00Z');
      expect(await back.list('/v1/invoices')).toMatchObject([
        { invoiceId: '2026-W11:m0', total: 200, lines: [{ count: 1, late: 1 }] },
        { invoiceId: '2026-W10:m0', total: 100 },
      ]);
      expect(await house.verify()).toEqual([]);
    },
    180_000,
  );
});

/** What happens on a platform in some weeks, with the instant to which the clock moves after each part. */
function story(): { events: (PlatformEvent & { id: string })[]; until: string }[] {
  const models = Array.from({ length: MODELS }, (_, index) => index);
  const changed = (model: number, timestamp: string, rateBps: number) => {
    const { data, type } = campaign(`c${model}`, `m${model}`, 'k1', rateBps);
    return { id: `campaign-c${model}-${timestamp.slice(0, 10)}-${rateBps}`, type, timestamp, data };
  };
  const weekTen = models.flatMap((model) => [
    payment(`a${model}`, `c${model}`, 1_001 + model, '2026-03-02T00:00:00Z', 'subscription'),
    payment(`b${model}`, `c${model}`, 333 * (model + 1), '2026-03-08T23:59:59.999Z'),
    payment(`next${model}`, `c${model}`, 77, '2026-03-09T00:00:00Z'),
    refund(`r${model}`, `a${model}`, 500, '2026-03-03T00:00:00Z'),
  ]);
  return [
    {
      events: [
        ...market(MODELS),
        // Versions of one account and of one campaign, and two of equal age, of which the greater id holds.
        { ...account('m1', 'model', { discountBps: 1_000 }), id: 'v2', timestamp: '2026-03-01T01:00:00Z' },
        { ...account('m1', 'model', { discountBps: 2_000 }), id: 'v3', timestamp: '2026-03-01T02:00:00Z' },
        { ...account('m1', 'model', { discountBps: 3_000 }), id: 'v3b', timestamp: '2026-03-01T02:00:00Z' },
        changed(2, '2026-03-05T00:00:00Z', 5_000),
        changed(3, '2026-03-06T00:00:00Z', 1_000),
        ...weekTen,
        // Two refunds that together exceed their payment, one before its payment, and one that never finds it.
        refund('x1', 'b4', 1_600, '2026-03-09T01:00:00Z'),
        refund('x2', 'b4', 100, '2026-03-09T02:00:00Z'),
        refund('x3', 'b5', 1, '2026-03-01T00:00:00Z'),
        refund('x4', 'nothing', 1, '2026-03-03T00:00:00Z'),
        ...models.slice(0, 6).map((model) => topUp(`t${model}`, `m${model}`, 2_000)),
      ],
      until: '2026-03-09T06:00:00Z',
    },
    { events: models.map((model) => topUp(`u${model}`, `m${model}`, 50_000)), until: '2026-04-08T12:00:00Z' },
    {
      // A month late: payments, a refund of what was billed long ago, and a campaign's earlier version.
      events: [
        ...models.flatMap((model) => [
          payment(`late${model}`, `c${model}`, 4_321, '2026-03-04T10:00:00Z', 'renewal'),
          refund(`later${model}`, `b${model}`, 33, '2026-03-10T00:00:00Z'),
        ]),
        changed(6, '2026-03-04T00:00:00Z', 9_000),
      ],
      until: '2026-04-13T06:00:00Z',
    },
  ];
}

/** All that the API tells of the end state; when a machine wrote it down, and how often it tried, is no part of it. */
async function everything(service: ServiceProcess) {
  const invoices = await service.list('/v1/invoices');
  const entries = await service.list('/v1/ledger/entries');
  const events = (await service.list('/v1/events')).map(({ eventId, status, error }) => ({ eventId, status, error }));
  return { invoices, entries, events };
}
