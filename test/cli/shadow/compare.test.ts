import { describe, expect, test } from 'vitest';

import { compare } from '../../../src/cli/shadow/compare.ts';
import type { Decided } from '../../../src/cli/shadow/ours.ts';
import type { Paid } from '../../../src/cli/shadow/paid.ts';

function decided(change: Partial<Decided>): Decided {
  const { kind = 'invoice', account = 'ava', period = '2026-W10', amount = 4_108 } = change;
  return { kind, account, period, amount, id: '', paidOn: null, status: '', at: new Date(0), ...change };
}

function paid(change: Partial<Paid>): Paid {
  const { kind = 'invoice', account = 'ava', period = '2026-W10', amount = 4_108 } = change;
  return { line: 2, kind, account, period, amount, paidOn: null, status: '', ...change };
}

function differences(ours: Decided[], theirs: Paid[]): string[] {
  return compare(ours, theirs).differences.map(({ what, ours: one, theirs: other }) =>
    [what, (one ?? other)?.account, (one ?? other)?.period].join(' '),
  );
}

describe('what was decided and what was paid', () => {
  test('match by kind, account and period', () => {
    const ours = [decided({}), decided({ account: 'bea' }), decided({ kind: 'payout', period: '2026-04-01' })];
    const theirs = [paid({ account: 'bea' }), paid({}), paid({ kind: 'payout', period: '2026-04-01' })];
    const { results, differences: found } = compare(ours, theirs);
    expect(found).toEqual([]);
    expect(results.map(({ kind, matched, compared, ours, theirs }) => [kind, matched, compared, ours, theirs])).toEqual(
      [
        ['invoice', 2, 2, 8_216, 8_216],
        ['payout', 1, 1, 4_108, 4_108],
        ['standing', 0, 0, 0, 0],
      ],
    );
  });

  test('differ in amount, or are missing on either side', () => {
    const ours = [decided({ amount: 4_107 }), decided({ account: 'bea' })];
    const theirs = [paid({}), paid({ account: 'cleo' })];
    expect(differences(ours, theirs)).toEqual([
      'amount ava 2026-W10',
      'missing-there bea 2026-W10',
      'missing-here cleo 2026-W10',
    ]);
  });

  test.each([
    ['2026-03-09', '2026-03-10', 'paid-earlier-here'],
    ['2026-03-10', '2026-03-09', 'paid-later-here'],
    [null, '2026-03-09', 'paid-there-only'],
    ['2026-03-09', null, 'paid-here-only'],
    ['2026-03-09', '2026-03-09', undefined],
    // The table does not say, or the platform alone knows.
    ['2026-03-09', undefined, undefined],
    [undefined, '2026-03-09', undefined],
  ] as const)('paid on %s here and %s there: %s', (here, there, what) => {
    const { differences: found } = compare([decided({ paidOn: here })], [paid({ paidOn: there })]);
    expect(found.map((one) => one.what)).toEqual(what === undefined ? [] : [what]);
  });

  test('with nothing to pay are the same as none', () => {
    const ours = [decided({ amount: -500 }), decided({ account: 'bea' })];
    expect(differences(ours, [paid({ account: 'bea' }), paid({ account: 'cleo', amount: 0 })])).toEqual([]);
    expect(differences([decided({ amount: -500 })], [paid({ amount: 300 })])).toEqual(['amount ava 2026-W10']);
  });

  test('are not compared before the first row, after the last, or where there is no row of the kind', () => {
    const ours = ['2026-W09', '2026-W10', '2026-W11', '2026-W12'].map((period) => decided({ period }));
    const payouts = [decided({ kind: 'payout', period: '2026-04-01' })];
    const { results, differences: found } = compare([...ours, ...payouts], [paid({}), paid({ period: '2026-W11' })]);
    expect(found).toEqual([]);
    expect(results.map(({ compared, notCovered }) => [compared, notCovered])).toEqual([
      [2, 2],
      [0, 1],
      [0, 0],
    ]);
  });
});

describe('changes of standing', () => {
  const change = (period: string, status = 'paused') => ({ kind: 'standing' as const, period, status, amount: null });

  test('meet the nearest one of the same name, a week away at most', () => {
    const ours = ['2026-03-12', '2026-03-20', '2026-05-01'].map((day) => decided(change(day)));
    const theirs = [
      paid({ ...change('2026-03-21'), line: 2 }),
      paid({ ...change('2026-03-12'), line: 3 }),
      paid({ ...change('2026-05-20'), line: 4 }),
    ];
    expect(differences(ours, theirs)).toEqual([
      'earlier-here ava 2026-03-20',
      'missing-there ava 2026-05-01',
      'missing-here ava 2026-05-20',
    ]);
  });

  test('of another name are others, and one just before the first row can still be meant', () => {
    expect(differences([decided(change('2026-03-12'))], [paid(change('2026-03-12', 'blocked'))])).toEqual([
      'missing-there ava 2026-03-12',
      'missing-here ava 2026-03-12',
    ]);
    expect(differences([decided(change('2026-03-12'))], [paid(change('2026-03-14'))])).toEqual([
      'earlier-here ava 2026-03-12',
    ]);
  });
});
