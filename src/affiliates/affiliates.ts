import type { Accounts } from '../accounts/accounts.ts';
import type { Audit } from '../audit/audit.ts';
import type { Leases } from '../database/lease.ts';
import type { Calendar } from '../kernel/calendar.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Ledger } from '../ledger/journal.ts';
import type { Notices } from '../notices/notices.ts';
import type { Outgoing } from '../outgoing/outgoing.ts';
import type { Policy } from '../policy.ts';
import type { Sales } from '../sales/sales.ts';
import { createAnnouncements } from './announcements.ts';
import { createApprovalDigest } from './commissions/approvalDigest.ts';
import { createCommissionQueries } from './commissions/commissionQueries.ts';
import { createCommissions } from './commissions/commissions.ts';
import { createCycleAssignment } from './payouts/cycleAssignment.ts';
import { createPayoutCalendar } from './payouts/payoutCycle.ts';
import { createPayoutCycles } from './payouts/payoutCycles.ts';
import { createPayoutGeneration } from './payouts/payoutGeneration.ts';
import { createPayouts } from './payouts/payouts.ts';
import type { AffiliateStore } from './store.ts';
import { verifyAffiliates } from './verify.ts';

export type Affiliates = ReturnType<typeof createAffiliates>;

/** The affiliates' slice, put together: sales in, commissions and payouts out (rules 5 and 6). */
export function createAffiliates(deps: {
  store: AffiliateStore;
  leases: Leases;
  ledger: Ledger;
  accounts: Pick<Accounts, 'idsOfRole'>;
  notices: Pick<Notices, 'enqueue'>;
  outgoing: Pick<Outgoing, 'emit'>;
  audit: Pick<Audit, 'record'>;
  sales: Pick<Sales, 'histories' | 'programVersions' | 'subscriptionsOf'>;
  calendar: Calendar;
  policy: Pick<Policy, 'commissions' | 'payouts'>;
  clock: Clock;
  /** Hears of payouts once something can refer to them. */
  onPayoutsGenerated: (payoutIds: string[]) => Promise<void>;
}) {
  const payoutCalendar = createPayoutCalendar(deps.calendar);
  const cycleAssignment = createCycleAssignment({ ...deps, payoutCalendar });
  const payoutGeneration = createPayoutGeneration({ ...deps, payoutCalendar, cycleAssignment });
  const announcements = createAnnouncements(deps);
  const commissions = createCommissions({
    ...deps,
    cycleAssignment,
    payoutGeneration,
    announcements,
    policy: deps.policy.commissions,
  });
  const payouts = createPayouts({ ...deps, payoutCalendar, cycleAssignment, payoutGeneration, announcements });
  const cycles = createPayoutCycles({
    ...deps,
    ...{ payoutCalendar, cycleAssignment, payoutGeneration, payouts, commissions },
    policy: deps.policy.payouts,
  });

  /** Finishes what a crash left between a decision and what follows from it. */
  async function repair(): Promise<void> {
    const now = deps.clock.now();
    await commissions.repair(now);
    await payouts.repair(now);
  }

  return {
    commissions: { ...commissions, ...createCommissionQueries({ ...deps, cycleAssignment }) },
    payouts,
    cycles,
    digest: createApprovalDigest(deps),
    payoutCalendar,
    repair,
    verify: () => verifyAffiliates({ ...deps, cycleAssignment }),
  };
}
