import { existsSync } from 'node:fs';

import { BUILT_PAGES, NOT_BUILT } from '../../webhooks/console/pages.ts';
import { eventually } from './eventually.ts';
import { freePort } from './freePort.ts';
import { startTestService, type TestService } from './service.ts';
import { startTelegram, type TelegramStandIn, telegramEnvironment } from './telegram.ts';

export type ConsoleService = TestService & {
  /** Where the console is, as `CONSOLE_URL` says. */
  origin: string;
  telegram: TelegramStandIn;
  /** The address that `/console` answered somebody with: 60 seconds, once. */
  linkFor(accountId: string): Promise<string>;
};

const FAST = { perSecond: 1_000, perChatMs: 1 };
/** A chat may ask for five links in a minute; from then on an account asks in another of its chats. */
const LINKS_OF_A_CHAT = 4;

/**
 * The whole service with a console, and a stand-in for Telegram in which people ask for its links. The pages are those that
 * `npm run build` has made. `stop` ends both.
 */
export async function startConsoleService(environment: Record<string, string> = {}): Promise<ConsoleService> {
  if (!existsSync(BUILT_PAGES)) throw new Error(NOT_BUILT);
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const telegram = await startTelegram(FAST);
  const all = { PORT: String(port), CONSOLE_URL: origin, ...telegramEnvironment(telegram), ...environment };
  const service = await startTestService(all, { chatLimits: FAST }).catch(async (error: unknown) => {
    await telegram.close();
    throw error;
  });
  const asked = new Map<string, { chat: number; links: number }>();
  let chats = 1_000;

  async function linkFor(accountId: string): Promise<string> {
    let from = asked.get(accountId);
    if (from === undefined || from.links === LINKS_OF_A_CHAT) {
      from = { chat: chats++, links: 0 };
      asked.set(accountId, from);
      const { body } = await service.api('POST', `/v1/accounts/${accountId}/link-codes`);
      await answerTo(from.chat, `/start ${body.code}`, () => true);
    }
    from.links += 1;
    const text = await answerTo(from.chat, '/console', (answer) => LINK.test(answer));
    return LINK.exec(text)?.[0] ?? '';
  }

  /** What the bot says next in a chat that is what is waited for: notices may come between. */
  async function answerTo(chat: number, line: string, isIt: (text: string) => boolean): Promise<string> {
    const before = telegram.fromBot(chat).length;
    const found = () =>
      telegram
        .fromBot(chat)
        .slice(before)
        .find(({ text }) => isIt(text))?.text;
    telegram.say(chat, line);
    await eventually(() => found() !== undefined, { what: `an answer to ${line}` });
    return found() ?? '';
  }

  // Its address is another after each start, so it stays the accessor that it is.
  return Object.assign(Object.create(service) as TestService, {
    ...{ origin, telegram, linkFor },
    stop: async () => {
      try {
        await service.stop();
      } finally {
        await telegram.close();
      }
    },
  });
}

const LINK = /http:\/\/127\.0\.0\.1:\d+\/console\/#link=[\w-]+/;
