import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readConfig } from '../../src/config.ts';
import { createCore } from '../../src/core.ts';
import { connectDatabase } from '../../src/database/connect.ts';
import { buildIndexes } from '../../src/database/indexes.ts';
import type { Secret } from '../../src/kernel/cipher.ts';
import { createServiceClock } from '../../src/kernel/clock.ts';
import { inBatches } from '../../src/kernel/group.ts';
import type { SealKey } from '../../src/seals/seal.ts';
import { secondsOf } from './measure.ts';

const BATCH = 1_000;
export const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

export type World = Awaited<ReturnType<typeof createWorld>>;

/**
 * The whole business as the service composes it, over an embedded database of its own, its clock standing at `now`. Without keys nothing
 * is sealed. What is `keptIn` a folder is there the next time.
 */
export async function createWorld(
  now: Date,
  sealKeys: readonly SealKey[] = [],
  {
    environment = {},
    payeeKeys,
    keptIn,
  }: { environment?: Record<string, string>; payeeKeys?: readonly Secret[]; keptIn?: string | undefined } = {},
) {
  const dataDir = keptIn ?? (await mkdtemp(join(tmpdir(), 'settlebot-bench-')));
  const common = { DATA_DIR: dataDir, WEBHOOK_SECRETS: SECRET, API_KEYS: 'bench:bench-key-of-some-length' };
  const result = readConfig({ ...common, ...environment });
  if ('errors' in result) throw new Error(result.errors.join('\n'));
  const database = await connectDatabase({ dataDir });
  const clock = createServiceClock();
  clock.pin(now);
  const onError = (error: unknown): void => {
    throw error;
  };
  const core = createCore({ database, config: result.config, clock, onError, seals: { keys: sealKeys }, payeeKeys });
  await buildIndexes(core.connection);

  /** The database that MongoDB's driver sees, for limits: no schema, no index, plain documents. */
  function raw(name: string) {
    const { db } = core.connection;
    if (db === undefined) throw new Error('the connection is closed');
    return db.collection<{ _id: string }>(name);
  }

  async function close(): Promise<void> {
    await database.close();
    if (keptIn === undefined) await rm(dataDir, { recursive: true, force: true });
  }

  return { core, config: result.config, clock, raw, close };
}

/**
 * Inserts copies of stored documents, a thousand at a time, into a collection without indexes; answers the seconds that
 * the inserts took.
 */
export async function insertCopies({ raw }: World, name: string, filter: object, suffix = ''): Promise<number> {
  const target = raw(`raw_${name}${suffix}`);
  let elapsed = 0;
  for await (const documents of inBatches(raw(name).find(filter).batchSize(BATCH), BATCH)) {
    elapsed += await secondsOf(() => target.insertMany(documents, { ordered: false }));
  }
  return elapsed;
}
