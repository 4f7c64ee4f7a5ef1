import type { Core } from '../src/core.ts';
import type { Tick } from './schedule.ts';

/**
 * Notices that waited for the end of quiet hours become due by themselves; this is where the service's clock stops for
 * them, so that they are sent at their own instant.
 */
export function endQuietHours(
  { notices, clock }: Pick<Core, 'notices' | 'clock'>,
  botsQuiet: () => Promise<void>,
): Tick {
  return { name: 'end-quiet-hours', nextDue: () => notices.nextDue(clock.now()), run: botsQuiet };
}
