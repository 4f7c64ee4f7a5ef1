import type { PayoutFact } from '../affiliates/payouts/payoutBatches.ts';
import type { CycleDate } from '../affiliates/payouts/payoutCycle.ts';
import { payoutReference } from '../affiliates/payouts/payoutReference.ts';
import type { MinorUnits } from '../kernel/money.ts';
import type { Outcome, ResultFile, ResultLine } from './result.ts';

/** A payout that a file may name, as it stands. `isApproved`: it is a line of the approved batch of this cycle. */
export type KnownPayout = PayoutFact & { isApproved: boolean };

/** What a line does to a payout. */
export type ResultAct = {
  payoutId: string;
  accountId: string;
  amount: MinorUnits;
  act: 'settle' | 'fail' | 'return';
  reference: string | null;
  reason: string | null;
};

/** Why a line does nothing, though it should: a person has to look. */
export type DifferenceKind =
  | 'unknown' // no payout of this reference
  | 'other_cycle' // a payout of another batch
  | 'amount' // not the amount of the payout
  | 'not_approved' // its batch is not approved, or it was left out of it
  | 'paid_already' // the file says failed, and it was paid
  | 'failed_already'; // the file says paid, and it had failed

export type Difference = {
  line: number;
  /** What the file calls it; null where that is nothing of ours, and may be somebody's name. */
  reference: string | null;
  kind: DifferenceKind;
  outcome: Outcome;
  payoutId: string | null;
  /** What we have, and what the file says. */
  expected: MinorUnits | null;
  given: MinorUnits | null;
};

export type Matched = {
  acts: ResultAct[];
  /** Lines that say what is known already. */
  already: number;
  /** Lines of which nobody knows yet what became of them. */
  pending: number;
  differences: Difference[];
};

/**
 * What a result means for the payouts of a cycle's batch. A line acts only where everything agrees: the reference, the
 * amount where the file says one, the batch, and the state; all others are differences, and change nothing.
 */
export function matchResult(
  { lines }: Pick<ResultFile, 'lines'>,
  cycle: CycleDate,
  known: readonly KnownPayout[],
): Matched {
  const byReference = new Map(
    known.flatMap((payout) => toReferences(payout.payoutId).map((name) => [name, payout] as const)),
  );
  const matched: Matched = { acts: [], already: 0, pending: 0, differences: [] };
  for (const line of lines) {
    const payout = byReference.get(line.reference);
    const difference = differenceOf(line, cycle, payout);
    if (payout === undefined || difference !== null) {
      matched.differences.push(describe(line, difference ?? 'unknown', payout));
      continue;
    }
    if (line.outcome === 'pending') matched.pending += 1;
    else if (isKnown(line, payout)) matched.already += 1;
    else matched.acts.push(actOf(line, payout));
  }
  return matched;
}

/** What a line may name a payout by: its id, and what its payment bears. */
export function toReferences(payoutId: string): string[] {
  return [...new Set([payoutId, payoutReference(payoutId)])];
}

function differenceOf(line: ResultLine, cycle: CycleDate, payout: KnownPayout | undefined): DifferenceKind | null {
  if (payout === undefined) return 'unknown';
  if (payout.batch !== cycle) return 'other_cycle';
  if (line.amount !== null && line.amount !== payout.amount) return 'amount';
  if (isKnown(line, payout)) return null;
  switch (payout.status) {
    case 'paid':
      return line.outcome === 'failed' ? 'paid_already' : null;
    case 'failed':
      return line.outcome === 'pending' ? null : 'failed_already';
    default:
      // One that is held since was sent before that: what the bank did is a fact.
      return line.outcome === 'pending' || payout.isApproved ? null : 'not_approved';
  }
}

/** Whether a line says what is so already. */
function isKnown({ outcome }: ResultLine, { status, isReturned }: KnownPayout): boolean {
  if (outcome === 'paid') return status === 'paid';
  if (outcome === 'returned') return isReturned || status === 'failed';
  return outcome === 'failed' && (status === 'failed' || isReturned);
}

function actOf(
  { outcome, bankReference, reason }: ResultLine,
  { payoutId, accountId, amount, status }: KnownPayout,
): ResultAct {
  // What came back before anybody said that it was paid has failed.
  const act = outcome === 'paid' ? 'settle' : status === 'paid' ? 'return' : 'fail';
  return { payoutId, accountId, amount, act, reference: bankReference, reason };
}

function describe(line: ResultLine, kind: DifferenceKind, payout: KnownPayout | undefined): Difference {
  const reference = payout === undefined && !OURS.test(line.reference) ? null : line.reference;
  return {
    ...{ line: line.line, reference, kind, outcome: line.outcome },
    payoutId: payout?.payoutId ?? null,
    expected: payout?.amount ?? null,
    given: line.amount,
  };
}

/** How our references look. */
const OURS = /^(\d{4}-\d{2}-\d{2}:[\w.:-]{1,100}|\d{8}-[0-9A-Z]{20})$/;
