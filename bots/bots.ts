import type { Logger } from 'pino';

import type { Config } from '../src/config.ts';
import type { Core } from '../src/core.ts';
import type { ChannelLimits } from '../src/notices/delivery/limiter.ts';

type BotsDependencies = {
  config: Config;
  core: Core;
  log: Logger;
  /** Each channel's own when not set. */
  limits?: ChannelLimits | undefined;
};

/**
 * The bots that are configured; what is not configured is off, and `off` says why. It is not loaded either: discord.js
 * takes a third of what else there is to load.
 */
export async function createBots(deps: BotsDependencies) {
  const { config } = deps;
  const isOn = config.RUN.includes('bots') && !config.SHADOW;
  const telegram = isOn ? await telegramBot(deps) : undefined;
  const discord = isOn ? await discordBot(deps) : undefined;

  return {
    telegram,
    discord,
    off: offReasons(config),
    /** How each stands with its channel. */
    states: () => ({ telegram: telegram?.state() ?? 'off', discord: discord?.state() ?? 'off' }),
    start: () => {
      telegram?.start();
      discord?.start();
    },
    stop: async () => {
      await Promise.all([telegram?.stop(), discord?.stop()]);
    },
    /** Resolves when nothing is in hand. */
    quiet: async () => {
      await Promise.all([telegram?.drain(), discord?.drain()]);
    },
  };
}

async function telegramBot({ config, core, log, limits }: BotsDependencies) {
  const { TELEGRAM_BOT_TOKEN: token, TELEGRAM_WEBHOOK_URL: url, TELEGRAM_WEBHOOK_SECRET: secret } = config;
  if (token === undefined) return undefined;
  const { createTelegramBot } = await import('./telegram/bot.ts');
  return createTelegramBot({
    ...core,
    settings: {
      token,
      apiRoot: config.TELEGRAM_API_ROOT,
      ...(url === undefined || secret === undefined ? {} : { webhook: { url, secret } }),
    },
    run: core.runCommand,
    log,
    limits,
  });
}

async function discordBot({ config, core, log, limits }: BotsDependencies) {
  const { DISCORD_BOT_TOKEN: token, DISCORD_APPLICATION_ID: applicationId, DISCORD_GUILD_ID: guildId } = config;
  if (token === undefined || applicationId === undefined) return undefined;
  const { DISCORD_CHANNEL_ID: threadsIn, DISCORD_MANAGERS_CHANNEL_ID: managersId } = config;
  const { createDiscordBot } = await import('./discord/bot.ts');
  return createDiscordBot({
    ...core,
    settings: {
      token,
      applicationId,
      apiRoot: config.DISCORD_API_ROOT,
      ...(guildId === undefined ? {} : { guildId }),
      ...(config.DISCORD_NOTICES === 'thread' && threadsIn !== undefined ? { threadsIn } : {}),
      ...(managersId === undefined
        ? {}
        : { managers: { channelId: managersId, language: config.DISCORD_MANAGERS_LANGUAGE } }),
    },
    run: core.runCommand,
    suggest: core.suggestArguments,
    log,
    limits,
  });
}

function offReasons({ RUN, SHADOW, TELEGRAM_BOT_TOKEN, DISCORD_BOT_TOKEN }: Config): string[] {
  if (SHADOW) return ['telegram and discord are off: SHADOW is 1'];
  if (!RUN.includes('bots')) return ['bots are off: RUN does not name them'];
  return [
    ...(TELEGRAM_BOT_TOKEN === undefined ? ['telegram is off: TELEGRAM_BOT_TOKEN is not set'] : []),
    ...(DISCORD_BOT_TOKEN === undefined ? ['discord is off: DISCORD_BOT_TOKEN is not set'] : []),
  ];
}
