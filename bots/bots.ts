import type { Logger } from 'pino';

import type { Config } from '../src/config.ts';
import type { Core } from '../src/core.ts';
import { createTelegramBot } from './telegram/bot.ts';

export type Bots = ReturnType<typeof createBots>;

/** The bots that are configured; what is not configured is off, and `off` says why. */
export function createBots({ config, core, log }: { config: Config; core: Core; log: Logger }) {
  const telegram = config.RUN.includes('bots') ? telegramBot(config, core, log) : undefined;

  return {
    telegram,
    off: offReasons(config),
    start: () => telegram?.start(),
    stop: async () => telegram?.stop(),
    /** Resolves when nothing is in hand. */
    quiet: async () => telegram?.drain(),
  };
}

function telegramBot(config: Config, core: Core, log: Logger) {
  const { TELEGRAM_BOT_TOKEN: token, TELEGRAM_WEBHOOK_URL: url, TELEGRAM_WEBHOOK_SECRET: secret } = config;
  if (token === undefined) return undefined;
  return createTelegramBot({
    ...core,
    settings: {
      token,
      apiRoot: config.TELEGRAM_API_ROOT,
      ...(url === undefined || secret === undefined ? {} : { webhook: { url, secret } }),
    },
    run: core.runCommand,
    log,
  });
}

function offReasons({ RUN, TELEGRAM_BOT_TOKEN }: Config): string[] {
  if (!RUN.includes('bots')) return ['bots are off: RUN does not name them'];
  return TELEGRAM_BOT_TOKEN === undefined ? ['telegram is off: TELEGRAM_BOT_TOKEN is not set'] : [];
}
