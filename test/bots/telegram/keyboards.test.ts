import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';

import { keyboardOf } from '../../../src/commands/keyboard.ts';
import { sayIn } from '../../../src/texts/speech.ts';
import { deepTest } from '../../support/depth.ts';
import { eventually } from '../../support/eventually.ts';
import { startTelegram, type TelegramStandIn } from '../../support/telegram.ts';
import { type BotWorld, createBotWorld } from '../world.ts';

/** What stands below the text field of a chat, and its menu: by role and language, and anew when these change. */

let world: BotWorld;
let telegram: TelegramStandIn;
let chat = 100;

beforeAll(async () => {
  world = await createBotWorld();
  telegram = await startTelegram({ perChatMs: 50 });
  const bot = world.bot(telegram, { limits: { perSecond: 30, perChatMs: 50 } });
  await eventually(() => bot.state() === 'on');
});
afterAll(async () => {
  await world.close();
  await telegram.close();
});
beforeEach(() => {
  chat += 1;
});
afterEach(() => {
  expect(telegram.violations).toEqual([]);
});

async function said(text: string, count: number): Promise<string> {
  telegram.say(chat, text);
  await eventually(() => telegram.fromBot(chat).length >= count);
  return telegram.fromBot(chat).at(-1)?.text ?? '';
}

/** The commands of the chat's menu, as it was shown last. */
function menu(): string[] {
  const shown = telegram.calls.filter(
    ({ method, payload }) =>
      method === 'setMyCommands' && (payload.scope as { chat_id?: string } | undefined)?.chat_id === String(chat),
  );
  return ((shown.at(-1)?.payload.commands ?? []) as { command: string }[]).map(({ command }) => command);
}

it('the keys of the role come with the welcome, are pressed as words, and go when the chat is unlinked', async () => {
  await world.account(`m${chat}`, 'model');
  const link = await world.accounts.createLinkCode(`m${chat}`, world.clock.now());
  await said(`/start ${link?.code}`, 1);
  expect(telegram.keyboard(chat)).toEqual(keyboardOf({ role: 'model', scopes: [] }, sayIn('en')));
  expect(telegram.fromBot(chat)[0]?.buttons).toEqual([]);
  expect(await said('💰 Balance', 2)).toContain('Your balance');
  await said('/unlink', 3);
  expect(telegram.keyboard(chat)).toBeNull();
});

deepTest('follow an answer that has buttons of its own', async () => {
  const modelId = `m${chat}`;
  await world.account(modelId, 'model');
  await world.issue(modelId);
  const link = await world.accounts.createLinkCode(modelId, world.clock.now());
  await said(`/start ${link?.code}`, 2);
  const [welcome, keys] = telegram.fromBot(chat);
  expect(welcome?.buttons.flat().map(({ label }) => label)).toContain('Pay $41.08');
  expect(keys?.text).toContain('below the text field');
  expect(telegram.keyboard(chat)).toEqual(keyboardOf({ role: 'model', scopes: [] }, sayIn('en')));
});

deepTest('change with the language, and the old ones are understood all the same', async () => {
  await world.linked(`m${chat}`, 'model', chat);
  await said('/settings language uk', 2);
  expect(telegram.keyboard(chat)).toEqual(keyboardOf({ role: 'model', scopes: [] }, sayIn('uk')));
  expect(await said('💰 Balance', 3)).toContain('Ваш баланс');
  expect(await said('💰 Saldo', 4)).toContain('Ваш баланс');
});

deepTest('change with the role at the next message, and so does the menu', async () => {
  await world.linked(`p${chat}`, 'model', chat);
  await said('/balance', 1);
  expect(menu()).toContain('balance');
  await world.account(`p${chat}`, 'marketer');
  await said('💰 Balance', 3);
  expect(telegram.fromBot(chat)[1]?.text).toContain('/balance');
  expect(telegram.keyboard(chat)).toEqual(keyboardOf({ role: 'marketer', scopes: [] }, sayIn('en')));
  expect(menu()).toContain('orders');
  expect(menu()).not.toContain('balance');
});

deepTest('are a command also where the next words are awaited as a reply', async () => {
  await world.linked(`m${chat}`, 'model', chat);
  await world.linked(`g${chat}`, 'manager', chat + 10_000);
  telegram.say(chat + 10_000, `/contact m${chat} How are you?`);
  await eventually(() => telegram.fromBot(chat).length === 1);
  telegram.press(chat, telegram.fromBot(chat)[0]?.messageId ?? 0, 'Reply');
  await eventually(() => telegram.fromBot(chat).length === 2);
  expect(await said('💰 Balance', 3)).toContain('Your balance');
});
