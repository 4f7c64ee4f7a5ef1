import type { Accounts } from '../accounts/accounts.ts';
import type { Audit } from '../audit/audit.ts';
import type { Leases } from '../database/lease.ts';
import type { Calendar } from '../kernel/calendar.ts';
import type { Ledger } from '../ledger/journal.ts';
import type { Notices } from '../notices/notices.ts';
import type { Policy } from '../policy.ts';
import { createBilling } from './billing.ts';
import { createInvoices } from './invoices.ts';
import { createInvoicing } from './invoicing.ts';
import type { RevshareStore } from './store.ts';
import { createTransactions } from './transactions.ts';
import { verifyInvoices } from './verify.ts';

export type Revshare = ReturnType<typeof createRevshare>;

/** The RevShare slice, put together: transactions in, invoices out (rules 1). */
export function createRevshare(deps: {
  store: RevshareStore;
  leases: Leases;
  ledger: Ledger;
  accounts: Pick<Accounts, 'getMany'>;
  notices: Pick<Notices, 'tell'>;
  audit: Pick<Audit, 'record'>;
  calendar: Calendar;
  policy: Policy['invoicing'];
}) {
  const [hour = 0, minute = 0] = deps.policy.issueAt.split(':').map(Number);
  const issueTime = { hour, minute };
  const billing = createBilling({ ...deps, issueTime });
  const transactions = createTransactions({ ...deps, billing });
  const invoices = createInvoices({ ...deps, billing, transactions });
  const invoicing = createInvoicing({ ...deps, billing, transactions, invoices, issueTime });
  return { transactions, invoices, invoicing, verify: () => verifyInvoices(deps.store, deps.ledger) };
}
