import type { MinorUnits } from '../../kernel/money.ts';
import type { CommissionState, StoredCommission } from '../store.ts';
import { type EarnedCommission, reversalIdOf } from './commission.ts';

/** What has to be done so that the commissions of a subscription are what its facts say. */
export type Change =
  | {
      kind: 'insert';
      earned: EarnedCommission;
      state: 'pending' | 'approved' | 'rejected';
      amount: MinorUnits;
    }
  | {
      kind: 'update';
      stored: StoredCommission;
      earned: EarnedCommission | undefined;
      state: Exclude<CommissionState, 'paid'>;
      amount: MinorUnits;
    }
  | { kind: 'reverse'; stored: StoredCommission; reversalId: string; amount: MinorUnits };

/**
 * Compares what the facts say of a subscription with its commissions at `now`. One that is in a payout stands, and what
 * it is wrong by becomes a commission of its own (rules 5.6); `paidOut` has those, with the amounts they are paid with.
 * What the facts know nothing of any more is withdrawn, and not listed (rules 5.2).
 */
export function changesOf(
  earnedCommissions: EarnedCommission[],
  stored: StoredCommission[],
  paidOut: Map<string, MinorUnits>,
  now: Date,
): Change[] {
  const originals = new Map(stored.filter(({ reverses }) => reverses === undefined).map((one) => [one._id, one]));
  const claimed = new Set(earnedCommissions.map(({ commissionId }) => commissionId));
  return [
    ...earnedCommissions.flatMap((earned) => {
      const known = originals.get(earned.commissionId);
      return known === undefined ? inserted(earned, now) : changed(earned, known, stored, paidOut, now);
    }),
    ...[...originals.values()]
      .filter(({ _id }) => !claimed.has(_id))
      .flatMap((known) => changed(undefined, known, stored, paidOut, now)),
  ];
}

function inserted(earned: EarnedCommission, now: Date): Change[] {
  return [{ kind: 'insert', earned, ...stateOf(earned, now) }];
}

function changed(
  earned: EarnedCommission | undefined,
  known: StoredCommission,
  all: StoredCommission[],
  paidOut: Map<string, MinorUnits>,
  now: Date,
): Change[] {
  const reversals = all.filter(({ reverses }) => reverses === known._id);
  const paid = paidOut.get(known._id);
  if (paid !== undefined || reversals.length > 0) {
    const stands = (paid ?? known.amount) + reversals.reduce((total, { amount }) => total + amount, 0);
    const difference = (earned?.verdict === 'earned' ? earned.amount : 0) - stands;
    if (difference === 0) return [];
    const reversalId = reversalIdOf(known._id, reversals.length + 1);
    return [{ kind: 'reverse', stored: known, reversalId, amount: difference }];
  }
  const { state, amount } = wanted(earned, known, now);
  if (state === known.state && amount === known.amount && hasSameDates(known, earned)) return [];
  return [{ kind: 'update', stored: known, earned, state, amount }];
}

/** Whether a commission is of the charge that it should be of, and shown and approved when it should be. */
function hasSameDates(known: StoredCommission, earned: EarnedCommission | undefined): boolean {
  if (earned === undefined) return true;
  return (
    earned.paymentId === known.paymentId &&
    earned.listedFrom.getTime() === known.listedFrom.getTime() &&
    (known.state === 'rejected' || earned.approvesAt?.getTime() === known.approvesAt?.getTime())
  );
}

function wanted(
  earned: EarnedCommission | undefined,
  known: StoredCommission,
  now: Date,
): { state: Exclude<CommissionState, 'paid'>; amount: MinorUnits } {
  return earned === undefined ? { state: 'withdrawn', amount: known.amount } : stateOf(earned, now);
}

function stateOf(
  earned: EarnedCommission,
  now: Date,
): { state: 'pending' | 'approved' | 'rejected'; amount: MinorUnits } {
  if (earned.verdict === 'rejected') return { state: 'rejected', amount: earned.full };
  const isApproved = earned.approvesAt !== null && earned.approvesAt <= now;
  return { state: isApproved ? 'approved' : 'pending', amount: earned.amount };
}
