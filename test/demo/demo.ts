import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { withBusiness } from '../../src/cli/business.ts';
import { examine } from '../../src/cli/verify.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { connectDatabase } from '../../src/database/connect.ts';
import { withDatabase } from '../../src/database/connectionString.ts';
import type { ChannelLimits } from '../../src/notices/delivery/limiter.ts';
import type { Language } from '../../src/texts/languages.ts';
import { type DiscordStandIn, discordEnvironment, startDiscord } from '../support/discord.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/freePort.ts';
import { type PlatformReceiver, startPlatformReceiver } from '../support/platformReceiver.ts';
import { startTestService, TEST_SECRET, type TestService } from '../support/service.ts';
import { startTelegram, type TelegramStandIn, telegramEnvironment } from '../support/telegram.ts';
import { playAffiliates, showAffiliateWebhooks } from './affiliates.ts';
import { BEGIN, PEOPLE } from './cast.ts';
import { openConsole } from './console.ts';
import { playLatePayer, showWebhooks } from './latePayer.ts';
import { playOrders, showOrderWebhooks } from './orders.ts';
import { show } from './show.ts';
import { createStage } from './stage.ts';
import { play } from './story.ts';
import { showSummary } from './summary.ts';

/** A message every so many milliseconds for a chat, where nobody reads along. */
export const QUICK: ChannelLimits = { perSecond: 30, perChatMs: 20 };

/**
 * Twenty simulated weeks through the real service: signed webhooks over HTTP in and out, the test clock, stand-ins for
 * Telegram and Discord with their real limits, or `quick` with a message to a chat more often than each second. Everybody has
 * set both to `language`. With `console` it goes on, open in the console, until a signal comes. Its
 * database is its own and gone at the end, also on the server of `mongodbUri`, if given.
 */
export async function demo(
  mongodbUri: string | undefined,
  { quick = false, language, console = false }: { quick?: boolean; language?: Language; console?: boolean } = {},
): Promise<number> {
  const limits = quick ? QUICK : undefined;
  const port = console ? await freePort() : undefined;
  return withCast({ mongodbUri, limits, language, port }, async ({ service, telegram, discord, platform, config }) => {
    const stage = createStage({ service, telegram, discord, people: PEOPLE });
    await play(stage);
    await showSummary(service);
    await playLatePayer(stage);
    await playOrders(stage);
    await playAffiliates(stage);
    showWebhooks(platform);
    showOrderWebhooks(platform);
    showAffiliateWebhooks(platform);
    const { differences, checked } = await withBusiness(config, 'reads', examine);
    show.story('$ settlebot verify');
    for (const line of differences) show.line(line);
    show.line(`${differences.length === 0 ? 'ok' : 'not ok'}: ${checked}`);
    const violations = [...telegram.violations, ...discord.violations, ...platform.refusedSignatures];
    for (const violation of violations) show.line(`violation: ${violation}`);
    if (console) await openConsole(stage, stopped());
    return differences.length === 0 && violations.length === 0 ? 0 : 1;
  });
}

/** The service, and everybody it talks to. */
export type Cast = {
  service: TestService;
  telegram: TelegramStandIn;
  discord: DiscordStandIn;
  platform: PlatformReceiver;
  config: Config;
};

/** Starts the service and the stand-ins, works with them once the bots are on, and leaves nothing behind. */
export async function withCast<T>(
  {
    mongodbUri,
    limits,
    language,
    port,
  }: {
    mongodbUri: string | undefined;
    limits?: ChannelLimits | undefined;
    language?: Language | undefined;
    /** Where there is a console. */
    port?: number | undefined;
  },
  work: (cast: Cast) => Promise<T>,
): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'settlebot-demo-'));
  const environment = {
    DATA_DIR: dataDir,
    TEST_CLOCK: '1',
    TEST_CLOCK_START: BEGIN,
    ...(port === undefined ? {} : { PORT: String(port), CONSOLE_URL: `http://localhost:${port}` }),
    ...(mongodbUri ? { MONGODB_URI: withDatabase(mongodbUri, `settlebot-demo-${randomUUID()}`) } : {}),
  };
  const config = configOf(environment);
  const telegram = await startTelegram({ ...limits, ...(language === undefined ? {} : { language }) });
  const discord = await startDiscord(language === undefined ? {} : { locale: language });
  const platform = await startPlatformReceiver(TEST_SECRET);
  try {
    const service = await startTestService(
      {
        ...environment,
        ...telegramEnvironment(telegram),
        ...discordEnvironment(discord),
        PLATFORM_WEBHOOK_URL: platform.url,
        PLATFORM_WEBHOOK_SECRET: TEST_SECRET,
      },
      { chatLimits: limits },
    );
    try {
      await eventually(async () => (await service.api('GET', '/readyz')).body.checks.telegram === 'on', {
        what: 'Telegram',
      });
      await eventually(() => discord.gateway.connected() > 0 && discord.commands().length > 0, { what: 'Discord' });
      return await work({ service, telegram, discord, platform, config });
    } finally {
      await service.stop();
    }
  } finally {
    await telegram.close();
    await discord.close();
    await platform.close();
    if (mongodbUri) await dropDatabase(config);
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Aborted by the first signal that ends a program. */
function stopped(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort());
  return controller.signal;
}

function configOf(environment: Record<string, string>): Config {
  const result = readConfig(environment);
  if ('errors' in result) throw new Error(result.errors.join('; '));
  return result.config;
}

async function dropDatabase({ MONGODB_URI: mongodbUri, DATA_DIR: dataDir }: Config): Promise<void> {
  const { connection, close } = await connectDatabase({ mongodbUri, dataDir });
  await connection.dropDatabase();
  await close();
}
