import type { Core } from '../src/core.ts';
import type { Tick } from './schedule.ts';

/** What time does to unpaid invoices: reminders, overdue, sanctions, and the end of graces (rules 1.10, 2, 3). */
export function dunUnpaid({ revshare }: Pick<Core, 'revshare'>): Tick {
  return { name: 'dun-unpaid', nextDue: revshare.dunning.nextDue, run: revshare.dunning.run };
}
