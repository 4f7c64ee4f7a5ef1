import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { deepTest, sampleOf } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { toldOf } from '../support/outbox.ts';
import { PLATFORM } from '../support/world.ts';
import { by, createOrderWorld, link, type OrderWorld, START, told } from './world.ts';

let world: OrderWorld;

beforeAll(async () => {
  world = await createOrderWorld({ environment: PLATFORM });
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.begin();
  await link(world, 'M', 'c');
  await world.send(tell.topUp('t', 'M', 5_000));
});

const DAY = 86_400_000;
const at = (days: number) => new Date(Date.parse(START) + days * DAY);

/** The warnings that `c` was sent, or is to be. */
async function warnings(without = 'none'): Promise<string[]> {
  const keys = await told(world, without);
  return keys.filter((key) => /:idle:.*telegram:c$/.test(key)).map((key) => key.slice(0, key.indexOf(':marketer')));
}

async function stoppedWebhooks() {
  const items = await world.webhooks();
  return items.filter(({ type }) => type === 'order.stopped').map(({ timestamp: when, data }) => ({ at: when, data }));
}

describe('a running order for which no fan counts (rules 4.10)', () => {
  test('both are warned at 20 and 27 days; at 30 it is stopped and settled, at that instant', async () => {
    await world.accepted('o', { prepaid: true, chunkSize: 4 });
    const ran = await world.travelTo(at(40));
    expect(ran.filter(({ job }) => job === 'stop-idle-orders').map(({ at: when }) => when)).toEqual(
      [20, 27, 30].map(at),
    );
    expect(await world.view('o')).toMatchObject({
      ...{ status: 'stopped', endedAt: at(30), delivered: 0, escrow: 0, paid: 0 },
      reasons: [{ kind: 'idle', reason: 'no fan counted for 30 days', days: 30 }],
    });
    expect(await world.balance('model:M')).toBe(5_000);
    expect(await warnings()).toEqual(['order:o:idle:0:10', 'order:o:idle:0:3']);
    expect((await told(world)).filter((key) => /:idle:.*telegram:M$/.test(key))).toHaveLength(2);
    const warning = await toldOf(world.collection, 'order:o:idle:0:10:marketer>telegram:c');
    expect(warning).toMatchObject({
      content: { kind: 'order.idle', data: { since: at(0), stopsAt: at(30), daysLeft: 10, delivered: 0 } },
      ...{ at: at(20), expiresAt: at(27), urgent: false },
    });
    expect(await stoppedWebhooks()).toMatchObject([
      { at: at(30), data: { orderId: 'o', status: 'stopped', reasons: ['No fan counted for 30 days.'] } },
    ]);
    expect(await world.differences()).toEqual([]);
  });

  deepTest('it counts from the arrival of the last fan that counts, and pays for those that came', async () => {
    await world.accepted('o', { prepaid: true, chunkSize: 4 });
    await world.travelTo(at(15));
    await world.send(...world.fans('o', 0, 5));
    await world.travelTo(at(29));
    await world.send(...world.fans('o', 5, 3, { fan: { bot: true } }));
    // Dated long ago: what counts is when it came.
    await world.travelTo(at(30));
    await world.send(tell.fan('late', 'o', at(1).toISOString()));
    await world.travelTo(at(59.999));
    expect(await world.view('o')).toMatchObject({ status: 'running', delivered: 6, paid: 400 });
    await world.travelTo(at(60));
    expect(await world.view('o')).toMatchObject({
      ...{ status: 'stopped', endedAt: at(60), delivered: 6, paid: 600, escrow: 0 },
    });
    expect(await warnings()).toEqual(['order:o:idle:6:10', 'order:o:idle:6:3']);
    expect(await world.balance('model:M')).toBe(4_400);
    expect(await world.differences()).toEqual([]);
  });

  deepTest('a fan after a warning makes what was not sent of it moot, and starts the days anew', async () => {
    await world.accepted('o');
    await world.travelTo(at(20));
    expect(await warnings('moot')).toEqual(['order:o:idle:0:10']);
    await world.send(...world.fans('o', 0, 1, { fan: { returning: true } }));
    expect(await warnings('moot')).toEqual(['order:o:idle:0:10']);
    await world.send(...world.fans('o', 1, 1));
    expect(await warnings('moot')).toEqual([]);
    await world.travelTo(at(40));
    expect(await warnings('moot')).toEqual(['order:o:idle:1:10']);
    await world.travelTo(at(50));
    expect(await world.view('o')).toMatchObject({ status: 'stopped', endedAt: at(50), paid: 100 });
    expect(await warnings('moot')).toEqual([]);
    expect(await world.differences()).toEqual([]);
  });

  test.each(
    sampleOf(
      [
        ['a millisecond before, it counts, and the order goes on', -1, 'counted', { status: 'running', delivered: 1 }],
        ['at that instant it is too late', 0, 'not_running', { status: 'stopped', delivered: 0, endedAt: at(30) }],
        ['later, before any sweep', 5, 'not_running', { status: 'stopped', delivered: 0, endedAt: at(30) }],
      ],
      1,
    ),
  )('a fan comes when the days are over: %s', async (_name, ms, verdict, order) => {
    await world.accepted('o');
    await world.travelTo(at(29));
    // No tick runs here: what was due is done before anything else is decided.
    world.pin(new Date(at(30).getTime() + ms));
    await world.send(...world.fans('o', 0, 1));
    expect(await world.verdicts('o')).toEqual({ 'o-s0': verdict });
    expect(await world.view('o')).toMatchObject(order);
    expect(await world.differences()).toEqual([]);
  });

  test.each(
    sampleOf<[string, () => Promise<unknown>]>(
      [
        ['a manager', () => world.orders.stop('o', { actor: 'ops', reason: 'fraud' }, world.now())],
        ['a violation', () => world.send(tell.violation('o', world.now().toISOString()))],
        [
          'a termination',
          () => world.core.standing.standings.terminate('M', { actor: 'ops', reason: 'r' }, world.now()),
        ],
      ],
      1,
    ),
  )('%s who stops it after that finds it stopped at its own instant', async (_name, act) => {
    await world.accepted('o');
    await world.travelTo(at(29));
    world.pin(at(31));
    await act();
    expect(await world.view('o')).toMatchObject({ status: 'stopped', endedAt: at(30), reasons: [{ kind: 'idle' }] });
    expect(await world.differences()).toEqual([]);
  });

  deepTest('it frees its place: the next in the queue starts then, and is idle from its own start', async () => {
    await world.capacity(1);
    for (const id of ['o', 'next']) await world.accepted(id);
    await world.travelTo(at(59));
    expect(await world.view('o')).toMatchObject({ status: 'stopped', endedAt: at(30) });
    expect(await world.view('next')).toMatchObject({ status: 'running', startedAt: at(30), startedBy: 'place' });
    await world.travelTo(at(60));
    expect(await world.view('next')).toMatchObject({ status: 'stopped', endedAt: at(60) });
    expect(await world.differences()).toEqual([]);
  });

  deepTest('what waits in the queue is not idle', async () => {
    await world.capacity(1);
    for (const id of ['o', 'next']) await world.accepted(id);
    for (let days = 10; days <= 80; days += 10) {
      await world.travelTo(at(days));
      await world.send(...world.fans('o', days, 1));
    }
    expect([(await world.view('o')).status, (await world.view('next')).status]).toEqual(['running', 'queued']);
    expect(await warnings()).toEqual([]);
  });

  deepTest('the escrow that returns pays what the client owes', async () => {
    await world.send(tell.account('d', 'marketer'));
    await world.accepted('held', { prepaid: true, quantity: 50, marketerId: 'd' });
    await world.accepted('owing', { quantity: 5 });
    world.later(5);
    await world.send(...world.fans('owing', 0, 5));
    expect(await world.view('owing')).toMatchObject({ status: 'completed', owed: 500 });
    await world.travelTo(at(30));
    expect(await world.view('owing')).toMatchObject({ owed: 0, paid: 500 });
    expect(await world.balance('model:M')).toBe(4_500);
    expect(await world.differences()).toEqual([]);
  });
});

describe('when the service stood still', () => {
  deepTest('for months: it is stopped at its own instant, and nobody is sent a warning any more', async () => {
    await world.accepted('o', { prepaid: true });
    await world.restart();
    await world.travelTo(at(200));
    expect(await world.view('o')).toMatchObject({ status: 'stopped', endedAt: at(30), escrow: 0 });
    expect(await warnings('moot')).toEqual([]);
    expect(await world.differences()).toEqual([]);
  });

  deepTest('a sweep that runs late takes the last step alone', async () => {
    await world.accepted('o');
    world.pin(at(28));
    await world.orders.idleOrders.run(world.now());
    await world.orders.idleOrders.run(world.now());
    expect(await warnings()).toEqual(['order:o:idle:0:3']);
    expect(await world.orders.idleOrders.nextDue()).toEqual(at(30));
  });
});

describe('the policy', () => {
  deepTest('0 days: never; another number of days counts from when the service has it, and always warns', async () => {
    await world.restart({ orders: { idleDays: 0 } });
    await world.accepted('o');
    await world.travelTo(at(100));
    expect(await world.view('o')).toMatchObject({ status: 'running' });
    expect(await world.orders.idleOrders.nextDue()).toBeNull();
    await world.restart({ orders: { idleDays: 7 } });
    await world.orders.repair(world.now());
    await world.travelTo(at(106.999));
    expect(await world.view('o')).toMatchObject({ status: 'running' });
    expect(await warnings()).toEqual(['order:o:idle:0:3']);
    await world.travelTo(at(107));
    expect(await world.view('o')).toMatchObject({
      ...{ status: 'stopped', endedAt: at(107), reasons: [{ kind: 'idle', reason: 'no fan counted for 7 days' }] },
    });
    await world.restart({});
    expect(await world.differences()).toEqual([]);
  });

  deepTest('an order that ran before there was such a rule counts from when the service is repaired', async () => {
    await world.accepted('o');
    await world.collection('orders').updateOne({ _id: 'o' }, { $unset: { idle: '' }, $set: { slot: 0 } } as object);
    world.pin(at(90));
    await world.restart();
    await world.orders.repair(world.now());
    expect(await world.orders.idleOrders.nextDue()).toEqual(at(110));
    await world.orders.repair(at(91));
    expect(await world.orders.idleOrders.nextDue()).toEqual(at(110));
    await world.travelTo(at(120));
    expect(await world.view('o')).toMatchObject({ status: 'stopped', endedAt: at(120) });
    expect(await world.differences()).toEqual([]);
  });
});

deepTest('a fan that is faster than the stop of an idle order keeps it running', async () => {
  await world.accepted('o');
  world.pin(at(30));
  const counted = {
    orderId: 'o',
    fanId: 'f',
    modelId: 'M',
    startedAt: at(29),
    judgedAt: new Date(at(30).getTime() - 1),
  };
  // It was judged by another process a millisecond before, which this one sees only now.
  await world.collection('orders').updateOne(
    { _id: 'o' },
    {
      $set: {
        stopping: { cause: 'idle', reason: 'no fan counted for 30 days', actor: 'platform', at: at(30), afterFan: 0 },
      },
    },
  );
  await world.collection('order_fans').insertOne({ _id: 's', ...counted, verdict: 'counted', number: 1 } as never);
  await world.orders.idleOrders.run(world.now());
  expect(await world.view('o')).toMatchObject({ status: 'running', delivered: 1 });
  await world.orders.repair(world.now());
  await world.orders.idleOrders.run(world.now());
  expect(await world.orders.idleOrders.nextDue()).toEqual(new Date(at(50).getTime() - 1));
  expect(await world.differences()).toEqual([
    'order_fans/s: there is no subscription of that name, though it is counted',
  ]);
});

deepTest('`verify` names an order that is looked at too late', async () => {
  await world.accepted('o');
  await world.collection('orders').updateOne({ _id: 'o' }, { $set: { 'idle.stepAt': at(31) } });
  expect(await world.core.verify()).toEqual([
    `order o: it is idle for too long on ${at(30).toISOString()}, but is looked at on ${at(31).toISOString()}`,
  ]);
});

deepTest('one that is stopped by hand is not watched any more', async () => {
  await world.accepted('o');
  await world.orders.stop('o', { ...by, reason: 'fraud' }, world.now());
  expect(await world.view('o')).toMatchObject({ reasons: [{ kind: 'stopped-by-manager', reason: 'fraud' }] });
  expect(await world.orders.idleOrders.nextDue()).toBeNull();
});
