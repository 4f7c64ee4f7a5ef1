import type { SubscriptionHistory } from '../../sales/histories.ts';
import type { CycleDate } from '../payouts/payoutCycle.ts';
import type { StoredCommission } from '../store.ts';
import type { EarnedCommission } from './commission.ts';
import type { Change } from './commissionChange.ts';

/** What a change is written with: the last cycle begun, and the platform's calendar. */
type Context = {
  begun: CycleDate;
  now: Date;
  cycleFor: (facts: { approvedAt: Date; knownAt: Date }, begun: CycleDate) => CycleDate;
  dayOf: (at: Date) => string;
};

/** A new commission, or the correction of one that is in a payout: approved at the instant it arrived (rules 5.6). */
export function documentOf(
  history: SubscriptionHistory,
  change: Extract<Change, { kind: 'insert' | 'reverse' }>,
  context: Context,
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
      holdUntil: arrivedAt,
      knownAt: arrivedAt,
      changedAt: arrivedAt,
      cycle: context.cycleFor({ approvedAt: arrivedAt, knownAt: arrivedAt }, context.begun),
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
    ...(state === 'pending' ? { nextStepAt: stepOf(earned, context.now) } : {}),
    // What is not shown yet has nothing to follow from it, unless it is approved or rejected already.
    ...(hidden && state === 'pending' ? {} : { effectsPending: true as const }),
  };
}

/** The update that a change is. */
export function updateOf({ stored, earned, state, amount }: Extract<Change, { kind: 'update' }>, context: Context) {
  const moved = earned !== undefined && earned.holdUntil.getTime() !== stored.holdUntil.getTime();
  const place = earned === undefined ? undefined : placeOf(earned, context);
  const isBooked = !moved && stored.cycle > context.begun;
  const pending = state === 'pending' && earned !== undefined;
  const set: Partial<StoredCommission> = {
    ...{ amount, state, effectsPending: true },
    // An approval takes effect at the end of the hold; a correction when it is made.
    changedAt: state === 'approved' && stored.postings === 0 ? (earned?.holdUntil ?? context.now) : context.now,
    ...(place === undefined ? {} : { ...place, cycle: isBooked ? stored.cycle : place.cycle }),
    ...(amount === stored.amount ? {} : { amountBefore: stored.amount }),
    ...(pending ? { nextStepAt: stepOf(earned, context.now) } : {}),
    ...(earned?.verdict === 'rejected' ? { reason: earned.reason } : {}),
  };
  const unset = [
    ...(amount === stored.amount ? ['amountBefore'] : []),
    ...(pending ? [] : ['nextStepAt']),
    ...(earned?.verdict === 'rejected' ? [] : ['reason']),
  ];
  return { filter: { _id: stored._id, revision: stored.revision }, set, unset };
}

function placeOf(earned: EarnedCommission, { begun, now, cycleFor, dayOf }: Context) {
  const { paymentId, paidAt, listedFrom, holdUntil, knownAt } = earned;
  return {
    ...{ paymentId, paidAt, listedFrom, holdUntil, knownAt },
    cycle: cycleFor({ approvedAt: holdUntil, knownAt }, begun),
    approvalDay: dayOf(holdUntil > now ? holdUntil : now),
  };
}

/** When time next does something to a pending commission: shows it, or approves it. */
function stepOf({ listedFrom, holdUntil }: EarnedCommission, now: Date): Date {
  return listedFrom > now && listedFrom < holdUntil ? listedFrom : holdUntil;
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
      return earned.holdUntil;
    case 'rejected':
      return lastArrival(history);
  }
}

/** When the last fact of a subscription became known: it is what brought about a change. */
function lastArrival({ charges, refunds, cancellation }: SubscriptionHistory): Date {
  const arrivals = [...charges, ...refunds, ...(cancellation === undefined ? [] : [cancellation])];
  return new Date(Math.max(...arrivals.map(({ arrivedAt }) => arrivedAt.getTime())));
}
