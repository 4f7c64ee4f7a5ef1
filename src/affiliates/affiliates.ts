import type { Accounts } from '../accounts/accounts.ts';
import type { Approvals } from '../approvals/approvals.ts';
import type { Audit } from '../audit/audit.ts';
import type { Leases } from '../database/lease.ts';
import type { Calendar } from '../kernel/calendar.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Ledger } from '../ledger/journal.ts';
import type { Notices } from '../notices/notices.ts';
import type { Outgoing } from '../outgoing/outgoing.ts';
import type { Policy } from '../policy.ts';
import type { Sales } from '../sales/sales.ts';
import { createAdjustmentItems } from './commissions/adjustmentItems.ts';
import { createAnnounceCommissions } from './commissions/announceCommissions.ts';
import { createApprovalDigest, type MissingPayees } from './commissions/approvalDigest.ts';
import { createApproveCommissions } from './commissions/approveCommissions.ts';
import { createCommissionQueries } from './commissions/commissionQueries.ts';
import { createCompleteCommissions } from './commissions/completeCommissions.ts';
import { createRecomputeCommissions } from './commissions/recomputeCommissions.ts';
import { createAnnouncePayouts } from './payouts/announcePayouts.ts';
import { createAnnounceReturns } from './payouts/announceReturns.ts';
import { createCycleAssignment } from './payouts/cycleAssignment.ts';
import { createGeneratePayouts } from './payouts/generatePayouts.ts';
import { createMarketerEarnings } from './payouts/marketerEarnings.ts';
import { createNumberedStatements, type StatementDocument } from './payouts/numberedStatements.ts';
import type { HeldPayouts } from './payouts/payout.ts';
import { type BatchOfCycle, createPayoutActs } from './payouts/payoutActs.ts';
import { createPayoutBatches } from './payouts/payoutBatches.ts';
import { createPayoutCalendar } from './payouts/payoutCycle.ts';
import { createPayoutCycles } from './payouts/payoutCycles.ts';
import { createPayouts } from './payouts/payouts.ts';
import { createReleaseCommissions } from './payouts/releaseCommissions.ts';
import { createReturnPayouts } from './payouts/returnPayouts.ts';
import { createUnpaidPaydays } from './payouts/unpaidPaydays.ts';
import { paidCommissions, sealedCommissions, sealedPayouts } from './sealed.ts';
import type { AffiliateStore } from './store.ts';
import { createAffiliateVerification } from './verification.ts';

export type Affiliates = ReturnType<typeof createAffiliates>;

/** The affiliates' slice, put together: sales in, commissions and payouts out (rules 5 and 6). */
export function createAffiliates(deps: {
  store: AffiliateStore;
  leases: Leases;
  ledger: Ledger;
  accounts: Pick<Accounts, 'get' | 'getMany' | 'idsOfRole'>;
  notices: Pick<Notices, 'enqueue'>;
  outgoing: Pick<Outgoing, 'emit'>;
  audit: Pick<Audit, 'record' | 'recordAll'>;
  approvals: Pick<Approvals, 'approve' | 'preview' | 'close' | 'people'>;
  sales: Pick<Sales, 'histories' | 'programVersions' | 'subscriptionsOf' | 'affiliateSubscriptions'>;
  calendar: Calendar;
  policy: Pick<Policy, 'commissions' | 'payouts' | 'notices'>;
  clock: Clock;
  /** Gives the statements of payouts that are paid their numbers, those that have none. */
  numberStatements: (statements: StatementDocument[]) => Promise<void>;
  /** What holds payouts until an instant (docs/paydays.md). */
  heldPayouts: HeldPayouts;
  batch: BatchOfCycle;
  missingPayees: MissingPayees;
  /** Hears of payouts once something can refer to them, and once they have ended. */
  onPayoutsTold: (payouts: { payoutId: string; hasEnded: boolean }[]) => Promise<void>;
}) {
  const payoutCalendar = createPayoutCalendar(deps.calendar);
  const cycleAssignment = createCycleAssignment({ ...deps, payoutCalendar });
  const marketerEarnings = createMarketerEarnings({ ...deps, policy: deps.policy.payouts });
  const generatePayouts = createGeneratePayouts({ ...deps, payoutCalendar, cycleAssignment, marketerEarnings });
  const releaseCommissions = createReleaseCommissions({ ...deps, payoutCalendar, cycleAssignment, generatePayouts });
  const { settle } = releaseCommissions;
  const announceCommissions = createAnnounceCommissions(deps);
  const completeCommissions = createCompleteCommissions({ ...deps, settle, announceCommissions });
  const recomputing = createRecomputeCommissions({
    ...{ ...deps, cycleAssignment, settle, completeCommissions },
    passPaydays: () => cycles.nextDue(),
    policy: deps.policy.commissions,
  });
  const adjustmentItems = createAdjustmentItems({
    ...{ ...deps, cycleAssignment, completeCommissions },
    passPaydays: () => cycles.nextDue(),
    peekOpen: () => cycles.peekOpen(),
  });
  const approval = createApproveCommissions({ ...deps, completeCommissions, recompute: recomputing.recompute });
  const payouts = createPayouts({
    ...{ ...deps, payoutCalendar, cycleAssignment, generatePayouts, releaseCommissions },
    announcePayouts: createAnnouncePayouts(deps),
    onCommissionsReleased: recomputing.recomputeReleased,
  });
  const returns = createReturnPayouts({
    ...{ ...deps, payoutCalendar, cycleAssignment, payouts, releaseCommissions },
    announceReturns: createAnnounceReturns(deps),
  });
  const batches = createPayoutBatches({ ...deps, payouts });
  const payoutActs = createPayoutActs({ ...deps, payouts, batches });
  const cycles = createPayoutCycles({
    ...{ ...deps, payoutCalendar, cycleAssignment, generatePayouts, marketerEarnings },
    payouts: { finish: payouts.finish, repair: repairPayouts },
    approveCommissions: async (payday) => {
      await approval.approve(payday);
      await approval.repair(payday);
    },
  });

  /** Finishes what a crash left between a decision and what follows from it. */
  async function repair(): Promise<void> {
    const now = deps.clock.now();
    await approval.repair(now);
    await repairPayouts(now);
  }

  async function repairPayouts(now: Date): Promise<void> {
    await payouts.repair(now);
    await returns.repair(now);
  }

  /** What an account has still to get: commissions that may be paid, and payouts that are not. */
  async function openOf(accountId: string): Promise<{ commissions: number; payouts: number }> {
    const [commissions, unpaid] = await Promise.all([
      deps.store.commissions.countDocuments({ affiliateId: accountId, state: { $in: ['pending', 'approved'] } }),
      deps.store.payouts.countDocuments({ accountId, status: { $in: ['generating', 'due', 'processing'] } }),
    ]);
    return { commissions, payouts: unpaid };
  }

  return {
    openOf,
    commissions: { ...recomputing, ...approval, ...createCommissionQueries({ ...deps, cycleAssignment }) },
    payouts,
    payoutActs,
    returns,
    adjustmentItems,
    payoutBatches: batches,
    cycles,
    digest: createApprovalDigest(deps),
    unpaidPaydays: createUnpaidPaydays({ ...deps, payouts, policy: deps.policy.notices }),
    marketerEarnings,
    payoutCalendar,
    repair,
    unfinished: [approval.unfinished, payouts.unfinished, returns.unfinished],
    verification: createAffiliateVerification({ ...deps, cycleAssignment, payoutCalendar }),
    numbered: createNumberedStatements(deps.store),
    paidCommissions: (payoutId: string) => paidCommissions(deps.store, payoutId),
    sealed: [sealedPayouts(deps.store), sealedCommissions(deps.store)],
  };
}
