import type { Config } from '../config.ts';
import { createLog } from '../log.ts';
import { startService } from '../main.ts';
import { loadPayeeKeys } from '../payeeKeys.ts';
import { loadSealKeys } from '../sealKeys.ts';
import { loadSecrets } from '../secrets.ts';
import { tell } from './output.ts';

const STOP_WITHIN_MS = 9_000;

/** Starts the service; it goes on until a signal ends it. */
export async function serve(config: Config): Promise<undefined> {
  const log = createLog(config.LOG_LEVEL, process.stdout.isTTY === true);
  const secrets = loadSecrets(config);
  const seals = loadSealKeys(config, { make: true });
  const payees = loadPayeeKeys(config, { make: true });
  for (const line of secrets.warnings) log.warn(line);
  showGenerated(secrets);
  if (seals.generated.length > 0)
    log.info(`a key of seals was made for this first start: in ${seals.file}, readable by its owner alone`);
  for (const note of payees.notes) log.info(note);
  const starting = startService(config, { ...secrets, sealKeys: seals.keys, payeeKeys: payees.keys }, log);
  // Before it says that it listens: whoever reads that may send a signal at once.
  stopOnSignals(async () => (await starting).stop());
  const service = await starting;
  log.info(service.url === null ? 'running' : `listening on ${service.url}, API at ${service.url}/docs`);
}

/** What is no terminal keeps what it is told, a collector of logs above all: there only the file is named. */
function showGenerated({ generated, file }: { generated: string[]; file: string }): void {
  if (generated.length === 0) return;
  const isTerminal = process.stderr.isTTY === true;
  tell(
    isTerminal
      ? `These secrets were made for this first start and are shown this once; they are kept in ${file}:`
      : `A signing secret and an API key were made for this first start; they are in ${file}, readable by its owner alone`,
  );
  if (isTerminal) for (const line of generated) tell(`  ${line}`);
}

/** The first signal finishes what is in hand, the start too; the second does not wait. Why a start failed is said elsewhere. */
function stopOnSignals(stop: () => Promise<void>): void {
  let asked = false;
  const onSignal = (): void => {
    if (asked) process.exit(1);
    asked = true;
    setTimeout(() => process.exit(0), STOP_WITHIN_MS).unref();
    stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  // Without a listener Node opens a debugger on it, to whoever can reach the port.
  process.on('SIGUSR1', () => {});
}
