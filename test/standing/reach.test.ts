import { afterEach, describe, expect, it } from 'vitest';

import { createLateWorld, type LateWorld, labels, text } from '../commands/world.ts';
import { deepTest } from '../support/depth.ts';
import { noticesOf } from '../support/notices.ts';

/** Late payers whom nothing reaches, and what they are told by managers. Due on Thursday 12 March, 06:00. */

let world: LateWorld;

async function start(startsAt: string, onlyAfterWarning = false): Promise<LateWorld> {
  world = await createLateWorld(startsAt, {}, { sanctions: { onlyAfterWarning } });
  return world;
}
afterEach(() => world.close());

const standing = (modelId: string) => world.core.standing.standings.standing(modelId, world.clock.now());

async function unlinkAll({ userId }: { userId: string }) {
  for (const channel of ['telegram', 'discord'] as const) await world.core.accounts.unlink(channel, userId);
}

async function webhooks(type: string) {
  const items = await world.webhooks();
  return items.filter((one) => one.type === type);
}

/** As a channel would: every notice that is on its way has arrived. */
async function deliver() {
  const due = await world.core.noticeStore.find({ state: 'due' }).toArray();
  for (const { _id, accountId } of due) {
    await world.core.noticeStore.updateOne(
      { _id },
      { $set: { state: 'sent', sentAt: world.clock.now(), pendingEffects: true } },
    );
    await world.core.notices.noteDelivered({ _id, accountId });
  }
  return due.map(({ accountId, content }) => `${accountId} ${content.kind}`);
}

describe('a model whom nothing reaches', () => {
  it('is told of to managers and the platform, once, and marked where managers look', async () => {
    await start('2026-03-09T06:00:00Z');
    const boss = await world.person('boss', 'manager');
    const ava = await world.person('ava', 'model', { name: 'Ava' });
    await unlinkAll(ava);
    await world.issue('ava', '2026-W10', 10_000);
    await world.moveTo('2026-03-13T07:00:00Z');
    expect(await webhooks('account.unreachable')).toMatchObject([
      { subject: 'account:ava', data: { accountId: 'ava', role: 'model', name: 'Ava', chats: [] } },
    ]);
    await world.core.notices.release(new Date('2026-03-13T08:00:00Z'));
    const told = await world.core.noticeStore.find({ 'content.kind': 'manager.unreached' }).toArray();
    expect(told.map(({ accountId }) => accountId)).toEqual(['boss', 'boss']);
    expect(text(await boss.type('/overdue'))).toContain('Ava, out of reach');
    expect(text(await boss.type('/model ava'))).toContain('out of reach');
    expect(text(await boss.type('/health'))).toContain('1 person is out of reach');
    expect(await standing('ava')).toMatchObject({ campaigns: 'paused' });
  });

  deepTest('reads on linking how she stands and what is to pay', async () => {
    await start('2026-03-09T06:00:00Z');
    const boss = await world.person('boss', 'manager');
    await world.become('ava', 'model', { name: 'Ava' });
    await world.issue('ava', '2026-W09', 60_000);
    await world.issue('ava', '2026-W10', 10_000);
    await world.moveTo('2026-03-11T07:00:00Z');
    const code = await world.core.accounts.createLinkCode('ava', world.clock.now());
    const chat = { channel: 'telegram' as const, userId: '1', chatId: '1' };
    const welcome = await world.core.runCommand(chat, `/start ${code?.code}`);
    expect(text(welcome)).toContain('Your campaigns are paused, and new CPL orders are blocked.');
    expect(text(welcome)).toContain('To pay: $700.00, 2 invoices, the oldest due by Thu 5 Mar 2026, 06:00 (UTC).');
    expect(labels(welcome).slice(0, 3)).toEqual(['Pay $600.00', 'Invoice 23 Feb – 1 Mar', 'Pay $100.00']);
    expect(text(await boss.type('/health'))).not.toContain('out of reach');
  });
});

describe('with onlyAfterWarning (rules 2.9)', () => {
  deepTest('pauses when a warning is delivered, and not before', async () => {
    await start('2026-03-09T06:00:00Z', true);
    const ava = await world.person('ava', 'model');
    await world.issue('ava', '2026-W10', 10_000);
    await world.moveTo('2026-03-12T07:00:00Z');
    expect(await standing('ava')).toMatchObject({ campaigns: 'running', overdue: { count: 1 }, trustScore: 40 });
    const shown = await ava.type('/standing');
    expect(shown.title).toBe('You are overdue, and the sanctions wait for a warning');
    expect(text(shown)).toContain('pausing and blocking wait until a warning is delivered');
    expect(await webhooks('campaigns.paused')).toEqual([]);
    expect(await deliver()).toContain('ava invoice.overdue');
    expect(await standing('ava')).toMatchObject({ campaigns: 'paused' });
    expect(await webhooks('campaigns.paused')).toHaveLength(1);
    expect(await world.core.standing.verify()).toEqual([]);
  });

  deepTest('pauses 24 hours after the platform was told that none can be delivered', async () => {
    await start('2026-03-12T05:00:00Z', true);
    const ava = await world.person('ava', 'model');
    await unlinkAll(ava);
    await world.issue('ava', '2026-W10', 10_000);
    await world.moveTo('2026-03-12T06:00:00Z');
    expect(await webhooks('account.unreachable')).toHaveLength(1);
    const [told] = await webhooks('account.unreachable');
    const from = (told?.timestamp.getTime() ?? 0) + 24 * 3_600_000;
    await world.moveTo(new Date(from - 1).toISOString());
    expect(await standing('ava')).toMatchObject({ campaigns: 'running' });
    await world.moveTo(new Date(from).toISOString());
    expect(await standing('ava')).toMatchObject({ campaigns: 'paused' });
    expect(await webhooks('campaigns.paused')).toHaveLength(1);
    expect(await world.core.standing.verify()).toEqual([]);
  });

  deepTest('finishes after a crash between the delivery and what follows from it', async () => {
    await start('2026-03-09T06:00:00Z', true);
    await world.person('ava', 'model');
    await world.issue('ava', '2026-W10', 10_000);
    await world.moveTo('2026-03-12T07:00:00Z');
    await world.core.noticeStore.updateMany(
      { 'content.kind': 'invoice.overdue' },
      { $set: { state: 'sent', sentAt: world.clock.now(), pendingEffects: true } },
    );
    await world.core.notices.repair();
    expect(await webhooks('campaigns.paused')).toHaveLength(1);
  });
});

describe('what managers decide is told, with the reason', () => {
  const contents = async (kind: 'sanctions.grace' | 'sanctions.changed') => {
    const found = await noticesOf(world.core, { channel: 'telegram', 'content.kind': kind });
    return found.map(({ content }) => content.data);
  };

  deepTest('a grace, a longer one, and one that lifts nothing', async () => {
    await start('2026-03-12T07:00:00Z');
    const boss = await world.person('boss', 'manager');
    await world.person('ava', 'model');
    await world.issue('ava', '2026-W10', 10_000);
    await world.moveTo('2026-03-12T08:00:00Z');
    await boss.type('/grace ava 2026-03-20 the bank is slow');
    await boss.type('/grace ava 2026-03-25 slower still');
    await boss.type('/grace ava 2026-03-22 shorter');
    await world.person('eve', 'model');
    await boss.type('/grace eve 2026-03-20 just in case');
    expect(await contents('sanctions.grace')).toMatchObject([
      { reason: 'the bank is slow', isLonger: false, lifted: ['campaigns.resumed'], overdueCount: 1 },
      { reason: 'slower still', isLonger: true, lifted: [] },
      { reason: 'just in case', isLonger: false, lifted: [], overdueCount: 0 },
    ]);
    // One message for one act.
    expect(await contents('sanctions.changed')).toEqual([]);
  });

  deepTest('the end of a partnership', async () => {
    await start('2026-03-12T07:00:00Z');
    const boss = await world.person('boss', 'manager');
    await world.person('ava', 'model');
    const asked = await boss.type('/terminate ava never paid once');
    await boss.press(asked, 'Terminate');
    expect(await contents('sanctions.changed')).toMatchObject([
      { changes: ['cpl_orders.blocked', 'partnership.terminated'], reason: 'never paid once' },
    ]);
  });
});
