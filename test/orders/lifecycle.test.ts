import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { deepTest, sampleOf } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { outboxOf, toldOf } from '../support/outbox.ts';
import { by, createOrderWorld, link, type OrderWorld, START, told } from './world.ts';

let world: OrderWorld;

beforeAll(async () => {
  world = await createOrderWorld();
});
afterAll(() => world.close());
beforeEach(() => world.begin());

const HOUR = 3_600_000;
const at = (ms: number) => new Date(Date.parse(START) + ms);

describe('from placement to completion (rules 4)', () => {
  deepTest('an order without chunks is paid on completion, and the next in the queue starts', async () => {
    await world.send(tell.topUp('t', 'M', 5_000));
    await world.capacity(1);
    await world.placed('first');
    expect(await world.view('first')).toMatchObject({ status: 'placed', position: 1, campaignId: null, link: null });
    expect(await world.orders.accept('first', by, world.now())).toMatchObject({
      kind: 'accepted',
      order: { status: 'running', position: null, campaignId: 'cpl~first', link: 'https://example.com/c/cpl~first' },
    });
    await world.accepted('second');
    await world.accepted('third');
    expect([(await world.view('second')).position, (await world.view('third')).position]).toEqual([1, 2]);
    world.later(2);
    await world.send(...world.fans('first', 0, 9));
    expect(await world.view('first')).toMatchObject({ delivered: 9, paid: 0, owed: 0 });
    await world.send(...world.fans('first', 9, 3));
    expect(await world.view('first')).toMatchObject({
      ...{ status: 'completed', delivered: 10, paid: 1_000, owed: 0, endedAt: world.now() },
    });
    expect(await world.view('second')).toMatchObject({
      ...{ status: 'running', startedAt: world.now(), startedBy: 'place', position: null },
    });
    expect(await world.view('third')).toMatchObject({ status: 'queued', position: 1 });
    expect([await world.balance('marketer:c'), await world.balance('model:M')]).toEqual([1_000, 4_000]);
    expect(Object.values(await world.verdicts('first')).filter((verdict) => verdict === 'surplus')).toHaveLength(2);
    expect(await world.differences()).toEqual([]);
  });

  deepTest('each full chunk is paid at once, and the rest on completion', async () => {
    await world.send(tell.topUp('t', 'M', 5_000));
    await world.accepted('o', { chunkSize: 4 });
    await world.send(...world.fans('o', 0, 5));
    expect(await world.view('o')).toMatchObject({ delivered: 5, paid: 400, owed: 0 });
    await world.send(...world.fans('o', 5, 5));
    expect(await world.view('o')).toMatchObject({ status: 'completed', paid: 1_000 });
    expect(await world.collection('order_amounts').countDocuments({})).toBe(3);
    expect(await world.differences()).toEqual([]);
  });

  deepTest('a prepaid order is held in escrow and paid fan by fan', async () => {
    await world.send(tell.topUp('t', 'M', 1_500));
    await world.accepted('o', { prepaid: true });
    expect(await world.view('o')).toMatchObject({ escrow: 1_000, paid: 0 });
    expect(await world.balance('model:M')).toBe(500);
    await world.send(...world.fans('o', 0, 3));
    expect(await world.view('o')).toMatchObject({ escrow: 700, paid: 300 });
    await world.send(...world.fans('o', 3, 7));
    expect(await world.view('o')).toMatchObject({ status: 'completed', escrow: 0, paid: 1_000 });
    expect(await world.balance('marketer:c')).toBe(1_000);
    expect(await world.differences()).toEqual([]);
  });

  deepTest('a prepaid order with chunks pays chunks out of escrow', async () => {
    await world.send(tell.topUp('t', 'M', 1_000));
    await world.accepted('o', { prepaid: true, chunkSize: 3 });
    await world.send(...world.fans('o', 0, 4));
    expect(await world.view('o')).toMatchObject({ escrow: 700, paid: 300 });
    await world.send(...world.fans('o', 4, 6));
    expect(await world.view('o')).toMatchObject({ status: 'completed', escrow: 0, paid: 1_000 });
    expect(await world.differences()).toEqual([]);
  });

  deepTest('a completed order counts in its client’s standing (rules 2.3)', async () => {
    await world.send(tell.topUp('t', 'M', 10_000));
    await world.accepted('o', { quantity: 60 });
    await world.send(...world.fans('o', 0, 60));
    expect(await world.core.standing.standings.standing('M', world.now())).toMatchObject({
      trustScore: 51,
      recommendedMaxQuantity: 200,
    });
  });

  deepTest('both are told of each step, with one card for the progress', async () => {
    await link(world, 'M', 'c');
    await world.send(tell.topUp('t', 'M', 1_000));
    await world.accepted('o');
    for (let fan = 0; fan < 10; fan += 1) await world.send(...world.fans('o', fan, 1));
    const keys = (await told(world)).filter((key) => key.endsWith('>telegram:c'));
    expect(keys).toEqual(
      [
        ...['placed', 'started', 'progress:25', 'progress:50', 'progress:75', 'progress:100'],
        ...['card:completed', 'completed'],
      ].map((step) => `order:o:${step}:marketer>telegram:c`),
    );
    const card = (await outboxOf(world.collection)).find(({ _id }) => _id === 'order:o:progress:50:client>telegram:M');
    expect(card).toMatchObject({
      replaces: 'order:o:started:client',
      content: { data: { percent: 50, delivered: 5 } },
    });
  });
});

describe('answering (rules 4.2, 4.3)', () => {
  test.each(
    sampleOf(
      [
        [72 * HOUR - 1, 'accepted', 'running'],
        [72 * HOUR, 'refused', 'expired'],
        [72 * HOUR + 1, 'refused', 'expired'],
      ],
      1,
    ),
  )('accepting %i ms after placement is %s', async (ms, kind, status) => {
    await world.placed('o');
    world.pin(at(ms));
    expect(await world.orders.accept('o', by, world.now())).toMatchObject({ kind, order: { status } });
    if (status === 'expired') expect(await world.view('o')).toMatchObject({ endedAt: at(72 * HOUR) });
    expect(await world.differences()).toEqual([]);
  });

  deepTest('nobody answers: reminders 24, 6 and 1 h before, then it expires at its instant', async () => {
    await link(world, 'M', 'c');
    await world.placed('o');
    world.pin(at(1));
    const ran = await world.travelTo(at(80 * HOUR));
    expect(ran.filter(({ job }) => job === 'answer-orders').map(({ at: when }) => when.getTime())).toEqual(
      [48, 66, 71, 72].map((hours) => at(hours * HOUR).getTime()),
    );
    expect(await world.view('o')).toMatchObject({ status: 'expired', endedAt: at(72 * HOUR) });
    expect((await told(world)).filter((key) => key.endsWith('>telegram:c'))).toEqual(
      ['placed', 'nudge:24', 'nudge:6', 'nudge:1', 'expired'].map((step) => `order:o:${step}:marketer>telegram:c`),
    );
  });

  test('an order that arrives after its time is expired on arrival', async () => {
    world.pin(at(80 * HOUR));
    await world.send(tell.order('o', { placedAt: START }));
    expect(await world.view('o')).toMatchObject({ status: 'expired', endedAt: at(72 * HOUR) });
  });

  deepTest('too little balance for a prepaid one: it stays placed, and both are told what is missing', async () => {
    await link(world, 'M', 'c');
    await world.send(tell.topUp('t', 'M', 999));
    await world.placed('o', { prepaid: true });
    expect(await world.orders.accept('o', by, world.now())).toMatchObject({
      ...{ kind: 'insufficient', missing: 1, order: { status: 'placed', escrow: 0 } },
    });
    expect(await told(world)).toEqual(
      expect.arrayContaining(['order:o:short:1:client>telegram:M', 'order:o:short:1:marketer>telegram:c']),
    );
    await world.send(tell.topUp('t2', 'M', 1));
    expect(await world.orders.accept('o', by, world.now())).toMatchObject({ kind: 'accepted' });
    expect(await world.differences()).toEqual([]);
  });

  deepTest('money that comes in for one that was short: the marketer hears once that it can be accepted', async () => {
    await link(world, 'M', 'c');
    await world.send(tell.topUp('t', 'M', 400));
    for (const id of ['o', 'untried', 'rejected']) await world.placed(id, { prepaid: true });
    const heard = async () => (await told(world)).filter((key) => key.includes(':acceptable:'));
    for (const id of ['o', 'rejected']) await world.orders.accept(id, by, world.now());
    await world.orders.reject('rejected', by, world.now());
    await world.send(tell.topUp('t1', 'M', 599));
    expect(await heard()).toEqual([]);
    await world.send(tell.topUp('t2', 'M', 1));
    expect(await heard()).toEqual(['order:o:acceptable:t2:marketer>telegram:c']);
    await world.send(tell.topUp('t2', 'M', 1, { id: 'again' }), tell.topUp('t3', 'M', 5));
    expect(await heard()).toHaveLength(1);
    expect(await world.orders.accept('o', by, world.now())).toMatchObject({ kind: 'accepted' });
    expect(await world.differences()).toEqual([]);
  });

  deepTest('an order that is short again is told of again, as by escrow that returns', async () => {
    await link(world, 'M', 'c');
    await world.send(tell.account('d', 'marketer'));
    await world.placed('o', { prepaid: true });
    await world.orders.accept('o', by, world.now());
    await world.send(tell.topUp('t', 'M', 1_000));
    await world.accepted('held', { prepaid: true, marketerId: 'd' });
    await world.orders.accept('o', by, world.now());
    await world.orders.stop('held', { actor: 'ops', reason: 'a mistake' }, world.now());
    expect((await told(world)).filter((key) => key.includes(':acceptable:'))).toEqual([
      'order:o:acceptable:t:marketer>telegram:c',
      'order:o:acceptable:returned:held:marketer>telegram:c',
    ]);
  });

  test.each(sampleOf([true, false], 1))('answers exclude each other, prepaid %s', async (prepaid) => {
    await world.send(tell.topUp('t', 'M', 10_000));
    for (const id of ['a', 'r', 'x']) await world.placed(id, { prepaid });
    const { orders } = world;
    expect(await orders.accept('a', by, world.now())).toMatchObject({ kind: 'accepted' });
    expect(await orders.accept('a', by, world.now())).toMatchObject({ kind: 'already-accepted' });
    expect(await orders.reject('a', by, world.now())).toMatchObject({ kind: 'refused', state: 'running' });
    expect(await orders.reject('r', { ...by, reason: 'busy' }, world.now())).toMatchObject({
      kind: 'rejected',
      order: { reasons: [{ kind: 'rejected', reason: 'busy' }] },
    });
    expect(await orders.reject('r', by, world.now())).toMatchObject({ kind: 'already-rejected' });
    expect(await orders.accept('r', by, world.now())).toMatchObject({ kind: 'refused', state: 'rejected' });
    await world.send(tell.orderCancelled('x', START), tell.orderCancelled('a', START), tell.violation('r', START));
    expect(await world.view('x')).toMatchObject({ status: 'cancelled' });
    expect(await world.view('a')).toMatchObject({ status: 'running' });
    expect(await world.view('r')).toMatchObject({ status: 'rejected' });
    expect(await orders.accept('x', by, world.now())).toMatchObject({ kind: 'refused', state: 'cancelled' });
    expect(await orders.accept('unknown', by, world.now())).toEqual({ kind: 'not-found' });
    expect(await world.differences()).toEqual([]);
  });

  test('a cancellation that comes before its order takes effect with it', async () => {
    await world.send(tell.orderCancelled('o', START));
    await world.placed('o');
    expect(await world.view('o')).toMatchObject({ status: 'cancelled' });
  });

  test('an order told again with other terms is quarantined and changes nothing', async () => {
    await world.placed('o');
    await world.send(
      tell.order('o', { placedAt: START, quantity: 11, id: 'again' }),
      tell.order('o', { placedAt: START, id: 'same' }),
    );
    expect(await world.core.inbox.get('again')).toMatchObject({ status: 'quarantined' });
    expect(await world.core.inbox.get('same')).toMatchObject({ status: 'applied' });
    expect(await world.view('o')).toMatchObject({ quantity: 10 });
  });

  deepTest('orders that were stored before the service knew orders take effect when it starts', async () => {
    await world.receive(tell.order('o', { placedAt: START }), tell.orderCancelled('o', START));
    await world
      .collection('events')
      .updateMany({ type: /^order/ } as object, [
        { $set: { status: 'waiting', waitsFor: [{ $concat: ['handler:', '$type'] }], waitingSince: world.now() } },
      ]);
    await world.drain();
    expect(await world.orders.get('o', world.now())).toBeNull();
    await world.core.inboxWorker.start();
    await world.core.inboxWorker.stop();
    await world.restart();
    await world.drain();
    expect(await world.view('o')).toMatchObject({ status: 'cancelled' });
  });
});

describe('the queue (rules 4.4)', () => {
  const statusesOf = (...ids: string[]) => Promise.all(ids.map(async (id) => (await world.view(id)).status));
  const stop = (id: string) => world.orders.stop(id, { actor: 'ops', reason: 'r' }, world.now());

  deepTest('where nothing limits it, an accepted order runs at once, however many run', async () => {
    for (const id of ['a', 'b', 'd', 'e']) {
      await world.accepted(id);
      expect(await world.view(id)).toMatchObject({
        ...{
          status: 'running',
          startedBy: 'acceptance',
          startedAt: world.now(),
          acceptedAt: world.now(),
          position: null,
        },
      });
      world.later(1);
    }
    expect(await world.differences()).toEqual([]);
  });

  deepTest('a capacity of the policy holds where the account says none', async () => {
    await world.restart({ orders: { capacity: 1 } });
    for (const id of ['a', 'b']) await world.accepted(id);
    expect(await world.view('b')).toMatchObject({ status: 'queued', position: 1 });
    await world.capacity(2);
    expect(await world.view('b')).toMatchObject({ status: 'running' });
    expect(await world.differences()).toEqual([]);
    await world.restart({});
  });

  deepTest(
    'a raised capacity starts the next at once, one that is dropped all; a lowered one stops nothing',
    async () => {
      const ids = ['a', 'b', 'd', 'e', 'f'];
      await world.capacity(1);
      for (const id of ids) await world.accepted(id);
      await world.capacity(3);
      expect(await statusesOf(...ids)).toEqual(['running', 'running', 'running', 'queued', 'queued']);
      await world.capacity(1);
      expect(await statusesOf(...ids)).toEqual(['running', 'running', 'running', 'queued', 'queued']);
      for (const id of ['a', 'b']) await stop(id);
      expect(await statusesOf(...ids)).toEqual(['stopped', 'stopped', 'running', 'queued', 'queued']);
      await stop('d');
      expect(await statusesOf(...ids)).toEqual(['stopped', 'stopped', 'stopped', 'running', 'queued']);
      await world.capacity();
      expect(await statusesOf(...ids)).toEqual(['stopped', 'stopped', 'stopped', 'running', 'running']);
      expect(await world.differences()).toEqual([]);
    },
  );

  test.each(sampleOf(['model', 'affiliate', 'manager', 'marketer'], 1))(
    'also of a marketer whose role is %s now',
    async (role) => {
      await world.capacity(1);
      for (const id of ['a', 'b', 'd']) await world.accepted(id);
      await world.send(tell.account('c', role, { id: `raised-${role}`, at: '2026-02-01T00:00:00Z', capacity: 2 }));
      expect(await statusesOf('a', 'b', 'd')).toEqual(['running', 'running', 'queued']);
      await world.send(tell.account('c', role, { id: `dropped-${role}`, at: '2026-02-02T00:00:00Z' }));
      expect(await statusesOf('a', 'b', 'd')).toEqual(['running', 'running', 'running']);
      expect(await world.differences()).toEqual([]);
    },
  );

  deepTest('the accepted wait first, in order of acceptance; then the placed, by placement and id', async () => {
    await world.capacity(1);
    const at = '2026-03-01T12:00:00Z';
    for (const id of ['q2', 'q1', 'runs']) await world.placed(id);
    await world.send(tell.order('p-b', { placedAt: at }), tell.order('p-a', { placedAt: at }));
    await world.send(tell.order('older', { placedAt: '2026-03-01T00:00:00Z' }));
    for (const id of ['runs', 'q1', 'q2']) await world.orders.accept(id, by, world.now());
    const positions = async () => {
      const { items } = await world.orders.list({ limit: 50 }, world.now());
      return Object.fromEntries(items.map(({ orderId, position }) => [orderId, position]));
    };
    expect(await positions()).toEqual({ runs: null, q1: 1, q2: 2, older: 3, 'p-a': 4, 'p-b': 5 });
    await world.orders.reject('p-a', by, world.now());
    await stop('runs');
    expect(await positions()).toEqual({ runs: null, q1: null, q2: 1, older: 2, 'p-a': null, 'p-b': 3 });
    // Past its deadline it is expired, whether or not anything has run since.
    world.pin('2026-03-04T00:00:00Z');
    expect(await positions()).toMatchObject({ q2: 1, older: null, 'p-b': 2 });
  });

  deepTest('the first fan that counts starts a queued order, whatever the capacity', async () => {
    await link(world, 'M', 'c');
    await world.send(tell.topUp('t', 'M', 5_000));
    await world.capacity(1);
    for (const id of ['a', 'b', 'd']) await world.accepted(id, { prepaid: true });
    world.later(1);
    await world.send(...world.fans('d', 0, 1, { fan: { bot: true } }));
    expect(await statusesOf('a', 'b', 'd')).toEqual(['running', 'queued', 'queued']);
    world.later(1);
    await world.send(...world.fans('d', 1, 2));
    expect(await world.view('d')).toMatchObject({
      ...{ status: 'running', startedAt: world.now(), startedBy: 'fan', delivered: 2, paid: 200, position: null },
    });
    expect(await world.view('b')).toMatchObject({ status: 'queued', position: 1 });
    const card = await toldOf(world.collection, 'order:d:started:marketer>telegram:c');
    expect(card).toMatchObject({ content: { data: { delivered: 2, record: { coveredFans: 8 } } } });
    // Two run, and one may: the one that is over leaves no place free.
    await stop('a');
    expect(await statusesOf('b', 'd')).toEqual(['queued', 'running']);
    await stop('d');
    expect(await statusesOf('b', 'd')).toEqual(['running', 'stopped']);
    expect(await world.differences()).toEqual([]);
  });

  deepTest('one batch of fans can start a queued order and complete it', async () => {
    await link(world, 'M', 'c');
    await world.send(tell.topUp('t', 'M', 5_000));
    await world.capacity(1);
    for (const id of ['a', 'b']) await world.accepted(id);
    await world.send(...world.fans('b', 0, 12));
    expect(await world.view('b')).toMatchObject({ status: 'completed', delivered: 10, paid: 1_000, startedBy: 'fan' });
    expect((await told(world)).filter((key) => /:b:.*telegram:c/.test(key))).toEqual(
      [
        ...['placed', 'accepted', 'started', 'progress:25', 'progress:50', 'progress:75', 'progress:100'],
        ...['card:completed', 'completed'],
      ].map((step) => `order:b:${step}:marketer>telegram:c`),
    );
    expect(await world.differences()).toEqual([]);
  });

  deepTest('a fan that a crash left without its consequences starts the order when it is repaired', async () => {
    await world.capacity(1);
    for (const id of ['a', 'b']) await world.accepted(id);
    world.later(1);
    const judgedAt = world.now();
    const counted = {
      orderId: 'b',
      fanId: 'f',
      modelId: 'M',
      startedAt: judgedAt,
      judgedAt,
      verdict: 'counted',
      number: 1,
    };
    await world.collection('order_fans').insertOne({ _id: 's', ...counted } as never);
    expect(await world.core.verify()).toContain('order b: it is queued, but 1 fans count');
    world.later(1);
    await world.orders.repair(world.now());
    expect(await world.view('b')).toMatchObject({ status: 'running', startedAt: judgedAt, startedBy: 'fan' });
    expect(await world.differences()).toEqual([
      'order_fans/s: there is no subscription of that name, though it is counted',
    ]);
  });

  deepTest('`verify` names an order that waits though a place is free, and a fan that came too early', async () => {
    await world.capacity(1);
    for (const id of ['a', 'b']) await world.accepted(id);
    await world.send(...world.fans('a', 0, 1));
    await world
      .collection('orders')
      .updateOne({ _id: 'a' }, { $set: { acceptedAt: new Date('2026-03-03T00:00:00Z') } });
    await world.collection('accounts').updateOne({ _id: 'c' }, { $set: { 'data.capacity': 2 } });
    expect(await world.core.verify()).toEqual(
      expect.arrayContaining([
        'order a: 1 fans count that came before it was accepted',
        'marketer c: orders wait, though 1 of 2 run',
      ]),
    );
  });

  deepTest('what queued by the old limit of one starts when the service is repaired', async () => {
    await world.capacity(1);
    for (const id of ['a', 'b', 'd']) await world.accepted(id);
    // As an account was stored that said nothing.
    await world.collection('accounts').updateOne({ _id: 'c' }, { $unset: { 'data.capacity': '' } });
    world.later(5);
    await world.restart();
    await world.orders.repair(world.now());
    expect(await statusesOf('a', 'b', 'd')).toEqual(['running', 'running', 'running']);
    expect(await world.view('d')).toMatchObject({ startedAt: world.now(), startedBy: 'place' });
    expect(await world.differences()).toEqual([expect.stringMatching(/^accounts\/c: capacity is none/)]);
  });

  deepTest('what a marketer has in hand: to answer and queued by position, running by acceptance', async () => {
    await world.capacity(1);
    for (const id of ['a', 'b', 'd']) await world.accepted(id);
    await world.placed('late');
    await world.send(tell.order('soon', { placedAt: '2026-03-01T00:00:00Z' }));
    const marketerQueue = await world.orders.marketerQueue('c', 10, world.now());
    expect(marketerQueue.toAnswer.map(({ orderId, position }) => [orderId, position])).toEqual([
      ['soon', 3],
      ['late', 4],
    ]);
    expect(marketerQueue.queued.map(({ orderId, position }) => [orderId, position])).toEqual([
      ['b', 1],
      ['d', 2],
    ]);
    expect(marketerQueue.running.map(({ orderId }) => orderId)).toEqual(['a']);
    const first = await world.orders.list({ limit: 3, marketerId: 'c' }, world.now());
    const rest = await world.orders.list({ limit: 3, marketerId: 'c', after: first.next ?? '' }, world.now());
    expect([...first.items, ...rest.items].map(({ orderId }) => orderId)).toEqual(['late', 'd', 'b', 'a', 'soon']);
  });
});
