import { formatMoney, type MinorUnits } from '../kernel/money.ts';

export type RefundFact = { refundId: string; amount: MinorUnits; refundedAt: Date; final: boolean };

export type RefundVerdict = { kind: 'accepted' } | { kind: 'refused'; why: RefundRefusal };

/** Why a refund cannot be right: `left` is what the refunds before it leave of the payment. */
export type RefundRefusal =
  | { kind: 'before-payment' }
  | { kind: 'exceeds-payment'; left: MinorUnits; amount: MinorUnits };

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
    const why = refund.final ? undefined : refusal(refund, payment.paidAt, left);
    verdicts.set(refund.refundId, why === undefined ? { kind: 'accepted' } : { kind: 'refused', why });
    if (why === undefined) left -= refund.amount;
  }
  return verdicts;
}

/** As people read it. */
export function refusalSentence(why: RefundRefusal, currency: string): string {
  if (why.kind === 'before-payment') return 'the refund is dated before its payment';
  const [left, amount] = [formatMoney(why.left, currency), formatMoney(why.amount, currency)];
  return `the refunds of this payment would exceed it: ${left} is left of it, not ${amount}`;
}

function refusal(refund: RefundFact, paidAt: Date, left: MinorUnits): RefundRefusal | undefined {
  if (refund.refundedAt < paidAt) return { kind: 'before-payment' };
  return refund.amount > left ? { kind: 'exceeds-payment', left, amount: refund.amount } : undefined;
}
