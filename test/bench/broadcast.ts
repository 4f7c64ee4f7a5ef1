import { createTelegramBot } from '../../bots/telegram/bot.ts';
import type { Notice } from '../../src/notices/notices.ts';
import { startTelegram, type TelegramStandIn } from '../support/telegram.ts';
import { type Benchmark, type Figure, inBatches, seconds, secondsOf } from './measure.ts';
import { createWorld, type World } from './world.ts';

const NOW = new Date('2026-11-23T12:00:00Z');
const ALLOWED_PER_SECOND = 30;

/**
 * One notice to each of many chats, by the bot of a running service, to a Telegram that allows thirty a second and one a
 * chat and second. The limit is the time that this takes at exactly thirty a second.
 */
export const broadcast: Benchmark = { run: () => broadcastTo(900) };

/** The same to ten thousand chats; it takes five and a half minutes, so it runs only when it is named. */
export const broadcastWhole: Benchmark = { run: () => broadcastTo(10_000) };

async function broadcastTo(chats: number): Promise<Figure[]> {
  const world = await createWorld(NOW);
  const telegram = await startTelegram({ perSecond: ALLOWED_PER_SECOND });
  const bot = botOf(world, telegram);
  try {
    await linkChats(world, chats);
    bot.start();
    const taken = await secondsOf(async () => {
      await world.core.notices.enqueue(noticesTo(chats), NOW);
      await bot.drain();
    });
    const reached = telegram.chats().filter((chat) => telegram.fromBot(chat).length === 1).length;
    if (reached !== chats) throw new Error(`${reached} of ${chats} chats have their message`);
    const allowed = chats / ALLOWED_PER_SECOND;
    const what = `a notice to each of ${chats} chats`;
    return [
      {
        name: `${what} / at ${ALLOWED_PER_SECOND} a second`,
        figure: seconds(taken),
        limit: seconds(allowed),
        ratio: taken / allowed,
        goal: { atMost: 1.05 },
      },
      {
        name: `${what}: answered with 429`,
        figure: String(telegram.throttled()),
        limit: '0',
        ratio: telegram.throttled(),
        goal: { atMost: 0 },
      },
    ];
  } finally {
    await bot.stop();
    await telegram.close();
    await world.close();
  }
}

function botOf({ core }: World, { token, root }: TelegramStandIn) {
  const say = (text: string): void => {
    process.stderr.write(`${text}\n`);
  };
  return createTelegramBot({
    ...core,
    settings: { token, apiRoot: root },
    run: core.runCommand,
    log: { info: () => {}, warn: say, error: say },
  });
}

/** Bare links, without the detour over codes. */
async function linkChats({ raw }: World, chats: number): Promise<void> {
  const links = Array.from({ length: chats }, (_, index) => {
    const chat = String(1_000_000 + index);
    const link = { accountId: modelOf(index), channel: 'telegram', userId: chat, chatId: chat, linkedAt: NOW };
    return { _id: `telegram:${chat}`, ...link };
  });
  for (const batch of inBatches(links, 1_000)) await raw('chat_links').insertMany(batch);
}

function noticesTo(chats: number): Notice[] {
  return Array.from({ length: chats }, (_, index) => {
    const invoiceId = `2026-W47:${modelOf(index)}`;
    return {
      key: `broadcast:${index}`,
      accountId: modelOf(index),
      kind: 'invoice.paid',
      data: { invoiceId, week: '2026-W47', total: 4_108, paidAt: NOW, balance: 0, by: 'top-up' },
      urgent: true,
      at: NOW,
    };
  });
}

function modelOf(index: number): string {
  return `model-${index}`;
}
