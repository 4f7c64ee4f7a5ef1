import { afterAll, afterEach, beforeAll, expect } from 'vitest';

import { type BotWorld, createBotWorld, keyTold } from '../bots/world.ts';
import { type Cluster, startCluster } from '../support/cluster/cluster.ts';
import { testEngine } from '../support/database.ts';
import { deepTest } from '../support/depth.ts';
import { eventually } from '../support/eventually.ts';
import { startTelegram, type TelegramStandIn } from '../support/telegram.ts';

/** A bot on a replica set that is in trouble. */

const CHAT = 7;

let cluster: Cluster;
let world: BotWorld;
let telegram: TelegramStandIn;
let calm: (() => void)[] = [];
beforeAll(async () => {
  cluster = await startCluster({ engine: testEngine() });
  world = await createBotWorld({ server: cluster.uri('test'), onError: () => {} });
  telegram = await startTelegram({ perChatMs: 50 });
  const bot = world.bot(telegram, { limits: { perSecond: 30, perChatMs: 50 } });
  await eventually(() => bot.state() === 'on');
  await world.linked('M', 'model', CHAT);
});
afterEach(async () => {
  for (const end of calm.splice(0)) end();
  await cluster.recover();
});
afterAll(async () => {
  await world?.close();
  await telegram?.close();
  cluster?.close();
});

function said(): string[] {
  return telegram.fromBot(CHAT).map(({ text }) => text);
}

deepTest('what a person writes during an election is answered after it, once', async () => {
  const before = said().length;
  const failing = cluster.failOver('stepDown', { electionMs: 2_000 });
  telegram.say(CHAT, '/balance');
  await failing;
  await eventually(() => said().length > before);
  await eventually(() => telegram.pendingUpdates() === 0);
  expect(
    said()
      .slice(before)
      .filter((text) => text.includes('balance')),
  ).toHaveLength(1);
});

deepTest('an update that cannot be stored, or not marked as handled, comes again', async () => {
  const before = said().length;
  const updates = ['telegram_updates'];
  calm = [
    cluster.fault({ commands: ['insert'], collections: updates, times: 4 }, { error: 'NotWritablePrimary' }),
    cluster.fault({ commands: ['find'], collections: ['chat_links'], times: 3 }, { breaks: 'before' }),
  ];
  telegram.say(CHAT, '/help');
  await eventually(() => said().length > before);
  await eventually(() => telegram.pendingUpdates() === 0);
});

deepTest('a notice that meets trouble is not failed, and sent once', async () => {
  const collections = ['notice_deliveries'];
  const invoiceId = await world.issue('M');
  calm = [
    cluster.fault({ only: 'writes', collections, times: 5 }, { concernError: 'WriteConcernTimeout' }),
    cluster.fault(
      { only: 'reads', collections: ['accounts', 'personal_keys'], times: 3 },
      { error: 'ExceededTimeLimit' },
    ),
  ];
  await eventually(async () => {
    await world.core.standing.dunning.run(new Date('2026-11-26T06:00:00Z'));
    return true;
  });
  world.pin('2026-11-26T06:00:00Z');
  const told = () => telegram.fromBot(CHAT).filter((message) => keyTold(message) === invoiceId);
  await eventually(() => told().length > 0);
  const key = 'invoice:2026-W47:M:message:3>telegram:7';
  const delivery = () => world.collection('notice_deliveries').findOne({ _id: key });
  await eventually(async () => ((await delivery()) as { state?: string } | null)?.state === 'sent');
  expect(await delivery()).toMatchObject({ failures: 0 });
  expect(told()).toHaveLength(1);
});
