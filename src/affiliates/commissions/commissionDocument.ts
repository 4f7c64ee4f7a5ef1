import type { SubscriptionHistory } from '../../sales/histories.ts';
import type { CycleDate } from '../payouts/payoutCycle.ts';
import type { StoredCommission } from '../store.ts';
import type { Claim } from './commission.ts';
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
  const common = { subscriptionId, affiliateId, programId, rev: 1, posted: 0, postings: 0 };
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
      todo: true,
    };
  }
  const { claim, state, amount } = change;
  const hidden = claim.listedFrom > context.now;
  return {
    _id: claim.commissionId,
    ...common,
    ...placeOf(claim, context),
    ...{ amount, state, changedAt: changedAt(state, history, claim) },
    ...(claim.verdict === 'rejected' ? { reason: claim.reason } : {}),
    ...(state === 'pending' ? { stepAt: stepOf(claim, context.now) } : {}),
    // What is not shown yet has nothing to follow from it, unless it is approved or rejected already.
    ...(hidden && state === 'pending' ? {} : { todo: true as const }),
  };
}

/** The update that a change is. */
export function updateOf({ stored, claim, state, amount }: Extract<Change, { kind: 'update' }>, context: Context) {
  const moved = claim !== undefined && claim.holdUntil.getTime() !== stored.holdUntil.getTime();
  const place = claim === undefined ? undefined : placeOf(claim, context);
  const isBooked = !moved && stored.cycle > context.begun;
  const pending = state === 'pending' && claim !== undefined;
  const set: Partial<StoredCommission> = {
    ...{ amount, state, todo: true },
    // An approval takes effect at the end of the hold; a correction when it is made.
    changedAt: state === 'approved' && stored.postings === 0 ? (claim?.holdUntil ?? context.now) : context.now,
    ...(place === undefined ? {} : { ...place, cycle: isBooked ? stored.cycle : place.cycle }),
    ...(amount === stored.amount ? {} : { before: stored.amount }),
    ...(pending ? { stepAt: stepOf(claim, context.now) } : {}),
    ...(claim?.verdict === 'rejected' ? { reason: claim.reason } : {}),
  };
  const unset = [
    ...(amount === stored.amount ? ['before'] : []),
    ...(pending ? [] : ['stepAt']),
    ...(claim?.verdict === 'rejected' ? [] : ['reason']),
  ];
  return { filter: { _id: stored._id, rev: stored.rev }, set, unset };
}

function placeOf(claim: Claim, { begun, now, cycleFor, dayOf }: Context) {
  const { paymentId, paidAt, listedFrom, holdUntil, knownAt } = claim;
  return {
    ...{ paymentId, paidAt, listedFrom, holdUntil, knownAt },
    cycle: cycleFor({ approvedAt: holdUntil, knownAt }, begun),
    approvalDay: dayOf(holdUntil > now ? holdUntil : now),
  };
}

/** When time next does something to a pending commission: shows it, or approves it. */
function stepOf({ listedFrom, holdUntil }: Claim, now: Date): Date {
  return listedFrom > now && listedFrom < holdUntil ? listedFrom : holdUntil;
}

/** Pending since the charge, approved at the end of the hold, rejected when the refund became known. */
function changedAt(state: 'pending' | 'approved' | 'rejected', history: SubscriptionHistory, claim: Claim): Date {
  switch (state) {
    case 'pending':
      return claim.paidAt;
    case 'approved':
      return claim.holdUntil;
    case 'rejected':
      return lastArrival(history);
  }
}

/** When the last fact of a subscription became known: it is what brought about a change. */
function lastArrival({ charges, refunds, cancellation }: SubscriptionHistory): Date {
  const arrivals = [...charges, ...refunds, ...(cancellation === undefined ? [] : [cancellation])];
  return new Date(Math.max(...arrivals.map(({ arrivedAt }) => arrivedAt.getTime())));
}
