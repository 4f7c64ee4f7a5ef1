import type { Config } from '../config.ts';
import { createLog } from '../log.ts';
import { startService } from '../main.ts';
import { loadSealKeys } from '../sealKeys.ts';
import { loadSecrets } from '../secrets.ts';

const STOP_WITHIN_MS = 9_000;

/** Starts the service; it goes on until a signal ends it. */
export async function serve(config: Config): Promise<undefined> {
  const log = createLog(config.LOG_LEVEL, process.stdout.isTTY === true);
  const secrets = loadSecrets(config);
  const seals = loadSealKeys(config, { make: true });
  const generated = [...secrets.generated, ...seals.generated];
  if (generated.length > 0) {
    process.stderr.write(
      `These secrets were made for this first start and are shown this once; they are kept in ${config.DATA_DIR}:\n` +
        `${generated.map((line) => `  ${line}\n`).join('')}`,
    );
  }
  const service = await startService(config, { ...secrets, sealKeys: seals.keys }, log);
  log.info(service.url === null ? 'running' : `listening on ${service.url}, API at ${service.url}/docs`);
  stopOnSignals(service.stop);
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
