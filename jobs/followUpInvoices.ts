import type { Core } from '../src/core.ts';
import type { Tick } from './schedule.ts';

/** What follows from invoices that were issued or have ended: the platform is told, standing is looked at. */
export function followUpInvoices({ invoicing }: Pick<Core, 'invoicing'>): Tick {
  return { name: 'follow-up-invoices', nextDue: invoicing.pendingEffects.nextDue, run: invoicing.pendingEffects.run };
}
