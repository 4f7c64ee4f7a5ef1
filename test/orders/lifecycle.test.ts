import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { createWorld, tell, type World } from '../properties/world.ts';

const START = '2026-03-02T00:00:00Z';
const by = { actor: 'ops' };

let world: World;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.reset(START);
  await world.send(tell.account('M', 'model'), tell.account('c', 'marketer'));
});

const at = (minutes: number) => new Date(Date.parse(START) + minutes * 60_000);
const iso = (minutes: number) => at(minutes).toISOString();
const now = () => world.clock.now();
const orders = () => world.core.orders;

async function view(orderId: string) {
  const order = await orders().get(orderId, now());
  if (order === null) throw new Error(`no order ${orderId}`);
  return order;
}

async function placed(orderId: string, more: Record<string, unknown> = {}) {
  await world.send(tell.order(orderId, { placedAt: now().toISOString(), ...more }));
}

async function running(orderId: string, more: Record<string, unknown> = {}) {
  await placed(orderId, more);
  expect(await orders().accept(orderId, by, now())).toMatchObject({ kind: 'accepted' });
}

function fansOf(orderId: string, from: number, count: number, more: Record<string, unknown> = {}) {
  return Array.from({ length: count }, (_, index) => tell.fan(`${orderId}-s${from + index}`, orderId, iso(1), more));
}

const balance = (account: string) => world.core.ledger.balance(account);

async function verified() {
  expect(world.errors).toEqual([]);
  expect(await world.core.verify()).toEqual([]);
}

describe('from placement to completion (rules 4)', () => {
  test('an order without chunks is paid on completion', async () => {
    await world.send(tell.topUp('t', 'M', 5_000));
    await placed('o');
    expect(await view('o')).toMatchObject({
      status: 'placed',
      position: null,
      campaignId: null,
      link: null,
      delivered: 0,
    });
    await running('o2');
    expect(await orders().accept('o', by, now())).toMatchObject({
      kind: 'accepted',
      order: { status: 'queued', position: 1 },
    });
    expect(await view('o2')).toMatchObject({
      status: 'running',
      campaignId: 'cpl-o2',
      link: 'https://example.com/c/cpl-o2',
      startedAt: at(0),
    });
    world.pin(at(2));
    await world.send(...fansOf('o2', 0, 9));
    expect(await view('o2')).toMatchObject({ delivered: 9, paid: 0, owed: 0 });
    await world.send(...fansOf('o2', 9, 3));
    expect(await view('o2')).toMatchObject({
      status: 'completed',
      delivered: 10,
      paid: 1_000,
      owed: 0,
      endedAt: at(2),
    });
    expect(await view('o')).toMatchObject({ status: 'running', startedAt: at(2), position: null });
    expect(await balance('marketer:c')).toBe(1_000);
    expect(await balance('model:M')).toBe(4_000);
    const fans = await orders().fans('o2', { limit: 50 });
    expect(fans?.items.filter(({ verdict }) => verdict === 'surplus')).toHaveLength(2);
    await verified();
  });

  test('each full chunk is paid at once, and the rest on completion', async () => {
    await world.send(tell.topUp('t', 'M', 5_000));
    await running('o', { chunkSize: 4 });
    world.pin(at(2));
    await world.send(...fansOf('o', 0, 5));
    expect(await view('o')).toMatchObject({ delivered: 5, paid: 400, owed: 0 });
    await world.send(...fansOf('o', 5, 5));
    expect(await view('o')).toMatchObject({ status: 'completed', paid: 1_000 });
    expect(await world.collection('order_amounts').countDocuments({})).toBe(3);
    await verified();
  });

  test('a prepaid order is held in escrow and paid fan by fan', async () => {
    await world.send(tell.topUp('t', 'M', 1_500));
    await running('o', { prepaid: true });
    expect(await view('o')).toMatchObject({ escrow: 1_000, paid: 0 });
    expect(await balance('model:M')).toBe(500);
    world.pin(at(2));
    await world.send(...fansOf('o', 0, 3));
    expect(await view('o')).toMatchObject({ escrow: 700, paid: 300 });
    await world.send(...fansOf('o', 3, 7));
    expect(await view('o')).toMatchObject({ status: 'completed', escrow: 0, paid: 1_000 });
    expect(await balance('marketer:c')).toBe(1_000);
    await verified();
  });

  test('a prepaid order with chunks pays chunks out of escrow', async () => {
    await world.send(tell.topUp('t', 'M', 1_000));
    await running('o', { prepaid: true, chunkSize: 3 });
    world.pin(at(2));
    await world.send(...fansOf('o', 0, 4));
    expect(await view('o')).toMatchObject({ escrow: 700, paid: 300 });
    await world.send(...fansOf('o', 4, 6));
    expect(await view('o')).toMatchObject({ status: 'completed', escrow: 0, paid: 1_000 });
    await verified();
  });
});
