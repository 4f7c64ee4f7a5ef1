import type { Accounts } from '../accounts/accounts.ts';
import type { Audit } from '../audit/audit.ts';
import type { Leases } from '../database/lease.ts';
import type { Calendar } from '../kernel/calendar.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Ledger } from '../ledger/journal.ts';
import type { DisplayContext } from '../notices/messages/displayContext.ts';
import type { Notices } from '../notices/notices.ts';
import type { Outgoing } from '../outgoing/outgoing.ts';
import type { Policy } from '../policy.ts';
import { createAnnouncements } from '../standing/announcements.ts';
import { createDunning } from '../standing/dunning.ts';
import { createManualReminders } from '../standing/manualReminders.ts';
import { createOverdue } from '../standing/overdue.ts';
import { createSanctions } from '../standing/sanctions.ts';
import type { OrdersOf } from '../standing/standingFacts.ts';
import { createStandings } from '../standing/standings.ts';
import { verifyStandings } from '../standing/verify.ts';
import { createBillingWeeks } from './billingWeeks.ts';
import { createInvoiceDrafts } from './draftInvoices.ts';
import { createInvoices } from './invoices.ts';
import { createPendingEffects } from './pendingEffects.ts';
import { createInvoicePreview } from './preview.ts';
import type { RevshareStore } from './store.ts';
import { createTransactions } from './transactions.ts';
import { verifyInvoices } from './verify.ts';
import { createWeeklyRun } from './weeklyRun.ts';

export type Revshare = ReturnType<typeof createRevshare>;

/** The RevShare slice, put together: transactions in, invoices out (rules 1). */
export function createRevshare(deps: {
  store: RevshareStore;
  leases: Leases;
  ledger: Ledger;
  accounts: Pick<Accounts, 'getMany' | 'idsOfRole' | 'linksOf'>;
  notices: Pick<Notices, 'enqueue' | 'drop'>;
  outgoing: Pick<Outgoing, 'emit'>;
  clock: Clock;
  /** Completed orders count in standing, too (rules 2.3, 2.4, 2.7). */
  ordersOf: OrdersOf;
  /** A manager has ended the partnership with a model: its orders end with it (rules 2.5). Done again after a crash. */
  onTerminated: (modelId: string, now: Date) => Promise<void>;
  audit: Pick<Audit, 'record'>;
  calendar: Calendar;
  /** How programs are told of it: in the platform's zone and currency. */
  platform: DisplayContext;
  policy: Pick<Policy, 'invoicing' | 'sanctions' | 'trust'>;
}) {
  const [hour = 0, minute = 0] = deps.policy.invoicing.issueAt.split(':').map(Number);
  const issueTime = { hour, minute };
  const billingWeeks = createBillingWeeks({ ...deps, issueTime });
  const transactions = createTransactions({ ...deps, billingWeeks });
  const announcements = createAnnouncements(deps);
  const sanctions = createSanctions({ ...deps, announce: announcements.announceChanges });
  const standings = createStandings({ ...deps, sanctions });
  const pendingEffects = createPendingEffects({ ...deps, sanctions, announce: announcements.announceInvoices });
  const invoices = createInvoices({ ...deps, billingWeeks, transactions, pendingEffects });
  const invoiceDrafts = createInvoiceDrafts({ ...deps, billingWeeks, policy: deps.policy.invoicing });
  const invoicing = createWeeklyRun({
    ...deps,
    invoiceDrafts,
    sanctionsPolicy: deps.policy.sanctions,
    billingWeeks,
    transactions,
    invoices,
    issueTime,
  });
  const dunning = createDunning({
    ...deps,
    policy: deps.policy.sanctions,
    sanctions,
    announceSteps: announcements.announceSteps,
  });

  /** Finishes what a crash left between a decision and what follows from it. */
  async function repair(): Promise<void> {
    await invoices.reconcile();
    await standings.repair();
    await sanctions.repair();
  }

  return {
    transactions,
    invoices,
    invoicing,
    pendingEffects,
    dunning,
    standings,
    refreshStanding: sanctions.refresh,
    followPolicy: sanctions.followPolicy,
    overdue: createOverdue({ ...deps, standings }),
    manualReminders: createManualReminders(deps),
    preview: createInvoicePreview({ ...deps, invoiceDrafts, billingWeeks, issueTime }),
    repair,
    verify: async () => [...(await verifyInvoices(deps.store, deps.ledger)), ...(await verifyStandings(deps))],
  };
}
