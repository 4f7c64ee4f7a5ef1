import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openEmbedded } from '../../src/database/embedded/engine.ts';
import { shardKeys } from '../../src/database/sharding.ts';
import { type Cluster, startCluster } from './cluster/cluster.ts';

/**
 * Opens one engine for the whole run, before the first test that needs one. Test files reach it by its socket and have
 * a database each (`testDatabase`), so that a worker can still open data directories of its own. With TEST_CLUSTER=mongos, or
 * replica, they reach it through what they take for a cluster, which refuses what such a one would.
 */
export async function setup(): Promise<(() => Promise<void>) | undefined> {
  // The tests run on a server.
  if (process.env.MONGODB_URI) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'settlebot-tests-'));
  const engine = await openEmbedded(join(folder, 'data'));
  const cluster = await clusterBefore(engine.uri);
  process.env.TEST_ENGINE_URI = cluster?.uri('test') ?? engine.uri;
  return async () => {
    delete process.env.TEST_ENGINE_URI;
    cluster?.close();
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  };
}

async function clusterBefore(engine: string): Promise<Cluster | undefined> {
  const kind = process.env.TEST_CLUSTER;
  if (kind !== 'mongos' && kind !== 'replica') return undefined;
  return startCluster({ engine, kind, ...(kind === 'mongos' ? { shardKeys: shardKeys() } : {}) });
}
