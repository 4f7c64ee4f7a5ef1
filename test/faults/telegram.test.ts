import { afterEach, beforeEach, describe, expect } from 'vitest';

import { deepTest } from '../support/depth.ts';
import { eventually } from '../support/eventually.ts';
import { createHouse, type House, type ServiceProcess } from '../support/process.ts';
import { startTelegram, type TelegramStandIn, telegramEnvironment } from '../support/telegram.ts';
import { balanceOf, market, payment, topUp } from './traffic.ts';

const MODELS = 12;
/** A 502, a page instead of JSON, a cut connection, no answer. */
const UNCERTAIN = [3, 4, 5, 6];
const chatOf = (model: number) => 7_000 + model;

let house: House;
let telegram: TelegramStandIn;
beforeEach(async () => {
  house = await createHouse();
  telegram = await startTelegram({ perChatMs: 0 });
});
afterEach(async () => {
  await house.remove();
  await telegram.close();
});

describe('when Telegram is in trouble', () => {
  deepTest(
    'the money is right, the others have their messages, and who can be reached has theirs later, once at most',
    async () => {
      const service = await house.start(telegramEnvironment(telegram));
      await prepare(service);
      telegram.fail({ kind: 'blocked', chat: String(chatOf(0)) });
      telegram.fail({ kind: 'chat-not-found', chat: String(chatOf(1)) });
      telegram.fail({ kind: 'retry-after', seconds: 2, chat: String(chatOf(2)) });
      telegram.fail({ kind: 'status', status: 502, chat: String(chatOf(3)), times: 2 });
      telegram.fail({ kind: 'not-json', status: 500, chat: String(chatOf(4)) });
      telegram.fail({ kind: 'cut', chat: String(chatOf(5)) });
      telegram.fail({ kind: 'hang', chat: String(chatOf(6)) });

      const startedAt = performance.now();
      const move = service.moveTo('2026-03-09T08:00:00Z');
      await eventually(() => [7, 8, 9, 10, 11].every((model) => telegram.fromBot(chatOf(model)).length === 1));
      expect(performance.now() - startedAt).toBeLessThan(7_000);
      expect((await service.platform().send(topUp('meanwhile', 'm0', 10))).status).toBe(202);
      await move;
      await eventually(() => telegram.fromBot(chatOf(2)).length > 0, { what: 'the message of m2' });
      await service.settle();
      for (const model of [2, 7, 8, 9, 10, 11]) expect(telegram.fromBot(chatOf(model))).toHaveLength(1);
      // Nobody can know whether these arrived, and a receipt twice is no better than none: they are counted, not repeated.
      for (const model of UNCERTAIN) expect(telegram.fromBot(chatOf(model))).toEqual([]);
      expect(await unconfirmedOf()).toEqual(UNCERTAIN.map((model) => `m${model}`));
      expect(telegram.violations).toEqual([]);

      const invoices = await service.list('/v1/invoices');
      expect(invoices.filter(({ status }) => status === 'completed')).toHaveLength(MODELS);
      for (let model = 1; model < MODELS; model += 1) expect(await balanceOf(service, `model:m${model}`)).toBe(0);
      // Who blocked the bot is known as unreachable, and nothing more is tried.
      const calls = telegram.calls.length;
      await service.platform().send(payment('more', 'c0', 40, '2026-03-10T00:00:00Z'));
      await service.moveTo('2026-03-16T08:00:00Z');
      expect(telegram.calls.slice(calls).filter(({ payload }) => payload.chat_id === String(chatOf(0)))).toEqual([]);
      expect(await house.verify()).toEqual([]);
    },
    180_000,
  );

  deepTest(
    'with a wrong token everything but the bot goes on',
    async () => {
      const service = await house.start({ TELEGRAM_BOT_TOKEN: '1:wrong', TELEGRAM_API_ROOT: telegram.root });
      await service.platform().sendAll(market(1));
      await service.platform().sendAll([payment('p', 'c0', 400, '2026-03-03T12:00:00Z')]);
      expect((await service.moveTo('2026-03-09T08:00:00Z')).status).toBe(200);
      expect(await service.list('/v1/invoices')).toHaveLength(1);
      const said = () => service.lines().filter((line) => line.includes('TELEGRAM_BOT_TOKEN'));
      await eventually(() => said().length > 0, { what: 'a line about the token' });
      expect(said()).toHaveLength(1);
      expect([...service.lines(), ...service.errors()].join('\n')).not.toContain('1:wrong');
      expect((await service.api('GET', '/readyz')).body).toMatchObject({
        status: 'ready',
        checks: { telegram: 'off' },
      });
    },
    180_000,
  );

  deepTest(
    'and cannot be reached at the start, the bot joins in when it can',
    async () => {
      const port = Number(new URL(telegram.root).port);
      await telegram.close();
      const service = await house.start(telegramEnvironment(telegram));
      await prepare(service);
      expect((await service.moveTo('2026-03-09T08:00:00Z')).status).toBe(200);
      telegram = await startTelegram({ port, perChatMs: 0 });
      await eventually(() => telegram.sent().length === MODELS, { withinMs: 60_000, what: 'the messages' });
      expect(telegram.violations).toEqual([]);
    },
    180_000,
  );
});

async function unconfirmedOf(): Promise<string[]> {
  return house.inside(async ({ connection }) => {
    const found = await connection.collection('notice_deliveries').find({ state: 'unconfirmed' }).toArray();
    return found.map(({ accountId }) => String(accountId)).sort();
  });
}

/** Twelve models that have a chat each, something to pay on Monday and, all but `m0` beyond it, the money for it. */
async function prepare(service: ServiceProcess): Promise<void> {
  const models = Array.from({ length: MODELS }, (_, index) => index);
  await service
    .platform()
    .sendAll([
      ...market(MODELS),
      ...models.map((model) => payment(`p${model}`, `c${model}`, 400, '2026-03-03T12:00:00Z')),
      ...models.map((model) => topUp(`t${model}`, `m${model}`, 100)),
    ]);
  await service.settle();
  await house.inside(async (core) => {
    for (const model of models) {
      const code = await core.accounts.createLinkCode(`m${model}`, new Date());
      const chat = String(chatOf(model));
      await core.accounts.link(code?.code ?? '', { channel: 'telegram', userId: chat, chatId: chat }, new Date());
    }
  });
}
