import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sampleOf } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { outboxOf } from '../support/outbox.ts';
import { createOrderWorld, link, type OrderWorld } from './world.ts';

let world: OrderWorld;

beforeAll(async () => {
  world = await createOrderWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.begin();
  await link(world, 'M', 'c');
});

type Card = { _id: string; replaces: string; content: { kind: string; data: Record<string, unknown> } };

/** What takes the place of the card of an order, in its order: the key and what it says, for one of both. */
async function changes(orderId: string, to: 'client' | 'marketer') {
  const found = await outboxOf(world.collection, { replaces: `order:${orderId}:started:${to}` });
  // Read as they are stored, without the product's types.
  return (found as unknown as Card[]).map(({ _id, content: { data } }) => ({
    step: _id.slice(`order:${orderId}:`.length, _id.indexOf(`:${to}>`)),
    ...{ status: data.status, delivered: data.delivered, paid: data.paid, owed: data.owed },
  }));
}

const stop = (orderId: string) => world.orders.stop(orderId, { actor: 'ops', reason: 'a mistake' }, world.now());

describe.each(sampleOf(['client', 'marketer'] as const, 1))('the living card of the %s', (to) => {
  test('says that the order is stopped, with what was paid', async () => {
    await world.send(tell.topUp('t', 'M', 1_000));
    await world.accepted('o', { chunkSize: 4 });
    await world.send(...world.fans('o', 0, 6));
    await stop('o');
    expect((await changes('o', to)).at(-1)).toEqual({
      ...{ step: 'card:stopped', status: 'stopped', delivered: 6, paid: 600, owed: 0 },
    });
  });

  test('says that a violation stopped it before any fan came', async () => {
    await world.accepted('o');
    await world.send(tell.violation('o', world.now().toISOString()));
    expect(await changes('o', to)).toMatchObject([{ step: 'card:stopped', delivered: 0 }]);
  });

  test('is none for an order that was stopped in the queue', async () => {
    await world.capacity(1);
    await world.accepted('first');
    await world.accepted('second');
    await stop('second');
    expect(await changes('second', to)).toEqual([]);
  });

  test('says that owed money is paid after the last step, also of an order that is over', async () => {
    await world.accepted('o', { chunkSize: 5 });
    await world.send(...world.fans('o', 0, 5));
    world.later(1);
    expect((await changes('o', to)).at(-1)).toMatchObject({ step: 'progress:50', paid: 0, owed: 500 });
    await world.send(...world.fans('o', 5, 1), tell.topUp('t', 'M', 500));
    expect((await changes('o', to)).at(-1)).toEqual({
      ...{ step: 'card:amount:1:running', status: 'running', delivered: 6, paid: 500, owed: 0 },
    });
    await world.send(...world.fans('o', 6, 4));
    expect((await changes('o', to)).at(-1)).toEqual({
      ...{ step: 'card:completed', status: 'completed', delivered: 10, paid: 500, owed: 500 },
    });
    world.later(1);
    await world.send(tell.topUp('t2', 'M', 500));
    expect((await changes('o', to)).at(-1)).toEqual({
      ...{ step: 'card:amount:2:completed', status: 'completed', delivered: 10, paid: 1_000, owed: 0 },
    });
    expect(await world.differences()).toEqual([]);
  });

  test('is not changed by what was paid at once', async () => {
    await world.send(tell.topUp('t', 'M', 1_000));
    await world.accepted('o', { chunkSize: 5 });
    await world.send(...world.fans('o', 0, 5));
    expect((await changes('o', to)).map(({ step }) => step)).toEqual(['progress:25', 'progress:50']);
  });
});
