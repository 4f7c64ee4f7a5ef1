import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { adjustmentIdOf } from '../../src/adjustments/adjustments.ts';
import { sum } from '../../src/kernel/money.ts';
import { differencesOf, sold } from '../affiliates/world.ts';
import { atEachWrite, deepTest } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { FAULT_KINDS, installFaults } from '../support/faults.ts';
import { freezeAt } from '../support/faultsFreeze.ts';
import { noticesAndWaiting } from '../support/notices.ts';
import { createWorld, PLATFORM, throwIt } from '../support/world.ts';

const START = '2026-03-10T12:00:00Z';
const world = await createWorld({ processes: 2, environment: PLATFORM, onError: throwIt });
afterAll(world.close);

const make = (account: string, amount: number, id = adjustmentIdOf(), process = 0) =>
  (world.processes[process] ?? world.core).adjustments.make(
    id,
    { account, amount, reason: 'Paid twice' },
    'ops',
    world.clock.now(),
  );
const balance = (account: string) => world.core.ledger.balance(account);
const payout = (id: string) => world.core.affiliates.payouts.get(id);

/** An affiliate with a commission of $3.00 that is approved for the payday 2026-04-01; a marketer; a model; a manager. */
beforeEach(async () => {
  await world.reset('2026-03-01T12:00:00Z');
  await world.send(
    ...[tell.account('A', 'affiliate'), tell.account('K', 'marketer'), tell.account('M', 'model')],
    tell.account('olga', 'manager'),
    ...sold('s1', 'A', '2026-03-01T00:00:00Z'),
    tell.payment('p1', 1_000, '2026-03-06T00:00:00Z', { kind: 'subscription', subscriptionId: 's1' }),
  );
  await world.travelTo(START);
});

describe('a marketer', () => {
  test('gets more, and less, also below zero; the next payday pays what is there', async () => {
    expect(await make('K', 700)).toMatchObject({ kind: 'done', balance: 700, adjustment: { payday: '2026-03-16' } });
    expect(await make('marketer:K', -1_000)).toMatchObject({ kind: 'done', balance: -300 });
    await world.travelTo('2026-03-16T00:00:00Z');
    expect(await payout('2026-03-16:K')).toBeNull();
    expect(await make('marketer:K', 500)).toMatchObject({ balance: 200, adjustment: { payday: '2026-04-01' } });
    await world.travelTo('2026-04-01T00:00:00Z');
    expect(await payout('2026-04-01:K')).toMatchObject({ parts: { commissions: 0, earnings: 200 } });
    expect(await differencesOf(world)).toEqual([]);
  });

  deepTest('is told, and so is the platform; the trail says who did it, and why', async () => {
    await world.link('K', 'telegram', 7_001);
    const outcome = await make('K', -50);
    const id = outcome.kind === 'done' ? outcome.adjustment.adjustmentId : '';
    expect(await noticesAndWaiting(world.core, 'K', 'adjustment.made')).toMatchObject([
      { content: { data: { adjustmentId: id, of: 'marketer', amount: -50, reason: 'Paid twice', balance: -50 } } },
    ]);
    const { items } = await world.core.audit.list({ subject: 'account:K', limit: 1 });
    expect(items).toMatchObject([
      {
        ...{ actor: 'ops', action: 'adjustment.made', reason: 'Paid twice' },
        after: { adjustmentId: id, account: 'marketer:K', amount: -50 },
      },
    ]);
    const [told] = (await world.core.outgoing.list({ limit: 5 })).items;
    expect(told).toMatchObject({ type: 'adjustment.made', subject: 'marketer:K' });
    expect(await world.core.outgoing.get(told?.webhookId ?? '')).toMatchObject({
      data: { adjustmentId: id, amount: -50, reason: 'Paid twice', madeBy: 'ops', balance: -50, payday: '2026-03-16' },
    });
  });
});

describe('an affiliate', () => {
  deepTest('gets an item among the commissions, which a payday pays', async () => {
    expect(await make('A', 120)).toMatchObject({ kind: 'done', balance: 420, adjustment: { payday: '2026-04-01' } });
    await make('affiliate:A', -20);
    const { items } = await world.core.affiliates.commissions.list({ limit: 9, affiliateId: 'A' }, world.clock.now());
    // What takes something away is in the first payout that is still to be generated.
    expect(items.map(({ kind, amount, status, payday }) => [kind, amount, status, payday]).sort()).toEqual([
      ['adjustment', -20, 'approved', '2026-03-16'],
      ['adjustment', 120, 'approved', '2026-04-01'],
      ['commission', 300, 'approved', '2026-04-01'],
    ]);
    await world.travelTo('2026-04-01T00:00:00Z');
    expect(await payout('2026-04-01:A')).toMatchObject({ amount: 400, count: 3 });
    expect(await balance('affiliate:A')).toBe(0);
    expect(await differencesOf(world)).toEqual([]);
  });

  deepTest('may fall below zero: what is earned makes up for it, payday by payday', async () => {
    await make('A', -500);
    await world.travelTo('2026-04-01T00:00:00Z');
    expect(await payout('2026-04-01:A')).toBeNull();
    expect(await balance('affiliate:A')).toBe(-200);
    await make('A', 250);
    await world.travelTo('2026-04-16T00:00:00Z');
    expect(await payout('2026-04-16:A')).toMatchObject({ amount: 50, count: 3 });
    expect(await differencesOf(world)).toEqual([]);
  });

  deepTest('a sale that is computed again leaves it alone', async () => {
    await make('A', 70);
    await world.send(tell.refund('r1', 'p1', 1_000, '2026-03-09T00:00:00Z'));
    expect(await balance('affiliate:A')).toBe(70);
    expect(await differencesOf(world)).toEqual([]);
  });

  deepTest.each([
    ['payout_cycles', 0],
    ['payout_cycles', 1],
    ['payout_cycles', 2],
    ['payout_members', 0],
    ['payouts', 0],
    ['payouts', 1],
    ['ledger_entries', 0],
  ] as const)('a payday that freezes before write %s %i pays no more than is there', async (collection, number) => {
    const [slow, other] = world.processes;
    if (slow === undefined || other === undefined) throw new Error('there are two');
    await make('A', 100);
    const payday = new Date('2026-04-01T00:00:00Z');
    world.pin(payday);
    const frozen = freezeAt(collection, number, () => slow.affiliates.cycles.run(payday).catch(() => {}));
    expect(await frozen.frozen).toBe(true);
    await make('A', -150, adjustmentIdOf(), 1);
    await world.collection('leases').deleteMany({});
    await other.affiliates.cycles.run(payday);
    frozen.thaw();
    await frozen.done;
    await other.affiliates.repair();
    // Who was first decides: it lowers the payout, or comes off the next one.
    expect([250, 400]).toContain((await payout('2026-04-01:A'))?.amount);
    await world.travelTo('2026-04-16T00:00:00Z');
    const { items } = await world.core.affiliates.payouts.list({ limit: 9, accountId: 'A' });
    expect(sum(items.map(({ amount }) => amount)) + (await balance('affiliate:A'))).toBe(250);
    expect(await differencesOf(world)).toEqual([]);
  });
});

describe('a model', () => {
  deepTest('never falls below zero, also with two at once', async () => {
    await world.topUp('M', 1_000);
    expect(await make('M', -1_001)).toEqual({
      ...{ kind: 'refused', state: 'short', reason: 'insufficient_balance', balance: 1_000, missing: 1 },
    });
    const outcomes = await Promise.all([0, 1, 0, 1].map((process) => make('M', -400, adjustmentIdOf(), process)));
    expect(outcomes.map((outcome) => outcome.kind).sort()).toEqual(['done', 'done', 'refused', 'refused']);
    expect(await balance('model:M')).toBe(200);
    expect((await world.core.adjustments.list({ limit: 9 })).items).toHaveLength(2);
    expect(await differencesOf(world)).toEqual([]);
  });

  deepTest('pays with what is added what is unpaid, as with a top-up', async () => {
    const invoiceId = await world.issue('M', '2026-W10');
    expect(await make('M', 4_107)).toMatchObject({ balance: 4_107, adjustment: { payday: null } });
    expect(await make('model:M', 1)).toMatchObject({ balance: 0 });
    expect(await world.core.invoicing.invoices.get(invoiceId, world.clock.now())).toMatchObject({
      status: 'completed',
    });
  });
});

deepTest('an id is one adjustment, however often and from wherever at once', async () => {
  const id = adjustmentIdOf('ops\nkey');
  const outcomes = await Promise.all([0, 1, 0, 1].map((process) => make('A', 50, id, process)));
  expect(outcomes.filter((outcome) => outcome.kind === 'done')).toHaveLength(1);
  expect(await make('affiliate:A', 50, id)).toMatchObject({ kind: 'already' });
  expect(await make('A', 51, id)).toEqual({ kind: 'other' });
  expect(await balance('affiliate:A')).toBe(350);
});

test('there is no balance of nobody, of a manager, or of the platform; of another role only what is there goes', async () => {
  expect(await make('X', 1)).toEqual({ kind: 'not-found' });
  expect(await make('olga', 1)).toEqual({ kind: 'no-balance', why: 'manager' });
  expect(await make('platform:revenue', 1)).toEqual({ kind: 'no-balance', why: 'not-a-balance' });
  expect(await make('credit:M', 1)).toEqual({ kind: 'no-balance', why: 'not-a-balance' });
  expect(await make('model:A', 1)).toEqual({ kind: 'no-balance', why: 'not-a-model' });
  expect(await make('model:A', -1)).toMatchObject({ kind: 'refused', reason: 'insufficient_balance', missing: 1 });
  expect(await world.collection('adjustments').countDocuments()).toBe(0);
});

deepTest('says who changed something about an account since an instant', async () => {
  await make('A', 5);
  await make('K', 5);
  const now = world.clock.now();
  expect(await world.core.adjustments.changesBy(['A', 'M'], now)).toMatchObject([{ actor: 'ops', accountId: 'A' }]);
  expect(await world.core.adjustments.changesBy(['A'], new Date(now.getTime() + 1))).toEqual([]);
});

describe('killed at any of its writes', () => {
  const faults = installFaults();
  afterAll(faults.uninstall);

  deepTest.each(FAULT_KINDS)('%s: is finished, once', { timeout: 120_000 }, async (kind) => {
    await world.topUp('M', 100);
    await world.send(tell.account('B', 'affiliate'));
    const accounts = ['B', 'K', 'M'];
    let made = 0;
    for (const account of accounts) {
      await atEachWrite(async (after) => {
        const id = adjustmentIdOf();
        const amount = account === 'M' ? -1 : 1;
        faults.plan([{ after, kind }]);
        await make(account, amount, id).catch(() => undefined);
        const { writes } = faults;
        faults.plan([]);
        await faults.restart(world.restart);
        await world.core.followUps.look();
        await world.core.followUps.look();
        expect(await make(account, amount, id)).toMatchObject({ adjustment: { amount } });
        made += 1;
        expect((await world.core.adjustments.list({ limit: 500 })).items).toHaveLength(made);
        return writes;
      });
    }
    expect(await world.collection('adjustments').countDocuments({ effectsPending: true })).toBe(0);
    expect(await differencesOf(world)).toEqual([]);
  });
});

describe('verify', () => {
  const spoilt: [string, string, () => Promise<unknown>, RegExp][] = [
    [
      'an adjustment without its entry',
      'ledger_entries',
      () => world.collection('ledger_entries').deleteOne({ _id: /^adjustment:.*/ } as object),
      /^adjustment adj~\S+ of \S+ by -?\d+ is made, and ledger_entries\/adjustment:\S+ is missing$/,
    ],
    [
      'an entry without its adjustment',
      'adjustments',
      () => world.collection('adjustments').deleteOne({ accountId: 'K' }),
      /^ledger_entries\/adjustment:\S+: there is no adjustment adj~\S+$/,
    ],
    [
      'another amount',
      'adjustments',
      () => world.collection('adjustments').updateOne({ accountId: 'K' }, { $set: { amount: 41 } }),
      /: marketer:K gets 40, not 41$/,
    ],
    [
      'another amount of an item',
      'commissions',
      () => world.collection('commissions').updateOne({ kind: 'adjustment' }, { $set: { amount: 41 } }),
      /^affiliate A: earned 341, but the ledger was told of 340$/,
    ],
    [
      'one that nobody made',
      'audit_records',
      () => world.collection('audit_records').deleteOne({ action: 'adjustment.made', subject: 'account:K' }),
      /^adjustment adj~\S+ of marketer:K by 40 was made, and the audit trail says nobody made it$/,
    ],
    [
      'one that somebody made, and that is gone',
      'adjustments',
      () => world.collection('adjustments').deleteOne({ accountId: 'A' }),
      /^adjustment adj~\S+ is missing, but ops made it on /,
    ],
  ];
  deepTest('finds each of them', async () => {
    await make('K', 40);
    await make('A', 40);
    expect(await differencesOf(world)).toEqual([]);
    for (const [what, name, spoil, line] of spoilt) {
      const before = await world.collection(name).find().toArray();
      await spoil();
      expect(await differencesOf(world), what).toContainEqual(expect.stringMatching(line));
      await world.collection(name).deleteMany({});
      await world.collection(name).insertMany(before);
    }
  });
});
