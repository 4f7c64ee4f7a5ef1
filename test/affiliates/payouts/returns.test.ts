import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { atEachWrite, deepTest } from '../../support/depth.ts';
import { type TestEvent, tell } from '../../support/events.ts';
import { FAULT_KINDS, installFaults } from '../../support/faults.ts';
import { noticesAndWaiting } from '../../support/notices.ts';
import { createWorld, PLATFORM, throwIt } from '../../support/world.ts';
import { differencesOf, earnedAsMarketer, failed, settled, sold } from '../world.ts';

const world = await createWorld({ processes: 2, environment: PLATFORM, onError: throwIt });
afterAll(world.close);

const PAID = '2026-03-16:A';
const AT = '2026-03-20T09:00:00Z';
const BY = { actor: 'ops', reference: 'RET-1', reason: 'Account closed' };
const get = (id: string) => world.core.affiliates.payouts.get(id);
const giveBack = (id: string, process = 0, at = world.clock.now()) =>
  (world.processes[process] ?? world.core).affiliates.returns.returnPayout(id, BY, at);

function returned(payoutId: string, at: string): TestEvent {
  const data = { payoutId, reference: 'RET-1', reason: 'Account closed', at };
  return { id: `returned-${payoutId}`, type: 'payout.returned', timestamp: at, data };
}

/** A payout of $3.00 of commissions and $0.50 of earnings that was paid, and one of earnings alone. */
beforeEach(async () => {
  await world.reset('2026-03-01T12:00:00Z');
  await world.send(
    ...[tell.account('A', 'affiliate'), tell.account('K', 'marketer'), tell.account('olga', 'manager')],
    ...sold('s1', 'A', '2026-02-25T00:00:00Z'),
    tell.payment('p1', 1_000, '2026-03-01T00:00:00Z', { kind: 'subscription', subscriptionId: 's1' }),
  );
  await earnedAsMarketer(world, 'A', 50);
  await earnedAsMarketer(world, 'K', 700);
  await world.link('A', 'telegram', 7_001);
  await world.link('olga', 'telegram', 7_002);
  await world.travelTo('2026-03-16T00:00:00Z');
  await world.send(settled(PAID, '2026-03-17T09:00:00Z'), settled('2026-03-16:K', '2026-03-17T09:00:00Z'));
  await world.travelTo(AT);
});

deepTest(
  'a paid payout stays as it was, and the next payday pays its amount again, each part of its kind',
  async () => {
    const before = await get(PAID);
    const statement = await world.core.affiliates.payouts.itemsOf([PAID]);
    await world.send(returned(PAID, AT), returned('2026-03-16:K', AT));
    expect(await get(PAID)).toEqual({
      ...before,
      returned: { at: new Date(AT), reference: 'RET-1', reason: 'Account closed' },
    });
    expect(await world.core.affiliates.payouts.itemsOf([PAID])).toEqual(statement);
    expect(await world.core.ledger.balance('affiliate:A')).toBe(300);
    expect(await world.core.ledger.balance('marketer:A')).toBe(50);
    const { items } = await world.core.affiliates.commissions.list({ affiliateId: 'A', limit: 9 }, world.clock.now());
    expect(items.map(({ kind, amount, status, payday }) => [kind, amount, status, payday])).toEqual([
      ['return', 300, 'approved', '2026-04-01'],
      ['commission', 300, 'paid', '2026-03-16'],
    ]);
    expect(await differencesOf(world)).toEqual([]);
    await world.travelTo('2026-04-01T00:00:00Z');
    expect(await get('2026-04-01:A')).toMatchObject({
      amount: 350,
      parts: { commissions: 300, earnings: 50 },
      count: 1,
    });
    expect(await get('2026-04-01:K')).toMatchObject({ amount: 700, parts: { commissions: 0, earnings: 700 } });
    expect(await differencesOf(world)).toEqual([]);
    // And again, of the payout that paid it again.
    await world.send(settled('2026-04-01:A', '2026-04-02T09:00:00Z'), returned('2026-04-01:A', '2026-04-03T09:00:00Z'));
    await world.travelTo('2026-04-16T00:00:00Z');
    expect(await get('2026-04-16:A')).toMatchObject({ amount: 350, parts: { commissions: 300, earnings: 50 } });
    expect(await differencesOf(world)).toEqual([]);
  },
);

deepTest('it comes back once, however often, from whatever side, and at once', async () => {
  await world.receive(returned(PAID, AT));
  const outcomes = await Promise.all([giveBack(PAID), giveBack(PAID, 1), giveBack(PAID), world.drain()]);
  expect(outcomes.filter((outcome) => outcome?.kind === 'done').length).toBeLessThanOrEqual(1);
  expect(await giveBack(PAID)).toMatchObject({ kind: 'already', payout: { status: 'paid' } });
  expect(await world.core.ledger.balance('affiliate:A')).toBe(300);
  expect(await differencesOf(world)).toEqual([]);
});

test('the person, the managers and the platform are told, once', async () => {
  await giveBack(PAID);
  await giveBack(PAID, 1);
  const told = { amount: 350, reason: 'Account closed', reference: 'RET-1', payday: '2026-04-01' };
  expect(await noticesAndWaiting(world.core, 'A', 'payout.returned')).toMatchObject([{ content: { data: told } }]);
  expect(await noticesAndWaiting(world.core, 'olga', 'manager.payout_returned')).toMatchObject([
    { content: { data: { ...told, accountId: 'A', name: 'A' } } },
  ]);
  const { items } = await world.core.outgoing.list({ limit: 100 });
  const [webhook, ...others] = items.filter(({ type }) => type === 'payout.returned');
  expect(others).toEqual([]);
  expect(await world.core.outgoing.get(webhook?.webhookId ?? '')).toMatchObject({
    data: { payoutId: PAID, status: 'paid', reference: 'tx', returned: { reason: 'Account closed' } },
  });
  expect((await world.core.audit.list({ subject: `payout:${PAID}`, limit: 1 })).items).toMatchObject([
    { actor: 'ops', action: 'payout.returned', reason: 'Account closed' },
  ]);
});

deepTest(
  'what is not paid cannot have come back; the event waits for that, and one of a failed payout is quarantined',
  async () => {
    await world.travelTo('2026-04-01T00:00:00Z');
    await earnedAsMarketer(world, 'A', 10);
    await earnedAsMarketer(world, 'K', 10);
    await world.travelTo('2026-04-16T00:00:00Z');
    const [due, bad] = ['2026-04-16:A', '2026-04-16:K'];
    expect(await giveBack(due)).toMatchObject({ kind: 'refused', state: 'due', reason: 'payout_not_paid' });
    await world.send(returned(due, '2026-04-18T09:00:00Z'), failed(bad, '2026-04-17T09:00:00Z'));
    expect(await world.core.inbox.get(`returned-${due}`)).toMatchObject({ status: 'waiting' });
    await world.send(settled(due, '2026-04-17T09:00:00Z'), returned(bad, '2026-04-18T09:00:00Z'));
    expect(await world.core.inbox.get(`returned-${due}`)).toMatchObject({ status: 'applied' });
    expect(await get(due)).toMatchObject({ status: 'paid', returned: { reference: 'RET-1' } });
    expect(await world.core.inbox.get(`returned-${bad}`)).toMatchObject({ status: 'quarantined' });
    expect(await giveBack(bad)).toMatchObject({ kind: 'refused', reason: 'payout_failed' });
    expect(await giveBack('2026-04-16:nobody')).toEqual({ kind: 'not-found' });
    expect(await differencesOf(world)).toEqual([]);
  },
);

deepTest(
  'of somebody who is erased nothing is stored that was said, and the money is theirs all the same',
  async () => {
    expect(await world.core.erasures.request('A', 'ops')).toMatchObject({ kind: 'requested' });
    for (let due = await world.core.erasures.nextDue(); due !== null; due = await world.core.erasures.nextDue()) {
      await world.core.erasures.run();
    }
    await world.send(returned(PAID, AT));
    expect(await get(PAID)).toMatchObject({ returned: { reference: null, reason: null } });
    await world.travelTo('2026-04-01T00:00:00Z');
    expect(await get('2026-04-01:A')).toMatchObject({ amount: 350 });
    expect(await differencesOf(world)).toEqual([]);
  },
);

describe('killed at any of its writes', () => {
  const faults = installFaults();
  afterAll(faults.uninstall);

  deepTest.each(FAULT_KINDS)('%s: is finished, once', { timeout: 120_000 }, async (kind) => {
    await atEachWrite(async (after) => {
      await undo();
      faults.plan([{ after, kind }]);
      await giveBack(PAID, 0, new Date(AT)).catch(() => undefined);
      const { writes } = faults;
      faults.plan([]);
      await faults.restart(world.restart);
      await world.core.followUps.look();
      await world.core.followUps.look();
      expect(await giveBack(PAID)).toMatchObject({ payout: { status: 'paid', returned: { reference: 'RET-1' } } });
      expect(await world.core.ledger.balance('affiliate:A')).toBe(300);
      expect(await world.core.ledger.balance('marketer:A')).toBe(50);
      expect(await world.collection('payouts').countDocuments({ returnPending: true })).toBe(0);
      expect(await differencesOf(world)).toEqual([]);
      return writes;
    });
  });

  /** The state before it came back. */
  async function undo(): Promise<void> {
    await world.collection('payouts').updateMany({}, { $unset: { returned: '', returnPending: '' } });
    await world.collection('commissions').deleteMany({ kind: 'return' });
    await world.collection('ledger_entries').deleteMany({ _id: /:returned$/ } as object);
    await world.collection('audit_records').deleteMany({ action: 'payout.returned' });
  }
});

describe('verify', () => {
  const spoilt: [string, string, () => Promise<unknown>, string][] = [
    [
      'a return without its entry',
      'ledger_entries',
      () => world.collection('ledger_entries').deleteOne({ _id: `payout:${PAID}:returned` } as object),
      `payout ${PAID} came back, but its amount did not return to the balance`,
    ],
    [
      'a return without its item',
      'commissions',
      () => world.collection('commissions').deleteOne({ kind: 'return' }),
      `payout ${PAID} came back, but 300 of commissions are no item for the next payday: none`,
    ],
    [
      'a return that nobody told',
      'audit_records',
      () => world.collection('audit_records').deleteOne({ action: 'payout.returned' }),
      `payout ${PAID} came back, and the audit trail says nobody said so`,
    ],
    [
      'an entry of what did not come back',
      'payouts',
      () => world.collection('payouts').updateOne({ accountId: 'A' }, { $unset: { returned: '' } }),
      `ledger_entries/payout:${PAID}:returned: payout ${PAID} is paid, and moves nothing so`,
    ],
    [
      'an act that nothing came of',
      'payouts',
      () => world.collection('payouts').updateOne({ accountId: 'A' }, { $unset: { returned: '' } }),
      `payout ${PAID} did not come back, but ops did payout.returned on ${new Date(AT).toISOString()}`,
    ],
  ];
  deepTest('finds each of them', async () => {
    await giveBack(PAID);
    expect(await differencesOf(world)).toEqual([]);
    for (const [what, name, spoil, line] of spoilt) {
      const before = await world.collection(name).find().toArray();
      await spoil();
      expect(await differencesOf(world), what).toContain(line);
      await world.collection(name).deleteMany({});
      await world.collection(name).insertMany(before);
    }
  });
});
