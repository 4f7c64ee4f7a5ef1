import { afterEach, beforeEach, describe, expect } from 'vitest';

import { deepTest } from '../support/depth.ts';
import { eventually } from '../support/eventually.ts';
import { createHouse, type House, type ServiceProcess } from '../support/process.ts';
import { startTelegram, type TelegramStandIn, telegramEnvironment } from '../support/telegram.ts';
import { account, balanceOf, campaign, market, payment, quarter, startSending, topUp } from './traffic.ts';

/** Ready again within five seconds; on a machine that is busy with other things a clean start tells how busy. */
const recoveryMs = (cleanStartMs: number) => Math.max(5_000, 4 * cleanStartMs);

let house: House;
beforeEach(async () => {
  house = await createHouse();
});
afterEach(() => house.remove());

describe('a service that is killed', () => {
  deepTest(
    'has everything it acknowledged, once, however often it is killed under load',
    async () => {
      const models = 20;
      const payments = Array.from({ length: 3_000 }, (_, index) =>
        payment(`p${index}`, `c${index % models}`, 1 + (index % 997), '2026-03-03T12:00:00Z'),
      );
      const topUps = Array.from({ length: 1_000 }, (_, index) => topUp(`t${index}`, `m${index % models}`, 1 + index));
      const first = house.begin();
      const limitMs = recoveryMs(await first.ready());
      let service: ServiceProcess | undefined = first;
      // Accounts and campaigns come in between what refers to them, so that some of it has to wait.
      const sending = startSending(interleaved(payments, topUps, market(models)), () => service);

      for (const share of [0.15, 0.4, 0.65, 0.9]) {
        await eventually(() => sending.acknowledged.size > share * 4_000, { withinMs: 60_000, what: `${share} sent` });
        const before: string[] = [...sending.acknowledged];
        const victim: ServiceProcess = service;
        service = undefined;
        await victim.kill();
        const next = house.begin();
        expect(await next.ready()).toBeLessThan(limitMs);
        const stored = new Set((await next.list('/v1/events')).map(({ eventId }) => eventId));
        expect(before.filter((id) => !stored.has(id))).toEqual([]);
        service = next;
      }
      await sending.done;
      await service.settle();

      expect(await service.list('/v1/events?status=received')).toEqual([]);
      expect(await service.list('/v1/events?status=waiting')).toEqual([]);
      expect(await service.list('/v1/events?status=quarantined')).toEqual([]);
      expect(await service.list('/v1/events?status=applied')).toHaveLength(4_000 + 5 + 2 * models);
      await service.moveTo('2026-03-09T06:00:00Z');
      for (let model = 0; model < models; model += 1) {
        const gross = sumOf(payments.filter(({ data }) => data.campaignId === `c${model}`));
        const paidIn = sumOf(topUps.filter(({ data }) => data.accountId === `m${model}`));
        const { body } = await service.api('GET', `/v1/invoices/2026-W10:m${model}`);
        expect(body).toMatchObject({ total: quarter(gross), lines: [{ gross }] });
        expect(await balanceOf(service, `model:m${model}`)).toBe(
          paidIn - (paidIn >= quarter(gross) ? quarter(gross) : 0),
        );
      }
      expect(await house.verify()).toEqual([]);
    },
    180_000,
  );

  deepTest(
    'has every line of a batch that it answered for, and takes the same batches again',
    async () => {
      const batches = Array.from({ length: 24 }, (_, batch) =>
        Array.from({ length: 500 }, (_, index) => topUp(`t${batch}-${index}`, 'm0', 1)),
      );
      let service = house.begin();
      await service.ready();
      const send = async (events: { id: string }[]): Promise<string[]> => {
        const { headers, body } = service.platform().signBatch(events.map((event) => JSON.stringify(event)).join('\n'));
        const url = new URL('/webhooks/platform/batch', service.url());
        const answers = (await (await fetch(url, { method: 'POST', headers, body })).text()).trimEnd().split('\n');
        const read = answers.map((answer) => JSON.parse(answer) as { id: string; code?: string });
        return read.filter(({ code }) => code === undefined).map(({ id }) => id);
      };
      const acknowledged: string[] = [];
      const rest = batches.values();
      const sender = async (): Promise<void> => {
        for (const batch of rest) acknowledged.push(...(await send(batch)));
      };
      const cutOff = Promise.allSettled(Array.from({ length: 4 }, sender));
      await eventually(() => acknowledged.length >= 2_000, { withinMs: 60_000, what: '2 000 lines answered' });
      await service.kill();
      await cutOff;
      service = house.begin();
      await service.ready();
      const stored = new Set((await service.list('/v1/events')).map(({ eventId }) => eventId));
      expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
      for (const batch of batches) {
        await eventually(async () => (await send(batch)).length === 500, { withinMs: 60_000, what: 'a batch' });
      }
      expect(await service.list('/v1/events')).toHaveLength(12_000);
    },
    180_000,
  );

  deepTest(
    'goes on with a Monday where it was, and issues no invoice twice',
    async () => {
      const models = 600;
      let service = house.begin();
      const limitMs = recoveryMs(await service.ready());
      await startSending(market(models), () => service).done;
      await startSending(
        Array.from({ length: models }, (_, index) =>
          payment(`p${index}`, `c${index}`, 4 * (index + 1), '2026-03-03T12:00:00Z'),
        ),
        () => service,
      ).done;
      await startSending(
        Array.from({ length: models / 2 }, (_, index) => topUp(`t${index}`, `m${index * 2}`, 5_000)),
        () => service,
      ).done;
      await service.settle();

      let kills = 0;
      for (const issued of [1, 260, 520]) {
        const move = service.moveTo('2026-03-09T06:00:00Z').then(
          () => 'moved',
          () => 'cut off',
        );
        const seen = house.inside((core) =>
          eventually(async () => (await core.connection.collection('invoices').countDocuments()) >= issued, {
            withinMs: 60_000,
            what: `${issued} invoices`,
          }),
        );
        await seen;
        await service.kill();
        if ((await move) === 'cut off') kills += 1;
        const next = house.begin({ TEST_CLOCK_START: '2026-03-02T00:00:00Z' });
        expect(await next.ready()).toBeLessThan(limitMs);
        service = next;
      }
      expect(kills).toBeGreaterThan(0);
      const { body } = await service.moveTo('2026-03-09T06:00:00Z');
      expect(body.now).toBe('2026-03-09T06:00:00.000Z');

      const invoices = await service.list('/v1/invoices');
      expect(new Set(invoices.map(({ invoiceId }) => invoiceId)).size).toBe(models);
      for (const { modelId, total, status, issuedAt } of invoices) {
        const index = Number(modelId.slice(1));
        expect([modelId, total, status, issuedAt]).toEqual([
          modelId,
          index + 1,
          index % 2 === 0 ? 'completed' : 'open',
          '2026-03-09T06:00:00.000Z',
        ]);
      }
      expect(await balanceOf(service, 'model:m0')).toBe(4_999);
      expect(await house.verify()).toEqual([]);
    },
    180_000,
  );
});

describe('a service that is killed while it sends to Telegram', () => {
  let telegram: TelegramStandIn;
  beforeEach(async () => {
    telegram = await startTelegram({ latencyMs: 30 });
  });
  afterEach(() => telegram.close());

  deepTest(
    'sends no message twice and all but those that were on their way',
    async () => {
      const people = 90;
      const start = () => house.start(telegramEnvironment(telegram));
      let service = await start();
      await startSending(
        [
          account('k', 'marketer'),
          ...Array.from({ length: people }, (_, index) => account(`m${index}`, 'model')),
          ...Array.from({ length: people }, (_, index) => campaign(`c${index}`, `m${index}`, 'k', 2_500)),
          ...Array.from({ length: people }, (_, index) =>
            payment(`p${index}`, `c${index}`, 400, '2026-03-03T12:00:00Z'),
          ),
        ],
        () => service,
      ).done;
      await service.settle();
      await house.inside(async (core) => {
        for (let index = 0; index < people; index += 1) {
          const code = await core.accounts.createLinkCode(`m${index}`, new Date());
          await core.accounts.link(
            code?.code ?? '',
            { channel: 'telegram', userId: `${1_000 + index}`, chatId: `${1_000 + index}` },
            new Date(),
          );
        }
      });

      const begin = () => service.moveTo('2026-03-09T08:00:00Z').catch(() => undefined);
      for (const sent of [10, 45]) {
        const cutOff = begin();
        await eventually(() => telegram.sent().length >= sent, { withinMs: 60_000, what: `${sent} messages` });
        await service.kill();
        await cutOff;
        service = await start();
      }
      await service.moveTo('2026-03-09T08:00:00Z');
      const states = await house.inside((core) =>
        core.connection
          .collection('notice_deliveries')
          .find({}, { projection: { state: 1 } })
          .toArray(),
      );
      const unconfirmed = states.filter(({ state }) => state === 'unconfirmed').length;
      expect(states.filter(({ state }) => state !== 'unconfirmed' && state !== 'sent')).toEqual([]);
      expect(states).toHaveLength(people);

      const perChat = telegram.chats().map((chat) => telegram.fromBot(chat).length);
      expect(perChat.filter((count) => count > 1)).toEqual([]);
      expect(perChat.length).toBeGreaterThanOrEqual(people - unconfirmed);
      // At each kill what Telegram may get in one second can be on its way.
      expect(unconfirmed).toBeLessThanOrEqual(2 * 30);
      expect(telegram.violations).toEqual([]);
      expect(await house.verify()).toEqual([]);
    },
    180_000,
  );
});

function interleaved<T>(...lists: T[][]): T[] {
  const longest = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, index) => lists.flatMap((list) => list.slice(index, index + 1))).flat();
}

function sumOf(events: { data: Record<string, unknown> }[]): number {
  return events.reduce((sum, { data }) => sum + Number(data.amount), 0);
}
