import type { Core } from '../src/core.ts';
import type { Tick } from './schedule.ts';

/** The 1st and the 16th: the payouts of the cycle that has come to its payday (rules 6). */
export function generatePayouts({ affiliates }: Pick<Core, 'affiliates'>): Tick {
  return { name: 'draw-up-payouts', nextDue: affiliates.cycles.nextDue, run: affiliates.cycles.run };
}
