import type { Core } from '../src/core.ts';
import type { Tick } from './schedule.ts';

/** What time does to unpaid invoices: reminders, overdue, sanctions, and the end of graces (rules 1.10, 2, 3). */
export function dunUnpaid({ standing }: Pick<Core, 'standing'>): Tick {
  return { name: 'dun-unpaid', nextDue: standing.dunning.nextDue, run: standing.dunning.run };
}
