import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { BatchOutcome } from '../../src/paydays/batchActs.ts';
import { differencesOf, earnedAsMarketer, failed } from '../affiliates/world.ts';
import { chatsOf, labels, text } from '../commands/world.ts';
import { deepTest, sampleOf } from '../support/depth.ts';
import { documentsRead } from '../support/documentsRead.ts';
import { noticesAndWaiting } from '../support/notices.ts';
import { createWorld } from '../support/world.ts';

/** The batch of a payday, from drawn up to settled (docs/paydays.md). */

const START = '2026-03-20T12:00:00Z';
const CYCLE = '2026-04-01';
const NEXT = '2026-04-16';
const [ANNA, BORIS, CLEO] = ['2026-04-01:anna', '2026-04-01:boris', '2026-04-01:cleo'];

const world = await createWorld({ startsAt: START });
afterAll(world.close);
afterEach(() => expect(world.errors).toEqual([]));

/** A payday with $100.00 to Anna, $200.00 to Boris, $300.00 to Cleo. */
async function payday(people: 1 | 2 = 1): Promise<void> {
  await world.reset(START);
  await world.restart({ payouts: { approvals: people } });
  for (const [index, accountId] of ['anna', 'boris', 'cleo'].entries()) {
    await world.account(accountId, 'marketer');
    await earnedAsMarketer(world, accountId, (index + 1) * 10_000);
  }
  await world.travelTo(`${CYCLE}T00:00:00Z`);
}
beforeEach(() => payday());

const paydays = () => world.core.paydays;
const now = () => world.clock.now();
const check = (actor = 'olga', cycle = CYCLE) => paydays().batchActs.check(cycle, { actor }, now());
const approve = (actor = 'olga', more: { hash?: string; simulated?: boolean } = {}, cycle = CYCLE) =>
  paydays().batchActs.approve(cycle, { actor, ...more }, now());
const exclude = (payoutId: string, simulated = false) =>
  paydays().batchActs.exclude(payoutId, { actor: 'olga', reason: 'in dispute', simulated }, now());
const include = (payoutId: string) => paydays().batchActs.include(payoutId, { actor: 'olga' }, now());
const hold = (payoutId: string, until = '2026-05-05T00:00:00Z') =>
  paydays().holds.place({ subject: { payoutId }, until: new Date(until), reason: 'x', actor: 'olga' }, now());
const settle = (actor = 'olga', cycle = CYCLE) =>
  world.core.affiliates.payoutActs.settleCycle(cycle, { actor, reference: 'tx' }, now());
const settleOne = (payoutId: string, actor = 'olga') =>
  world.core.affiliates.payoutActs.act(payoutId, 'settle', { actor, reference: 'tx' }, now());
const view = async (cycle = CYCLE) => {
  const found = await paydays().batches.get(cycle);
  if (found === null) throw new Error(`no batch of ${cycle}`);
  return found;
};
const stateOf = async (cycle = CYCLE) => (await view(cycle)).state;
const hashIn = (outcome: BatchOutcome) => ('batch' in outcome ? (outcome.batch?.hash ?? '') : '');
const linesOf = async (cycle = CYCLE) => {
  const ids: string[] = [];
  for await (const piece of paydays().batches.lines(cycle)) ids.push(...piece.map(({ payoutId }) => payoutId));
  return ids;
};
const trail = async (subject: string) =>
  (await world.core.audit.list({ subject, limit: 50 })).items
    .map(({ actor, action }) => `${actor}: ${action}`)
    .reverse();
const stored = () => world.collection('payout_batches').find({}).toArray();

describe('the life of a payday', () => {
  it('goes from drawn up to settled, one act each', async () => {
    expect(await stateOf()).toBe('drawn-up');
    const checked = await check();
    expect(checked).toMatchObject({ kind: 'done', batch: { state: 'checked', count: 3, total: 60_000 } });
    expect(await approve('olga', { hash: hashIn(checked) })).toMatchObject({
      kind: 'done',
      batch: { state: 'approved' },
    });
    expect(await linesOf()).toEqual([ANNA, BORIS, CLEO]);
    await paydays().batches.noteExported(CYCLE, { format: 'sepa', hash: 'h', count: 3, total: 60_000 }, 'olga', now());
    await paydays().batches.noteExported(CYCLE, { format: 'sepa', hash: 'h', count: 3, total: 60_000 }, 'olga', now());
    expect(await view()).toMatchObject({ state: 'exported', exports: [{ format: 'sepa', actor: 'olga' }] });
    expect(await settle()).toMatchObject({ kind: 'settled', count: 3, total: 60_000 });
    expect(await view()).toMatchObject({ state: 'settled', hash: hashIn(checked), open: { count: 0 } });
    expect(await trail(`cycle:${CYCLE}`)).toEqual(['olga: payout_batch.checked', 'olga: payout_batch.approved']);
    const [{ after } = { after: null }] = (await world.core.audit.list({ subject: `cycle:${CYCLE}`, limit: 1 })).items;
    expect(after).toEqual({ hash: hashIn(checked), count: 3, total: 60_000 });
    expect(await differencesOf(world)).toEqual([]);
  });

  it('does nothing before its payouts are drawn up', async () => {
    for (const outcome of [await check('olga', NEXT), await approve('olga', {}, NEXT)]) {
      expect(outcome).toMatchObject({ kind: 'refused', reason: 'payday_not_drawn_up' });
    }
    expect(await paydays().batches.get(NEXT)).toBeNull();
    expect(await exclude('x')).toEqual({ kind: 'not-found' });
  });

  deepTest('is not approved unchecked, nor after it has changed, nor as something else', async () => {
    expect(await approve()).toMatchObject({ kind: 'refused', state: 'drawn-up', reason: 'batch_not_checked' });
    const checked = await check();
    await world.send(failed(CLEO, '2026-04-01T00:00:00Z'));
    expect(await stateOf()).toBe('drawn-up');
    expect(await approve()).toMatchObject({ kind: 'refused', reason: 'batch_changed' });
    await check();
    expect(await approve('olga', { hash: hashIn(checked) })).toMatchObject({ reason: 'batch_changed' });
    expect(await approve()).toMatchObject({ kind: 'done', batch: { count: 2, total: 30_000 } });
    expect(await approve('pia')).toMatchObject({ kind: 'already' });
    expect(await approve('pia', { hash: hashIn(checked) })).toMatchObject({ reason: 'batch_changed' });
    expect(await check()).toMatchObject({ kind: 'refused', state: 'approved', reason: 'batch_approved' });
    expect(await exclude(ANNA)).toMatchObject({ kind: 'refused', reason: 'batch_approved' });
  });

  deepTest('is settled without an approval as before, by one person', async () => {
    expect(await settle()).toMatchObject({ kind: 'settled', count: 3 });
    await check();
    expect(await approve()).toMatchObject({ kind: 'refused', reason: 'batch_empty' });
  });

  deepTest('is simulated without a write', async () => {
    await check();
    const before = await stored();
    expect(await approve('olga', { simulated: true })).toMatchObject({ kind: 'done', batch: { state: 'approved' } });
    expect(await exclude(ANNA, true)).toMatchObject({ kind: 'done' });
    expect(await approve('olga', { simulated: true, hash: 'x' })).toMatchObject({ reason: 'batch_changed' });
    expect(await stored()).toEqual(before);
  });
});

describe('what is left out', () => {
  deepTest('is carried to the next payday, whose batch has it in its sums', async () => {
    expect(await exclude(ANNA)).toMatchObject({ kind: 'done', batch: { count: 2, total: 50_000 } });
    expect(await exclude(ANNA)).toMatchObject({ kind: 'already' });
    for (const [index, accountId] of ['anna', 'boris'].entries()) await chatsOf(world, accountId, 8_003 + index);
    await hold(BORIS, '2026-04-10T00:00:00Z');
    expect((await view()).leftOut.map(({ payoutId }) => payoutId).sort()).toEqual([ANNA, BORIS]);
    await check();
    await approve();
    expect(await linesOf()).toEqual([CLEO]);
    for (const id of [ANNA, BORIS]) {
      expect(await world.core.affiliates.payouts.get(id)).toMatchObject({ status: 'due', carriedTo: NEXT });
    }
    expect(await settle()).toMatchObject({ kind: 'settled', count: 1, total: 30_000 });
    expect(await stateOf()).toBe('settled');
    // It is unpaid of the payday that pays it, and of that alone; who was held was told so, and not again.
    const { payouts, unpaidPaydays } = world.core.affiliates;
    expect(await payouts.cyclesToSettle()).toEqual([NEXT]);
    expect(await unpaidPaydays.unpaidNow(now())).toEqual([]);
    expect(await unpaidPaydays.nextDue()).toEqual(new Date('2026-04-17T09:00:00Z'));
    expect(await noticesAndWaiting(world.core, 'anna', 'payout.carried')).toHaveLength(1);
    expect(await noticesAndWaiting(world.core, 'boris', 'payout.carried')).toEqual([]);
    await earnedAsMarketer(world, 'cleo', 500);
    await world.travelTo(`${NEXT}T00:00:00Z`);
    expect(await unpaidPaydays.unpaidNow(now())).toMatchObject([{ payday: NEXT, due: 3, total: 30_500 }]);
    expect(await check('olga', NEXT)).toMatchObject({ batch: { count: 3, total: 30_500 } });
    const { findings } = await view(NEXT);
    expect(findings.find(({ kind }) => kind === 'carried-in')).toMatchObject({ count: 2, total: 30_000 });
    await approve('olga', {}, NEXT);
    expect(await settle('olga', NEXT)).toMatchObject({ count: 3, total: 30_500 });
    expect(await differencesOf(world)).toEqual([]);
  });

  deepTest('can be put back before the approval, and is told who did so', async () => {
    await exclude(ANNA);
    expect(await include(ANNA)).toMatchObject({ kind: 'done', batch: { count: 3 } });
    expect(await include(ANNA)).toMatchObject({ kind: 'refused', reason: 'payout_not_excluded' });
    expect(await exclude(ANNA)).toMatchObject({ kind: 'done', batch: { count: 2 } });
    expect(await trail(`payout:${ANNA}`)).toEqual([
      'olga: payout.excluded',
      'olga: payout.included',
      'olga: payout.excluded',
    ]);
    await settleOne(BORIS);
    expect(await exclude(BORIS)).toMatchObject({ kind: 'refused', reason: 'payout_paid' });
    expect(await settle()).toMatchObject({ kind: 'settled', count: 1, total: 30_000 });
    expect(await differencesOf(world)).toEqual([]);
  });

  it('is the same in short as in full, however far it is', async () => {
    const same = async (cycle = CYCLE) => {
      const full = await paydays().batches.get(cycle);
      const open = full === null ? 0 : full.open.count + (full.approved === null ? full.leftOut.length : 0);
      const short = (await paydays().batches.summaries([{ cycle, open }])).get(cycle);
      const leftOut = full?.leftOut ?? [];
      const part = (lines: typeof leftOut) => ({
        count: lines.length,
        total: lines.reduce((sum, one) => sum + one.amount, 0),
      });
      expect(short).toMatchObject({ state: full?.state ?? null, held: part(leftOut.filter((line) => 'held' in line)) });
      if (full?.approved === null) expect(short?.excluded).toEqual(part(leftOut.filter((line) => 'excluded' in line)));
      return short;
    };
    expect(await same(NEXT)).toMatchObject({ state: null });
    expect(await same()).toMatchObject({ state: 'drawn-up', held: { count: 0 }, excluded: { count: 0 } });
    await exclude(ANNA);
    await hold(ANNA);
    const held = {
      subject: { accountId: 'boris' },
      until: new Date('2026-06-05T00:00:00Z'),
      reason: 'x',
      actor: 'olga',
    };
    await paydays().holds.place(held, now());
    const left = { held: { count: 1, total: 20_000 }, excluded: { count: 1, total: 10_000 } };
    expect(await same()).toMatchObject({ state: 'drawn-up', ...left });
    await check();
    expect(await same()).toMatchObject({ state: 'checked', ...left });
    await hold(CLEO, '2026-04-05T00:00:00Z');
    expect(await same()).toMatchObject({ state: 'drawn-up', held: { count: 2, total: 50_000 } });
    await paydays().holds.release({ subject: { payoutId: CLEO }, reason: 'ok', actor: 'olga' }, now());
    await approve();
    await hold(CLEO, '2026-04-05T00:00:00Z');
    expect(await same()).toMatchObject({
      state: 'approved',
      held: { count: 1, total: 30_000 },
      excluded: { count: 1 },
    });
    await earnedAsMarketer(world, 'cleo', 500);
    await world.travelTo(`${NEXT}T00:00:00Z`);
    // Both were carried: the one is still held by its payout, the other by its account.
    expect(await same(NEXT)).toMatchObject({ state: 'drawn-up', held: { count: 2, total: 30_000 } });
    expect(await settle()).toMatchObject({ count: 1 });
    expect(await same()).toMatchObject({ state: 'settled', held: { count: 0 } });
  });

  it('is listed in short, and what is unpaid of it summed up, from an index alone', async () => {
    const { unpaidPaydays, payoutBatches } = world.core.affiliates;
    const read = (work: () => Promise<unknown>) => documentsRead('payouts', work);
    expect(
      await read(() =>
        paydays()
          .batches.summaries([{ cycle: CYCLE, open: 3 }])
          .then(() => payoutBatches.dueAccounts([CYCLE]))
          .then((accountIds) => payoutBatches.dueByAccount([CYCLE], accountIds)),
      ),
    ).toBe(0);
    expect(await read(() => view())).toBe(0);
    // Documents are read by the look that tells whether a payday has anything to settle: one of each.
    expect(await read(() => unpaidPaydays.unpaidNow(now()))).toBeLessThan(2);
  });

  deepTest('stays where it is when it is held after the approval', async () => {
    await check();
    await approve();
    await hold(ANNA);
    expect(await settle()).toMatchObject({ count: 2 });
    expect(await view()).toMatchObject({ state: 'approved', count: 3, open: { count: 1, total: 10_000 } });
    expect(await world.core.affiliates.payouts.get(ANNA)).toMatchObject({ carriedTo: null });
    await paydays().holds.release({ subject: { payoutId: ANNA }, reason: 'ok', actor: 'olga' }, now());
    expect(await settle()).toMatchObject({ count: 1 });
    expect(await stateOf()).toBe('settled');
  });

  deepTest(
    'is shown in the batch that was approved as it was held, and ends with the hold or by what the platform says',
    async () => {
      await world.account('olga', 'manager');
      const chat = await chatsOf(world, 'olga', 8_001);
      await check();
      await approve();
      await hold(ANNA, '2026-04-03T00:00:00Z');
      await hold(BORIS);
      expect(await settle()).toMatchObject({ count: 1 });
      expect((await view()).leftOut.map(({ payoutId }) => payoutId)).toEqual([ANNA, BORIS]);
      const shown = text(await chat.type('/cycle'));
      expect(shown).toContain('2 on hold');
      expect(shown).toContain('on hold until Fri 3 Apr');
      await world.send(failed(BORIS, '2026-04-01T00:00:00Z'));
      await world.travelTo('2026-04-03T00:00:00Z');
      expect((await view()).leftOut).toEqual([]);
      expect(await settle()).toMatchObject({ count: 1, total: 10_000 });
      expect(await stateOf()).toBe('settled');
    },
  );

  deepTest('goes past a payday that is approved already', async () => {
    await earnedAsMarketer(world, 'cleo', 500);
    await world.travelTo(`${NEXT}T00:00:00Z`);
    await check('olga', NEXT);
    await approve('olga', {}, NEXT);
    await exclude(ANNA);
    await check();
    await approve();
    expect(await world.core.affiliates.payouts.get(ANNA)).toMatchObject({ carriedTo: '2026-05-01' });
    expect(await differencesOf(world)).toEqual([]);
  });
});

describe('two people', () => {
  beforeEach(() => payday(2));

  deepTest('approve a batch, and then one settles it', async () => {
    await check();
    expect(await approve('olga')).toMatchObject({ kind: 'waiting' });
    expect(await approve('olga via telegram:1')).toMatchObject({ kind: 'waiting', isNew: false });
    expect(await stateOf()).toBe('checked');
    expect(await approve('pia')).toMatchObject({
      kind: 'done',
      batch: { approved: { actor: 'pia', askedBy: 'olga' } },
    });
    expect(await trail(`cycle:${CYCLE}`)).toEqual([
      'olga: payout_batch.checked',
      'olga: payout.approve.asked',
      'pia: payout.approve.approved',
      'pia: payout_batch.approved',
    ]);
    expect(await settleOne(ANNA, 'pia')).toMatchObject({ kind: 'done' });
    expect(await settle('olga')).toMatchObject({ kind: 'settled', count: 2 });
    expect(await world.collection('approval_requests').countDocuments({})).toBe(0);
    expect(await differencesOf(world)).toEqual([]);
  });

  deepTest('settle what is not approved only together, as before', async () => {
    expect(await settle('olga')).toMatchObject({ kind: 'waiting' });
    expect(await settleOne(ANNA, 'olga')).toMatchObject({ kind: 'waiting' });
  });

  deepTest('are never somebody who has changed an account of the batch by hand, before or after asking', async () => {
    const adjust = (actor: string) =>
      world.core.adjustments.make(`a-${actor}`, { account: 'marketer:anna', amount: 5, reason: 'x' }, actor, now());
    await adjust('Olga');
    expect(await check()).toMatchObject({
      batch: { findings: expect.arrayContaining([expect.objectContaining({ kind: 'changed', count: 1 })]) },
    });
    expect(await approve('olga via telegram:1')).toMatchObject({
      ...{ kind: 'refused', reason: 'not_independent' },
      changes: [{ accountId: 'anna', actor: 'Olga' }],
    });
    expect(await approve('pia')).toMatchObject({ kind: 'waiting' });
    await adjust('pia');
    expect(await approve('finance')).toMatchObject({ kind: 'waiting' });
    expect(await approve('pia')).toMatchObject({ reason: 'not_independent' });
    expect(await approve('boss')).toMatchObject({ kind: 'done', batch: { approved: { askedBy: 'finance' } } });
  });

  deepTest('start over when the batch has changed in between', async () => {
    await check();
    await approve('olga');
    await exclude(ANNA);
    await check();
    expect(await approve('pia')).toMatchObject({ kind: 'waiting', startedOver: 'changed' });
    expect(await approve('olga')).toMatchObject({ kind: 'done', batch: { approved: { askedBy: 'pia' } } });
  });
});

deepTest('is done in chat: each state has the button of the next', async () => {
  await world.account('olga', 'manager');
  const olga = await chatsOf(world, 'olga', 8_001);
  const drawn = await olga.type(`/cycle ${CYCLE}`);
  expect(text(drawn)).toContain('Batch: 3, $600.00: to be checked');
  const checked = await olga.press(drawn, 'Check 1 Apr 2026');
  expect(text(checked)).toContain('Checked: payday 1 Apr 2026, $600.00');
  expect(text(await olga.confirm(await olga.type(`/exclude ${ANNA} in dispute`)))).toContain('Excluded: $100.00');
  expect(labels(await olga.type(`/cycle ${CYCLE}`))).toContain('Check 1 Apr 2026');
  expect(text(await olga.press(checked, 'Approve 1 Apr 2026'))).toContain('no longer what was checked');
  const again = await olga.type(`/check ${CYCLE}`);
  const question = await olga.press(again, 'Approve 1 Apr 2026');
  expect(text(question)).toContain('Approve $500.00 to 2 payees?');
  const approved = await olga.confirm(question);
  expect(text(approved)).toContain('Approved: payday 1 Apr 2026, $500.00');
  expect(labels(approved)).toContain('Settle 1 Apr 2026');
  expect(text(await olga.confirm(question))).toContain('It was approved before');
});

it.each(
  sampleOf<[string, () => Promise<unknown>, string]>(
    [
      [
        'has another amount',
        () => world.collection('payout_batch_lines').updateOne({}, { $inc: { 'lines.0.amount': 1 } as never }),
        'and its lines are',
      ],
      [
        'has lost a line',
        () => world.collection('payout_batch_lines').updateOne({}, { $pop: { lines: 1 } as never }),
        'and its lines are',
      ],
      [
        'has a payout of another batch',
        () => world.collection('payouts').updateOne({ _id: ANNA }, { $set: { batchCycle: NEXT } }),
        `pays ${ANNA}, which is in the batch of ${NEXT}`,
      ],
      [
        'is approved by somebody else',
        () => world.collection('payout_batches').updateOne({}, { $set: { 'approved.actor': 'eve' } }),
        'is approved by eve',
      ],
      [
        'is no longer approved',
        () => world.collection('payout_batches').updateOne({}, { $unset: { approved: '' } }),
        'is not approved, but olga',
      ],
      [
        'has left a payout behind',
        () => world.collection('payouts').updateOne({ _id: CLEO }, { $unset: { batchCycle: '' } }),
        `is approved without ${CLEO}`,
      ],
      [
        'has lost an exclusion',
        () => world.collection('payout_batches').updateOne({}, { $set: { excluded: [] } }),
        'is in no batch excluded',
      ],
    ],
    2,
  ),
)('an approved batch that %s is found', async (_, spoil, line) => {
  await exclude(CLEO);
  await check();
  await approve();
  expect(await differencesOf(world)).toEqual([]);
  await spoil();
  expect((await differencesOf(world)).join('\n')).toContain(line);
});

deepTest('fails many payouts at once: their amounts are on the balances again', async () => {
  const { payoutBatches } = world.core.affiliates;
  const by = { actor: 'olga', reason: 'account closed' };
  expect(await payoutBatches.failMany([ANNA, BORIS, 'x'], by, now())).toEqual({ count: 2, total: 30_000 });
  expect(await payoutBatches.failMany([ANNA, BORIS], by, now())).toEqual({ count: 0, total: 0 });
  expect(await world.core.ledger.balance('marketer:anna')).toBe(10_000);
  expect(await world.core.affiliates.payouts.get(ANNA)).toMatchObject({ status: 'failed', reason: 'account closed' });
  expect(await differencesOf(world)).toEqual([]);
});

describe('two managers at once', () => {
  it.each(
    sampleOf<[string, () => Promise<unknown>]>(
      [
        ['approve', () => approve('pia')],
        ['exclude', () => exclude(ANNA)],
        ['hold', () => hold(ANNA)],
        ['settle', () => settle('pia')],
      ],
      2,
    ),
  )('one approves and one does this: %s', async (_, other) => {
    await check();
    await Promise.all([approve('olga'), other()]);
    const { state, count } = await view();
    const lines = await linesOf();
    if (state === 'approved' || state === 'settled') expect(lines).toHaveLength(count);
    const { items } = await world.core.affiliates.payouts.list({ limit: 10 });
    const carried = items.filter(({ carriedTo }) => carriedTo !== null).map(({ payoutId }) => payoutId);
    expect(carried.filter((payoutId) => lines.includes(payoutId))).toEqual([]);
    expect(await differencesOf(world)).toEqual([]);
  });
});
