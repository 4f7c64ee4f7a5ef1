import type { Core } from '../src/core.ts';
import type { Tick } from './schedule.ts';

/** Commissions whose hold is over become firm, each at its own instant (rules 5.5). */
export function approveCommissions({ affiliates }: Pick<Core, 'affiliates'>): Tick {
  return {
    name: 'approve-commissions',
    nextDue: affiliates.commissions.nextDue,
    run: affiliates.commissions.approve,
  };
}
