import { afterAll, beforeAll, describe, expect } from 'vitest';

import { differencesOf, earnedAsMarketer } from '../affiliates/world.ts';
import { atEachWrite, deepTest } from '../support/depth.ts';
import { installFaults } from '../support/faults.ts';
import { createWorld, type World } from '../support/world.ts';

/** The batch of a payday, with a process that dies at each write of its approval. */

const START = '2026-03-20T12:00:00Z';
const CYCLE = '2026-04-01';
const POLICY = { payouts: { approvals: 2 as const } };
const [ANNA, BORIS, CLEO] = [`${CYCLE}:anna`, `${CYCLE}:boris`, `${CYCLE}:cleo`];

let world: World;
const faults = installFaults(() => {
  for (const { inboxWorker } of world.processes) void inboxWorker.stop();
});
beforeAll(async () => {
  world = await createWorld({ startsAt: START, policy: POLICY });
});
afterAll(async () => {
  faults.uninstall();
  await world.close();
});

/** A payday with one payout that is held, one that is excluded, and one that is left; checked. */
async function payday(): Promise<void> {
  await world.reset(START);
  await world.restart(POLICY);
  for (const accountId of ['anna', 'boris', 'cleo']) {
    await world.account(accountId, 'marketer');
    await earnedAsMarketer(world, accountId, 100);
  }
  await world.travelTo(`${CYCLE}T00:00:00Z`);
  const { holds, batchActs } = world.core.paydays;
  const until = new Date('2026-05-01T00:00:00Z');
  await holds.place({ subject: { payoutId: ANNA }, until, reason: 'x', actor: 'ops' }, world.clock.now());
  await batchActs.exclude(BORIS, { actor: 'ops', reason: 'x' }, world.clock.now());
  await batchActs.check(CYCLE, { actor: 'ops' }, world.clock.now());
}

const approve = (actor: string) => world.core.paydays.batchActs.approve(CYCLE, { actor }, world.clock.now());

describe.each(['before', 'after'] as const)('killed %s any write', (kind) => {
  deepTest('a batch is approved whole, by two, and what is not in it is carried on', { timeout: 240_000 }, async () => {
    const writes = await atEachWrite(async (write) => {
      await payday();
      faults.plan([{ after: write, kind }]);
      await approve('ops')
        .then(() => approve('finance'))
        .catch(() => {});
      const { dead, writes: reached } = faults;
      faults.plan([]);
      if (dead) await faults.restart(() => world.restart(POLICY));
      await world.core.paydays.batchActs.repair();
      expect(await differencesOf(world)).toEqual([]);
      await approve('ops');
      await approve('finance');
      const view = await world.core.paydays.batches.get(CYCLE);
      expect(view).toMatchObject({ state: 'approved', count: 1, total: 100 });
      expect([view?.approved?.askedBy, view?.approved?.actor].sort()).toEqual(['finance', 'ops']);
      const carried = await Promise.all([ANNA, BORIS, CLEO].map((id) => world.core.affiliates.payouts.get(id)));
      expect(carried.map((payout) => payout?.carriedTo)).toEqual(['2026-04-16', '2026-04-16', null]);
      const { items } = await world.core.audit.list({ subject: `cycle:${CYCLE}`, limit: 20 });
      expect(items.filter(({ action }) => action === 'payout_batch.approved')).toHaveLength(1);
      expect(await differencesOf(world)).toEqual([]);
      return reached;
    });
    expect(writes).toBeGreaterThan(6);
  });
});
