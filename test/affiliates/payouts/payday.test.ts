import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { atEachWrite, deepTest, sampleOf } from '../../support/depth.ts';
import { tell } from '../../support/events.ts';
import { FAULT_KINDS, installFaults } from '../../support/faults.ts';
import { freezeAt } from '../../support/faultsFreeze.ts';
import { createWorld } from '../../support/world.ts';
import { differencesOf, earnedAsMarketer, failed, sold, views } from '../world.ts';

const earned = (accountId: string, amount: number) => earnedAsMarketer(world, accountId, amount);
const PAYDAY = '2026-03-16T00:00:00Z';
const world = await createWorld({ processes: 2 });
afterAll(world.close);

/** Three affiliates with two sales each, one of whom earned something as a marketer, too; a marketer with a balance. */
beforeEach(async () => {
  await world.reset('2026-03-01T12:00:00Z');
  await world.send(...['A', 'B', 'C'].map((id) => tell.account(id, 'affiliate')), tell.account('K', 'marketer'));
  for (const affiliateId of ['A', 'B', 'C']) {
    for (const number of [1, 2]) {
      const subscriptionId = `${affiliateId}${number}`;
      await world.send(
        ...sold(subscriptionId, affiliateId, '2026-03-01T00:00:00Z'),
        tell.payment(`p${subscriptionId}`, 1_000, '2026-03-04T00:00:00Z', { kind: 'subscription', subscriptionId }),
      );
    }
  }
  await earned('K', 700);
  await earned('B', 50);
  await world.travelTo('2026-03-15T23:59:59Z');
});

const EXPECTED = [
  ['2026-03-16:K', { commissions: 0, earnings: 700 }, 700, 0, 'due'],
  ['2026-03-16:C', { commissions: 600, earnings: 0 }, 600, 2, 'due'],
  ['2026-03-16:B', { commissions: 600, earnings: 50 }, 650, 2, 'due'],
  ['2026-03-16:A', { commissions: 600, earnings: 0 }, 600, 2, 'due'],
];

async function drawn() {
  const { items } = await world.core.affiliates.payouts.list({ limit: 100 });
  return items.map(({ payoutId, parts, amount, count, status }) => [payoutId, parts, amount, count, status]);
}

test('marketers are paid their positive balances in the same run (rules 6.5)', async () => {
  await world.travelTo(PAYDAY);
  expect(await drawn()).toEqual(EXPECTED);
  expect(await world.core.ledger.balance('marketer:K')).toBe(0);
  await world.send(failed('2026-03-16:K', PAYDAY));
  expect(await world.core.ledger.balance('marketer:K')).toBe(700);
  await world.travelTo('2026-04-01T00:00:00Z');
  expect(await world.core.affiliates.payouts.get('2026-04-01:K')).toMatchObject({ amount: 700 });
  expect(await differencesOf(world)).toEqual([]);
});

describe('a payday that is killed at any of its writes', () => {
  const faults = installFaults();
  afterAll(faults.uninstall);

  test.each(sampleOf(FAULT_KINDS, 1))('%s: goes on, and nothing happens twice', { timeout: 120_000 }, async (kind) => {
    const now = new Date(PAYDAY);
    await atEachWrite(async (after) => {
      await undo();
      world.pin(now);
      faults.plan([{ after, kind }]);
      const outcome = await world.core.affiliates.cycles.run(now).then(
        () => 'done',
        () => 'failed',
      );
      const { writes } = faults;
      faults.plan([]);
      await faults.restart(world.restart);
      await world.core.affiliates.repair();
      await world.travelTo('2026-03-16T00:00:01Z');
      expect(await drawn()).toEqual(EXPECTED);
      expect(await differencesOf(world)).toEqual([]);
      if (writes <= after) expect(outcome).toBe('done');
      return writes;
    });
  });

  /** The state before the payday. */
  async function undo(): Promise<void> {
    await world.collection('payouts').deleteMany({});
    await world.collection('payout_members').deleteMany({});
    await world.collection('payout_cycles').deleteMany({ _id: /^payout:/ } as object);
    await world.collection('payout_cycles').updateOne({ _id: 'cursor' }, { $set: { through: '2026-03-01' } });
    await world.collection('commissions').updateMany({}, { $set: { cycle: '2026-03-16' } });
    await world.collection('ledger_entries').deleteMany({ _id: /^payout:/ } as object);
  }
});

describe('two processes', () => {
  afterEach(async () => {
    expect(await differencesOf(world)).toEqual([]);
  });

  deepTest('draw up one payday between them', async () => {
    world.pin(PAYDAY);
    await Promise.allSettled(world.processes.map(({ affiliates }) => affiliates.cycles.run(new Date(PAYDAY))));
    await world.travelTo('2026-03-16T00:00:01Z');
    expect(await drawn()).toEqual(EXPECTED);
  });

  deepTest.each([
    ['payouts', 0],
    ['payouts', 1],
    ['payout_members', 0],
    ['ledger_entries', 0],
    ['payout_cycles', 0],
    ['payout_cycles', 1],
    ['payout_cycles', 2],
  ])(
    'one that freezes before write %s %i while a refund comes in does no harm when it wakes',
    async (collection, number) => {
      world.pin(PAYDAY);
      const [slow, other] = world.processes;
      if (slow === undefined || other === undefined) throw new Error('there are two');
      const frozen = freezeAt(collection, number, () => slow.affiliates.cycles.run(new Date(PAYDAY)).catch(() => {}));
      expect(await frozen.frozen).toBe(true);
      await world.collection('leases').deleteMany({});
      await world.receive(tell.refund('r1', 'pA1', 1_000, '2026-03-05T00:00:00Z'));
      await other.inboxWorker.drain();
      await world.collection('leases').deleteMany({});
      await other.affiliates.cycles.run(new Date(PAYDAY));
      frozen.thaw();
      await frozen.done;
      await other.affiliates.repair();
      const payout = await other.affiliates.payouts.get('2026-03-16:A');
      const [one, two] = await views(world, 'commissionId');
      // Who was first decides: the refund lowers the payout, or comes off the next one.
      if (payout?.amount === 300) expect(one).toMatchObject({ status: 'rejected' });
      else {
        expect(payout?.amount).toBe(600);
        expect(two).toMatchObject({ amount: -300, reverses: 'A1~first' });
      }
      await world.travelTo('2026-04-02T00:00:00Z');
    },
  );

  deepTest.each([
    ['payout_cycles', 0],
    ['payout_cycles', 1],
    ['payout_cycles', 2],
    ['payouts', 0],
    ['payouts', 1],
    ['payout_members', 0],
    ['ledger_entries', 0],
  ])(
    'a correction of an earlier payout that comes in before write %s %i of one lowers it or the next, and withholds none',
    async (collection, number) => {
      await world.travelTo(PAYDAY);
      for (const affiliateId of ['A', 'B']) {
        const subscriptionId = `${affiliateId}3`;
        await world.send(
          ...sold(subscriptionId, affiliateId, PAYDAY),
          tell.payment(`p${subscriptionId}`, 2_000, PAYDAY, { kind: 'subscription', subscriptionId }),
        );
      }
      await world.travelTo('2026-03-31T23:59:59Z');
      const next = new Date('2026-04-01T00:00:00Z');
      world.pin(next);
      const [slow, other] = world.processes;
      if (slow === undefined || other === undefined) throw new Error('there are two');
      const frozen = freezeAt(collection, number, () => slow.affiliates.cycles.run(next).catch(() => {}));
      expect(await frozen.frozen).toBe(true);
      await world.collection('leases').deleteMany({});
      await world.receive(tell.refund('r1', 'pA1', 4, '2026-03-05T00:00:00Z'));
      await other.inboxWorker.drain();
      frozen.thaw();
      await frozen.done;
      await world.collection('leases').deleteMany({});
      await world.travelTo('2026-04-02T00:00:00Z');
      await world.send(
        ...sold('A4', 'A', '2026-04-02T00:00:00Z'),
        tell.payment('pA4', 1_000, '2026-04-02T00:00:00Z', { kind: 'subscription', subscriptionId: 'A4' }),
      );
      await world.travelTo('2026-04-16T00:00:00Z');
      const amountOf = async (payoutId: string) => (await other.affiliates.payouts.get(payoutId))?.amount ?? 0;
      const amounts = [await amountOf('2026-04-01:A'), await amountOf('2026-04-16:A')];
      // 30 % of the 9.96 that are left is 2.99, a cent less than was paid.
      expect([
        [599, 300],
        [600, 299],
      ]).toContainEqual(amounts);
      expect(await amountOf('2026-04-01:B')).toBe(600);
    },
  );

  deepTest('of a settlement and a failure at once, one holds', async () => {
    await world.travelTo(PAYDAY);
    const now = world.clock.now();
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, index) => {
        const core = world.processes[index % 2];
        return core?.affiliates.payouts.act('2026-03-16:A', index < 5 ? 'settle' : 'fail', { actor: 'ops' }, now);
      }),
    );
    expect(outcomes.filter((outcome) => outcome?.kind === 'done')).toHaveLength(1);
  });
});
