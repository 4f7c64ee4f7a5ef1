import type { Core } from '../src/core.ts';
import type { Tick } from './schedule.ts';

/** Mondays: the invoices of the week that has ended (rules 1.2). */
export function issueInvoices({ revshare }: Pick<Core, 'revshare'>): Tick {
  return { name: 'issue-invoices', nextDue: revshare.invoicing.nextDue, run: revshare.invoicing.run };
}
