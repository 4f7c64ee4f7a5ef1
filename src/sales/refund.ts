import type { MinorUnits } from '../kernel/money.ts';

export type RefundFact = { refundId: string; amount: MinorUnits; refundedAt: Date; final: boolean };

export type RefundVerdict = { kind: 'accepted' } | { kind: 'refused'; reason: string };

/**
 * Which refunds of one payment hold (rules 5.8): taken in the order of their dates (equal: by id), each as long as all
 * together do not exceed the payment and it is not dated before it. Those that a decision was built on hold already.
 * The answer depends on the facts alone, not on the order in which they arrived.
 */
export function refundVerdicts(
  payment: { amount: MinorUnits; paidAt: Date },
  refunds: RefundFact[],
): Map<string, RefundVerdict> {
  const byDate = [...refunds].sort(
    (a, b) => a.refundedAt.getTime() - b.refundedAt.getTime() || (a.refundId < b.refundId ? -1 : 1),
  );
  const verdicts = new Map<string, RefundVerdict>();
  let left = payment.amount;
  for (const refund of [...byDate.filter(({ final }) => final), ...byDate.filter(({ final }) => !final)]) {
    const reason = refund.final ? undefined : refusal(refund, payment.paidAt, left);
    verdicts.set(refund.refundId, reason === undefined ? { kind: 'accepted' } : { kind: 'refused', reason });
    if (reason === undefined) left -= refund.amount;
  }
  return verdicts;
}

function refusal(refund: RefundFact, paidAt: Date, left: MinorUnits): string | undefined {
  if (refund.refundedAt < paidAt) return 'the refund is dated before its payment';
  if (refund.amount > left)
    return `the refunds of this payment would exceed it: ${left} is left of it, not ${refund.amount}`;
  return undefined;
}
