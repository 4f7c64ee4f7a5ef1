import type { SubscriptionHistory } from '../../sales/histories.ts';
import type { CycleDate, StoredCommission } from '../store.ts';
import type { EarnedCommission } from './commission.ts';
import type { Change } from './commissionChange.ts';

/**
 * What a change is written with: the last cycle begun, and the platform's calendar. `open`: the first cycle that may still
 * take something known by now, which can be one whose payouts are being generated.
 */
export type ChangeContext = {
  begun: CycleDate;
  open: CycleDate;
  now: Date;
  cycleFor: (facts: { approvedAt: Date; knownAt: Date }, begun: CycleDate) => CycleDate;
  dayOf: (at: Date) => string;
};

/** A new commission, or the correction of one that is in a payout: approved at the instant it arrived (rules 5.6). */
export function documentOf(
  history: SubscriptionHistory,
  change: Extract<Change, { kind: 'insert' | 'reverse' }>,
  context: ChangeContext,
): StoredCommission {
  const { subscriptionId, affiliateId, programId } = history;
  const common = { subscriptionId, affiliateId, programId, revision: 1, posted: 0, postings: 0 };
  if (change.kind === 'reverse') {
    const arrivedAt = lastArrival(history);
    const { paymentId, paidAt, listedFrom, _id: reverses } = change.stored;
    return {
      _id: change.reversalId,
      ...common,
      ...{ paymentId, paidAt, listedFrom, reverses, amount: change.amount, state: 'approved' },
      ...{ holdUntil: arrivedAt, approvesAt: arrivedAt, knownAt: arrivedAt, changedAt: arrivedAt },
      // What lowers a payout is in the first one that is generated from here on, whenever it was approved (rules 6.2).
      cycle:
        change.amount < 0
          ? context.open
          : context.cycleFor({ approvedAt: arrivedAt, knownAt: arrivedAt }, context.begun),
      approvalDay: '',
      effectsPending: true,
    };
  }
  const { earned, state, amount } = change;
  const hidden = earned.listedFrom > context.now;
  return {
    _id: earned.commissionId,
    ...common,
    ...placeOf(earned, context),
    ...{ amount, state, changedAt: changedAt(state, history, earned) },
    ...(earned.verdict === 'rejected' ? { reason: earned.reason } : {}),
    ...(state === 'pending' ? stepOf(earned, context.now) : {}),
    // What is not shown yet has nothing to follow from it, unless it is approved or rejected already.
    ...(hidden && state === 'pending' ? {} : { effectsPending: true as const }),
  };
}

/** The update that a change is. */
export function updateOf(
  history: SubscriptionHistory,
  { stored, earned, state, amount }: Extract<Change, { kind: 'update' }>,
  context: ChangeContext,
) {
  const moved = earned !== undefined && earned.approvesAt?.getTime() !== stored.approvesAt?.getTime();
  const isRevived =
    (state === 'pending' || state === 'approved') && stored.state !== 'pending' && stored.state !== 'approved';
  // What became of a commission that had been rejected counts from when that became known.
  const from = isRevived && earned !== undefined ? { ...earned, knownAt: lastArrival(history) } : earned;
  const place = from === undefined ? undefined : placeOf(from, context);
  const hasPlace = !moved && !isRevived && stored.cycle !== null && stored.cycle > context.begun;
  const step = state === 'pending' && earned !== undefined ? stepOf(earned, context.now) : {};
  const cause = causeOf(stored, earned);
  const set: Partial<StoredCommission> = {
    ...{ amount, state, effectsPending: true },
    // An approval takes effect at the end of the hold; a correction when it is made.
    changedAt: state === 'approved' && stored.postings === 0 ? (earned?.approvesAt ?? context.now) : context.now,
    ...(place === undefined ? {} : { ...place, cycle: hasPlace ? stored.cycle : place.cycle }),
    ...(amount === stored.amount ? {} : { amountBefore: stored.amount }),
    ...step,
    ...(cause === undefined ? {} : { cause }),
    ...wasOf(stored, hasPlace || place === undefined ? stored.cycle : place.cycle),
    ...(earned?.verdict === 'rejected' ? { reason: earned.reason } : {}),
  };
  const unset = [
    ...(amount === stored.amount ? ['amountBefore'] : []),
    ...('nextStepAt' in step ? [] : ['nextStepAt']),
    ...(cause === undefined ? ['cause'] : []),
    ...(earned?.verdict === 'rejected' ? [] : ['reason']),
  ];
  return { filter: { _id: stored._id, revision: stored.revision }, set, unset };
}

function placeOf(earned: EarnedCommission, { begun, now, cycleFor, dayOf }: ChangeContext) {
  const { paymentId, paidAt, listedFrom, holdUntil, approvesAt, knownAt } = earned;
  return {
    ...{ paymentId, paidAt, listedFrom, holdUntil, approvesAt, knownAt },
    cycle: approvesAt === null ? null : cycleFor({ approvedAt: approvesAt, knownAt }, begun),
    approvalDay: approvesAt === null ? '' : dayOf(approvesAt > now ? approvesAt : now),
  };
}

/** When time next does something to a pending commission: shows it, or approves it; nothing while a refund is open. */
function stepOf({ listedFrom, approvesAt }: EarnedCommission, now: Date): { nextStepAt?: Date } {
  if (listedFrom > now && (approvesAt === null || listedFrom < approvesAt)) return { nextStepAt: listedFrom };
  return approvesAt === null ? {} : { nextStepAt: approvesAt };
}

/** An approved commission that leaves its cycle may be in the payout of that meanwhile. */
function wasOf({ state, cycle, approvesAt }: StoredCommission, to: CycleDate | null): Pick<StoredCommission, 'was'> {
  if (state !== 'approved' || cycle === null || approvesAt === null || cycle === to) return {};
  return { was: { cycle, approvesAt } };
}

function causeOf(stored: StoredCommission, earned: EarnedCommission | undefined): StoredCommission['cause'] {
  if (earned?.verdict !== 'earned') return undefined;
  if (earned.approvesAt === null) return stored.approvesAt === null ? stored.cause : 'refund-requested';
  return stored.approvesAt === null ? 'refund-declined' : undefined;
}

/** Pending since the charge, approved at the end of the hold, rejected when the refund became known. */
function changedAt(
  state: 'pending' | 'approved' | 'rejected',
  history: SubscriptionHistory,
  earned: EarnedCommission,
): Date {
  switch (state) {
    case 'pending':
      return earned.paidAt;
    case 'approved':
      return earned.approvesAt ?? earned.holdUntil;
    case 'rejected':
      return lastArrival(history);
  }
}

/** When the last fact of a subscription became known: it is what brought about a change. */
function lastArrival({ charges, refunds, refundRequests, cancellation }: SubscriptionHistory): Date {
  const declines = refundRequests.flatMap(({ declined }) => declined ?? []);
  const ends = cancellation === undefined ? [] : [cancellation];
  const arrivals = [...charges, ...refunds, ...refundRequests, ...declines, ...ends];
  return new Date(Math.max(...arrivals.map(({ arrivedAt }) => arrivedAt.getTime())));
}
