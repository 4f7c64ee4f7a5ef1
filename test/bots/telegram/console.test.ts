import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createApi } from '../../../bots/telegram/api.ts';
import { render } from '../../../bots/telegram/render.ts';
import { deepTest } from '../../support/depth.ts';
import { eventually } from '../../support/eventually.ts';
import { startTelegram, type TelegramStandIn } from '../../support/telegram.ts';
import { type BotWorld, createBotWorld } from '../world.ts';

/** The console from Telegram: its link, its Mini App, and that the link's token is in no log. */

const CHAT = 4_100;
const LINK = 'https://console.example/console/#link=';
let world: BotWorld;
let telegram: TelegramStandIn;

beforeAll(async () => {
  world = await createBotWorld({ environment: { CONSOLE_URL: 'https://console.example' } });
  telegram = await startTelegram({ perChatMs: 20 });
  const bot = world.bot(telegram, { limits: { perSecond: 30, perChatMs: 20 } });
  await world.linked('ava', 'model', CHAT);
  await eventually(() => bot.state() === 'on');
});
afterAll(async () => {
  await world.close();
  await telegram.close();
});

describe('/console', () => {
  it('is answered by a link and a Mini App, in a message that nobody can forward', async () => {
    const token = await linkToken();
    const message = telegram.fromBot(CHAT).at(-1);
    expect(message?.isProtected).toBe(true);
    expect(message?.buttons).toEqual([
      [{ label: 'Open the console', data: '', url: `${LINK}${token}` }],
      [{ label: 'Open it here in Telegram', data: '', app: 'https://console.example/console/telegram' }],
      [{ label: 'Settings: where your console is open', data: '/settings sessions' }],
    ]);
    telegram.say(CHAT, '/balance');
    await eventually(() => telegram.fromBot(CHAT).at(-1)?.text.includes('balance') === true);
    expect(telegram.fromBot(CHAT).at(-1)?.isProtected).toBeUndefined();
    expect(telegram.violations).toEqual([]);
  });

  deepTest('leaves the token in no log, and nowhere in the database', async () => {
    const token = await linkToken();
    const stored = await world.connection.db?.listCollections().toArray();
    for (const { name } of stored ?? []) {
      const documents = JSON.stringify(await world.connection.collection(name).find().toArray());
      expect(documents.includes(token), name).toBe(false);
    }
    expect(world.logged.join('\n')).not.toContain(token);
  });

  /** Of a link that was just asked for and answered. */
  async function linkToken(): Promise<string> {
    const before = telegram.fromBot(CHAT).length;
    telegram.say(CHAT, '/console');
    await eventually(() => telegram.fromBot(CHAT).length > before);
    const url = telegram.fromBot(CHAT).at(-1)?.buttons[0]?.[0]?.url ?? '';
    return url.slice(LINK.length);
  }
});

describe('Telegram', () => {
  it('takes Mini Apps on https and in private chats alone', async () => {
    const strict = await startTelegram();
    const api = createApi({ token: strict.token, apiRoot: strict.root });
    const send = (chat: string, app: string) => {
      const { text, keyboard } = render({ paragraphs: ['x'], buttons: [[{ label: 'Open', app }]] });
      return api.send(chat, { kind: 'text', text, keyboard });
    };
    try {
      await send('1', 'https://console.example/console/telegram');
      await expect(send('2', 'http://console.example/console/telegram')).rejects.toThrow(
        'Only HTTPS links are allowed',
      );
      await expect(send('-3', 'https://console.example/console/telegram')).rejects.toThrow('BUTTON_TYPE_INVALID');
      expect(strict.violations).toHaveLength(2);
    } finally {
      await strict.close();
    }
  });

  it('quotes an address that it refuses, and the log has it without what opens it', async () => {
    const strict = await startTelegram();
    const api = createApi({ token: strict.token, apiRoot: strict.root });
    const { text, keyboard } = render({
      paragraphs: ['x'],
      buttons: [[{ label: 'Open', url: 'https://localhost/console/#link=very-secret_1' }]],
    });
    try {
      const refused = await api.send('1', { kind: 'text', text, keyboard }).catch(api.channelErrorOf);
      expect(refused).toMatchObject({
        kind: 'refused',
        reason: expect.stringContaining("https://localhost/console/#link=[token]' is invalid"),
      });
    } finally {
      await strict.close();
    }
  });
});
