import type { Logger } from 'pino';
import { Registry } from 'prom-client';

import { realMilliseconds } from '../../src/kernel/clock.ts';
import { createPeers, type Peers } from './peers.ts';
import { createRefusals, type Refusals } from './refusals.ts';

/** What the parts of the HTTP side that protect it from floods know in common. */
export type Guard = { peers: Peers; refusals: Refusals };

export function createGuard({
  log = { warn: () => {} },
  registry = new Registry(),
}: {
  log?: Pick<Logger, 'warn'>;
  registry?: Registry;
} = {}): Guard {
  return {
    peers: createPeers(realMilliseconds),
    refusals: createRefusals({ log, registry, now: realMilliseconds }),
  };
}
