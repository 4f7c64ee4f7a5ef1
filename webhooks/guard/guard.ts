import type { Logger } from 'pino';
import { Registry } from 'prom-client';

import { realMilliseconds } from '../../src/kernel/clock.ts';
import { createLargeTurns, type LargeTurns } from './largeTurns.ts';
import { createPeers, type Peers } from './peers.ts';
import { createRefusals, type Refusals } from './refusals.ts';
import { createUnavailable, type Unavailable } from './unavailable.ts';

/** What the parts of the HTTP side know in common of whom they turn away, and why. */
export type Guard = { peers: Peers; refusals: Refusals; unavailable: Unavailable; turns: LargeTurns };

export function createGuard({
  log = { warn: () => {} },
  registry = new Registry(),
}: {
  log?: Pick<Logger, 'warn'>;
  registry?: Registry;
} = {}): Guard {
  const deps = { log, registry, now: realMilliseconds };
  return {
    peers: createPeers(realMilliseconds),
    refusals: createRefusals(deps),
    unavailable: createUnavailable(deps),
    turns: createLargeTurns(),
  };
}
