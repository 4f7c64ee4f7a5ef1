import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { deepTest } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { by, createOrderWorld, link, type OrderWorld, told } from './world.ts';

let world: OrderWorld;

beforeAll(async () => {
  world = await createOrderWorld();
});
afterAll(() => world.close());
beforeEach(() => world.begin());

const stop = (orderId: string) => world.orders.stop(orderId, { actor: 'ops', reason: 'a mistake' }, world.now());

describe('owed amounts (rules 4.6)', () => {
  test('what the balance does not cover is owed, and paid whole by a top-up', async () => {
    await link(world, 'M', 'c');
    await world.send(tell.topUp('t', 'M', 500));
    await world.accepted('o', { chunkSize: 4 });
    await world.send(...world.fans('o', 0, 4));
    world.later(1);
    await world.send(...world.fans('o', 4, 4));
    expect(await world.view('o')).toMatchObject({ delivered: 8, paid: 400, owed: 400 });
    expect(await world.balance('model:M')).toBe(100);
    world.later(1);
    await world.send(tell.topUp('t2', 'M', 299));
    expect(await world.view('o')).toMatchObject({ paid: 400, owed: 400 });
    await world.send(tell.topUp('t3', 'M', 1));
    expect(await world.view('o')).toMatchObject({ paid: 800, owed: 0 });
    expect(await told(world)).toEqual(
      expect.arrayContaining([
        'order:o:amount:2:owed:client>telegram:M',
        'order:o:amount:2:owed:marketer>telegram:c',
        'topup:t2:short>telegram:M',
        'order:o:amount:2:paid:client>telegram:M',
        'order:o:amount:2:paid:marketer>telegram:c',
      ]),
    );
    expect(await told(world)).not.toContain('order:o:amount:1:paid:client>telegram:M');
    expect(await world.differences()).toEqual([]);
  });

  deepTest('a smaller later amount is paid when the older one is not covered', async () => {
    await world.accepted('o', { quantity: 5, chunkSize: 4 });
    await world.send(...world.fans('o', 0, 4));
    world.later(1);
    await world.send(tell.topUp('t', 'M', 100));
    await world.send(...world.fans('o', 4, 1));
    expect(await world.view('o')).toMatchObject({ status: 'completed', paid: 100, owed: 400 });
    expect(await world.differences()).toEqual([]);
  });

  deepTest('invoices and owed amounts are tried together, oldest first', async () => {
    await world.send(
      tell.campaign('A', 'M', 'c', 5_000),
      tell.payment('p', 1_000, '2026-03-03T00:00:00Z', { campaignId: 'A' }),
    );
    await world.accepted('before', { quantity: 5 });
    await world.send(...world.fans('before', 0, 5));
    await world.travelTo('2026-03-09T06:00:00Z');
    world.later(1);
    await world.send(tell.account('d', 'marketer'));
    // A client who owes cannot place: this one was accepted before.
    const invoice = async () => (await world.core.invoicing.invoices.get('2026-W10:M', world.now()))?.status;
    await world.send(tell.topUp('t', 'M', 500));
    expect([(await world.view('before')).owed, await invoice()]).toEqual([0, 'open']);
    await world.send(tell.topUp('t2', 'M', 500));
    expect(await invoice()).toBe('completed');
    expect(await world.differences()).toEqual([]);
  });

  deepTest('an invoice that is older than an owed amount goes first', async () => {
    await world.send(
      tell.campaign('A', 'M', 'c', 5_000),
      tell.payment('p', 1_000, '2026-03-03T00:00:00Z', { campaignId: 'A' }),
    );
    await world.accepted('o', { quantity: 5 });
    await world.travelTo('2026-03-09T06:00:00Z');
    world.later(1);
    await world.send(...world.fans('o', 0, 5));
    await world.send(tell.topUp('t', 'M', 500));
    expect((await world.core.invoicing.invoices.get('2026-W10:M', world.now()))?.status).toBe('completed');
    expect(await world.view('o')).toMatchObject({ status: 'completed', owed: 500 });
  });

  deepTest('a client who owes cannot place a new order until it is paid', async () => {
    await link(world, 'M', 'c');
    await world.accepted('o', { quantity: 5 });
    await world.send(...world.fans('o', 0, 5));
    await world.placed('refused');
    expect(await world.view('refused')).toMatchObject({
      ...{ status: 'refused', reasons: [{ kind: 'client-owes', amount: 500 }] },
    });
    await world.send(tell.topUp('t', 'M', 500));
    await world.placed('good');
    expect(await world.view('good')).toMatchObject({ status: 'placed' });
    expect(await world.view('refused')).toMatchObject({ status: 'refused' });
  });

  deepTest('an order that arrives while orders are blocked is refused with the reason (rules 2.2)', async () => {
    await world.send(
      tell.campaign('A', 'M', 'c', 5_000),
      tell.payment('p', 1_000, '2026-03-03T00:00:00Z', { campaignId: 'A' }),
    );
    await world.travelTo('2026-03-15T06:00:00Z');
    await world.placed('o');
    expect(await world.view('o')).toMatchObject({
      ...{ status: 'refused', reasons: [{ kind: 'client-blocked', overdueCount: 1, overdueTotal: 500 }] },
    });
  });
});

describe('stopping early (rules 4.7)', () => {
  deepTest('a violation pays what was delivered and returns the rest of the escrow', async () => {
    await link(world, 'M', 'c');
    await world.send(tell.topUp('t', 'M', 1_000));
    await world.accepted('o', { prepaid: true, chunkSize: 4 });
    await world.accepted('next');
    await world.send(...world.fans('o', 0, 6));
    world.later(1);
    await world.send(tell.violation('o', world.now().toISOString()));
    expect(await world.view('o')).toMatchObject({
      ...{ status: 'stopped', delivered: 6, paid: 600, owed: 0, escrow: 0, endedAt: world.now() },
      reasons: [{ kind: 'guarantee-violated', reason: 'bots' }],
    });
    expect(await world.balance('model:M')).toBe(400);
    expect(await world.balance('marketer:c')).toBe(600);
    expect(await world.view('next')).toMatchObject({ status: 'running' });
    await world.send(...world.fans('o', 6, 2));
    expect((await world.verdicts('o'))['o-s7']).toBe('not_running');
    expect(await told(world)).toContain('order:o:stopped:client>telegram:M');
    expect(await stop('o')).toMatchObject({ kind: 'already-stopped' });
    expect(await world.differences()).toEqual([]);
  });

  deepTest('not prepaid: the delivered fans are paid, or stay owed', async () => {
    await world.send(tell.topUp('t', 'M', 250));
    await world.accepted('o', { chunkSize: 4 });
    await world.send(...world.fans('o', 0, 6));
    expect(await stop('o')).toMatchObject({ kind: 'stopped', order: { paid: 200, owed: 400 } });
    expect(await world.differences()).toEqual([]);
  });

  test('escrow that returns pays what is owed, oldest first', async () => {
    await world.send(tell.account('d', 'marketer'), tell.topUp('t', 'M', 1_000));
    await world.accepted('held', { prepaid: true, marketerId: 'd' });
    await world.accepted('owing', { quantity: 5 });
    await world.send(...world.fans('owing', 0, 5));
    expect(await world.view('owing')).toMatchObject({ owed: 500 });
    await stop('held');
    expect(await world.view('owing')).toMatchObject({ owed: 0, paid: 500 });
    expect(await world.balance('model:M')).toBe(500);
    expect(await world.differences()).toEqual([]);
  });

  deepTest('what is not accepted, or is complete, cannot be stopped', async () => {
    await world.placed('placed');
    expect(await stop('placed')).toMatchObject({ kind: 'refused', state: 'placed' });
    await world.send(tell.topUp('t', 'M', 1_000));
    await world.accepted('o');
    await world.send(...world.fans('o', 0, 10));
    expect(await stop('o')).toMatchObject({ kind: 'refused', state: 'completed' });
    await world.send(tell.violation('o', world.now().toISOString()));
    expect(await world.view('o')).toMatchObject({ status: 'completed' });
  });

  deepTest(
    'a termination refuses, stops and settles, and spares what is prepaid and runs (rules 2.5, 2.8)',
    async () => {
      await world.send(tell.account('d', 'marketer'), tell.account('e', 'marketer'), tell.topUp('t', 'M', 2_500));
      await world.capacity(1);
      await world.accepted('spared', { prepaid: true });
      await world.accepted('queued', { prepaid: true });
      await world.accepted('running', { marketerId: 'd' });
      await world.placed('placed', { marketerId: 'e' });
      await world.send(...world.fans('running', 0, 3));
      const outcome = await world.core.standing.standings.terminate(
        'M',
        { actor: 'ops', reason: 'enough' },
        world.now(),
      );
      expect(outcome).toMatchObject({ kind: 'decided' });
      expect(await world.view('spared')).toMatchObject({ status: 'running', escrow: 1_000 });
      expect(await world.view('queued')).toMatchObject({ status: 'stopped', escrow: 0 });
      expect(await world.view('running')).toMatchObject({ status: 'stopped', paid: 300 });
      expect(await world.view('placed')).toMatchObject({ status: 'refused' });
      expect(await world.balance('model:M')).toBe(1_200);
      await world.placed('new');
      expect(await world.view('new')).toMatchObject({ status: 'refused', reasons: [{ kind: 'client-terminated' }] });
      await world.send(...world.fans('spared', 0, 10));
      expect(await world.view('spared')).toMatchObject({ status: 'completed' });
      expect(await world.differences()).toEqual([]);
    },
  );
});

describe('renewal (rules 4.8)', () => {
  deepTest('a completed order is placed anew on the same terms, linked both ways', async () => {
    await link(world, 'M', 'c');
    await world.send(tell.topUp('t', 'M', 5_000));
    await world.accepted('o', { autoRenew: true, chunkSize: 5 });
    world.later(5);
    await world.send(...world.fans('o', 0, 10));
    expect(await world.view('o')).toMatchObject({ status: 'completed', renewedBy: 'o~r2' });
    expect(await world.view('o~r2')).toMatchObject({
      ...{ status: 'placed', renewalOf: 'o', placedAt: world.now(), chunkSize: 5, autoRenew: true, quantity: 10 },
    });
    expect(await told(world)).toContain('order:o~r2:placed:marketer>telegram:c');
    await world.orders.accept('o~r2', by, world.now());
    await world.send(...world.fans('o~r2', 0, 10));
    expect(await world.view('o~r2')).toMatchObject({ status: 'completed', renewedBy: 'o~r3' });
    expect(await world.differences()).toEqual([]);
  });

  deepTest('not for a client who owes: both are told why', async () => {
    await link(world, 'M', 'c');
    await world.accepted('o', { autoRenew: true });
    await world.send(...world.fans('o', 0, 10));
    expect(await world.view('o')).toMatchObject({
      ...{ status: 'completed', renewedBy: null, notRenewedBecause: [{ kind: 'client-owes', amount: 1_000 }] },
    });
    expect(await told(world)).toEqual(
      expect.arrayContaining(['order:o:not-renewed:client>telegram:M', 'order:o:not-renewed:marketer>telegram:c']),
    );
    await world.send(tell.topUp('t', 'M', 1_000));
    expect(await world.orders.get('o~r2', world.now())).toBeNull();
  });

  test('not when it was stopped', async () => {
    await world.accepted('o', { autoRenew: true });
    await stop('o');
    expect(await world.view('o')).toMatchObject({ renewedBy: null, notRenewedBecause: [] });
    expect(await world.orders.get('o~r2', world.now())).toBeNull();
  });
});
