import type { Core } from '../src/core.ts';
import type { Tick } from './schedule.ts';

/** Events that have waited too long for what they refer to go into quarantine (contract 2). */
export function expireWaitingEvents({ applier }: Pick<Core, 'applier'>): Tick {
  return {
    name: 'expire-waiting-events',
    nextDue: applier.nextExpiry,
    run: applier.expireWaiting,
  };
}
