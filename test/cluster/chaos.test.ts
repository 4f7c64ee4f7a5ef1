import fc from 'fast-check';
import { afterAll, beforeAll, expect } from 'vitest';

import { shardKeys } from '../../src/database/sharding.ts';
import { isDatabaseTrouble } from '../../src/database/trouble.ts';
import { InboxUnavailable } from '../../src/inbox/inbox.ts';
import { chance } from '../faults/traffic.ts';
import { histories } from '../properties/history.ts';
import { type Insist, outcomeOf, play } from '../properties/play.ts';
import { runsOf } from '../properties/runs.ts';
import { scrambled } from '../properties/scramble.ts';
import { type Cluster, startCluster } from '../support/cluster/cluster.ts';
import type { Fault } from '../support/cluster/faults.ts';
import { testEngine } from '../support/database.ts';
import { deepTest } from '../support/depth.ts';
import { expectedOutcome, type Outcome } from '../support/model.ts';
import { createWorld, type World } from '../support/world.ts';

/**
 * Histories of a marketplace over what the driver takes for a cluster, while connections break, members step down and refuse, and
 * majorities are late. What comes of it is what the rules say, and `verify` finds nothing.
 */

const { runs, parameters } = runsOf(10);
const LEVELS = [{ volume: 500, bps: 300 }];
/** Of a hundred commands so many go wrong. */
const PER_CENT = 3;

const FAULTS: Fault[] = [
  { breaks: 'before' },
  { breaks: 'after' },
  { concernError: 'WriteConcernTimeout' },
  ...(['NotWritablePrimary', 'PrimarySteppedDown', 'ShutdownInProgress', 'ExceededTimeLimit'] as const).map(
    (error): Fault => ({ error }),
  ),
];

let replicaSet: Cluster;
let router: Cluster;
let onSet: World;
let onRouter: World;
beforeAll(async () => {
  const engine = testEngine();
  replicaSet = await startCluster({ engine });
  router = await startCluster({ engine, kind: 'mongos', shardKeys: shardKeys() });
  const policy = { invoicing: { levels: LEVELS }, payouts: { marketers: false } };
  onSet = await createWorld({ processes: 2, policy, server: replicaSet.uri('test') });
  onRouter = await createWorld({ processes: 2, policy, server: router.uri('test') });
});
afterAll(async () => {
  await onSet?.close();
  await onRouter?.close();
  replicaSet?.close();
  router?.close();
});

deepTest.each(['a replica set', 'a sharded cluster'])(
  'on %s that fails at random nothing is lost or doubled',
  {
    timeout: 120_000 + runs * 30_000,
  },
  async (which) => {
    const [cluster, world] = which === 'a replica set' ? [replicaSet, onSet] : [router, onRouter];
    await fc.assert(
      fc.asyncProperty(histories, fc.nat(), async (history, seed) => {
        const random = chance(seed);
        let end = (): void => {};
        const insist: Insist = insistent(world, () => {
          end = cluster.rule(({ isRead, isWrite }) => {
            if ((!isRead && !isWrite) || random() * 100 >= PER_CENT) return undefined;
            return FAULTS[Math.floor(random() * FAULTS.length)];
          });
        });
        await play(world, history, scrambled(seed), insist).finally(() => end());
        expect(withoutRepeated(await outcomeOf(world))).toEqual(expectedOutcome(history, LEVELS));
        expect(await world.core.verify()).toEqual([]);
      }),
      parameters,
    );
  },
);

/** Does a step until it is done, with a repair after each failure, as a running service has every minute. */
function insistent(world: World, begin: () => void): Insist {
  let hasBegun = false;
  return async (step) => {
    if (!hasBegun) begin();
    hasBegun = true;
    for (let next = step; ; ) {
      try {
        await next();
        if (next === step) return;
        next = step;
      } catch (error) {
        if (!isDatabaseTrouble(error) && !(error instanceof InboxUnavailable)) throw error;
        next = () => world.core.invoicing.invoices.reconcile();
      }
    }
  };
}

/** Events that told once more what another had told. */
function withoutRepeated(outcome: Outcome): Outcome {
  return { ...outcome, applied: outcome.applied.filter((id) => !id.startsWith('again-')) };
}
