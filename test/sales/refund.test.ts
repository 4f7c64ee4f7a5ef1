import fc from 'fast-check';
import { expect, test } from 'vitest';

import { type RefundFact, refundVerdicts, refusalSentence } from '../../src/sales/refund.ts';

const payment = { amount: 1_000, paidAt: new Date('2026-03-03T12:00:00Z') };
const refund = (refundId: string, amount: number, refundedAt: string, final = false): RefundFact => ({
  refundId,
  amount,
  refundedAt: new Date(refundedAt),
  final,
});

function accepted(refunds: RefundFact[]): string[] {
  const verdicts = [...refundVerdicts(payment, refunds)];
  return verdicts
    .filter(([, { kind }]) => kind === 'accepted')
    .map(([id]) => id)
    .sort();
}

test.each([
  ['the whole amount', [refund('a', 1_000, '2026-03-04T00:00:00Z')], ['a']],
  ['at the very instant of the payment', [refund('a', 1, '2026-03-03T12:00:00Z')], ['a']],
  ['dated before its payment', [refund('a', 1, '2026-03-03T11:59:59.999Z')], []],
  ['more than the payment', [refund('a', 1_001, '2026-03-04T00:00:00Z')], []],
  [
    'several that exceed it together: the later one is refused, and a smaller one after it still fits',
    [
      refund('a', 600, '2026-03-04T00:00:00Z'),
      refund('b', 500, '2026-03-05T00:00:00Z'),
      refund('c', 400, '2026-03-06T00:00:00Z'),
    ],
    ['a', 'c'],
  ],
  [
    'of equal dates the smaller id is first',
    [refund('b', 600, '2026-03-04T00:00:00Z'), refund('a', 600, '2026-03-04T00:00:00Z')],
    ['a'],
  ],
  [
    'one that a decision was built on stands, whatever comes before it',
    [refund('a', 600, '2026-03-04T00:00:00Z'), refund('b', 600, '2026-03-05T00:00:00Z', true)],
    ['b'],
  ],
])('%s', (_, refunds, expected) => {
  expect(accepted(refunds)).toEqual(expected);
});

test.each([
  ['USD', '$6.00 is left of it, not $6.01'],
  ['JPY', '¥600 is left of it, not ¥601'],
])('what exceeds the payment is said in %s', (currency, words) => {
  const refunds = [refund('a', 400, '2026-03-04T00:00:00Z'), refund('b', 601, '2026-03-05T00:00:00Z')];
  const verdict = refundVerdicts(payment, refunds).get('b');
  expect(verdict?.kind === 'refused' ? refusalSentence(verdict.why, currency) : '').toContain(words);
});

test('the verdicts do not depend on the order of arrival, and never exceed the payment', () => {
  const facts = fc.uniqueArray(
    fc.record({
      refundId: fc.string({ minLength: 1, maxLength: 3 }),
      amount: fc.integer({ min: 1, max: 1_200 }),
      refundedAt: fc
        .integer({ min: -2, max: 5 })
        .map((hours) => new Date(payment.paidAt.getTime() + hours * 3_600_000)),
      final: fc.constant(false),
    }),
    { selector: ({ refundId }) => refundId, maxLength: 8 },
  );
  fc.assert(
    fc.property(
      facts.chain((some) => fc.tuple(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length }))),
      ([some, shuffled]) => {
        expect(accepted(shuffled)).toEqual(accepted(some));
        const holding = new Set(accepted(some));
        const total = some.filter(({ refundId }) => holding.has(refundId)).reduce((sum, { amount }) => sum + amount, 0);
        expect(total).toBeLessThanOrEqual(payment.amount);
      },
    ),
  );
});
