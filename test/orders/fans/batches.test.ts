import { mongo } from 'mongoose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { deepTest, sampleOf } from '../../support/depth.ts';
import { tell } from '../../support/events.ts';
import { installFaults } from '../../support/faults.ts';
import { createOrderWorld, type OrderWorld } from '../world.ts';

let world: OrderWorld;
const faults = installFaults(() => undefined);

beforeAll(async () => {
  world = await createOrderWorld({ eventsPerBatch: 7, policy: { orders: { capacity: 1 } } });
});
afterAll(async () => {
  faults.uninstall();
  await world.close();
});
beforeEach(async () => {
  await world.begin();
  await world.send(tell.topUp('t', 'M', 1_000_000));
});

const counted = async (orderId: string): Promise<number> =>
  Object.values(await world.verdicts(orderId)).filter((verdict) => verdict === 'counted').length;

/** Events are worked on in the order of the milliseconds in which they came: what is sent after this comes later. */
async function nextMillisecond(): Promise<void> {
  const before = Date.now();
  await expect.poll(() => Date.now(), { interval: 1 }).toBeGreaterThan(before);
}

describe('fans in many batches, of which several are under way at once', () => {
  test.each(
    sampleOf(
      [
        ['prepaid', { prepaid: true }],
        ['prepaid, in chunks', { prepaid: true, chunkSize: 9 }],
        ['in chunks', { chunkSize: 9 }],
        ['on completion', {}],
      ],
      1,
    ),
  )('as many count as were ordered, numbered without a gap, and are paid once: %s', async (_name, terms) => {
    await world.accepted('o', { quantity: 150, ...terms });
    await world.send(...world.fans('o', 0, 90), ...world.fans('o', 0, 90), ...world.fans('o', 90, 80));
    expect(await world.view('o')).toMatchObject({ status: 'completed', delivered: 150, paid: 15_000, escrow: 0 });
    const numbers = await world.collection('order_fans').distinct('number', { orderId: 'o' } as object);
    expect(numbers.sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 150 }, (_, index) => index + 1));
    expect(await world.differences()).toEqual([]);
  });

  deepTest('an order that queues behind another counts the fans that come after the other’s last', async () => {
    await world.accepted('o', { quantity: 28 });
    await world.accepted('p', { quantity: 40 });
    await world.receive(...world.fans('o', 0, 28));
    await nextMillisecond();
    await world.receive(...world.fans('p', 0, 40));
    await world.drain();
    expect([await counted('o'), await counted('p')]).toEqual([28, 40]);
    expect(await world.view('p')).toMatchObject({ status: 'completed', paid: 4_000 });
    expect(await world.differences()).toEqual([]);
  });

  deepTest('a violation that came after fans finds them counted', async () => {
    await world.accepted('o', { quantity: 100, chunkSize: 10 });
    await world.receive(...world.fans('o', 0, 62));
    await nextMillisecond();
    await world.receive(tell.violation('o', world.now().toISOString()));
    await nextMillisecond();
    await world.send(...world.fans('o', 62, 20));
    expect(await world.view('o')).toMatchObject({ status: 'stopped', delivered: 62, paid: 6_200 });
    expect(await world.differences()).toEqual([]);
  });
});

describe('when a step fails, nothing is lost or done twice', () => {
  afterEach(() => faults.plan([]));

  async function expectAllDone(): Promise<void> {
    expect(await world.view('o')).toMatchObject({ status: 'completed', delivered: 60, paid: 6_000, escrow: 0 });
    const { items } = await world.core.inbox.list({ limit: 500 });
    expect(items.filter(({ status }) => status !== 'applied')).toEqual([]);
    expect(await world.core.verify()).toEqual([]);
  }

  const breaks = Array.from({ length: 24 }, (_, index) => index * 3);

  test.each(sampleOf(breaks, 1))('the connection breaks after %i writes', async (after) => {
    await world.accepted('o', { quantity: 60, prepaid: true, chunkSize: 7 });
    await world.receive(...world.fans('o', 0, 70));
    faults.plan([{ after, kind: after % 2 === 0 ? 'unsent' : 'unanswered' }]);
    // Where it befalls a lease, the bucket is left for later, and nothing else fails.
    await Promise.allSettled([world.drain()]);
    expect(faults.writes).toBeGreaterThan(after);
    await world.drain();
    await expectAllDone();
  });

  deepTest('what draws the consequences goes wrong: they are drawn again, half by half', async () => {
    await world.accepted('o', { quantity: 60, prepaid: true, chunkSize: 7 });
    await world.receive(...world.fans('o', 0, 70));
    const { insertMany, insertOne } = mongo.Collection.prototype;
    let failures = 0;
    const failFirst = ({ collectionName }: mongo.Collection) => {
      if (collectionName !== 'order_amounts' || failures === 3) return;
      failures += 1;
      throw new Error('it went wrong');
    };
    // Several amounts are one write, and so is one alone.
    const spies = [
      vi.spyOn(mongo.Collection.prototype, 'insertMany').mockImplementation(function (this: mongo.Collection, ...args) {
        failFirst(this);
        return insertMany.apply(this, args);
      }),
      vi.spyOn(mongo.Collection.prototype, 'insertOne').mockImplementation(function (this: mongo.Collection, ...args) {
        failFirst(this);
        return insertOne.apply(this, args);
      }),
    ];
    try {
      await world.drain();
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
    expect(failures).toBe(3);
    await expectAllDone();
  });
});
