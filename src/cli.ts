#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { loadEnvFile } from 'node:process';

import { Command } from 'commander';

import { type Config, readConfig } from './config.ts';
import { messageOf } from './kernel/errors.ts';
import { createLog } from './log.ts';
import { startService } from './main.ts';
import { loadSecrets } from './secrets.ts';

const STOP_WITHIN_MS = 9_000;

const program = new Command('settlebot').description(
  'The service that marketplaces for paid traffic run their money and their people on, from chat',
);

program.command('serve').description('start the service').action(serve);

await program.parseAsync();

async function serve(): Promise<void> {
  const config = configOrExit();
  const log = createLog(config.LOG_LEVEL, process.stdout.isTTY === true);
  try {
    const secrets = loadSecrets(config);
    if (secrets.generated.length > 0) {
      process.stderr.write(
        `These secrets were made for this first start and are shown this once; they are kept in ${secrets.file}:\n` +
          `${secrets.generated.map((line) => `  ${line}\n`).join('')}`,
      );
    }
    const service = await startService(config, secrets, log);
    log.info(service.url === null ? 'running' : `listening on ${service.url}, API at ${service.url}/docs`);
    stopOnSignals(service.stop);
  } catch (error) {
    fail([messageOf(error)]);
  }
}

/** The first signal finishes what is in hand, the second does not wait. */
function stopOnSignals(stop: () => Promise<void>): void {
  let asked = false;
  const onSignal = (): void => {
    if (asked) process.exit(1);
    asked = true;
    setTimeout(() => process.exit(0), STOP_WITHIN_MS).unref();
    stop().then(() => process.exit(0));
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

function configOrExit(): Config {
  if (existsSync('.env')) loadEnvFile('.env');
  const result = readConfig(process.env);
  return 'config' in result ? result.config : fail(result.errors);
}

/** One clear line for each thing that is wrong; the exit code says that it did not work. */
function fail(lines: string[]): never {
  for (const line of lines) process.stderr.write(`settlebot: ${line}\n`);
  process.exit(1);
}
