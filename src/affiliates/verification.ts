import type { Accounts } from '../accounts/accounts.ts';
import type { AuditTrail } from '../audit/audit.ts';
import type { ToldEvents } from '../events/toldEvent.ts';
import type { Entry } from '../ledger/entry.ts';
import type { Ledger } from '../ledger/journal.ts';
import type { Sales } from '../sales/sales.ts';
import { createCommissionEntries } from './commissions/commissionEntries.ts';
import { verifyCommissions } from './commissions/verifyCommissions.ts';
import { type CommissionPolicies, verifyEarned } from './commissions/verifyEarned.ts';
import type { CycleAssignment } from './payouts/cycleAssignment.ts';
import type { PayoutCalendar } from './payouts/payoutCycle.ts';
import { verifyPayoutEntries } from './payouts/payoutEntries.ts';
import { createPayoutActVerification } from './payouts/verifyPayoutActs.ts';
import { verifyPayouts } from './payouts/verifyPayouts.ts';
import { createReturnVerification } from './payouts/verifyReturns.ts';
import type { AffiliateStore } from './store.ts';

/** Derives commissions and payouts again, from facts and people's acts to the ledger and back. */
export function createAffiliateVerification(deps: {
  store: AffiliateStore;
  ledger: Ledger;
  accounts: Pick<Accounts, 'getMany'>;
  sales: Pick<Sales, 'histories' | 'programVersions' | 'affiliateSubscriptions'>;
  cycleAssignment: CycleAssignment;
  payoutCalendar: PayoutCalendar;
}) {
  const payouts = createPayoutActVerification(deps.store);
  const returns = createReturnVerification(deps);
  const commissions = createCommissionEntries(deps);

  /** A line for each document of the slice that does not follow from its cause, as things are at `now`. */
  async function facts(
    context: { events: ToldEvents; trail: AuditTrail; policies: CommissionPolicies },
    now: Date,
  ): Promise<string[]> {
    return [
      ...(await verifyPayouts(deps, context.policies.since)),
      ...(await payouts.facts(context)),
      ...(await returns.facts(context)),
      ...(await verifyCommissions(deps)),
      ...(await verifyEarned(deps, context.policies, now)),
      ...(await commissions.facts()),
    ];
  }

  const entries = {
    payout: (batch: Entry[]) => verifyPayoutEntries(deps.store, batch),
    commission: commissions.entries,
  };

  return {
    facts,
    applied: { ...payouts.applied, ...returns.applied },
    entries,
    acts: { ...payouts.acts, ...returns.acts },
  };
}
