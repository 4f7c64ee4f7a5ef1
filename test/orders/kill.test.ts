import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { atEachWrite, deepTest, sampleOf } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { installFaults } from '../support/faults.ts';
import { PLATFORM } from '../support/world.ts';
import { by, createOrderWorld, type OrderWorld } from './world.ts';

let world: OrderWorld;
const faults = installFaults(() => {
  for (const { inboxWorker } of world.processes) void inboxWorker.stop();
});

beforeAll(async () => {
  world = await createOrderWorld({ environment: PLATFORM });
});
afterAll(async () => {
  faults.uninstall();
  await world.close();
});
beforeEach(async () => {
  await world.begin();
  await world.send(tell.account('d', 'marketer'), tell.topUp('t', 'M', 3_000));
});

/**
 * Does something that dies at its write number `write`, and lets nobody ask for it again: only the repair of the service
 * that starts next finishes it. Answers how many writes it came to.
 */
async function killedAt(write: number, kind: 'before' | 'after', work: () => Promise<unknown>): Promise<number> {
  faults.plan([{ after: write, kind }]);
  await work().catch(() => {});
  const { dead, writes } = faults;
  faults.plan([]);
  if (dead) await faults.restart(world.restart);
  await world.orders.repair(world.now());
  await world.drain();
  return writes;
}

/** Kills at every write, one after the other, each time with orders of its own. */
async function atEveryWrite(
  kind: 'before' | 'after',
  once: (id: string) => Promise<() => Promise<unknown>>,
  check: (id: string) => Promise<void>,
): Promise<number> {
  return atEachWrite(async (write) => {
    const id = `${kind}${write}`;
    await world.send(tell.topUp(`t-${id}`, 'M', 3_000));
    const writes = await killedAt(write, kind, await once(id));
    await check(id);
    expect(await world.core.verify()).toEqual([]);
    // Nothing of it stays in the way of the next.
    await world.orders.stop(id, { actor: 'ops', reason: 'next' }, world.now());
    return writes;
  });
}

describe.each(sampleOf(['before', 'after'] as const, 1))('killed %s any write, repair alone finishes it', (kind) => {
  deepTest('of an acceptance: it is accepted whole, or not at all', { timeout: 120_000 }, async () => {
    const writes = await atEveryWrite(
      kind,
      async (id) => {
        await world.placed(id, { prepaid: true });
        return () => world.orders.accept(id, by, world.now());
      },
      async (id) => {
        const { status, escrow } = await world.view(id);
        expect(['placed 0', 'running 1000']).toContain(`${status} ${escrow}`);
      },
    );
    expect(writes).toBeGreaterThan(4);
  });

  test('of a stop: it is settled whole, or goes on', { timeout: 120_000 }, async () => {
    const writes = await atEveryWrite(
      kind,
      async (id) => {
        await world.accepted(id, { prepaid: true, chunkSize: 4, marketerId: 'd' });
        await world.send(...world.fans(id, 0, 6));
        return () => world.orders.stop(id, { actor: 'ops', reason: 'fraud' }, world.now());
      },
      async (id) => {
        const { status, paid, escrow } = await world.view(id);
        expect(['running 400 600', 'stopped 600 0']).toContain(`${status} ${paid} ${escrow}`);
      },
    );
    expect(writes).toBeGreaterThan(5);
  });

  test('of the first fan of a queued order: it starts once, since that fan', { timeout: 120_000 }, async () => {
    await world.capacity(1);
    await world.accepted('runs');
    const writes = await atEveryWrite(
      kind,
      async (id) => {
        await world.accepted(id, { prepaid: true });
        world.later(1);
        await world.receive(...world.fans(id, 0, 1));
        return () => world.drain();
      },
      async (id) => {
        expect(await world.view(id)).toMatchObject({
          ...{ status: 'running', startedBy: 'fan', startedAt: world.now(), delivered: 1, paid: 100, escrow: 900 },
        });
        const items = await world.webhooks();
        const started = items.filter(
          ({ type, data }) => type === 'order.started' && (data as { orderId?: string }).orderId === id,
        );
        expect(started).toHaveLength(1);
      },
    );
    expect(writes).toBeGreaterThan(5);
  });

  deepTest('of the end of an idle order: it is settled whole, at its instant', { timeout: 120_000 }, async () => {
    let idleAt = world.now();
    const writes = await atEveryWrite(
      kind,
      async (id) => {
        await world.accepted(id, { prepaid: true, chunkSize: 4 });
        await world.send(...world.fans(id, 0, 6));
        idleAt = new Date(world.now().getTime() + 30 * 86_400_000);
        world.pin(idleAt);
        return () => world.orders.idleOrders.run(idleAt);
      },
      async (id) => {
        // What was not begun is done by the next tick.
        await world.orders.idleOrders.run(idleAt);
        expect(await world.view(id)).toMatchObject({ status: 'stopped', paid: 600, escrow: 0, endedAt: idleAt });
        expect(await world.orders.idleOrders.nextDue()).toBeNull();
      },
    );
    expect(writes).toBeGreaterThan(5);
  });

  deepTest('of the last fans: all is paid, told once and renewed', { timeout: 120_000 }, async () => {
    const writes = await atEveryWrite(
      kind,
      async (id) => {
        await world.accepted(id, { quantity: 3, chunkSize: 2, autoRenew: true });
        await world.send(...world.fans(id, 0, 1));
        await world.receive(...world.fans(id, 1, 2));
        return () => world.drain();
      },
      async (id) => {
        expect(await world.view(id)).toMatchObject({ status: 'completed', paid: 300, renewedBy: `${id}~r2` });
        expect(await world.view(`${id}~r2`)).toMatchObject({ status: 'placed' });
        const items = await world.webhooks();
        const told = items.filter(({ data }) => (data as { orderId?: string }).orderId === id).map(({ type }) => type);
        expect(told.filter((type) => type === 'order.completed')).toHaveLength(1);
        expect(told.filter((type) => type === 'charge.paid')).toHaveLength(2);
      },
    );
    expect(writes).toBeGreaterThan(8);
  });
});
