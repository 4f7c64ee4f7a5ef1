import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { type Days, EXPORT_FORMATS, type ExportFormat } from '../books/ledgerExport.ts';
import { type Config, readConfig } from '../config.ts';
import { databaseNameOf } from '../database/connectionString.ts';
import { DatabaseNewer, MigrationsPending, NoDatabase } from '../database/errors.ts';
import { shardScript } from '../database/sharding.ts';
import { instantSchema } from '../events/catalogue.ts';
import { isMonth } from '../kernel/calendar.ts';
import { messageOf } from '../kernel/errors.ts';
import { FILE_FORMATS, type FileFormat } from '../paymentFiles/paymentFile.ts';
import { KEY_NAME } from '../rights/apiKey.ts';
import { SCOPES, type Scope, scopeSchema } from '../rights/scope.ts';
import { type KeptSeal, parseAnchor } from '../seals/anchorFile.ts';
import { LANGUAGES, type Language } from '../texts/languages.ts';
import { say, tell } from './output.ts';
import type { ShadowOptions } from './shadow/shadow.ts';

/** The exit code when there is no database to read, or it has the form of another version. */
const OTHER_DATABASE = 2;

const OTHERS = [NoDatabase, DatabaseNewer, MigrationsPending];

type Environment = Record<string, string | undefined>;

type DemoOptions = { quick?: boolean; language?: Language; console?: boolean };

/**
 * Does what a command line asks for. Answers the exit code, or undefined for a command that goes on, as the service does.
 * The environment is read when a command needs it: asking for help does not.
 */
export async function runProgram(words: string[], readEnvironment: () => Environment): Promise<number | undefined> {
  let code: number | undefined;

  /** Runs a command with the configuration; every bad key of that is named. */
  async function run(command: (config: Config) => Promise<number | undefined>): Promise<void> {
    const result = readConfig(readEnvironment());
    if ('errors' in result) {
      for (const line of result.errors) complain(line);
      code = 1;
    } else code = await command(result.config);
  }

  /** Runs a command that needs no configuration. */
  async function standAlone(command: () => Promise<number>): Promise<void> {
    code = await command();
  }

  async function playDemo(options: DemoOptions): Promise<void> {
    const { demo } = await import('../../test/demo/demo.ts');
    code = await demo(readEnvironment().MONGODB_URI, options);
  }

  try {
    await createProgram(run, standAlone, playDemo).parseAsync(words, { from: 'user' });
    return code;
  } catch (error) {
    // It has said already what is wrong with the command line, or shown the help.
    if (error instanceof CommanderError) return error.exitCode;
    complain(messageOf(error));
    const level = process.env.LOG_LEVEL;
    if (level === 'debug' || level === 'trace') process.stderr.write(`${error instanceof Error ? error.stack : ''}\n`);
    return OTHERS.some((other) => error instanceof other) ? OTHER_DATABASE : 1;
  }
}

const IMPORT_HELP =
  "take in events from a file, one JSON object with id, type, timestamp and data per line; with stripe, or a source of SOURCES_FILE, what that sends, line by line or as a list, as Stripe's exports of events and objects";

const BACKUP_HELP = `
The file has the database, which holds personal data and the secrets that it is encrypted with, anchors.txt, and the generated
secrets of DATA_DIR: signing secret, API key and the keys of seals and payees. Keep it as you keep DATA_DIR. It does not have .env,
the file of POLICY_FILE, and an ANCHOR_FILE elsewhere. With MONGODB_URI use mongodump.`;

type Run = (command: (config: Config) => Promise<number | undefined>) => Promise<void>;

/** What a command needs is loaded when it is run: asking for help or the configuration opens no database engine. */
function createProgram(
  run: Run,
  standAlone: (command: () => Promise<number>) => Promise<void>,
  playDemo: (options: DemoOptions) => Promise<void>,
): Command {
  // The settings of the program hold for the commands that are added after them.
  const program = new Command('settlebot')
    .description('The service that marketplaces for paid traffic run their money and their people on, from chat')
    .exitOverride();

  program
    .command('serve')
    .description('start the service')
    .action(() => run(async (config) => (await import('./serve.ts')).serve(config)));

  program
    .command('import')
    .usage('[source] <file>')
    .description(IMPORT_HELP)
    .argument('<source-or-file>')
    .argument('[file]')
    .action((first: string, second?: string) =>
      run(async (config) => {
        const { importEvents } = await import('./import.ts');
        return second === undefined ? importEvents(config, first) : importEvents(config, second, first);
      }),
    );

  program
    .command('map <file>')
    .description('show line by line what would come of examples of a source; reads no database and writes nothing')
    .requiredOption('--source <name>', 'stripe, or one that SOURCES_FILE declares')
    .action((file: string, { source }: { source: string }) =>
      run(async (config) => (await import('./map.ts')).showMap(config, file, source)),
    );

  program
    .command('tick')
    .description('work off the inbox, then run everything that is due until an instant')
    .requiredOption('--at <instant>', 'RFC 3339, as 2026-11-23T06:00:00Z', readInstant)
    .action(({ at }: { at: Date }) => run(async (config) => (await import('./tick.ts')).tick(config, at)));

  program
    .command('simulate')
    .description('show what the next Monday or payday would do by what is known now; writes nothing')
    .addArgument(new Argument('<run>', 'which run').choices(['monday', 'payday']))
    .option('--csv', 'account by account, as a table')
    .action((which: 'monday' | 'payday', { csv = false }: { csv?: boolean }) =>
      run(async (config) => (await import('./simulate.ts')).simulate(config, which, csv)),
    );

  program
    .command('shadow')
    .description('play the past on a database of its own, and compare it with what was really invoiced and paid')
    .option('--events <file>', 'the past: one event per line, as for import')
    .option('--purchases <file>', 'or a table of purchases: date, customer, model, amount, and who earns by them')
    .requiredOption('--paid <file>', 'a table of what was invoiced and paid: kind, account, period, amount')
    .option('--policy <file>', 'the policy to play by; that of POLICY_FILE unless given')
    .option('--until <instant>', 'where the play ends; with the last event and row unless given', readInstant)
    .option('--work <folder>', 'where its database and report are; the same command again goes on there', './shadow')
    .action((options: ShadowOptions) =>
      run(async (config) => (await import('./shadow/shadow.ts')).shadow(config, options)),
    );

  program
    .command('shadow-weeks')
    .description('show, Monday by Monday, what a service with SHADOW=1 would have sent; writes nothing')
    .action(() => run(async (config) => (await import('./shadowWeeks.ts')).shadowWeeks(config)));

  program
    .command('verify')
    .description(
      'derive again what is stored of money and standing, compare it with its seals, and report every difference',
    )
    .option('--anchor <number:hash>', 'a seal that you kept elsewhere; can be given several times', addAnchor, [])
    .option('--repair', 'first mend what can be proven to be wrong and be thrown away, as a sum that is made anew')
    .action(({ anchor, repair = false }: { anchor: KeptSeal[]; repair?: boolean }) =>
      run(async (config) => (await import('./verify.ts')).verify(config, anchor, repair)),
    );

  program
    .command('seal-late <collection> <id>')
    .description('say of what verify found behind the seals that it is genuine, so that the next seal takes it')
    .requiredOption('--reason <text>', 'what you looked at')
    .action((collection: string, id: string, { reason }: { reason: string }) =>
      run(async (config) => (await import('./sealLate.ts')).sealLate(config, collection, id, reason)),
    );

  program
    .command('verify-receipt <file>')
    .description('check a receipt by itself, without a database, a key or a configuration')
    .requiredOption('--anchor <hash>', 'the seal that you kept: its hash, or number:hash')
    .action((file: string, { anchor }: { anchor: string }) =>
      standAlone(async () => (await import('./verifyReceipt.ts')).verifyReceipt(file, anchor)),
    );

  program
    .command('replay <event>')
    .description('try an event once more, by its id')
    .action((event: string) => run(async (config) => (await import('./replay.ts')).replay(config, event)));

  addKeys(program, run);

  program
    .command('erase <account>')
    .description('erase the person of an account: names, chats, texts and the bodies of events; money stays')
    .action((account: string) => run(async (config) => (await import('./erase.ts')).erase(config, account)));

  program
    .command('erase-again')
    .description('carry out every erasure once more, after a backup was restored')
    .action(() => run(async (config) => (await import('./erase.ts')).eraseAgain(config)));

  program
    .command('payees')
    .description('what is stored of how accounts are paid')
    .command('rekey')
    .description('encrypt it with the first key of PAYEE_KEYS, and say when the others can go')
    .action(() => run(async (config) => (await import('./payees.ts')).rekeyPayees(config)));

  program
    .command('backup <file>')
    .description('copy the embedded database of one instant into a file, while the service goes on')
    .option('--force', 'replace the file when it is there')
    .option('--without-secrets', 'leave out secrets.json, seal.key and payees.key of DATA_DIR')
    .addHelpText('after', BACKUP_HELP)
    .action((file: string, options: { force?: boolean; withoutSecrets?: boolean }) =>
      run(async (config) => (await import('./backup.ts')).backup(config, file, options)),
    );

  program
    .command('restore <file>')
    .description('make the database of a backup in a DATA_DIR that has none')
    .action((file: string) => run(async (config) => (await import('./restore.ts')).restore(config, file)));

  const exporting = program
    .command('export')
    .description('write books for an accountant (docs/books.md), and files for banks and wallets (docs/paydays.md)');

  exporting
    .command('payouts <date>')
    .description('make the file that pays an approved batch, once, and write it')
    .addOption(new Option('--format <format>', 'for which bank or wallet').choices(FILE_FORMATS).makeOptionMandatory())
    .requiredOption('--out <file>', 'where to; a file of several parts is several files, numbered')
    .option('--further', 'another file, of what has come to be payable since the last one')
    .action((date: string, options: { format: FileFormat; out: string; further?: boolean }) =>
      run(async (config) => (await import('./exportPayouts.ts')).exportPayouts(config, date, options)),
    );

  exporting
    .command('ledger')
    .description(
      'the ledger as double entry: the entries that take effect on days of the platform, a row for each posting',
    )
    .requiredOption('--from <day>', 'the first day, as 2026-11-01')
    .requiredOption('--to <day>', 'the day after the last, as 2026-12-01')
    .addOption(new Option('--format <format>', 'as what').choices(EXPORT_FORMATS).default('csv'))
    .option('--out <file>', 'a file that is not there yet; standard output unless given')
    .action((options: Days & { format: ExportFormat; out?: string }) =>
      run(async (config) => (await import('./exportBooks.ts')).exportLedger(config, options)),
    );

  exporting
    .command('trial-balance')
    .description('what each account had, got and gave in a month, as CSV')
    .requiredOption('--month <month>', 'as 2026-11', readMonth)
    .option('--out <file>', 'a file that is not there yet; standard output unless given')
    .action((options: { month: string; out?: string }) =>
      run(async (config) => (await import('./exportBooks.ts')).exportTrialBalance(config, options)),
    );

  program
    .command('config')
    .description('show the effective configuration, secrets masked, and the migrations of the database')
    .action(() => run(async (config) => (await import('./config.ts')).showConfig(config)));

  program
    .command('shard-script')
    .description(
      'print what mongosh is given to shard the collections of a cluster, before the first start; connects to nothing',
    )
    .action(() =>
      run(async ({ MONGODB_URI }) => {
        say(shardScript(databaseNameOf(MONGODB_URI)));
        return 0;
      }),
    );

  program
    .command('demo')
    .description('play twenty weeks, on a database of its own')
    .option('--quick', 'without the second that lies between two messages to a chat')
    .option('--console', 'and then leave it open in the console, until Ctrl-C')
    .addOption(new Option('--language <language>', 'what people have set their chats to').choices(LANGUAGES))
    .action(playDemo);

  return program;
}

/** API keys, which are also made and ended by the API (docs/rights.md). */
function addKeys(program: Command, run: Run): void {
  const keys = program.command('keys').description('API keys with scopes: list, make, rotate, end');
  const load = () => import('./keys.ts');

  keys
    .command('list')
    .description('every key: its state, scopes, end and last use')
    .action(() => run(async (config) => (await load()).listKeys(config)));

  keys
    .command('create <name>')
    .description('make a key, and print it this once')
    .requiredOption('--scopes <scopes>', `of ${SCOPES.join(', ')}, separated by commas`, readScopes)
    .option('--expires <instant>', 'when it ends; never unless given', readInstant)
    .action((name: string, { scopes, expires }: { scopes: Scope[]; expires?: Date }) =>
      run(async (config) => {
        if (!KEY_NAME.test(name)) throw new Error('a name is 1-64 of A-Z a-z 0-9 _ . -');
        return (await load()).createKey(config, name, scopes, expires ?? null);
      }),
    );

  keys
    .command('rotate <name>')
    .description('print another secret for a key, this once; the one before ends after the overlap')
    .option('--overlap <hours>', 'how long the one before opens, too', readHours, 0)
    .action((name: string, { overlap }: { overlap: number }) =>
      run(async (config) => (await load()).rotateKey(config, name, overlap)),
    );

  keys
    .command('expire <name>')
    .description('let a key end, now or at an instant')
    .option('--at <instant>', 'RFC 3339', readInstant)
    .action((name: string, { at }: { at?: Date }) => run(async (config) => (await load()).expireKey(config, name, at)));

  keys
    .command('revoke <name>')
    .description('end a key at once and for ever')
    .action((name: string) => run(async (config) => (await load()).revokeKey(config, name)));
}

function readScopes(text: string): Scope[] {
  const parsed = text.split(',').map((one) => scopeSchema.safeParse(one.trim()));
  return parsed.map(({ data }) => {
    if (data === undefined) throw new InvalidArgumentError(`Each must be one of ${SCOPES.join(', ')}.`);
    return data;
  });
}

function readHours(text: string): number {
  const hours = Number(text);
  if (!/^\d{1,3}$/.test(text) || hours > 720) throw new InvalidArgumentError('It must be a number of hours, 0-720.');
  return hours;
}

/** An anchor as managers, the log and the file of anchors have it. */
function addAnchor(text: string, before: KeptSeal[]): KeptSeal[] {
  const { number, hash } = parseAnchor(text) ?? {};
  if (number === undefined || hash === undefined)
    throw new InvalidArgumentError('It must be a number and a hash, as 4711:HASH.');
  return [...before, { number, hash }];
}

function readMonth(text: string): string {
  if (!isMonth(text)) throw new InvalidArgumentError('It must be a month, as 2026-11.');
  return text;
}

function readInstant(text: string): Date {
  const parsed = instantSchema.safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError(`It ${parsed.error.issues[0]?.message}.`);
  return parsed.data;
}

/** One clear line for the person who typed the command. */
function complain(line: string): void {
  tell(`settlebot: ${line}`);
}
