import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { noticeMessage } from '../../src/notices/messages/notice.ts';
import { deepTest } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { createWorld, type World } from '../support/world.ts';

/** What people are told by the calendar (rules 3). 23 November 2026 is a Monday. */

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => world.reset('2026-11-24T12:00:00Z'));

const display = { timeZone: 'UTC', currency: 'USD' };

/** Links an account as a person does it, by a code in a chat. */
async function link(accountId: string, userId: string): Promise<void> {
  const code = await world.linkCode(accountId);
  await world.core.runCommand({ channel: 'telegram', userId, chatId: userId }, `/start ${code}`);
}

/** Whom what was told, in the order of telling. */
async function told(): Promise<string[]> {
  const found = await world.core.noticeStore
    .find({ 'content.kind': /^digest\./ })
    .sort({ order: 1 })
    .toArray();
  return found.map(({ accountId, content, at }) => `${at.toISOString().slice(0, 16)} ${accountId} ${content.kind}`);
}

async function messageTo(accountId: string) {
  const [last] = await world.core.noticeStore
    .find({ accountId, 'content.kind': /^digest\./ })
    .sort({ order: -1 })
    .limit(1)
    .toArray();
  if (last === undefined) throw new Error(`${accountId} was told nothing`);
  return noticeMessage(last.content, display);
}

describe('a digest', () => {
  it('comes each morning to managers, by the clocks of each, until they turn it off', async () => {
    await world.account('olga', 'manager', { timeZone: 'Europe/Kyiv' });
    await world.account('max', 'manager');
    await world.account('nobody', 'manager');
    await link('olga', '1');
    await link('max', '2');
    await world.travelTo('2026-11-25T12:00:00Z');
    expect(await told()).toEqual(['2026-11-25T07:00 olga digest.managers', '2026-11-25T09:00 max digest.managers']);

    await world.core.runCommand({ channel: 'telegram', userId: '1', chatId: '1' }, '/settings digest off');
    await world.travelTo('2026-11-26T12:00:00Z');
    expect((await told()).slice(2)).toEqual(['2026-11-26T09:00 max digest.managers']);

    await world.core.runCommand({ channel: 'telegram', userId: '1', chatId: '1' }, '/settings digest on');
    await world.travelTo('2026-11-27T08:00:00Z');
    expect((await told()).slice(3)).toEqual(['2026-11-27T07:00 olga digest.managers']);
  });

  deepTest('says to managers what is overdue by age, what Monday brought, and what is stuck', async () => {
    await world.account('max', 'manager');
    await link('max', '2');
    for (const modelId of ['ava', 'kim']) await world.account(modelId, 'model');
    await world.issue('ava', '2026-W44');
    await world.issue('ava', '2026-W46');
    await world.issue('kim', '2026-W46');
    await world.travelTo('2026-11-25T09:00:00Z');
    const { state, title, facts } = await messageTo('max');
    expect({ state, title, facts }).toEqual({
      state: 'overdue',
      title: '$123.24 overdue: 3 invoices of 2 models',
      facts: [
        ['Up to 7 days late', '$82.16 in 2 invoices'],
        ['15 to 30 days late', '$41.08 in 1 invoice'],
        ['Needs a look', '2 people out of reach'],
      ],
    });
  });

  deepTest('says to a model on Sunday what Monday takes, and whether the balance covers it', async () => {
    for (const modelId of ['ava', 'kim', 'eve']) await world.account(modelId, 'model');
    await world.account('w', 'marketer');
    await link('ava', '1');
    await link('kim', '2');
    await link('eve', '3');
    await world.receive(...costs('ava'), ...costs('kim'));
    await world.drain();
    await world.topUp('ava', 10_000);
    await world.topUp('kim', 100);
    await world.travelTo('2026-11-29T09:00:00Z');
    expect(await told()).toEqual(['2026-11-29T09:00 ava digest.model', '2026-11-29T09:00 kim digest.model']);
    expect(await messageTo('ava')).toMatchObject({ state: 'done', title: expect.stringContaining('$40.00 so far') });
    expect((await messageTo('ava')).paragraphs[0]).toMatch(/^Your balance of \$100\.00 covers it/);
    expect(await messageTo('kim')).toMatchObject({ state: 'open' });
    expect((await messageTo('kim')).paragraphs[0]).toMatch(/^Your balance is \$1\.00: \$39\.00 is missing/);
    // And so it comes.
    await world.travelTo('2026-11-30T06:00:00Z');
    const issued = await world.collection('invoices').find().sort({ _id: 1 }).toArray();
    expect(issued).toMatchObject([
      { _id: '2026-W48:ava', total: 4_000, status: 'completed' },
      { _id: '2026-W48:kim', total: 4_000, status: 'open' },
    ]);
  });

  deepTest('is not told to a role that is no longer somebody’s, and follows who moves', async () => {
    await world.account('max', 'manager');
    await link('max', '2');
    await world.account('max', 'manager', { timeZone: 'Europe/Kyiv' });
    await world.travelTo('2026-11-26T12:00:00Z');
    // The old round finds that nobody is left in it, and that a new one is needed.
    expect(await told()).toEqual(['2026-11-26T07:00 max digest.managers']);
    await world.account('max', 'marketer');
    await world.travelTo('2026-11-28T12:00:00Z');
    expect(await told()).toHaveLength(1);
    expect(await world.collection('digest_rounds').countDocuments()).toBe(0);
  });

  it('is told once, by however many processes and tries', async () => {
    await world.account('max', 'manager');
    await link('max', '2');
    const now = new Date('2026-11-25T09:00:00Z');
    world.pin(now);
    await Promise.all([world.core.digests.run(now), world.core.digests.run(now)]);
    await world.core.digests.run(now);
    expect(await told()).toEqual(['2026-11-25T09:00 max digest.managers']);
  });

  it('of yesterday that nobody could send gives way to that of today', async () => {
    await world.account('max', 'manager');
    await link('max', '2');
    await world.travelTo('2026-11-27T12:00:00Z');
    const states = await world.core.noticeStore
      .find({ 'content.kind': 'digest.managers' })
      .sort({ order: 1 })
      .toArray();
    expect(states.map(({ state }) => state)).toEqual(['moot', 'moot', 'due']);
  });
});

/** A tip of $100 in a campaign at 40 %. */
const costs = (modelId: string) => [
  tell.campaign(`C-${modelId}`, modelId, 'w', 4_000),
  tell.payment(`p-${modelId}`, 10_000, '2026-11-24T11:00:00Z', { campaignId: `C-${modelId}`, modelId }),
];
