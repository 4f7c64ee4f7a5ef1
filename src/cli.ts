#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { loadEnvFile } from 'node:process';

import { Argument, Command, InvalidArgumentError } from 'commander';

import { type Config, readConfig } from './config.ts';
import { NoDatabase } from './database/errors.ts';
import { instantSchema } from './events/catalogue.ts';
import { messageOf } from './kernel/errors.ts';

const program = new Command('settlebot').description(
  'The service that marketplaces for paid traffic run their money and their people on, from chat',
);

// What a command needs is loaded when it is run: asking for help or the configuration opens no database engine.
program
  .command('serve')
  .description('start the service')
  .action(() => run(async (config) => (await import('./cli/serve.ts')).serve(config)));

program
  .command('import <file>')
  .description('take in events from a file, one JSON object with id, type, timestamp and data per line')
  .action((file: string) => run(async (config) => (await import('./cli/import.ts')).importEvents(config, file)));

program
  .command('tick')
  .description('work off the inbox, then run everything that is due until an instant')
  .requiredOption('--at <instant>', 'RFC 3339, as 2026-11-23T06:00:00Z', readInstant)
  .action(({ at }: { at: Date }) => run(async (config) => (await import('./cli/tick.ts')).tick(config, at)));

program
  .command('simulate')
  .description('show what the next Monday or payday would do by what is known now; writes nothing')
  .addArgument(new Argument('<run>', 'which run').choices(['monday', 'payday']))
  .option('--csv', 'account by account, as a table')
  .action((which: 'monday' | 'payday', { csv = false }: { csv?: boolean }) =>
    run(async (config) => (await import('./cli/simulate.ts')).simulate(config, which, csv)),
  );

program
  .command('verify')
  .description('derive again what is stored of money and standing, and report every difference')
  .action(() => run(async (config) => (await import('./cli/verify.ts')).verify(config)));

program
  .command('replay <event>')
  .description('try an event once more, by its id')
  .action((event: string) => run(async (config) => (await import('./cli/replay.ts')).replay(config, event)));

program
  .command('config')
  .description('show the effective configuration, secrets masked')
  .action(() => run(async (config) => (await import('./cli/config.ts')).showConfig(config)));

program
  .command('demo')
  .description('play twenty weeks, on a database of its own')
  .action(() => end(async () => (await import('../test/demo/demo.ts')).demo(environment().MONGODB_URI)));

await program.parseAsync();

/** Runs a command with the configuration; every bad key of that is named. */
async function run(command: (config: Config) => Promise<number | undefined>): Promise<void> {
  await end(async () => {
    const result = readConfig(environment());
    if ('config' in result) return command(result.config);
    for (const line of result.errors) complain(line);
    return 1;
  });
}

/** Exits with what a command answers; a command that goes on, as the service does, answers nothing. */
async function end(command: () => Promise<number | undefined>): Promise<void> {
  try {
    const code = await command();
    if (code !== undefined) process.exit(code);
  } catch (error) {
    complain(messageOf(error));
    const level = process.env.LOG_LEVEL;
    if (level === 'debug' || level === 'trace') process.stderr.write(`${error instanceof Error ? error.stack : ''}\n`);
    process.exit(error instanceof NoDatabase ? 2 : 1);
  }
}

function environment(): Record<string, string | undefined> {
  if (existsSync('.env')) loadEnvFile('.env');
  return process.env;
}

function readInstant(text: string): Date {
  const parsed = instantSchema.safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError(`It ${parsed.error.issues[0]?.message}.`);
  return parsed.data;
}

/** One clear line for the person who typed the command. */
function complain(line: string): void {
  process.stderr.write(`settlebot: ${line.replaceAll('\n', ' ')}\n`);
}
