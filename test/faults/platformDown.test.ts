import { afterEach, beforeEach, describe, expect } from 'vitest';

import { deepTest } from '../support/depth.ts';
import { eventually } from '../support/eventually.ts';
import { type PlatformReceiver, startPlatformReceiver } from '../support/platformReceiver.ts';
import { createHouse, type House, type ServiceProcess } from '../support/process.ts';
import { TEST_SECRET } from '../support/service.ts';
import { startTelegram, type TelegramStandIn, telegramEnvironment } from '../support/telegram.ts';
import { account, balanceOf, market, payment, topUp } from './traffic.ts';

const MODELS = 9;
const MANAGER = 8_000;
const chatOf = (model: number) => 7_000 + model;

let house: House;
let telegram: TelegramStandIn;
let receiver: PlatformReceiver;
let service: ServiceProcess;
beforeEach(async () => {
  telegram = await startTelegram({ perChatMs: 0 });
  receiver = await startPlatformReceiver(TEST_SECRET);
  house = await createHouse({
    ...telegramEnvironment(telegram),
    PLATFORM_WEBHOOK_URL: receiver.url,
    PLATFORM_WEBHOOK_SECRET: TEST_SECRET,
  });
  service = await house.start();
  await prepare();
});
afterEach(async () => {
  await house.remove();
  await Promise.all([telegram.close(), receiver.close()]);
});

describe('a platform that is down', () => {
  deepTest(
    'for a day has every webhook afterwards, once and in the order of each model',
    async () => {
      let calls = 0;
      receiver.behave(() => {
        calls += 1;
        return calls % 2 === 0 ? 'break' : 503;
      });
      const { body } = await service.moveTo('2026-03-12T06:00:00Z');
      expect(body.ran).toContainEqual({ job: 'dun-unpaid', at: '2026-03-12T06:00:00.000Z' });
      for (const model of [0, 1, 2]) await service.platform().send(topUp(`t${model}`, `m${model}`, 100));
      await service.settle();
      // Everything goes its way: people are told, money moves, standing follows.
      for (let model = 0; model < MODELS; model += 1) {
        expect(overdueMessages(model)).toHaveLength(1);
        const standing = (await service.api('GET', `/v1/models/m${model}/standing`)).body;
        expect(standing.campaigns).toBe(model < 3 ? 'running' : 'paused');
      }
      await service.moveTo('2026-03-13T05:59:00Z');
      expect(receiver.taken.filter(({ type }) => type !== 'invoice.issued')).toEqual([]);

      receiver.behave(204);
      await service.moveTo('2026-03-13T15:00:00Z');
      expect(await service.list('/v1/webhooks?status=due')).toEqual([]);
      expect(await service.list('/v1/webhooks?status=parked')).toEqual([]);
      expect(receiver.duplicates()).toBe(0);
      const emitted = (await service.list('/v1/webhooks')).reverse();
      expect(receiver.taken).toHaveLength(emitted.length);
      for (let model = 0; model < MODELS; model += 1) {
        const subject = `model:m${model}`;
        const mine = emitted.filter((one) => one.subject === subject).map(({ webhookId }) => webhookId);
        expect(receiver.taken.filter(({ data }) => data.modelId === `m${model}`).map(({ id }) => id)).toEqual(mine);
      }
      const told = receiver.taken.filter(({ data }) => data.modelId === 'm0').map(({ type }) => type);
      expect(told.at(-1)).toBe('campaigns.resumed');
      expect(told.indexOf('campaigns.paused')).toBeLessThan(told.indexOf('invoice.completed'));
    },
    180_000,
  );

  deepTest(
    'and answers nothing slows down nobody else',
    async () => {
      receiver.behave('hang');
      const before = receiver.taken.length;
      // Under the test clock the answer waits for the platform; nothing else does.
      service.moveTo('2026-03-12T06:00:00Z').catch(() => undefined);
      await eventually(() => receiver.requests.length > before, { what: 'a webhook on its way' });
      for (let model = 0; model < MODELS; model += 1) await eventually(() => overdueMessages(model).length === 1);
      telegram.say(chatOf(0), '/standing');
      await eventually(() => telegram.fromBot(chatOf(0)).some(({ text }) => text.includes('paused')));
      expect((await service.platform().send(topUp('t0', 'm0', 150))).status).toBe(202);
      await eventually(async () => (await balanceOf(service, 'model:m0')) === 50, { withinMs: 10_000 });
      // The money moves first, and the invoice is paid because it did.
      await eventually(async () => (await service.api('GET', '/v1/models/m0/standing')).body.campaigns === 'running');
      expect(receiver.taken).toHaveLength(before);
      // Eight at once and no more, however much waits.
      expect(receiver.mostAtOnce()).toBeLessThanOrEqual(8);
    },
    180_000,
  );

  deepTest(
    'for longer than 27 hours is reported to managers, and a replay in chat sends what was parked',
    async () => {
      receiver.behave(500);
      await service.moveTo('2026-03-12T06:00:00Z');
      await service.moveTo('2026-03-13T12:00:00Z');
      const parked = await service.list('/v1/webhooks?status=parked');
      expect(parked.length).toBeGreaterThanOrEqual(MODELS);
      await eventually(() => telegram.fromBot(MANAGER).length > 0, { what: 'a report' });
      await service.settle();
      const reports = telegram.fromBot(MANAGER).map(({ text }) => text);
      expect(new Set(reports).size).toBe(reports.length);
      telegram.say(MANAGER, '/health');
      await eventually(() => telegram.fromBot(MANAGER).some(({ text }) => text.includes(`${parked.length} parked`)));

      receiver.behave(204);
      const before = receiver.taken.length;
      const [one, other] = parked.map(({ webhookId }) => webhookId);
      for (const id of [one, one, other]) telegram.say(MANAGER, `/replay ${id}`);
      const arrived = () => receiver.taken.slice(before).map(({ id }) => id);
      await eventually(() => [one, other].every((id) => arrived().includes(id)), { what: 'the replayed ones' });
      await service.settle();
      const rest = await service.list('/v1/webhooks?status=parked');
      expect(rest).toHaveLength(parked.length - 2);
      expect(receiver.refusedSignatures).toEqual([]);
    },
    180_000,
  );
});

function overdueMessages(model: number) {
  return telegram.fromBot(chatOf(model)).filter(({ text }) => text.includes('is overdue'));
}

/** Models that owe one dollar each since Monday, and a manager, all with a chat; the platform knows of the invoices. */
async function prepare(): Promise<void> {
  const models = Array.from({ length: MODELS }, (_, index) => index);
  await service
    .platform()
    .sendAll([
      ...market(MODELS),
      account('g', 'manager'),
      ...models.map((model) => payment(`p${model}`, `c${model}`, 400, '2026-03-03T12:00:00Z')),
    ]);
  await service.settle();
  await house.inside(async ({ accounts }) => {
    for (const [accountId, chat] of [...models.map((model) => [`m${model}`, chatOf(model)]), ['g', MANAGER]]) {
      const code = await accounts.createLinkCode(String(accountId), new Date());
      await accounts.link(
        code?.code ?? '',
        { channel: 'telegram', userId: String(chat), chatId: String(chat) },
        new Date(),
      );
    }
  });
  await service.moveTo('2026-03-11T23:00:00Z');
  expect(receiver.taken.map(({ type }) => type)).toEqual(models.map(() => 'invoice.issued'));
}
