import type { Core } from '../src/core.ts';
import type { Tick } from './schedule.ts';

/** What follows from invoices that were issued or have ended: the platform is told, standing is looked at. */
export function followUpInvoices({ revshare }: Pick<Core, 'revshare'>): Tick {
  return { name: 'follow-up-invoices', nextDue: revshare.pendingEffects.nextDue, run: revshare.pendingEffects.run };
}
