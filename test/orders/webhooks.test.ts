import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { deepTest } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { PLATFORM } from '../support/world.ts';
import { by, createOrderWorld, type OrderWorld } from './world.ts';

let world: OrderWorld;

beforeAll(async () => {
  world = await createOrderWorld({ environment: PLATFORM });
});
afterAll(() => world.close());
beforeEach(() => world.begin());

/** What the platform is told about orders, in order. */
async function messages() {
  const items = await world.webhooks();
  return items
    .filter(({ type }) => type.startsWith('order.') || type.startsWith('charge.'))
    .reverse()
    .map(({ type, subject, data }) => ({ type, subject, data }));
}

const types = async () => (await messages()).map(({ type }) => type);

test('the platform is told of each step, with the state that it results in', async () => {
  await world.accepted('o', { quantity: 4, chunkSize: 2, autoRenew: true });
  await world.send(...world.fans('o', 0, 2));
  await world.send(tell.topUp('t', 'M', 1_000));
  await world.send(...world.fans('o', 2, 2));
  expect(await types()).toEqual([
    ...['order.accepted', 'order.started', 'charge.owed', 'order.progressed', 'order.progressed'],
    ...['charge.paid', 'charge.paid', 'order.progressed', 'order.progressed', 'order.completed', 'order.renewed'],
  ]);
  const told = await messages();
  expect(told[0]?.data).toMatchObject({ orderId: 'o', status: 'running', campaignId: 'cpl~o', delivered: 0 });
  expect(told[2]?.data).toMatchObject({ orderId: 'o', number: 1, amount: 200, status: 'owed', order: { owed: 200 } });
  expect(told[9]?.data).toMatchObject({ status: 'completed', delivered: 4, paid: 400, owed: 0, renewedBy: 'o~r2' });
  expect(told[10]).toMatchObject({
    subject: 'order:o~r2',
    data: { orderId: 'o~r2', renewalOf: 'o', status: 'placed' },
  });
});

deepTest('of ends without completion, with the reason', async () => {
  await world.placed('rejected');
  await world.orders.reject('rejected', { ...by, reason: 'busy' }, world.now());
  await world.placed('expired');
  await world.travelTo('2026-03-06T00:00:00Z');
  await world.accepted('stopped');
  await world.send(tell.violation('stopped', world.now().toISOString()));
  expect((await messages()).map(({ type, data }) => [type, (data as { reasons: string[] }).reasons])).toEqual([
    ['order.rejected', ['The marketer rejected it: busy']],
    ['order.expired', ['Nobody answered it in time.']],
    ['order.accepted', []],
    ['order.started', []],
    ['order.stopped', ['A guarantee was violated: bots']],
  ]);
});

deepTest('nothing is told twice, however often it is repaired', async () => {
  await world.send(tell.topUp('t', 'M', 1_000));
  await world.accepted('o');
  await world.send(...world.fans('o', 0, 10));
  const before = await types();
  await world.orders.repair(world.now());
  await world
    .collection('orders')
    .updateMany({}, { $set: { pendingEffects: [{ key: 'completed', kind: 'completed', at: world.now() }] } });
  await world.orders.repair(world.now());
  expect(await types()).toEqual(before);
});

deepTest('people who answered or stopped an order are in the audit trail', async () => {
  await world.accepted('o');
  await world.orders.stop('o', { actor: 'boss', reason: 'fraud' }, world.now());
  const { items } = await world.core.audit.list({ limit: 10, subject: 'order:o' });
  expect(items.map(({ actor, action, reason }) => [actor, action, reason])).toEqual([
    ['boss', 'order.stop', 'fraud'],
    ['ops', 'order.accept', null],
  ]);
});
