import type { AuditTrail } from '../../audit/audit.ts';
import type { AppliedChecks, ToldEvents } from '../../events/toldEvent.ts';
import type { Calendar } from '../../kernel/calendar.ts';
import type { Ledger } from '../../ledger/journal.ts';
import type { BillingWeeks } from '../billingWeeks.ts';
import type { CampaignNames } from '../campaignNames.ts';
import type { InvoicingStore } from '../store.ts';
import { createCampaignVerification } from './campaignVersions.ts';
import { createInvoiceCauses } from './invoiceEntries.ts';
import type { InvoiceTerms } from './invoiceTerms.ts';
import { verifyInvoices } from './verifyInvoices.ts';
import { createTransactionVerification, type SalesReading } from './verifyTransactions.ts';

/** Derives campaigns, transactions and invoices again, from events to the ledger and back. */
export function createInvoicingVerification(deps: {
  store: InvoicingStore;
  sales: SalesReading;
  ledger: Ledger;
  billingWeeks: BillingWeeks;
  calendar: Calendar;
  campaignNames: Pick<CampaignNames, 'revealed'>;
}) {
  const campaigns = createCampaignVerification(deps.store, deps.campaignNames);
  const transactions = createTransactionVerification(deps);
  const causes = createInvoiceCauses(deps.store, deps.ledger);

  /** A line for each document of the slice that does not follow from its cause, as things are at `now`. */
  async function facts(
    context: { events: ToldEvents; trail: AuditTrail; terms: InvoiceTerms },
    now: Date,
  ): Promise<string[]> {
    return [
      ...(await campaigns.facts(context.events)),
      ...(await transactions.facts(now)),
      ...(await verifyInvoices({ ...deps, ...context })),
    ];
  }

  const applied: AppliedChecks = { ...campaigns.applied, ...transactions.applied };

  return { facts, applied, entries: causes.entries, acts: causes.acts };
}
