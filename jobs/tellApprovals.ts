import type { Core } from '../src/core.ts';
import type { Tick } from './schedule.ts';

/** The approvals of a day, told together when it is over. */
export function announceApprovals({ affiliates }: Pick<Core, 'affiliates'>): Tick {
  return { name: 'tell-approvals', nextDue: affiliates.digest.nextDue, run: affiliates.digest.run };
}
