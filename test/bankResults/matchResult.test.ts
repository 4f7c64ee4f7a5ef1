import { describe, expect, it } from 'vitest';

import { payoutReference } from '../../src/affiliates/payouts/payoutReference.ts';
import { type KnownPayout, matchResult } from '../../src/bankResults/matchResult.ts';
import type { Outcome, ResultLine } from '../../src/bankResults/result.ts';

const CYCLE = '2026-04-01';

const payout = (more: Partial<KnownPayout> = {}): KnownPayout => ({
  accountId: 'ava',
  payoutId: '2026-04-01:ava',
  amount: 12_000,
  batch: CYCLE,
  status: 'processing',
  isReturned: false,
  isApproved: true,
  ...more,
});
const line = (outcome: Outcome, more: Partial<ResultLine> = {}): ResultLine => ({
  line: 2,
  reference: '2026-04-01:ava',
  outcome,
  amount: 12_000,
  bankReference: 'B1',
  reason: null,
  ...more,
});

/** `settle`, `already`, `pending`, or the kind of the difference. */
function matched(one: ResultLine, known: KnownPayout[]): string {
  const { acts, already, pending, differences } = matchResult({ lines: [one] }, CYCLE, known);
  if (already + pending > 0) return already > 0 ? 'already' : 'pending';
  return acts[0]?.act ?? differences[0]?.kind ?? 'nothing';
}

describe('a line of a result', () => {
  it.each<[Outcome, Partial<KnownPayout>, string]>([
    ['paid', {}, 'settle'],
    ['paid', { status: 'due' }, 'settle'],
    ['paid', { status: 'paid' }, 'already'],
    ['paid', { status: 'paid', isReturned: true }, 'already'],
    ['paid', { status: 'failed' }, 'failed_already'],
    ['failed', {}, 'fail'],
    ['failed', { status: 'failed' }, 'already'],
    ['failed', { status: 'paid' }, 'paid_already'],
    ['failed', { status: 'paid', isReturned: true }, 'already'],
    ['returned', {}, 'fail'],
    ['returned', { status: 'paid' }, 'return'],
    ['returned', { status: 'paid', isReturned: true }, 'already'],
    ['returned', { status: 'failed' }, 'already'],
    ['pending', {}, 'pending'],
    ['pending', { status: 'paid' }, 'pending'],
    ['paid', { isApproved: false }, 'not_approved'],
    ['failed', { isApproved: false }, 'not_approved'],
    ['paid', { batch: '2026-04-16' }, 'other_cycle'],
    ['paid', { amount: 12_001 }, 'amount'],
    ['paid', { amount: 11_999, status: 'paid' }, 'amount'],
  ])('that says %s of one that is %j: %s', (outcome, more, expected) => {
    expect(matched(line(outcome), [payout(more)])).toBe(expected);
  });

  it('without an amount has none to compare', () => {
    expect(matched(line('paid', { amount: null }), [payout()])).toBe('settle');
  });

  it('of nothing that we know is a difference: where it stands and what it says, but not its reference, which is somebody else’s', () => {
    expect(
      matchResult({ lines: [line('paid', { reference: 'rent', line: 7 })] }, CYCLE, [payout()]).differences,
    ).toEqual([
      { line: 7, reference: null, kind: 'unknown', outcome: 'paid', payoutId: null, expected: null, given: 12_000 },
    ]);
  });

  it('finds a payout whose id is too long for a bank by what stands for it', () => {
    const payoutId = '2026-04-01:an-affiliate-with-a-very-long-id';
    expect(matched(line('paid', { reference: payoutReference(payoutId) }), [payout({ payoutId })])).toBe('settle');
    expect(matched(line('paid', { reference: payoutId }), [payout({ payoutId })])).toBe('settle');
  });

  it('hands on the reference and the reason of the bank', () => {
    const { acts } = matchResult({ lines: [line('failed', { reason: 'AC04' })] }, CYCLE, [payout()]);
    expect(acts).toEqual([
      { payoutId: '2026-04-01:ava', accountId: 'ava', amount: 12_000, act: 'fail', reference: 'B1', reason: 'AC04' },
    ]);
  });
});
