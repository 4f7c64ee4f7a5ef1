import { unreachable } from '../kernel/errors.ts';
import type { Notice, Notices } from '../notices/notices.ts';
import type { Outgoing, OutgoingMessage, OutgoingType } from '../outgoing/outgoing.ts';
import { commissionView } from './commissionView.ts';
import { affiliateAccount, payoutAccount } from './entries.ts';
import { payoutView } from './payouts/payout.ts';
import type { CycleDate } from './payouts/payoutCycle.ts';
import type { StoredCommission, StoredPayout } from './store.ts';

export type Announcements = ReturnType<typeof createAnnouncements>;

/** What the platform and the people are told of commissions and payouts. Everything is keyed, so telling twice is once. */
export function createAnnouncements(deps: { notices: Pick<Notices, 'enqueue'>; outgoing: Pick<Outgoing, 'emit'> }) {
  /** What commissions have become; those that are still in trial are kept quiet about (rules 5.1). */
  async function announceCommissions(commissions: StoredCommission[], now: Date): Promise<void> {
    const shown = commissions.filter(({ listedFrom }) => listedFrom <= now);
    await deps.outgoing.emit(shown.map(commissionMessage), now);
    await deps.notices.enqueue(shown.flatMap(commissionNotice), now);
  }

  /** What payouts have become. `next`: the cycle that takes what has failed. */
  async function announcePayouts(payouts: StoredPayout[], next: CycleDate, now: Date): Promise<void> {
    await deps.outgoing.emit(payouts.map(payoutMessage), now);
    await deps.notices.enqueue(
      payouts.map((payout) => payoutNotice(payout, next)),
      now,
    );
  }

  return { announceCommissions, announcePayouts };
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

function messageType({ state }: StoredCommission): OutgoingType {
  switch (state) {
    case 'pending':
      return 'commission.pending';
    case 'approved':
    case 'paid':
      return 'commission.approved';
    case 'rejected':
    case 'withdrawn':
      return 'commission.rejected';
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
    cycle: payday,
    revision,
    state,
    changedAt: at,
  } = commission;
  const common = { key: `commission:${commissionId}:${revision}`, accountId: affiliateId, urgent: false, at };
  if (commission.reverses !== undefined) {
    const data = { commissionId, amount, payday, reverses: commission.reverses };
    return [{ ...common, kind: 'commission.reversed', data }];
  }
  switch (state) {
    case 'pending': {
      const { holdUntil } = commission;
      return [
        {
          ...common,
          kind: 'commission.pending',
          data: { commissionId, amount, holdUntil, payday, before: amountBefore ?? null },
        },
      ];
    }
    case 'approved':
      if (commission.postings === 0 || amountBefore === undefined) return [];
      return [
        { ...common, kind: 'commission.corrected', data: { commissionId, amount, before: amountBefore, payday } },
      ];
    case 'rejected':
    case 'withdrawn':
      return [
        {
          ...common,
          kind: 'commission.rejected',
          data: { commissionId, amount, reason: commission.reason ?? 'cancelled-in-trial' },
        },
      ];
    case 'paid':
      return [];
    default:
      return unreachable(state);
  }
}

const MESSAGES = { due: 'payout.due', paid: 'payout.settled', failed: 'payout.failed' } as const;

/** A payout has something to tell when it is drawn up, and when it has ended. */
function stage({ status }: StoredPayout): keyof typeof MESSAGES {
  return status === 'paid' || status === 'failed' ? status : 'due';
}

function payoutMessage(payout: StoredPayout): OutgoingMessage {
  const type = MESSAGES[stage(payout)];
  return {
    key: `${type}:${payout._id}`,
    subject: payoutAccount(payout),
    type,
    at: payout.endedAt ?? payout.drawnAt,
    data: payoutView(payout),
  };
}

function payoutNotice(payout: StoredPayout, next: CycleDate): Notice {
  const { _id: payoutId, accountId, amount, cycle, count, endedAt: at = payout.drawnAt } = payout;
  const common = { key: `payout:${payoutId}:${stage(payout)}`, accountId, urgent: false, at };
  switch (stage(payout)) {
    case 'due':
      return { ...common, kind: 'payout.due', data: { payoutId, amount, cycle, count } };
    case 'paid':
      return {
        ...common,
        kind: 'payout.paid',
        data: { payoutId, amount, paidAt: at, reference: payout.reference ?? null },
      };
    case 'failed':
      return { ...common, kind: 'payout.failed', data: { payoutId, amount, reason: payout.reason ?? null, next } };
  }
}
