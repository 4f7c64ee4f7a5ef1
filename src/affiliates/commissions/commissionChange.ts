import type { Cents } from '../../kernel/money.ts';
import type { CommissionState, StoredCommission } from '../store.ts';
import { type Claim, reversalIdOf } from './commission.ts';

/** What has to be done so that the commissions of a subscription are what its facts say. */
export type Change =
  | {
      kind: 'insert';
      claim: Claim;
      state: 'pending' | 'approved' | 'rejected';
      amount: Cents;
    }
  | {
      kind: 'update';
      stored: StoredCommission;
      claim: Claim | undefined;
      state: Exclude<CommissionState, 'paid'>;
      amount: Cents;
    }
  | { kind: 'reverse'; stored: StoredCommission; reversalId: string; amount: Cents };

/**
 * Compares what the facts say of a subscription with its commissions at `now`. One that is in a payout stands, and what
 * it is wrong by becomes a commission of its own (rules 5.6); `paidOut` has those, with the amounts they are paid with.
 * What the facts know nothing of any more is withdrawn, and not listed (rules 5.2).
 */
export function changesOf(
  claims: Claim[],
  stored: StoredCommission[],
  paidOut: Map<string, Cents>,
  now: Date,
): Change[] {
  const originals = new Map(stored.filter(({ reverses }) => reverses === undefined).map((one) => [one._id, one]));
  const claimed = new Set(claims.map(({ commissionId }) => commissionId));
  return [
    ...claims.flatMap((claim) => {
      const known = originals.get(claim.commissionId);
      return known === undefined ? inserted(claim, now) : changed(claim, known, stored, paidOut, now);
    }),
    ...[...originals.values()]
      .filter(({ _id }) => !claimed.has(_id))
      .flatMap((known) => changed(undefined, known, stored, paidOut, now)),
  ];
}

function inserted(claim: Claim, now: Date): Change[] {
  return [{ kind: 'insert', claim, ...stateOf(claim, now) }];
}

function changed(
  claim: Claim | undefined,
  known: StoredCommission,
  all: StoredCommission[],
  paidOut: Map<string, Cents>,
  now: Date,
): Change[] {
  const reversals = all.filter(({ reverses }) => reverses === known._id);
  const paid = paidOut.get(known._id);
  if (paid !== undefined || reversals.length > 0) {
    const stands = (paid ?? known.amount) + reversals.reduce((total, { amount }) => total + amount, 0);
    const difference = (claim?.verdict === 'earned' ? claim.amount : 0) - stands;
    if (difference === 0) return [];
    const reversalId = reversalIdOf(known._id, reversals.length + 1);
    return [{ kind: 'reverse', stored: known, reversalId, amount: difference }];
  }
  const { state, amount } = wanted(claim, known, now);
  const sameCharge = claim === undefined || claim.paymentId === known.paymentId;
  if (state === known.state && amount === known.amount && sameCharge) return [];
  return [{ kind: 'update', stored: known, claim, state, amount }];
}

function wanted(
  claim: Claim | undefined,
  known: StoredCommission,
  now: Date,
): { state: Exclude<CommissionState, 'paid'>; amount: Cents } {
  return claim === undefined ? { state: 'withdrawn', amount: known.amount } : stateOf(claim, now);
}

function stateOf(claim: Claim, now: Date): { state: 'pending' | 'approved' | 'rejected'; amount: Cents } {
  if (claim.verdict === 'rejected') return { state: 'rejected', amount: claim.full };
  return { state: claim.holdUntil <= now ? 'approved' : 'pending', amount: claim.amount };
}
