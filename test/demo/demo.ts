import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { withBusiness } from '../../src/cli/business.ts';
import { examine } from '../../src/cli/verify.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { connectDatabase } from '../../src/database/connect.ts';
import { withDatabase } from '../support/database.ts';
import { startTestService } from '../support/service.ts';
import { startTelegram } from '../support/telegram.ts';
import { BEGIN, PEOPLE } from './cast.ts';
import { show } from './show.ts';
import { createStage, until } from './stage.ts';
import { play } from './story.ts';
import { showSummary } from './summary.ts';

/**
 * Eight simulated weeks through the real service: signed webhooks over HTTP, the test clock, a stand-in for Telegram
 * with its real limits. Its database is its own and gone at the end, also on the server of `mongodbUri`, if given.
 */
export async function demo(mongodbUri: string | undefined): Promise<number> {
  const dataDir = await mkdtemp(join(tmpdir(), 'settlebot-demo-'));
  const environment = {
    DATA_DIR: dataDir,
    TEST_CLOCK: '1',
    TEST_CLOCK_START: BEGIN,
    ...(mongodbUri ? { MONGODB_URI: withDatabase(mongodbUri, `settlebot-demo-${randomUUID()}`) } : {}),
  };
  const config = configOf(environment);
  const telegram = await startTelegram();
  try {
    const service = await startTestService({
      ...environment,
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_ROOT: telegram.root,
    });
    try {
      await until(async () => (await service.api('GET', '/readyz')).body.checks.telegram === 'on', 'the bot is not on');
      await play(createStage({ service, telegram, people: PEOPLE }));
      await showSummary(service);
      const { differences, checked } = await withBusiness(config, examine);
      show.story('$ settlebot verify');
      for (const line of differences) show.line(line);
      show.line(`${differences.length === 0 ? 'ok' : 'not ok'}: ${checked}`);
      return differences.length === 0 && telegram.violations.length === 0 ? 0 : 1;
    } finally {
      await service.stop();
    }
  } finally {
    await telegram.close();
    if (mongodbUri) await dropDatabase(config);
    await rm(dataDir, { recursive: true, force: true });
  }
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
