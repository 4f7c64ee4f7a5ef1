import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { differencesOf, earnedAsMarketer } from '../affiliates/world.ts';
import { atEachWrite, sampleOf } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { installFaults } from '../support/faults.ts';
import { outboxOf } from '../support/outbox.ts';
import { createWorld, type World } from '../support/world.ts';

/** Roles and approvals, with a process that dies at each of their writes. */

const START = '2026-03-20T12:00:00Z';
const POLICY = { payouts: { approvals: 2 as const } };
const PAYOUTS = 40;

let world: World;
const faults = installFaults(() => {
  for (const { inboxWorker } of world.processes) void inboxWorker.stop();
});
beforeAll(async () => {
  world = await createWorld({ startsAt: START, policy: POLICY });
  await world.account('boss', 'manager');
  await world.link('boss', 'telegram', '1');
  for (let index = 0; index < PAYOUTS; index += 1) {
    await world.account(`a${index}`, 'marketer');
    await earnedAsMarketer(world, `a${index}`, 100);
  }
  await world.travelTo('2026-04-01T00:00:00Z');
});
afterAll(async () => {
  faults.uninstall();
  await world.close();
});

/** Answers how many writes it came to. */
async function killedAt(write: number, kind: 'before' | 'after', work: () => Promise<unknown>): Promise<number> {
  faults.plan([{ after: write, kind }]);
  await work().catch(() => {});
  const { dead, writes } = faults;
  faults.plan([]);
  if (dead) await faults.restart(() => world.restart(POLICY));
  return writes;
}

async function actions(subject: string): Promise<string[]> {
  const { items } = await world.core.audit.list({ subject, limit: 20 });
  return items.map(({ actor, action }) => `${actor}: ${action}`).reverse();
}

async function toldOf(accountId: string): Promise<number> {
  const all = await outboxOf(world.collection, { 'content.kind': 'manager.appointed', accountId: 'boss' });
  return all.filter(({ content }) => JSON.stringify(content).includes(`"${accountId}"`)).length;
}

describe.each(sampleOf(['before', 'after'] as const, 1))('killed %s any write', (kind) => {
  let counted = 0;
  const next = () => {
    counted += 1;
    return counted;
  };

  test('a decision about a role takes effect whole, or not at all', { timeout: 120_000 }, async () => {
    const writes = await atEachWrite(async (write) => {
      const accountId = `r-${kind}-${write}`;
      await world.send(tell.account(accountId, 'model'));
      const by = { by: 'owner', reason: 'new', at: world.clock.now() };
      const reached = await killedAt(write, kind, () => world.core.accounts.decideRole(accountId, 'manager', by));
      await world.core.accounts.repairRoles();
      const isManager = (await world.core.accounts.get(accountId))?.role === 'manager';
      expect(await actions(`account:${accountId}`)).toEqual(isManager ? ['owner: role.decided'] : []);
      expect(await toldOf(accountId)).toBe(isManager ? 1 : 0);
      return reached;
    });
    expect(writes).toBeGreaterThan(4);
  });

  test('managers hear once of a manager whom an event has made', { timeout: 120_000 }, async () => {
    const writes = await atEachWrite(async (write) => {
      const accountId = `e-${kind}-${write}`;
      await world.send(tell.account(accountId, 'model', { id: `${accountId}-1` }));
      await world.receive(tell.account(accountId, 'manager', { id: `${accountId}-2`, at: '2026-03-01T00:00:00Z' }));
      const reached = await killedAt(write, kind, world.drain);
      await world.drain();
      expect(await toldOf(accountId)).toBe(1);
      return reached;
    });
    expect(writes).toBeGreaterThan(4);
  });

  test('a payout is paid once, by two, and both are written down', { timeout: 120_000 }, async () => {
    const settle = (payoutId: string, actor: string) =>
      world.core.affiliates.payoutActs.act(payoutId, 'settle', { actor, reference: 'tx' }, world.clock.now());
    const writes = await atEachWrite(async (write) => {
      const payoutId = `2026-04-01:a${(kind === 'before' ? 0 : PAYOUTS / 2) + (next() % (PAYOUTS / 2))}`;
      const reached = await killedAt(write, kind, async () => {
        await settle(payoutId, 'ops');
        await settle(payoutId, 'finance');
      });
      await world.core.affiliates.repair();
      const audited = await actions(`payout:${payoutId}`);
      const status = (await world.core.affiliates.payouts.get(payoutId))?.status;
      if (status === 'paid') expect(audited).toContain('finance: payout.settle.approved');
      await settle(payoutId, 'ops');
      await settle(payoutId, 'finance');
      expect(await actions(`payout:${payoutId}`)).toEqual([
        'ops: payout.settle.asked',
        'finance: payout.settle.approved',
        expect.stringMatching(/^(ops|finance): payout\.paid$/),
      ]);
      return reached;
    });
    expect(writes).toBeGreaterThan(6);
    expect(writes).toBeLessThan(PAYOUTS / 2);
    expect(await differencesOf(world)).toEqual([]);
  });
});
