import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sayIn } from '../../src/texts/speech.ts';
import { deepTest } from '../support/depth.ts';
import { eventually } from '../support/eventually.ts';
import { startTelegram, type TelegramStandIn } from '../support/telegram.ts';
import { type BotWorld, createBotWorld, MONDAY, noticeTo } from './world.ts';

let world: BotWorld;
const opened: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  world = await createBotWorld();
});
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
  world.logged.splice(0);
});
afterAll(() => world.close());

async function telegramOf(options: Parameters<typeof startTelegram>[0] = {}): Promise<TelegramStandIn> {
  const telegram = await startTelegram(options);
  opened.push(telegram);
  return telegram;
}

describe('connecting', () => {
  it.each(['4711:wrong-token', 'no token at all'])(
    'is off, with one line, when the token is refused: %s',
    async (token) => {
      const telegram = await telegramOf();
      const bot = world.bot({ root: telegram.root, token });
      await eventually(() => bot.state() === 'off');
      expect(world.logged).toHaveLength(1);
      expect(world.logged[0]).toContain('TELEGRAM_BOT_TOKEN');
      expect(world.logged[0]).not.toContain(token);
      await bot.drain();
      await bot.stop();
    },
  );

  deepTest('goes on trying when Telegram cannot be reached, and says so once', async () => {
    const telegram = await telegramOf();
    telegram.fail({ kind: 'not-json', status: 502, method: 'getMe' });
    telegram.fail({ kind: 'cut', method: 'getMe' });
    const bot = world.bot(telegram);
    await eventually(() => bot.state() === 'on', { withinMs: 10_000 });
    expect(world.logged.filter((line) => line.includes('not reachable'))).toHaveLength(1);
    expect(bot.username()).toBe('settlebot_test_bot');
    await bot.stop();
  });

  it('goes off when the token is revoked later, and the notice stays due', async () => {
    const telegram = await telegramOf();
    await world.linked('revoked', 'model', 900);
    const bot = world.bot(telegram);
    await eventually(async () => (await bot.health()).leaderState === 'active');
    telegram.fail({ kind: 'status', status: 401 });
    await world.notices.enqueue([noticeTo('revoked', 'a')], MONDAY);
    await eventually(() => bot.state() === 'off');
    await eventually(async () => (await bot.health()).deliveries.due === 1);
    expect(world.logged.filter((line) => line.includes('TELEGRAM_BOT_TOKEN'))).toHaveLength(1);
    await bot.stop();
    await world.noticeStore.deleteMany({});
  });

  it('polls though there is no webhook that could be taken away', async () => {
    const telegram = await telegramOf({ perChatMs: 20 });
    telegram.fail({ kind: 'status', status: 404, method: 'deleteWebhook' });
    const bot = world.bot(telegram);
    telegram.say(8, 'hello');
    await eventually(() => telegram.fromBot(8).length === 1, { withinMs: 15_000 });
    expect(bot.state()).toBe('on');
    await bot.stop();
  });

  deepTest('survives refused polls', async () => {
    const telegram = await telegramOf({ perChatMs: 20 });
    telegram.fail({ kind: 'status', status: 500, method: 'getUpdates' });
    telegram.fail({ kind: 'retry-after', seconds: 1, method: 'getUpdates' });
    telegram.fail({ kind: 'not-json', method: 'getUpdates' });
    const bot = world.bot(telegram);
    telegram.say(7, 'hello');
    await eventually(() => telegram.fromBot(7).length === 1, { withinMs: 15_000 });
    await bot.stop();
  });

  deepTest('hears everything after update ids that restart smaller, and asks no more often than it needs', async () => {
    const telegram = await telegramOf({ perChatMs: 5, perSecond: 1_000 });
    const bot = world.bot(telegram, { limits: { perSecond: 1_000, perChatMs: 5 } });
    telegram.say(20, 'before');
    await eventually(() => telegram.fromBot(20).length === 1 && telegram.pendingUpdates() === 0);
    telegram.restartIds();
    // More than one answer to a poll holds.
    const polls = telegram.polls();
    for (let chat = 21; chat <= 140; chat += 1) await world.linked(`m${chat}`, 'model', chat);
    for (let chat = 21; chat <= 140; chat += 1) telegram.say(chat, 'after');
    await eventually(() => telegram.sent().length === 121 && telegram.pendingUpdates() === 0, { withinMs: 60_000 });
    // Each poll brings something new, or is held.
    expect(telegram.polls() - polls).toBeLessThanOrEqual(121);
    await bot.stop();
  });

  deepTest('still answers, in the next process, who was owed an answer when this one stopped', async () => {
    await world.linked('m60', 'model', 60);
    const telegram = await telegramOf({ perChatMs: 60_000 });
    const bot = world.bot(telegram, { limits: { perSecond: 30, perChatMs: 60_000 } });
    telegram.say(60, '/start');
    telegram.say(60, '/help');
    await eventually(() => telegram.fromBot(60).length === 1 && telegram.pendingUpdates() === 0);
    await bot.stop();
    const another = await telegramOf({ perChatMs: 20 });
    const next = world.bot(another, { limits: { perSecond: 30, perChatMs: 20 } });
    await eventually(() => another.fromBot(60).length === 1);
    await next.stop();
  });

  it('shows each person the menu of their role, and strangers theirs in every language', async () => {
    const telegram = await telegramOf({ perChatMs: 20 });
    const bot = world.bot(telegram, { limits: { perSecond: 30, perChatMs: 20 } });
    await world.account('menu', 'manager');
    const link = await world.accounts.createLinkCode('menu', MONDAY);
    telegram.say(610, `/start ${link?.code}`);
    const menus = () => telegram.calls.filter((call) => call.method === 'setMyCommands').map((call) => call.payload);
    const ofChat = () => menus().filter(({ scope }) => scope !== undefined);
    await eventually(() => menus().length === 6 && ofChat().length === 1);
    const ofStrangers = menus().filter(({ scope }) => scope === undefined);
    expect(ofStrangers.map(({ language_code: language }) => language)).toEqual([undefined, 'ru', 'uk', 'es', 'pt']);
    expect(JSON.stringify(ofStrangers)).not.toContain('quarantine');
    expect(ofChat()).toMatchObject([{ scope: { type: 'chat', chat_id: '610' } }]);
    expect(JSON.stringify(ofChat())).toContain('quarantine');
    telegram.say(610, '/settings language uk');
    await eventually(() => ofChat().length === 2);
    expect(JSON.stringify(ofChat()[1])).toContain(JSON.stringify(sayIn('uk')('commands.help.description')));
    await bot.stop();
  });

  it('stops while a poll is waiting, within moments', async () => {
    const telegram = await telegramOf();
    const bot = world.bot(telegram);
    await eventually(async () => (await bot.health()).leaderState === 'active');
    const before = performance.now();
    await bot.stop();
    expect(performance.now() - before).toBeLessThan(1_000);
  });
});

describe('by webhook', () => {
  const secret = 'a-secret-of-ours';

  async function byWebhook() {
    const telegram = await telegramOf({ perChatMs: 20 });
    const handlers: ((request: Request) => Promise<Response>)[] = [];
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const forwarded = new Request('http://local/telegram/webhook', {
        method: 'POST',
        headers: {
          'x-telegram-bot-api-secret-token': String(request.headers['x-telegram-bot-api-secret-token'] ?? ''),
        },
        body: Buffer.concat(chunks),
      });
      const answered = await handlers[0]?.(forwarded);
      response.writeHead(answered?.status ?? 500).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/telegram/webhook`;
    const bot = world.bot(telegram, {
      settings: { token: telegram.token, apiRoot: telegram.root, webhook: { url, secret } },
      limits: { perSecond: 30, perChatMs: 20 },
    });
    if (bot.webhook === null) throw new Error('no webhook');
    handlers.push(bot.webhook);
    opened.push({ close: () => new Promise((resolve) => server.close(() => resolve())) });
    await eventually(async () => (await bot.health()).leaderState === 'active');
    return { telegram, bot, webhook: bot.webhook };
  }

  function post(body: string, header = secret, more: Record<string, string> = {}): Request {
    return new Request('http://local/telegram/webhook', {
      method: 'POST',
      headers: { 'x-telegram-bot-api-secret-token': header, ...more },
      body,
    });
  }

  it('registers itself and answers what Telegram brings', async () => {
    const { telegram, bot } = await byWebhook();
    expect(telegram.webhook()?.secret).toBe(secret);
    telegram.say(50, 'hello');
    await eventually(() => telegram.fromBot(50).length === 1);
    await bot.stop();
  });

  it('refuses a wrong secret, what is too large and what is no update, and stores a repeated one once', async () => {
    const { telegram, bot, webhook } = await byWebhook();
    const update = JSON.stringify({
      update_id: 77_001,
      message: { message_id: 1, date: 0, from: { id: 51 }, chat: { id: 51, type: 'private' }, text: '/help' },
    });
    for (const wrong of ['', 'x', `${secret}x`]) expect((await webhook(post(update, wrong))).status).toBe(401);
    expect((await webhook(post('x'.repeat(300_000)))).status).toBe(413);
    for (const broken of ['', '{', '[]', '{"update_id":"1"}', 'null']) {
      expect((await webhook(post(broken))).status).toBe(400);
    }
    for (let copy = 0; copy < 5; copy += 1) expect((await webhook(post(update))).status).toBe(200);
    expect((await webhook(post('{"update_id":77002,"message":{}}'))).status).toBe(200);
    await bot.drain();
    expect(telegram.fromBot(51)).toHaveLength(1);
    await bot.stop();
  });

  it('takes up an update that was stored before the process died', async () => {
    const { telegram, bot, webhook } = await byWebhook();
    await bot.stop();
    const update = { message_id: 1, date: 0, from: { id: 52 }, chat: { id: 52, type: 'private' }, text: '/help' };
    expect((await webhook(post(JSON.stringify({ update_id: 77_003, message: update })))).status).toBe(200);
    const next = world.bot(telegram);
    await eventually(() => telegram.fromBot(52).length === 1);
    await next.stop();
  });
});
