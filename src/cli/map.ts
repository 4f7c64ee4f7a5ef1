import type { Config } from '../config.ts';
import { createCatalogue } from '../events/catalogue.ts';
import { shownData } from '../events/shownData.ts';
import { createServiceClock } from '../kernel/clock.ts';
import { arrivingOf } from '../sources/arriving.ts';
import { createDeclaredSource } from '../sources/declared/declaredSource.ts';
import { madeEvents } from '../sources/made.ts';
import type { Source } from '../sources/source.ts';
import { createPreviewMemory } from '../sources/stripe/previewMemory.ts';
import { createStripeSource, STRIPE, STRIPE_PAYMENT } from '../sources/stripe/stripe.ts';
import { say } from './output.ts';
import { bodiesOf } from './sourceFile.ts';

/**
 * Shows line by line what would come of examples of a source, by the configuration as it is; reads no database and writes nothing.
 * Exit code 1 when a line is not taken, or its map fails.
 */
export async function showMap(config: Config, file: string, name: string): Promise<number> {
  const memory = createPreviewMemory();
  const declared = config.sources.map(createDeclaredSource);
  const source = [createStripeSource(memory), ...declared].find((one) => one.name === name);
  if (source === undefined) throw new Error(noSource(config, name));
  const catalogue = createCatalogue(config.PLATFORM_CURRENCY);
  const now = createServiceClock().now();
  let faults = 0;
  try {
    for await (const { number, bytes } of bodiesOf(file, name)) {
      if (bytes?.toString('utf8').trim() === '') continue;
      const { lines, isFault } = bytes === null ? faulty('it is larger than 256 KiB') : await outcomeOf(source, bytes);
      if (isFault) faults += 1;
      for (const line of lines) say(`line ${number}: ${line}`);
    }
  } finally {
    await source.close();
  }
  return faults === 0 ? 0 : 1;

  async function outcomeOf(of: Source, bytes: Buffer): Promise<{ lines: string[]; isFault: boolean }> {
    const arriving = arrivingOf(of, bytes, now);
    if ('problem' in arriving) return faulty(`refused at the door: ${arriving.problem}`);
    const { id: eventId, data, timestamp, known } = arriving;
    if (!known) return { lines: [`not ours: ${data.kind ?? eventId}`], isFault: false };
    const missing = await unknownAmong(of.waitsFor(data));
    if (missing.length > 0) return { lines: [`would wait for ${missing.join(', ')}`], isFault: false };
    const mapping = await of.map(data, timestamp);
    if (mapping.kind === 'fault') return faulty(`quarantined: ${mapping.reason}`);
    const made = madeEvents(catalogue, { eventId, arrivedAt: now }, mapping.events);
    if ('fault' in made) return faulty(`quarantined: ${made.fault}`);
    if (made.length === 0) return { lines: [`not ours: nothing comes of ${data.kind ?? eventId}`], isFault: false };
    const lines = made.map(
      ({ type, timestamp: at, body }) =>
        `${type} ${at.toISOString()} ${JSON.stringify(shownData({ type }, JSON.parse(body).data))}`,
    );
    return { lines, isFault: false };
  }

  async function unknownAmong(keys: string[]): Promise<string[]> {
    const ids = keys.map((key) => key.slice(STRIPE_PAYMENT.length + 1));
    const known = await memory.invoicesOf(ids);
    return keys.filter((_, index) => !known.has(ids[index] ?? ''));
  }
}

/** Which sources there are, for whoever named another. */
export function noSource({ sources }: Pick<Config, 'sources'>, name: string): string {
  const known = [STRIPE, ...sources.map((one) => one.name)].join(', ');
  return `there is no source ${name}: SOURCES_FILE and the service itself have ${known}`;
}

function faulty(line: string): { lines: string[]; isFault: boolean } {
  return { lines: [line], isFault: true };
}
