import { afterAll, beforeAll, expect } from 'vitest';
import { deepTest } from '../support/depth.ts';
import { eventually } from '../support/eventually.ts';
import { startPlatformReceiver } from '../support/platformReceiver.ts';
import { startTestService, TEST_SECRET, type TestService } from '../support/service.ts';
import { startTelegram, type TelegramStandIn, telegramEnvironment } from '../support/telegram.ts';

const CLIENT = 501;
const MARKETER = 502;
const AT = '2026-03-02T09:00:00.000Z';

let telegram: TelegramStandIn;
let platform: Awaited<ReturnType<typeof startPlatformReceiver>>;
let service: TestService;

beforeAll(async () => {
  telegram = await startTelegram();
  platform = await startPlatformReceiver(TEST_SECRET);
  service = await startTestService({
    TEST_CLOCK_START: AT,
    ...telegramEnvironment(telegram),
    PLATFORM_WEBHOOK_URL: platform.url,
    PLATFORM_WEBHOOK_SECRET: TEST_SECRET,
  });
  await service.send(
    ...(['ava', 'marco'] as const).map((accountId) => ({
      type: 'account.updated',
      timestamp: AT,
      data: {
        accountId,
        role: accountId === 'ava' ? 'model' : 'marketer',
        name: accountId === 'ava' ? 'Ava' : 'Marco',
      },
    })),
    topUp('t1', 1_500),
  );
  for (const [accountId, chat] of [
    ['ava', CLIENT],
    ['marco', MARKETER],
  ] as const) {
    const { body } = await service.api('POST', `/v1/accounts/${accountId}/link-codes`);
    await answered(chat, () => telegram.say(chat, `/start ${body.code}`));
  }
});
afterAll(async () => {
  await service.stop();
  await telegram.close();
  await platform.close();
});

function topUp(topUpId: string, amount: number) {
  return { type: 'balance.topped_up', data: { topUpId, accountId: 'ava', amount, toppedUpAt: AT } };
}

function fans(from: number, to: number) {
  return Array.from({ length: to - from }, (_, index) => ({
    type: 'subscription.started',
    data: { subscriptionId: `s${from + index}`, fanId: `f${from + index}`, startedAt: AT, campaignId: 'cpl~o1' },
  }));
}

/** Somebody does something in a chat; all that comes of it there. */
async function answered(chat: number, act: () => unknown): Promise<string> {
  const before = telegram.fromBot(chat).length;
  act();
  await eventually(() => telegram.fromBot(chat).length > before, { withinMs: 20_000 });
  await service.api('POST', '/test/settle');
  const after = telegram.fromBot(chat).slice(before);
  return after.map(({ text }) => text).join('\n');
}

function press(chat: number, label: string): Promise<string> {
  const message = telegram
    .fromBot(chat)
    .findLast(({ buttons }) => buttons.flat().some((button) => button.label.startsWith(label)));
  if (message === undefined) throw new Error(`no button ${label}`);
  return answered(chat, () => telegram.press(chat, message.messageId, label));
}

/** The message whose bar shows how far the order is: there is to be one. */
function card(chat: number) {
  const cards = telegram
    .fromBot(chat)
    .filter(
      ({ text }) =>
        /^\S+ (Order (accepted and running|running|completed|stopped)|Every fan is here):/.test(text) &&
        text.includes('20 fans'),
    );
  expect(cards).toHaveLength(1);
  return { id: cards[0]?.messageId, text: cards[0]?.text ?? '' };
}

deepTest(
  'an order is accepted by a button, its card fills as fans come, it is paid, and the client sees it',
  async () => {
    const data = { orderId: 'o1', modelId: 'ava', marketerId: 'marco', offerId: 'tiktok', quantity: 20 };
    const terms = { pricePerFan: 100, prepaid: false, chunkSize: 5, autoRenew: true, placedAt: AT };
    await service.send({ type: 'order.placed', data: { ...data, ...terms } });
    expect(telegram.fromBot(MARKETER).at(-1)?.text).toContain('Accept or reject it by Thu 5 Mar 2026, 09:00 (UTC).');

    expect(await press(MARKETER, 'Accept')).toContain('Accept the order: $20.00 — 20 fans from Ava?');
    expect(await press(MARKETER, 'Accept: $20.00')).toContain('Order accepted and running: $20.00 — 20 fans from Ava');
    expect(await press(MARKETER, 'Accept: $20.00')).toContain('Accepted already: $20.00 — 20 fans from Ava');
    const started = card(MARKETER);
    expect(started.text).toContain('Order accepted and running: $20.00 — 20 fans from Ava');

    // Up to the very fan with whom the bar moves: those who come after it may be counted with it, or not.
    for (const [from, to, bar] of [
      [0, 5, '▓▓░░░░░░░░ 25 % · 5 of 20 fans'],
      [5, 10, '▓▓▓▓▓░░░░░ 50 % · 10 of 20 fans'],
      [10, 15, '▓▓▓▓▓▓▓░░░ 75 % · 15 of 20 fans'],
    ] as const) {
      await service.send(...fans(from, to));
      expect(card(MARKETER)).toEqual({ id: started.id, text: expect.stringContaining(bar) });
      expect(card(CLIENT).text).toContain(bar);
    }
    expect((await service.api('GET', '/v1/ledger/balances/marketer:marco')).body.balance).toBe(1_500);

    await service.send(...fans(15, 21));
    expect(card(MARKETER)).toEqual({ id: started.id, text: expect.stringContaining('100 % · 20 of 20 fans') });
    expect(telegram.fromBot(CLIENT).map(({ text }) => text)).toContainEqual(
      expect.stringContaining('You owe $5.00 — 20 fans by Marco'),
    );
    expect(await answered(CLIENT, () => telegram.say(CLIENT, '/myorders'))).toMatch(
      /20 fans by Marco · \$20\.00 · completed on .*, \$5\.00 owed/,
    );
    await service.send(topUp('t2', 500));
    expect((await service.api('GET', '/v1/ledger/balances/marketer:marco')).body.balance).toBe(2_000);
    expect(card(MARKETER).id).toBe(started.id);
    for (const chat of [MARKETER, CLIENT]) {
      expect(card(chat).text).toContain('Order completed: $20.00');
      expect(card(chat).text).toContain('With 20 fans, $20.00 of $20.00 was paid.');
      expect(card(chat).text).not.toContain('Bring fans');
    }
    expect((await service.api('GET', '/v1/ledger/balances/model:ava')).body.balance).toBe(0);
    expect((await service.api('GET', '/v1/orders/o1')).body).toMatchObject({
      ...{ status: 'completed', delivered: 20, paid: 2_000, owed: 0, renewedBy: null },
      notRenewedBecause: ['The client owes an amount for delivered fans.'],
    });
    expect(await answered(MARKETER, () => telegram.say(MARKETER, '/earnings'))).toContain('Your balance: $20.00');
    expect(await answered(CLIENT, () => telegram.say(CLIENT, '/why o1'))).toContain('it was not renewed');

    // In order for the order; what is about the client's standing goes its own way.
    const told = platform.taken.map(({ type }) => type);
    expect(told.filter((type) => type !== 'trust.changed')).toEqual([
      ...['order.accepted', 'order.started', 'charge.paid', 'order.progressed', 'charge.paid', 'order.progressed'],
      ...['charge.paid', 'order.progressed', 'charge.owed', 'order.progressed', 'order.completed', 'charge.paid'],
    ]);
    expect(told).toContain('trust.changed');
    expect(telegram.violations).toEqual([]);
  },
  120_000,
);
