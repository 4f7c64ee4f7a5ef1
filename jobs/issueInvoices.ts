import type { Core } from '../src/core.ts';
import type { Tick } from './schedule.ts';

/** Mondays: the invoices of the week that has ended (rules 1.2). */
export function issueInvoices({ invoicing }: Pick<Core, 'invoicing'>): Tick {
  return { name: 'issue-invoices', nextDue: invoicing.weeklyRun.nextDue, run: invoicing.weeklyRun.run };
}
