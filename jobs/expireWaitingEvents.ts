import type { Core } from '../src/core.ts';
import type { Tick } from './schedule.ts';

/** Events that have waited too long for what they refer to go into quarantine (contract 2). */
export function expireWaitingEvents({ inboxWorker }: Pick<Core, 'inboxWorker'>): Tick {
  return {
    name: 'expire-waiting-events',
    nextDue: inboxWorker.nextExpiry,
    run: inboxWorker.expireDeferred,
  };
}
