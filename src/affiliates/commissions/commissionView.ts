import { unreachable } from '../../kernel/errors.ts';
import type { StoredCommission } from '../store.ts';
import type { CommissionStatus, CommissionView } from './commission.ts';

/**
 * A commission as it stands at `now`: a pending one is approved from `approvesAt` on, whether it was swept or not
 * (rules 5.5). `payoutId` is that of the payout which holds it, or null. Its payday is that of its cycle.
 */
export function commissionView(stored: StoredCommission, now: Date, payoutId: string | null): CommissionView {
  const { _id: commissionId, affiliateId, subscriptionId, paymentId, programId, amount, paidAt, holdUntil } = stored;
  const kind = stored.kind ?? 'commission';
  const status = statusAt(stored, now);
  const stands = status === 'approved' || status === 'paid';
  return {
    ...{ commissionId, affiliateId, kind, subscriptionId, paymentId, programId, amount, status, paidAt, holdUntil },
    approvedAt: stands ? stored.approvesAt : null,
    payoutId,
    payday: status === 'rejected' ? null : stored.cycle,
    refundRequested: status === 'pending' && stored.approvesAt === null,
    ...(stored.reverses === undefined ? {} : { reverses: stored.reverses }),
    ...(status === 'rejected' && stored.reason !== undefined ? { rejectedFor: stored.reason } : {}),
  };
}

function statusAt({ state, approvesAt }: StoredCommission, now: Date): CommissionStatus {
  switch (state) {
    case 'pending':
      return approvesAt !== null && now >= approvesAt ? 'approved' : 'pending';
    case 'approved':
    case 'paid':
    case 'rejected':
      return state;
    // Told once as rejected, and listed no more.
    case 'withdrawn':
      return 'rejected';
    default:
      return unreachable(state);
  }
}
