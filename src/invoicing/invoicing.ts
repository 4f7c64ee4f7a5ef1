import type { Accounts } from '../accounts/accounts.ts';
import type { Audit } from '../audit/audit.ts';
import type { Leases } from '../database/lease.ts';
import type { Debts } from '../debts/debts.ts';
import type { Calendar } from '../kernel/calendar.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Ledger } from '../ledger/journal.ts';
import type { Notices } from '../notices/notices.ts';
import type { Outgoing } from '../outgoing/outgoing.ts';
import type { Policy } from '../policy.ts';
import type { Texts } from '../privacy/texts.ts';
import { announceInvoices, overdueMessage } from './announcements.ts';
import { createBillingWeeks } from './billingWeeks.ts';
import { createCampaignNames } from './campaignNames.ts';
import { createInvoiceDrafts } from './draftInvoices.ts';
import { createInvoices } from './invoices.ts';
import { createNumberedInvoices, type InvoiceDocument } from './numberedDocuments.ts';
import { createOverdueInvoices } from './overdueInvoices.ts';
import { createParts } from './parts.ts';
import { createPendingEffects } from './pendingEffects.ts';
import { createInvoicePreview } from './preview.ts';
import { billedTransactions, sealedInvoices } from './sealed.ts';
import type { InvoicingStore } from './store.ts';
import { createTransactions } from './transactions.ts';
import { createUnpaidInvoices } from './unpaidInvoices.ts';
import { createInvoicingVerification } from './verification/verification.ts';
import type { SalesReading } from './verification/verifyTransactions.ts';
import { createWeeklyRun } from './weeklyRun.ts';

export type Invoicing = ReturnType<typeof createInvoicing>;

/** The invoicing slice, put together: transactions in, invoices out (rules 1). */
export function createInvoicing(deps: {
  store: InvoicingStore;
  leases: Leases;
  ledger: Ledger;
  accounts: Pick<Accounts, 'getMany'>;
  notices: Pick<Notices, 'enqueue' | 'drop'>;
  outgoing: Pick<Outgoing, 'emit'>;
  audit: Pick<Audit, 'record'>;
  clock: Clock;
  calendar: Calendar;
  policy: Policy['invoicing'];
  /** The payments that refunds are of, above all: a refund belongs to the model of its payment. */
  sales: SalesReading;
  texts: Texts;
  /** When time first does something to an invoice that stays unpaid. */
  firstStepAt: (invoice: { issuedAt: Date; dueAt: Date }) => Date | null;
  /** Gives documents their numbers, those that have none. */
  numberDocuments: (documents: InvoiceDocument[]) => Promise<void>;
  /** The standing of these models may have changed. */
  refreshStanding: (modelIds: string[], now: Date) => Promise<void>;
  /** What models have promised of these invoices is settled by their end. */
  settlePromises: (invoiceIds: string[], now: Date) => Promise<void>;
  /** Tries everything unpaid, because a balance has grown. */
  payDebts: Debts['payAll'];
}) {
  const [hour = 0, minute = 0] = deps.policy.issueAt.split(':').map(Number);
  const issueTime = { hour, minute };
  const billingWeeks = createBillingWeeks({ ...deps, issueTime });
  const { paymentsOfRefunds } = deps.sales;
  const campaignNames = createCampaignNames(deps.store, deps.texts);
  const transactions = createTransactions({ ...deps, billingWeeks, paymentsOfRefunds, campaignNames });
  const parts = createParts(deps);
  const pendingEffects = createPendingEffects({
    ...deps,
    settleParts: parts.settle,
    announce: (invoices) => announceInvoices(deps, invoices),
    announceOverdue: (invoices) => deps.outgoing.emit(invoices.map(overdueMessage), deps.clock.now()),
  });
  const invoices = createInvoices({ ...deps, billingWeeks, transactions, pendingEffects });
  const invoiceDrafts = createInvoiceDrafts({ ...deps, billingWeeks });
  const weeklyRun = createWeeklyRun({ ...deps, invoiceDrafts, billingWeeks, transactions, invoices, issueTime });

  /** What is still to be settled with a model: invoices that are not paid, and transactions that are on none yet. */
  async function openOf(modelId: string): Promise<{ invoices: number; transactions: number }> {
    const [invoiceCount, transactionCount] = await Promise.all([
      deps.store.invoices.countDocuments({ modelId, status: 'open' }),
      deps.store.transactions.countDocuments({ modelId, billingWeek: { $gt: await billingWeeks.through() } }),
    ]);
    return { invoices: invoiceCount, transactions: transactionCount };
  }

  return {
    openOf,
    unfinished: [...invoices.unfinished, pendingEffects.unfinished],
    transactions,
    invoices,
    parts,
    weeklyRun,
    pendingEffects,
    unpaidInvoices: createUnpaidInvoices(deps),
    overdueInvoices: createOverdueInvoices(deps),
    preview: createInvoicePreview({ ...deps, invoiceDrafts, billingWeeks, issueTime }),
    verification: createInvoicingVerification({ ...deps, billingWeeks, campaignNames }),
    numbered: createNumberedInvoices(deps.store),
    campaignNames: campaignNames.namesAt,
    sealed: [sealedInvoices(deps.store)],
    billedTransactions: (invoiceId: string) => billedTransactions(deps.store, invoiceId),
  };
}
