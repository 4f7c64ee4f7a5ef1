import { afterAll, afterEach, beforeEach, expect } from 'vitest';

import { examine } from '../../src/cli/verify.ts';
import { deepTest } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { installFaults } from '../support/faults.ts';
import { createWorld, PLATFORM } from '../support/world.ts';

const START = '2026-03-02T00:00:00Z';
const BY = { actor: 'ops', reason: 'because' };

const world = await createWorld({ environment: PLATFORM });
const faults = installFaults();
afterAll(async () => {
  faults.uninstall();
  await world.close();
});
afterEach(() => world.core.followUps.stop());

/** An order whose stop is stored as an intent, and whose process lost its database then. */
beforeEach(async () => {
  await world.reset(START);
  await world.send(tell.account('M', 'model'), tell.account('c', 'marketer'), tell.topUp('t', 'M', 1_000));
  await world.send(tell.order('o', { placedAt: START, prepaid: true }));
  await world.core.orders.accept('o', BY, world.clock.now());
  // The claim, the mark of the end, and the return of the escrow, without the state.
  faults.plan([{ after: 3, kind: 'unsent' }]);
  await world.core.orders.stop('o', BY, world.clock.now()).catch(() => {});
  faults.plan([]);
});

const verify = async () => {
  const { differences, pending } = await examine({ core: world.core });
  return { differences, pending: pending.map((line) => line.replace(/\d+ s ago/, 'some s ago')) };
};
const PENDING = 'stops of orders: 1, the oldest decided some s ago';

deepTest('what was decided and waits for a service to start is pending, and no difference', async () => {
  expect((await world.core.verify()).length).toBeGreaterThan(0);
  world.pin('2026-03-02T05:00:00Z');
  const { differences, pending } = await verify();
  expect(differences).toEqual([]);
  expect(pending).toContain(PENDING);
  expect(pending.length).toBeGreaterThan(1);
});

deepTest('what a service that works finishes meanwhile is nothing at all', async () => {
  const { followUps } = world.core;
  await followUps.look();
  const working = setInterval(() => void followUps.look(), 500);
  expect(await verify()).toEqual({ differences: [], pending: [] });
  clearInterval(working);
});

deepTest(
  'what stays pending while a service works is a difference when it is older than a minute, and pending before',
  async () => {
    await world.connection.collection('leases').insertOne({
      _id: 'follow-ups' as never,
      owner: 'a process that does not get on',
      until: new Date(Date.now() + 60_000),
    });
    world.pin('2026-03-02T00:00:50Z');
    expect((await verify()).pending).toContain(PENDING);
    world.pin('2026-03-02T00:02:00Z');
    const { differences, pending } = await verify();
    expect(pending).toEqual([]);
    expect(differences).toContain('stops of orders: the effects of o are pending since 2026-03-02T00:00:00.000Z');
  },
);

deepTest('what has nothing to do with what is pending is a difference all the same', async () => {
  await world.collection('order_amounts').deleteMany({});
  await world.connection.collection('ledger_entries').updateOne({}, { $set: { 'postings.0.amount': 1 } });
  const { differences } = await verify();
  expect(differences.join('\n')).toContain('ledger_entries/');
});
