import { afterEach, beforeEach, describe, expect } from 'vitest';

import { deepTest } from '../support/depth.ts';
import { eventually } from '../support/eventually.ts';
import { startTestService, TEST_KEY, type TestService } from '../support/service.ts';
import { startTelegram, type TelegramStandIn, telegramEnvironment } from '../support/telegram.ts';
import { market, payment, topUp } from './traffic.ts';

const CHAT = 5_001;
const MODELS = 12;

let telegram: TelegramStandIn;
let service: TestService;
beforeEach(async () => {
  telegram = await startTelegram({ perChatMs: 0, perSecond: 1_000 });
  service = await startTestService({
    TEST_CLOCK_START: '2026-03-02T00:00:00Z',
    ...telegramEnvironment(telegram),
  });
  await service.send(
    ...market(MODELS),
    ...Array.from({ length: MODELS }, (_, index) => payment(`p${index}`, `c${index}`, 4_000, '2026-03-03T12:00:00Z')),
  );
  const { code } = (await service.api('POST', '/v1/accounts/m0/link-codes')).body;
  telegram.say(CHAT, `/start ${code}`);
  await eventually(() => telegram.fromBot(CHAT).length > 0, { what: 'the chat to be linked' });
  await service.moveTo('2026-03-09T06:00:00Z');
});
afterEach(async () => {
  await service.stop();
  await telegram.close();
});

const balance = async (name: string) => (await service.api('GET', `/v1/ledger/balances/${name}`)).body.balance;
const invoice = async (model: number) => (await service.api('GET', `/v1/invoices/2026-W10:m${model}`)).body;

/** One cent less than the invoice: with more the top-up would pay it by itself. */
async function give(...models: number[]): Promise<void> {
  await service.platform().sendAll(models.map((model) => topUp(`rich-${model}`, `m${model}`, 999)));
  await service.api('POST', '/test/settle');
}

describe('one invoice', () => {
  deepTest(
    'that is paid fifty times at once, by API, chat and a top-up, is debited once',
    async () => {
      await give(0);
      const before = telegram.fromBot(CHAT).length;
      const paying = Array.from({ length: 50 }, (_, index) => {
        if (index % 5 === 4) telegram.say(CHAT, '/pay 2026-W10:m0');
        if (index === 20) return service.platform().send(topUp('enough', 'm0', 3_000));
        return service.api('POST', '/v1/invoices/2026-W10:m0/pay');
      });
      const answers = await Promise.all(paying);
      expect(answers.every(({ status }) => [200, 202, 409].includes(status))).toBe(true);
      await service.api('POST', '/test/settle');
      expect(await invoice(0)).toMatchObject({ status: 'completed', total: 1_000 });
      expect(await balance('model:m0')).toBe(2_999);
      expect(await balance('marketer:k0')).toBe(1_000);
      // Each press of the command has its answer.
      expect(telegram.fromBot(CHAT).length).toBeGreaterThanOrEqual(before + 10);
    },
    180_000,
  );

  deepTest(
    'that is void and paid at once is one of the two, and the money agrees',
    async () => {
      await give(...Array.from({ length: MODELS }, (_, index) => index));
      await service
        .platform()
        .sendAll(Array.from({ length: MODELS }, (_, index) => topUp(`one-${index}`, `m${index}`, 1)));
      // Not settled: the cent that was missing arrives while people pay and void.
      await Promise.all(
        Array.from({ length: MODELS }, (_, index) => [
          service.api('POST', `/v1/invoices/2026-W10:m${index}/pay`),
          service.api('POST', `/v1/invoices/2026-W10:m${index}/void`, { reason: 'a mistake' }),
          service.api('POST', `/v1/invoices/2026-W10:m${index}/pay`),
          service.api('POST', `/v1/invoices/2026-W10:m${index}/void`, { reason: 'a mistake' }),
        ]).flat(),
      );
      await service.api('POST', '/test/settle');
      for (let model = 0; model < MODELS; model += 1) {
        const { status } = await invoice(model);
        expect(['completed', 'void']).toContain(status);
        expect(await balance(`model:m${model}`)).toBe(status === 'completed' ? 0 : 1_000);
        const ends = (await service.api('GET', `/v1/audit?subject=invoice:2026-W10:m${model}`)).body.items;
        expect(ends.filter(({ action }: { action: string }) => action === 'invoice.void')).toHaveLength(
          status === 'void' ? 1 : 0,
        );
        const retry = await service.api(
          'POST',
          `/v1/invoices/2026-W10:m${model}/${status === 'void' ? 'pay' : 'void'}`,
          {
            reason: 'too late',
          },
        );
        expect([retry.status, retry.body.state]).toEqual([409, status]);
      }
      // What was void is uninvoiced again, and nothing else is.
      await service.moveTo('2026-03-16T06:00:00Z');
      const { items } = (await service.api('GET', '/v1/invoices?week=2026-W11')).body;
      for (const { modelId } of items) expect((await invoice(Number(modelId.slice(1)))).status).toBe('void');
    },
    180_000,
  );
});

describe('an Idempotency-Key', () => {
  const pay = (key: string, path = '/v1/invoices/2026-W10:m1/pay', body?: string) =>
    fetch(new URL(path, service.url), {
      method: 'POST',
      headers: {
        authorization: `Bearer ${TEST_KEY}`,
        'idempotency-key': key,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body }),
    });

  deepTest(
    'that comes again gets the first answer, also when the state has changed',
    async () => {
      const first = await pay('again');
      expect(first.status).toBe(409);
      await service.platform().send(topUp('later', 'm1', 5_000));
      await service.api('POST', '/test/settle');
      const second = await pay('again');
      expect(second.status).toBe(409);
      expect(second.headers.get('idempotency-replayed')).toBe('true');
      expect(await second.json()).toEqual(await first.json());
      // Another key asks anew: the top-up has paid it by itself.
      expect(await (await pay('new')).json()).toMatchObject({ state: 'completed' });
      expect((await pay('again', '/v1/invoices/2026-W10:m2/pay')).status).toBe(422);
      expect((await pay('again', undefined, '{"reason":"other"}')).status).toBe(422);
    },
    180_000,
  );

  deepTest(
    'that comes twenty times at once is done once',
    async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => pay('codes', '/v1/accounts/m1/link-codes')));
      const codes = await Promise.all(answers.filter(({ status }) => status < 300).map((answer) => answer.json()));
      expect(codes.length).toBeGreaterThan(0);
      expect(new Set(codes.map((answer) => JSON.stringify(answer))).size).toBe(1);
      expect(answers.every(({ status }) => status < 300 || status === 409)).toBe(true);
    },
    180_000,
  );
});
