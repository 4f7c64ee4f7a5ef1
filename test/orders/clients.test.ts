import { mongo } from 'mongoose';
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest';
import { deepTest } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { toldOf } from '../support/outbox.ts';
import { by, createOrderWorld, link, type OrderWorld } from './world.ts';

let world: OrderWorld;

beforeAll(async () => {
  world = await createOrderWorld();
});
afterAll(() => world.close());
beforeEach(() => world.begin());
afterEach(() => vi.restoreAllMocks());

const MONDAY = '2026-03-09T06:00:00Z';

/** Invoices for the weeks that begin here, each over a dollar; of an unpaid one the client's balance lacks the money. */
async function sell(week: number): Promise<void> {
  const at = new Date(Date.parse('2026-03-03T00:00:00Z') + week * 7 * 86_400_000).toISOString();
  await world.send(tell.payment(`p${week}`, 200, at, { campaignId: 'A' }));
}

async function clientOf(orderId: string) {
  return (await world.orders.clientsOf([await world.view(orderId)], world.now())).get(orderId)?.record;
}

deepTest('a marketer who is offered an order reads of the client’s tier, payments and money (rules 2.10)', async () => {
  await link(world, 'M', 'c');
  await world.send(tell.campaign('A', 'M', 'c', 5_000));
  for (const week of [0, 1, 2]) await sell(week);
  await world.travelTo(MONDAY);
  await world.send(tell.topUp('t0', 'M', 100));
  // The second stays unpaid until a day after it is due.
  await world.travelTo('2026-03-20T06:00:00Z');
  await world.send(tell.topUp('t1', 'M', 100));
  await world.travelTo('2026-03-23T06:00:00Z');
  await world.send(tell.topUp('t2', 'M', 550));
  await world.placed('o');
  const record = { tier: 'standard', trustScore: 44, paidOnTime: 2, invoices: 3, coveredFans: 4 };
  expect(await clientOf('o')).toEqual(record);
  const [toMarketer, toClient] = await Promise.all(
    ['marketer>telegram:c', 'client>telegram:M'].map((to) => toldOf(world.collection, `order:o:placed:${to}`)),
  );
  expect(toMarketer).toMatchObject({ content: { data: { record } } });
  expect(toClient).not.toMatchObject({ content: { data: { record: expect.anything() } } });
  await world.orders.accept('o', by, world.now());
  const card = await toldOf(world.collection, 'order:o:started:marketer>telegram:c');
  expect(card).toMatchObject({ content: { data: { record } } });
  await world.send(...world.fans('o', 0, 5));
  const changed = await toldOf(world.collection, 'order:o:progress:50:marketer>telegram:c');
  expect(changed).toMatchObject({ content: { data: { record, delivered: 5 } } });
  expect(await world.differences()).toEqual([]);
});

deepTest(
  'the reminders of an answer tell it, too, and so does the word that a prepaid order can be accepted',
  async () => {
    await link(world, 'M', 'c');
    await world.placed('o', { prepaid: true });
    await world.orders.accept('o', by, world.now());
    await world.send(tell.topUp('t', 'M', 1_000));
    await world.travelTo('2026-03-04T00:00:00Z');
    for (const key of ['acceptable:t', 'nudge:24']) {
      const notice = await toldOf(world.collection, `order:o:${key}:marketer>telegram:c`);
      expect(notice).toMatchObject({ content: { data: { record: { tier: 'new', coveredFans: 10 } } } });
    }
  },
);

deepTest('a long list costs as many queries as a short one', async () => {
  const names = Array.from({ length: 10 }, (_, index) => index);
  await world.send(
    ...names.map((index) => tell.account(`M${index}`, 'model')),
    ...names.map((index) => tell.account(`c${index}`, 'marketer', { capacity: 1 })),
    ...names.map((index) => tell.topUp(`t${index}`, `M${index}`, 5_000)),
  );
  for (const index of names) {
    const parties = { modelId: `M${index}`, marketerId: `c${index}` };
    await world.placed(`r${index}`, { ...parties, prepaid: true });
    await world.orders.accept(`r${index}`, by, world.now());
    await world.placed(`q${index}`, parties);
    await world.orders.accept(`q${index}`, by, world.now());
    await world.placed(`p${index}`, parties);
  }
  const reads = await countReads();
  const look = async (of: { modelId?: string }) => {
    reads.length = 0;
    const { items } = await world.orders.list({ limit: 500, ...of }, world.now());
    const clients = await world.orders.clientsOf(items, world.now());
    expect(clients.size).toBe(items.length);
    return { items, count: reads.length };
  };
  const [short, long] = [await look({ modelId: 'M0' }), await look({})];
  expect([short.items.length, long.items.length]).toEqual([3, 30]);
  expect(new Set(short.items.map(({ status }) => status)).size).toBe(3);
  expect(long.count).toBe(short.count);
});

/** Names what is read from now on. */
async function countReads(): Promise<string[]> {
  const reads: string[] = [];
  for (const name of ['find', 'findOne', 'aggregate', 'distinct', 'countDocuments'] as const) {
    const original = mongo.Collection.prototype[name] as (...args: unknown[]) => unknown;
    vi.spyOn(mongo.Collection.prototype, name).mockImplementation(function (
      this: mongo.Collection,
      ...args: unknown[]
    ) {
      reads.push(`${this.collectionName} ${name}`);
      return original.apply(this, args) as never;
    });
  }
  return reads;
}
