import { afterAll, beforeAll, expect, it } from 'vitest';

import { headsPipeline } from '../../../src/notices/delivery/outbox.ts';
import { type BotWorld, createBotWorld, MONDAY, noticeTo } from '../../bots/world.ts';

let world: BotWorld;

beforeAll(async () => {
  world = await createBotWorld();
  await world.linked('m1', 'model', 1);
  await world.notices.enqueue(
    Array.from({ length: 50 }, (_, index) => noticeTo('m1', `n${index}`)),
    MONDAY,
  );
});
afterAll(() => world.close());

it('what is due is found along an index, chat by chat', async () => {
  const query = { now: MONDAY, realNow: 0, limit: 10, exceptChats: ['2'] };
  const plan = JSON.stringify(await world.noticeStore.aggregate(headsPipeline('telegram', query)).explain());
  // One step along the index for each chat, however many wait in it.
  expect(plan).toContain('DISTINCT_SCAN');
  expect(plan).not.toContain('COLLSCAN');
});

it.each([
  { channel: 'telegram', state: 'sending' },
  { channel: 'telegram', state: 'due', chatId: '1' },
] as const)('%j is found along an index', async (filter) => {
  const plan = JSON.stringify(await world.noticeStore.find(filter).explain());
  expect(plan).toContain('IXSCAN');
  expect(plan).not.toContain('COLLSCAN');
});

it('people’s chats are found along an index', async () => {
  const links = world.connection.collection('chat_links');
  const plan = JSON.stringify(await links.find({ accountId: { $in: ['m1', 'm2'] } }).explain());
  expect(plan).toContain('IXSCAN');
});

it('updates in hand are found along an index', async () => {
  const updates = world.connection.collection('telegram_updates');
  const filter = { state: 'received', chatId: { $nin: ['1'] } };
  const plan = JSON.stringify(await updates.find(filter).sort({ lane: 1, updateId: 1 }).limit(5).explain());
  expect(plan).toContain('"stage":"IXSCAN"');
  expect(plan).not.toContain('"stage":"SORT"');
});
