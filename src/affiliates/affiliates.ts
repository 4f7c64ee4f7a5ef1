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
import { createTelling } from './announcements.ts';
import { createDigest } from './commissions/approvalDigest.ts';
import { createListing } from './commissions/commissionQueries.ts';
import { createCommissions } from './commissions/commissions.ts';
import { createBooking } from './payouts/cycleAssignment.ts';
import { createPayoutCalendar } from './payouts/payoutCycle.ts';
import { createCycles } from './payouts/payoutCycles.ts';
import { createDrawing } from './payouts/payoutGeneration.ts';
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
  notices: Pick<Notices, 'tell'>;
  outgoing: Pick<Outgoing, 'emit'>;
  audit: Pick<Audit, 'record'>;
  sales: Pick<Sales, 'histories' | 'programVersions' | 'subscriptionsOf'>;
  calendar: Calendar;
  policy: Pick<Policy, 'commissions' | 'payouts'>;
  clock: Clock;
  /** Hears of payouts once something can refer to them. */
  onDrawn: (payoutIds: string[]) => Promise<void>;
}) {
  const payoutCalendar = createPayoutCalendar(deps.calendar);
  const booking = createBooking({ ...deps, payoutCalendar });
  const drawing = createDrawing({ ...deps, payoutCalendar, booking });
  const telling = createTelling(deps);
  const commissions = createCommissions({ ...deps, booking, drawing, telling, policy: deps.policy.commissions });
  const payouts = createPayouts({ ...deps, payoutCalendar, booking, drawing, telling });
  const cycles = createCycles({
    ...deps,
    ...{ payoutCalendar, booking, drawing, payouts, commissions },
    policy: deps.policy.payouts,
  });

  /** Finishes what a crash left between a decision and what follows from it. */
  async function repair(): Promise<void> {
    const now = deps.clock.now();
    await commissions.repair(now);
    await payouts.repair(now);
  }

  return {
    commissions: { ...commissions, ...createListing({ ...deps, booking }) },
    payouts,
    cycles,
    digest: createDigest(deps),
    payoutCalendar,
    repair,
    verify: () => verifyAffiliates({ ...deps, booking }),
  };
}
