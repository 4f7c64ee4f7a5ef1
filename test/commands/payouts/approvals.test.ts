import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';

import { approvalMessage } from '../../../src/notices/messages/approvals.ts';
import type { Message } from '../../../src/notices/messages/message.ts';
import { differencesOf, earnedAsMarketer } from '../../affiliates/world.ts';
import { deepTest } from '../../support/depth.ts';
import { noticesOf } from '../../support/notices.ts';
import { createWorld } from '../../support/world.ts';
import { chatsOf, labels, text } from '../world.ts';

/** What moves much money asks once more, and takes two people where the policy says so. */

const START = '2026-03-20T12:00:00Z';
const PAYDAY = '2026-04-01T00:00:00Z';
const [ANNA, BORIS] = ['2026-04-01:anna', '2026-04-01:boris'];

type Chats = Awaited<ReturnType<typeof chatsOf>>;
let olga: Chats;
let pia: Chats;
const world = await createWorld({ startsAt: START });
afterAll(world.close);
afterEach(() => expect(world.errors).toEqual([]));

/** A payday with $1,000.00 to Anna and $1,000.01 to Boris, and two managers. */
async function payday(people: 1 | 2): Promise<void> {
  await world.reset(START);
  await world.restart({ payouts: { approvals: people } });
  for (const [accountId, amount] of [
    ['anna', 100_000],
    ['boris', 100_001],
  ] as const) {
    await world.account(accountId, 'marketer');
    await earnedAsMarketer(world, accountId, amount);
  }
  for (const accountId of ['olga', 'pia']) await world.account(accountId, 'manager');
  [olga, pia] = [await chatsOf(world, 'olga', 8_001), await chatsOf(world, 'pia', 8_002)];
  await world.travelTo(PAYDAY);
}

const settle = (payoutId: string, actor: string, reference?: string) =>
  world.core.affiliates.payoutActs.act(payoutId, 'settle', { actor, reference }, world.clock.now());
const statusOf = async (payoutId: string) => (await world.core.affiliates.payouts.get(payoutId))?.status;
const trail = async (subject: string) =>
  (await world.core.audit.list({ subject, limit: 50 })).items
    .map(({ actor, action }) => `${actor}: ${action}`)
    .reverse();

/** Who acts from the Telegram chat of an account, as it is named. */
async function actorOf(accountId: string): Promise<string> {
  const link = (await world.core.accounts.linksOf([accountId])).find(({ channel }) => channel === 'telegram');
  return `${accountId} via telegram:${link?.ref}`;
}

async function asked(): Promise<{ accountId: string; message: Message }[]> {
  const all = await noticesOf(world.core, { 'content.kind': 'manager.approval_asked' });
  return all.map(({ accountId, content }) => ({
    accountId,
    message: approvalMessage((content as unknown as { data: Parameters<typeof approvalMessage>[0] }).data, {
      timeZone: 'UTC',
      currency: 'USD',
    }),
  }));
}

describe('one person', () => {
  beforeEach(() => payday(1));

  it('settles up to payouts.askAbove at once, and is asked above it, by name, payee, payday and reference', async () => {
    expect(text(await olga.type(`/settle ${ANNA} SEPA-1`))).toContain('Paid: ');
    const question = await olga.type(`/settle ${BORIS} SEPA-2`);
    expect(text(question)).toContain('Settle $1,000.01?');
    expect(text(question)).toContain('To one payee, boris, of the payday 1 Apr 2026, reference “SEPA-2”.');
    expect(await statusOf(BORIS)).toBe('due');
    expect(text(await pia.press(question, 'Settle'))).toContain('There is no such question of yours');
    expect(text(await olga.confirm(question))).toContain('Paid: $1,000.01 — boris, payout of 1 Apr');
    expect(text(await olga.confirm(question))).toContain('Paid already: ');
    expect(await statusOf(BORIS)).toBe('paid');
  });

  deepTest('is asked below it, too, by a button and by a forwarded message', async () => {
    for (const arrival of [{ isPress: true }, { isForwarded: true }]) {
      const chat = { channel: 'telegram' as const, userId: olga.userId, chatId: olga.userId };
      expect(text(await world.core.runCommand(chat, `/settle ${ANNA} SEPA-1`, arrival))).toContain('Settle $1,000.00?');
    }
    expect(await statusOf(ANNA)).toBe('due');
  });

  deepTest('settles a whole payday with one reference, after a question over amount and payees', async () => {
    expect(text(await olga.type('/cycle 2026-04-01'))).toContain(
      'for all of them at once: /settle 2026-04-01 REFERENCE',
    );
    const question = await olga.type('/settle 2026-04-01 BATCH 7');
    expect(text(question)).toContain('Settle $2,000.01 to 2 payees?');
    expect(text(await olga.confirm(question))).toContain('2 payouts, $2,000.01 in all, reference “BATCH 7”');
    for (const id of [ANNA, BORIS]) {
      expect(await world.core.affiliates.payouts.get(id)).toMatchObject({ status: 'paid', reference: 'BATCH 7' });
      expect(await trail(`payout:${id}`)).toEqual([`${await actorOf('olga')}: payout.paid`]);
    }
    expect(text(await olga.type('/settle 2026-04-01 again'))).toContain('has nothing to settle');
    expect(await differencesOf(world)).toEqual([]);
  });

  deepTest('settles nothing of a payday that has changed since the question', async () => {
    const question = await olga.type('/settle 2026-04-01 BATCH 7');
    await settle(ANNA, 'finance', 'tx');
    const answer = await olga.confirm(question);
    expect(text(answer)).toContain('Now it is $1,000.01 to 1 payee. Nothing was changed');
    expect(await statusOf(BORIS)).toBe('due');
  });
});

describe('two people', () => {
  beforeEach(() => payday(2));

  deepTest('settle a payout: one asks, the other managers hear of it, and another one confirms', async () => {
    const waits = await olga.type(`/settle ${ANNA} SEPA-1`);
    expect(text(waits)).toContain('This waits for a second person');
    expect(await statusOf(ANNA)).toBe('due');
    const [notice, ...others] = await asked();
    expect([notice?.accountId, ...others.map(({ accountId }) => accountId)]).toEqual(['pia', 'pia']);
    expect(text(notice?.message ?? waits)).toContain(`settle payout ${ANNA}, $1,000.00`);
    const question = await pia.press(notice?.message ?? waits, 'Settle');
    expect(text(question)).toContain('It takes two people');
    expect(text(await pia.confirm(question))).toContain('Paid: $1,000.00 — anna, payout of 1 Apr');
    expect(await world.core.affiliates.payouts.get(ANNA)).toMatchObject({ status: 'paid', reference: 'SEPA-1' });
    expect(await trail(`payout:${ANNA}`)).toEqual([
      `${await actorOf('olga')}: payout.settle.asked`,
      `${await actorOf('pia')}: payout.settle.approved`,
      `${await actorOf('pia')}: payout.paid`,
    ]);
    expect(text(await olga.type(`/settle ${ANNA} SEPA-1`))).toContain('Paid already: ');
    expect(await world.connection.collection('approval_requests').countDocuments()).toBe(0);
  });

  deepTest(
    'are not one person with two chats, a key of the same name, or a chat that speaks for another since',
    async () => {
      await olga.type(`/settle ${ANNA} SEPA-1`);
      expect(text(await olga.inDiscord(`/settle ${ANNA} SEPA-1`))).toContain('one person counts once');
      expect(await settle(ANNA, 'olga')).toMatchObject({ kind: 'waiting', isNew: false });
      await world.link('pia', 'telegram', olga.userId);
      expect(text(await olga.type(`/settle ${ANNA} SEPA-1`))).toContain('one person counts once');
      expect(await statusOf(ANNA)).toBe('due');
      expect(await settle(ANNA, 'finance')).toMatchObject({ kind: 'done', payout: { reference: 'SEPA-1' } });
    },
  );

  deepTest('at the same moment are two, once; and one ten times at once is one', async () => {
    await Promise.all(Array.from({ length: 10 }, () => settle(ANNA, 'ops')));
    expect(await statusOf(ANNA)).toBe('due');
    expect(await asked()).toHaveLength(4);
    const outcomes = await Promise.all(['ops', 'finance'].map((actor) => settle(BORIS, actor, 'tx')));
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['done', 'waiting']);
    const replays = await Promise.all(Array.from({ length: 10 }, () => settle(BORIS, 'finance', 'tx')));
    expect(new Set(replays.map(({ kind }) => kind))).toEqual(new Set(['already']));
    expect((await trail(`payout:${BORIS}`)).filter((line) => line.endsWith('payout.paid'))).toHaveLength(1);
  });

  deepTest('want the very same: a payday that has changed starts over, and says so', async () => {
    const by = (actor: string) => ({ actor, reference: 'BATCH' });
    const cycle = (actor: string) =>
      world.core.affiliates.payoutActs.settleCycle('2026-04-01', by(actor), world.clock.now());
    expect(await cycle('ops')).toMatchObject({ kind: 'waiting', request: { count: 2, amount: 200_001 } });
    await settle(ANNA, 'ops');
    await settle(ANNA, 'finance');
    expect(await cycle('finance')).toMatchObject({ kind: 'waiting', startedOver: 'changed', request: { count: 1 } });
    expect(await statusOf(BORIS)).toBe('due');
    expect(await cycle('ops')).toMatchObject({ kind: 'settled', count: 1, total: 100_001 });
    expect(await trail('cycle:2026-04-01')).toEqual([
      ...['ops: payout.settle.asked', 'finance: payout.settle.asked', 'ops: payout.settle.approved'],
    ]);
  });

  deepTest('are both wanted within 24 hours, and both while they may', async () => {
    await settle(ANNA, 'ops', 'tx');
    await world.travelTo('2026-04-02T00:00:00Z');
    expect(await settle(ANNA, 'finance')).toMatchObject({ kind: 'waiting', startedOver: 'expired' });
    await olga.type(`/settle ${BORIS} SEPA-1`).then(olga.confirm);
    await world.account('olga', 'model');
    const waits = await pia.type(`/settle ${BORIS} SEPA-1`).then(pia.confirm);
    expect(text(waits)).toContain('Who had asked for it is no manager any more, so it starts over with you.');
    expect(await statusOf(BORIS)).toBe('due');
  });

  deepTest('may be asked for by whoever comes after a crash between approval and act', async () => {
    await settle(ANNA, 'ops', 'tx');
    const requests = world.connection.collection('approval_requests');
    await requests.updateOne({}, { $set: { approvedBy: 'finance', approvedAt: world.clock.now() } });
    expect(await settle(ANNA, 'ops')).toMatchObject({ kind: 'done' });
    expect(await trail(`payout:${ANNA}`)).toEqual([
      ...['ops: payout.settle.asked', 'finance: payout.settle.approved', 'ops: payout.paid'],
    ]);
  });

  deepTest(
    'are not needed for what the platform says of its transfers, nor to say that one is on its way',
    async () => {
      const at = world.clock.now();
      const act = world.core.affiliates.payoutActs.act;
      expect(await act(ANNA, 'process', { actor: 'ops' }, at)).toMatchObject({ kind: 'done' });
      expect(await act(BORIS, 'fail', { actor: 'ops', reason: 'closed' }, at)).toMatchObject({ kind: 'waiting' });
      const data = { payoutId: ANNA, reference: 'tx', at: at.toISOString() };
      await world.send({ id: 's', type: 'payout.settled', timestamp: at.toISOString(), data });
      expect(await statusOf(ANNA)).toBe('paid');
      expect(await act(BORIS, 'fail', { actor: 'finance' }, at)).toMatchObject({
        kind: 'done',
        payout: { reason: 'closed' },
      });
    },
  );
});

deepTest('the policy takes one person or two', async () => {
  await payday(1);
  expect(labels(await olga.type('/cycle 2026-04-01'))).toContain('Statement: anna');
  expect(await settle(ANNA, 'ops')).toMatchObject({ kind: 'done' });
});
