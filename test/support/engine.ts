import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openEmbedded } from '../../src/database/embedded/engine.ts';

/**
 * Opens one engine for the whole run, before the first test that needs one. Test files reach it by its socket and have
 * a database each (`testDatabase`), so that a worker can still open data directories of its own.
 */
export async function setup(): Promise<(() => Promise<void>) | undefined> {
  // The tests run on a server.
  if (process.env.MONGODB_URI) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'settlebot-tests-'));
  const engine = await openEmbedded(join(folder, 'data'));
  process.env.TEST_ENGINE_URI = engine.uri;
  return async () => {
    delete process.env.TEST_ENGINE_URI;
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  };
}
