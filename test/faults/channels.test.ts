import { afterEach, beforeEach, describe, expect } from 'vitest';

import { deepTest } from '../support/depth.ts';
import { type DiscordStandIn, discordEnvironment, startDiscord } from '../support/discord.ts';
import { eventually } from '../support/eventually.ts';
import { type PlatformReceiver, startPlatformReceiver } from '../support/platformReceiver.ts';
import { createHouse, type House, type ServiceProcess } from '../support/process.ts';
import { TEST_SECRET } from '../support/service.ts';
import { startTelegram, type TelegramStandIn, telegramEnvironment } from '../support/telegram.ts';
import { account, market, payment } from './traffic.ts';

const MODELS = 6;
const onTelegram = (model: number) => 7_000 + model;
const onDiscord = (model: number) => 5_000 + model;
const inTelegram = (manager: number) => 8_000 + manager;

let house: House;
let telegram: TelegramStandIn;
let discord: DiscordStandIn;
let receiver: PlatformReceiver;
beforeEach(async () => {
  telegram = await startTelegram();
  discord = await startDiscord({ identifyMs: 500, throttleEvery: 0 });
  receiver = await startPlatformReceiver(TEST_SECRET);
  house = await createHouse({
    ...telegramEnvironment(telegram),
    ...discordEnvironment(discord),
    PLATFORM_WEBHOOK_URL: receiver.url,
    PLATFORM_WEBHOOK_SECRET: TEST_SECRET,
  });
});
afterEach(async () => {
  await house.remove();
  await Promise.all([telegram.close(), discord.close(), receiver.close()]);
});

describe('two processes with one Telegram poller and one Discord gateway between them', () => {
  deepTest(
    'the other takes both over when the one that has them is killed, and answers nothing twice',
    async () => {
      const { one, other } = await twoProcesses();
      expect(discord.gateway.connected()).toBe(1);
      const [asked, answered] = [discord.slash(onDiscord(0), 'balance'), telegram.fromBot(onTelegram(0)).length];
      telegram.say(onTelegram(0), '/balance');
      await eventually(
        () =>
          discord.answerTo(asked) !== undefined && telegram.fromBot(onTelegram(0)).length > answered && allHandled(),
      );

      await one.kill();
      const before = telegram.sent().length;
      telegram.say(onTelegram(0), '/invoices');
      for (let model = 1; model < MODELS; model += 1) telegram.say(onTelegram(model), '/balance');
      const moved = other.moveTo('2026-03-12T06:00:00Z');
      await eventually(() => discord.gateway.connected() === 1, { what: 'the other at the gateway' });
      const later = discord.slash(onDiscord(1), 'balance');
      await eventually(() => discord.answerTo(later) !== undefined, { what: 'an answer of the other' });
      expect((await moved).status).toBe(200);
      await other.settle();

      // An answer, that it is due soon, that it is overdue; the card is changed where it stands.
      expect(telegram.sent().length - before).toBe(3 * MODELS);
      for (let model = 0; model < MODELS; model += 1) {
        const texts = telegram.fromBot(onTelegram(model)).map(({ text }) => text);
        expect(texts.filter((text) => text.includes('is overdue'))).toHaveLength(1);
        const direct = discord.sent().filter(({ user }) => user === String(onDiscord(model)));
        expect(direct.filter(({ text }) => text.includes('is overdue'))).toHaveLength(1);
      }
      expect([...telegram.violations, ...discord.violations]).toEqual([]);
      expect(await house.verify()).toEqual([]);
    },
    180_000,
  );

  deepTest(
    'what a manager asked for in the moment of the death is done once',
    async () => {
      const { one, other } = await twoProcesses();
      for (let manager = 0; manager < MODELS; manager += 1) {
        telegram.say(inTelegram(manager), `/void 2026-W10:m${manager} wrong week`);
      }
      for (let manager = 0; manager < MODELS; manager += 1) {
        const asked = () => telegram.fromBot(inTelegram(manager)).find(({ text }) => text.startsWith('Void invoice'));
        await eventually(() => asked() !== undefined, { what: `a question for manager ${manager}` });
        telegram.press(inTelegram(manager), asked()?.messageId ?? 0, 'Void');
      }
      await house.inside(({ connection }) =>
        eventually(async () => (await connection.collection('invoices').countDocuments({ status: 'void' })) > 0, {
          everyMs: 1,
          what: 'the first of them',
        }),
      );
      await one.kill();
      const answers = (manager: number) => telegram.fromBot(inTelegram(manager)).map(({ text }) => text);
      for (let manager = 0; manager < MODELS; manager += 1) {
        await eventually(() => answers(manager).some((text) => text.includes('is void')), {
          what: `manager ${manager}`,
        });
      }
      // What was cut off between state and effect is finished by the next repair; a start begins with one.
      await house.start({ MONGODB_URI: await house.engineUri() });
      await other.settle();
      for (let model = 0; model < MODELS; model += 1) {
        const audit = await other.list(`/v1/audit?subject=invoice:2026-W10:m${model}`);
        expect(audit).toMatchObject([
          { reason: 'wrong week', actor: expect.stringMatching(`^g${model} via telegram:`) },
        ]);
      }
      expect(receiver.distinct().filter(({ type }) => type === 'invoice.voided')).toHaveLength(MODELS);
      expect(telegram.violations).toEqual([]);
      expect(await house.verify()).toEqual([]);
    },
    180_000,
  );
});

describe('Discord down for ten minutes', () => {
  const outages = [
    ['its sessions can be resumed', false],
    ['its sessions are forgotten', true],
  ] as const;

  deepTest.each(outages)(
    'holds up nobody else, and its people have their messages afterwards, once; %s',
    async (_, forget) => {
      const service = await house.start();
      await prepare(service);
      await eventually(() => discord.gateway.connected() === 1);
      discord.goDown({ forget });

      expect((await service.moveTo('2026-03-12T06:00:00Z')).status).toBe(200);
      for (let model = 0; model < MODELS; model += 1) {
        await eventually(() => telegram.fromBot(onTelegram(model)).some(({ text }) => text.includes('is overdue')));
      }
      expect(receiver.taken.filter(({ type }) => type === 'campaigns.paused')).toHaveLength(MODELS);
      telegram.say(onTelegram(0), '/standing');
      await eventually(() => telegram.fromBot(onTelegram(0)).some(({ text }) => text.includes('paused')));
      expect((await service.moveTo('2026-03-12T06:10:00Z')).status).toBe(200);
      expect((await service.api('GET', '/readyz')).status).toBe(200);
      expect(discord.sent().filter(({ text }) => text.includes('is overdue'))).toEqual([]);

      discord.comeUp();
      const told = (model: number) => discord.sent().filter(({ user }) => user === String(onDiscord(model)));
      for (let model = 0; model < MODELS; model += 1) {
        await eventually(() => told(model).some(({ text }) => text.includes('is overdue')), { what: `m${model}` });
      }
      await service.settle();
      const kinds = told(0).map(({ text }) => text.split('\n')[0]);
      for (let model = 0; model < MODELS; model += 1) {
        expect(told(model).map(({ text }) => text.split('\n')[0]?.replace(`m${model}`, 'm0'))).toEqual(kinds);
        expect(told(model).filter(({ text }) => text.includes('is overdue'))).toHaveLength(1);
      }
      const asked = discord.slash(onDiscord(0), 'standing');
      await eventually(() => discord.answerTo(asked) !== undefined, { what: 'an answer' });
      expect(service.lines().filter((line) => line.includes('discord: not reachable'))).toHaveLength(1);
      expect([...telegram.violations, ...discord.violations]).toEqual([]);
    },
    180_000,
  );
});

/** One that has both channels, another beside it, and a third that nobody kills, which has the database. */
async function twoProcesses(): Promise<{ one: ServiceProcess; other: ServiceProcess }> {
  const database = await house.start({ RUN: 'webhooks' });
  const beside = { MONGODB_URI: await house.engineUri() };
  const one = await house.start(beside);
  await prepare(one);
  await eventually(() => discord.gateway.connected() === 1);
  const other = await house.start(beside);
  expect((await database.api('GET', '/readyz')).status).toBe(200);
  return { one, other };
}

/** Models with a chat in each channel, and managers, on the Monday on which everybody was told of an open invoice. */
async function prepare(service: ServiceProcess): Promise<void> {
  const numbers = Array.from({ length: MODELS }, (_, index) => index);
  await service
    .platform()
    .sendAll([
      ...market(MODELS),
      ...numbers.map((index) => account(`g${index}`, 'manager')),
      ...numbers.map((index) => payment(`p${index}`, `c${index}`, 400, '2026-03-03T12:00:00Z')),
    ]);
  await service.settle();
  await house.inside(async ({ accounts }) => {
    const link = async (accountId: string, channel: 'telegram' | 'discord', chat: number) => {
      const code = await accounts.createLinkCode(accountId, new Date());
      await accounts.link(code?.code ?? '', { channel, userId: `${chat}`, chatId: `${chat}` }, new Date());
    };
    for (const index of numbers) {
      await link(`m${index}`, 'telegram', onTelegram(index));
      await link(`m${index}`, 'discord', onDiscord(index));
      await link(`g${index}`, 'telegram', inTelegram(index));
    }
  });
  await service.moveTo('2026-03-09T08:00:00Z');
  const isTold = () => telegram.sent().length === MODELS && discord.sent().length === MODELS;
  await eventually(isTold, { what: 'everybody to be told of the invoice' });
  await service.settle();
}

function allHandled(): Promise<boolean> {
  return house.inside(
    async ({ connection }) =>
      (await connection.collection('telegram_updates').countDocuments({ state: 'received' })) === 0,
  );
}
