import { describe, expect, test } from 'vitest';

import { type EarnedCommission, subscriptionState } from '../../../src/affiliates/commissions/commission.ts';
import { versionAt, versionsByProgram } from '../../../src/affiliates/program.ts';
import { policySchema } from '../../../src/policy.ts';
import type { Charge, ChargeRefund, ProgramVersion, SubscriptionHistory } from '../../../src/sales/histories.ts';

const POLICY = policySchema.parse({}).commissions;
const at = (day: string) => new Date(`2026-03-${day.includes('T') ? day : `${day}T00:00:00`}Z`);

/** Started on the 1st, so that its trial ends on the 4th. */
function history(
  charges: Charge[],
  refunds: ChargeRefund[] = [],
  more: Partial<SubscriptionHistory> = {},
): SubscriptionHistory {
  return {
    subscriptionId: 's',
    affiliateId: 'A',
    programId: 'P',
    startedAt: at('01'),
    charges,
    refunds,
    refundRequests: [],
    ...more,
  };
}

function charge(paymentId: string, day: string, { amount = 1_000, arrived = day } = {}): Charge {
  return { paymentId, amount, paidAt: at(day), arrivedAt: at(arrived) };
}

function refund(paymentId: string, amount: number, day: string): ChargeRefund {
  return { refundId: `r-${paymentId}-${day}`, paymentId, amount, refundedAt: at(day), arrivedAt: at(day) };
}

function version(more: Partial<ProgramVersion> = {}): ProgramVersion {
  const known = { eventId: 'v', timestamp: at('01'), arrivedAt: at('01') };
  return { programId: 'P', ...known, charges: 'first', clawback: false, minimumPayout: 0, rateBps: 3_000, ...more };
}

function earnedCommissions(of: SubscriptionHistory, versions = [version()]): EarnedCommission[] {
  const state = subscriptionState(of, versions, POLICY, at('31'));
  return state.kind === 'charged' ? state.earnedCommissions : [];
}

describe('a subscription (rules 5.1-5.3)', () => {
  test('is in trial for three days, then waits for its first charge', () => {
    expect(subscriptionState(history([]), [version()], POLICY, at('03T23:59:59.999'))).toEqual({
      kind: 'trialing',
      trialEndsAt: at('04'),
    });
    expect(subscriptionState(history([]), [version()], POLICY, at('04'))).toEqual({ kind: 'uncharged' });
  });

  test("has the trial that the platform says, instead of the policy's", () => {
    const longer = history([], [], { trialEndsAt: at('10') });
    expect(subscriptionState(longer, [version()], POLICY, at('09'))).toEqual({
      kind: 'trialing',
      trialEndsAt: at('10'),
    });
  });

  test.each([
    ['03T23:59:59.999', []],
    // The trial is over at its end, so a cancellation then is one of a subscription.
    ['04', ['s~first']],
  ])('cancelled on %s', (day, ids) => {
    const cancellation = { cancelledAt: at(day), arrivedAt: at(day) };
    const found = earnedCommissions(history([charge('p', '04')], [], { cancellation }));
    expect(found.map(({ commissionId }) => commissionId)).toEqual(ids);
  });

  test('cancelled in trial, which becomes known after the approval: rejected, and visible', () => {
    const cancellation = { cancelledAt: at('02'), arrivedAt: at('20') };
    expect(earnedCommissions(history([charge('p', '04')], [], { cancellation }))).toMatchObject([
      { verdict: 'rejected', reason: 'cancelled-in-trial', full: 300 },
    ]);
  });

  test('is held for 96 hours from the charge, whatever the calendar says', () => {
    expect(earnedCommissions(history([charge('p', '04T10:00:00')]))).toMatchObject([
      { holdUntil: at('08T10:00:00'), verdict: 'earned', amount: 300, listedFrom: at('04T10:00:00') },
    ]);
  });

  test('charged in its trial it is listed from the end of the trial on', () => {
    expect(earnedCommissions(history([charge('p', '02')]))).toMatchObject([
      { listedFrom: at('04'), holdUntil: at('06') },
    ]);
  });

  test('that starts after its own charge has earned with that charge', () => {
    expect(earnedCommissions(history([charge('p', '05')], [], { startedAt: at('06') }))).toMatchObject([
      { paymentId: 'p' },
    ]);
  });
});

describe('which charge is the first (rules 5.3, 5.8)', () => {
  test.each([
    ['the earlier date', [charge('b', '04'), charge('a', '05')], 'b'],
    ['the smaller id of equal dates', [charge('b', '04'), charge('a', '04')], 'a'],
    ['the earlier one that arrives in the hold', [charge('b', '05'), charge('a', '04', { arrived: '08' })], 'a'],
    [
      'the one that was approved, when the earlier one comes later',
      [charge('b', '05'), charge('a', '04', { arrived: '09' })],
      'b',
    ],
  ])('%s', (_, charges, first) => {
    for (const order of [charges, [...charges].reverse()])
      expect(earnedCommissions(history(order))).toMatchObject([{ paymentId: first }]);
  });

  test('a program may pay on every charge, each its own commission', () => {
    const found = earnedCommissions(history([charge('a', '04'), charge('b', '05'), charge('c', '06')]), [
      version({ charges: 'every' }),
    ]);
    expect(found.map(({ commissionId }) => commissionId)).toEqual(['s~first', 's~charge~b', 's~charge~c']);
  });
});

describe('refunds (rules 5.4-5.6)', () => {
  const whole = charge('p', '04');
  test.each<[string, ChargeRefund[], Partial<ProgramVersion>, object]>([
    ['a partial one', [refund('p', 335, '05')], {}, { verdict: 'earned', amount: 200 }],
    ['several partial ones, rounded once', [refund('p', 333, '05'), refund('p', 332, '06')], {}, { amount: 101 }],
    [
      'several that come to the whole',
      [refund('p', 400, '05'), refund('p', 600, '06')],
      {},
      { verdict: 'rejected', full: 300 },
    ],
    ['at the end of the hold', [refund('p', 1_000, '08')], {}, { verdict: 'earned', amount: 300 }],
    ['just before the end of the hold', [refund('p', 1_000, '07T23:59:59.999')], {}, { verdict: 'rejected' }],
    ['after the hold, with clawback', [refund('p', 1_000, '20')], { clawback: true }, { verdict: 'rejected' }],
    ['in part after the hold, with clawback', [refund('p', 500, '20')], { clawback: true }, { amount: 150 }],
  ])('%s', (_, refunds, terms, expected) => {
    expect(earnedCommissions(history([whole], refunds), [version(terms)])).toMatchObject([expected]);
  });

  test('a partial one leaves a fixed amount as it is, a whole one does not', () => {
    const { rateBps: _, ...terms } = version();
    const fixed = { ...terms, fixedAmount: 250 };
    expect(earnedCommissions(history([whole], [refund('p', 999, '05')]), [fixed])).toMatchObject([{ amount: 250 }]);
    expect(earnedCommissions(history([whole], [refund('p', 1_000, '05')]), [fixed])).toMatchObject([
      { verdict: 'rejected', full: 250 },
    ]);
  });
});

describe('which version of a program applies', () => {
  const versions = [
    version({ eventId: 'a', timestamp: at('03'), rateBps: 1_000 }),
    version({ eventId: 'b', timestamp: at('05'), rateBps: 2_000 }),
    version({ eventId: 'c', timestamp: at('05'), rateBps: 4_000 }),
  ];
  test.each([
    ['02', 100],
    ['04', 100],
    ['05', 400],
    ['20', 400],
  ])('a charge on %s', (day, amount) => {
    expect(earnedCommissions(history([charge('p', day)], [], { startedAt: at('01') }), versions)).toMatchObject([
      { amount },
    ]);
  });

  test('one that comes after the approval does not change it', () => {
    const late = version({ eventId: 'd', timestamp: at('04'), arrivedAt: at('08'), rateBps: 9_000 });
    expect(earnedCommissions(history([charge('p', '04')]), [...versions, late])).toMatchObject([{ amount: 100 }]);
    const inTime = { ...late, arrivedAt: at('07T23:59:59') };
    const known = versionsByProgram([...versions, inTime]).get('P') ?? [];
    expect(earnedCommissions(history([charge('p', '04')]), known)).toMatchObject([{ amount: 900 }]);
  });

  test('the default program is there without being told, and can be told otherwise', () => {
    expect(versionAt(versionsByProgram([]).get('default') ?? [], at('04'))).toMatchObject({
      rateBps: 3_000,
      charges: 'first',
    });
    const told = versionsByProgram([version({ programId: 'default', rateBps: 5_000 })]).get('default') ?? [];
    expect(versionAt(told, at('04'))).toMatchObject({ rateBps: 5_000 });
  });
});
