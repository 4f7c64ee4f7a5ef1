import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { HoldSubject } from '../../src/paydays/hold.ts';
import { differencesOf, earnedAsMarketer, settled } from '../affiliates/world.ts';
import { chatsOf, text } from '../commands/world.ts';
import { deepTest, sampleOf } from '../support/depth.ts';
import { noticesOf } from '../support/notices.ts';
import { createWorld, PLATFORM } from '../support/world.ts';

/** Payouts that are held until an instant (docs/paydays.md). */

const START = '2026-03-20T12:00:00Z';
const PAYDAY = '2026-04-01T00:00:00Z';
const UNTIL = '2026-04-05T00:00:00Z';
const [ANNA, BORIS] = ['2026-04-01:anna', '2026-04-01:boris'];

let olga: Awaited<ReturnType<typeof chatsOf>>;
const world = await createWorld({ startsAt: START, environment: PLATFORM });
afterAll(world.close);
afterEach(() => expect(world.errors).toEqual([]));

beforeEach(async () => {
  await world.reset(START);
  for (const accountId of ['anna', 'boris']) {
    await world.account(accountId, 'marketer');
    await chatsOf(world, accountId, accountId === 'anna' ? 8_003 : 8_004);
    await earnedAsMarketer(world, accountId, 10_000);
  }
  for (const accountId of ['olga', 'pia']) await world.account(accountId, 'manager');
  olga = await chatsOf(world, 'olga', 8_001);
  await chatsOf(world, 'pia', 8_002);
  await world.travelTo(PAYDAY);
});

const holds = () => world.core.paydays.holds;
const place = (subject: HoldSubject, until = UNTIL, more: { key?: string; simulated?: boolean } = {}) =>
  holds().place({ subject, until: new Date(until), reason: 'checked', actor: 'olga', ...more }, world.clock.now());
const release = (subject: HoldSubject) =>
  holds().release({ subject, reason: 'all right', actor: 'pia' }, world.clock.now());
const act = (payoutId: string, action: 'process' | 'settle' | 'fail') =>
  world.core.affiliates.payoutActs.act(payoutId, action, { actor: 'olga', reference: 'tx' }, world.clock.now());
const heldNow = async () => {
  const { items } = await world.core.affiliates.payouts.list({ limit: 10 });
  return [...(await holds().ofPayouts(items, world.clock.now())).keys()].sort();
};
const told = async () =>
  (
    await world
      .collection('outgoing_webhooks')
      .find({ type: /^payout\.(held|released)$/ })
      .toArray()
  ).map((one) => String(one._id).split('_').slice(0, 3).join('_'));

describe('a payout on hold', () => {
  it('cannot be acted on by hand, and can be again once the hold has ended, with nothing running', async () => {
    expect(await place({ payoutId: ANNA })).toMatchObject({ kind: 'done', hold: { payoutId: ANNA, by: 'olga' } });
    for (const action of ['process', 'settle', 'fail'] as const) {
      expect(await act(ANNA, action)).toMatchObject({ kind: 'refused', state: 'due', reason: 'payout_held' });
    }
    expect(await heldNow()).toEqual([ANNA]);
    world.pin(new Date(Date.parse(UNTIL) - 1));
    expect(await act(ANNA, 'settle')).toMatchObject({ reason: 'payout_held' });
    world.pin(UNTIL);
    expect(await act(ANNA, 'settle')).toMatchObject({ kind: 'done' });
    expect(await differencesOf(world)).toEqual([]);
  });

  deepTest('is paid all the same where the platform says so', async () => {
    await place({ payoutId: ANNA });
    await world.send(settled(ANNA, PAYDAY));
    expect(await world.core.affiliates.payouts.get(ANNA)).toMatchObject({ status: 'paid' });
    expect(await heldNow()).toEqual([]);
  });

  deepTest('stays while its cycle is settled', async () => {
    await place({ payoutId: ANNA });
    const by = { actor: 'olga', reference: 'tx' };
    const outcome = await world.core.affiliates.payoutActs.settleCycle('2026-04-01', by, world.clock.now());
    expect(outcome).toMatchObject({ kind: 'settled', count: 1, total: 10_000 });
    expect(await world.core.affiliates.payouts.get(ANNA)).toMatchObject({ status: 'due' });
  });

  deepTest('is released sooner, once, by whoever says why', async () => {
    await place({ payoutId: ANNA });
    expect(await release({ payoutId: ANNA })).toMatchObject({ kind: 'done', hold: { releasedAt: expect.any(Date) } });
    expect(await release({ payoutId: ANNA })).toMatchObject({ kind: 'refused', reason: 'payout_not_held' });
    expect(await place({ payoutId: ANNA })).toMatchObject({ kind: 'done' });
    expect(await heldNow()).toEqual([ANNA]);
    expect(await differencesOf(world)).toEqual([]);
  });
});

describe('the payouts of an account', () => {
  deepTest('are held with it, also those that are drawn up later, and no other', async () => {
    await place({ accountId: 'anna' }, '2026-04-20T00:00:00Z');
    await earnedAsMarketer(world, 'anna', 500);
    await world.travelTo('2026-04-16T00:00:00Z');
    expect(await heldNow()).toEqual([ANNA, '2026-04-16:anna']);
    expect(await release({ payoutId: ANNA })).toMatchObject({ kind: 'refused', reason: 'payout_held_by_account' });
    await release({ accountId: 'anna' });
    expect(await heldNow()).toEqual([]);
  });
});

describe('what is refused', () => {
  it.each(
    sampleOf(
      [
        ['the past', { payoutId: ANNA }, PAYDAY, 'hold_not_in_future'],
        ['more than a year', { payoutId: ANNA }, '2027-05-01T00:00:00Z', 'hold_too_long'],
      ],
      1,
    ),
  )('%s', async (_, subject, until, reason) => {
    expect(await place(subject, until)).toMatchObject({ kind: 'refused', reason });
  });

  deepTest('is what is on its way, has ended, or does not exist', async () => {
    await act(ANNA, 'process');
    expect(await place({ payoutId: ANNA })).toMatchObject({ kind: 'refused', reason: 'payout_processing' });
    await act(ANNA, 'settle');
    expect(await place({ payoutId: ANNA })).toMatchObject({ kind: 'refused', reason: 'payout_paid' });
    for (const subject of [{ payoutId: 'x' }, { accountId: 'x' }]) {
      expect(await place(subject)).toEqual({ kind: 'not-found' });
      expect(await release(subject)).toEqual({ kind: 'not-found' });
    }
  });
});

deepTest('is placed once by a cause, and once by two at the same moment', async () => {
  expect(await place({ accountId: 'anna' }, UNTIL, { key: 'payee:anna:2' })).toMatchObject({ kind: 'done' });
  await release({ accountId: 'anna' });
  expect(await place({ accountId: 'anna' }, UNTIL, { key: 'payee:anna:2' })).toMatchObject({ kind: 'already' });
  expect(await heldNow()).toEqual([]);
  const both = await Promise.all([place({ payoutId: BORIS }), place({ payoutId: BORIS })]);
  expect(both.map(({ kind }) => kind).sort()).toEqual(['already', 'done']);
  expect(await world.collection('payout_holds').countDocuments({ subject: `payout:${BORIS}` })).toBe(1);
});

deepTest('writes nothing while it is simulated, and refuses the same', async () => {
  const before = await world.collection('audit_records').countDocuments({});
  expect(await place({ payoutId: ANNA }, UNTIL, { simulated: true })).toMatchObject({ kind: 'done' });
  expect(await place({ payoutId: ANNA }, PAYDAY, { simulated: true })).toMatchObject({ reason: 'hold_not_in_future' });
  expect(await heldNow()).toEqual([]);
  expect(await world.collection('audit_records').countDocuments({})).toBe(before);
});

deepTest('is told the platform, the person and the other managers, and explained', async () => {
  world.pin('2026-04-01T09:00:00Z');
  const question = await olga.type(`/hold ${ANNA} 2026-04-05 the IBAN is new`);
  expect(text(question)).toContain('Hold this payout? $100.00 — anna, payout of 1 Apr');
  expect(text(await olga.confirm(question))).toContain('On hold: $100.00 — anna, payout of 1 Apr');
  expect(text(await olga.type(`/why ${ANNA}`))).toContain('It was put on hold until');
  expect(text(await olga.confirm(await olga.type('/release 2026-04-01:anna checked')))).toContain('No longer on hold');
  const people = await noticesOf(world.core, { 'content.kind': 'payout.held' });
  expect(new Set(people.map(({ accountId }) => accountId))).toEqual(new Set(['anna']));
  const managers = await noticesOf(world.core, { 'content.kind': 'manager.payout_held' });
  expect(new Set(managers.map(({ accountId }) => accountId))).toContain('pia');
  expect((await told()).length).toBe(2);
  const { items } = await world.core.audit.list({ subject: `payout:${ANNA}`, limit: 10 });
  expect(items.map(({ action, reason }) => `${action}: ${reason}`).reverse()).toEqual([
    'payout.held: the IBAN is new',
    'payout.released: checked',
  ]);
});

it.each(
  sampleOf(
    [
      ['is lost', (id: string) => world.collection('payout_holds').deleteOne({ _id: id }), 'is missing'],
      [
        'ends later',
        (id: string) => world.collection('payout_holds').updateOne({ _id: id }, { $set: { until: new Date(START) } }),
        'until of what is held is',
      ],
      [
        'was released by nobody',
        (id: string) =>
          world
            .collection('payout_holds')
            .updateOne({ _id: id }, { $set: { released: { at: new Date(PAYDAY), actor: 'x', reason: 'y' } } }),
        'is released by x, and the audit trail says nobody did that',
      ],
    ],
    1,
  ),
)('that %s is found', async (_, spoil, line) => {
  await place({ payoutId: ANNA });
  expect(await differencesOf(world)).toEqual([]);
  await spoil(`hold:payout:${ANNA}#1`);
  expect((await differencesOf(world)).join('\n')).toContain(line);
});
