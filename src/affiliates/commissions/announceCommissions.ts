import { unreachable } from '../../kernel/errors.ts';
import type { Notice, Notices } from '../../notices/notices.ts';
import type { Outgoing, OutgoingMessage } from '../../outgoing/outgoing.ts';
import { affiliateAccount } from '../entries.ts';
import type { StoredCommission } from '../store.ts';
import { commissionView } from './commissionView.ts';

export type AnnounceCommissions = ReturnType<typeof createAnnounceCommissions>;

/**
 * Announces to the platform and the people what commissions have become; what comes of no sale is told by whoever made it, and those that are still in trial are kept quiet
 * about (rules 5.1). Everything is keyed, so announcing twice is once.
 */
export function createAnnounceCommissions(deps: {
  notices: Pick<Notices, 'enqueue'>;
  outgoing: Pick<Outgoing, 'emit'>;
}) {
  return async function announceCommissions(commissions: StoredCommission[], now: Date): Promise<void> {
    const shown = commissions.filter(({ kind, listedFrom }) => kind === undefined && listedFrom <= now);
    await deps.outgoing.emit(shown.map(commissionMessage), now);
    await deps.notices.enqueue(shown.flatMap(commissionNotice), now);
  };
}

function commissionMessage(commission: StoredCommission): OutgoingMessage {
  const { _id, revision, affiliateId, changedAt } = commission;
  const view = commissionView(commission, changedAt, null);
  return {
    key: `commission:${_id}:${revision}`,
    subject: affiliateAccount(affiliateId),
    type: messageType(commission),
    at: changedAt,
    data: view,
  };
}

function messageType({ state }: StoredCommission) {
  switch (state) {
    case 'pending':
      return 'commission.pending' as const;
    case 'approved':
    case 'paid':
      return 'commission.approved' as const;
    case 'rejected':
    case 'withdrawn':
      return 'commission.rejected' as const;
    default:
      return unreachable(state);
  }
}

/** Approvals are told together, at the end of their day; here is only what is told one by one. */
function commissionNotice(commission: StoredCommission): Notice[] {
  const {
    _id: commissionId,
    affiliateId,
    amount,
    amountBefore,
    cycle,
    cause,
    revision,
    state,
    changedAt: at,
    paidAt,
  } = commission;
  const payday = cycle ?? '';
  const common = { key: `commission:${commissionId}:${revision}`, accountId: affiliateId, urgent: false, at };
  if (commission.reverses !== undefined) {
    const data = { commissionId, amount, paidAt, payday, reverses: commission.reverses };
    return [{ ...common, kind: 'commission.reversed', data }];
  }
  switch (state) {
    case 'pending': {
      const { approvesAt: holdUntil } = commission;
      if (holdUntil === null) return [{ ...common, kind: 'commission.held', data: { commissionId, amount, paidAt } }];
      if (cause === 'refund-declined') {
        return [
          { ...common, kind: 'commission.resumed', data: { ...{ commissionId, amount, paidAt }, holdUntil, payday } },
        ];
      }
      const data = { commissionId, amount, paidAt, holdUntil, payday, before: amountBefore ?? null };
      return [{ ...common, kind: 'commission.pending', data }];
    }
    case 'approved':
      if (commission.postings === 0 || amountBefore === undefined) return [];
      return [
        {
          ...common,
          kind: 'commission.corrected',
          data: { ...{ commissionId, amount, paidAt }, before: amountBefore, payday },
        },
      ];
    case 'rejected':
    case 'withdrawn':
      return [
        {
          ...common,
          kind: 'commission.rejected',
          data: { commissionId, amount, paidAt, reason: commission.reason ?? 'cancelled-in-trial' },
        },
      ];
    case 'paid':
      return [];
    default:
      return unreachable(state);
  }
}
