import type { Cell } from '../../kernel/csv.ts';
import { decimalMoney } from '../../kernel/money.ts';
import type { CycleDate } from '../store.ts';
import { carriedOf, type PayoutView } from './payout.ts';

/**
 * The columns of a cycle's table: `payoutId` is what a bank should give back as the reference. `carried`: `in` is of an earlier
 * payday and paid with this one. All rows together are the sum of the cycle.
 */
export const CYCLE_COLUMNS = [
  ...[
    'payoutId',
    'cycle',
    'accountId',
    'name',
    'amount',
    'commissionsAmount',
    'earningsAmount',
    'currency',
    'commissions',
    'status',
    'reference',
    'reason',
    'carried',
    'carriedTo',
  ],
];

/**
 * Those of a cycle's payouts that are in its table. What was carried away is paid with another payday: whoever uploads the table to
 * a bank would pay it twice.
 */
export function rowsPaidWith(payouts: PayoutView[], cycle: CycleDate): PayoutView[] {
  return payouts.filter((payout) => carriedOf(payout, cycle) !== 'away');
}

/** A payout as a row in the table of a cycle. */
export function cycleRow(payout: PayoutView, of: CycleDate, name: string, currency: string): Cell[] {
  const { payoutId, cycle, carriedTo, accountId, amount, parts, count, status, reference, reason } = payout;
  return [
    ...[payoutId, cycle, accountId, name].map((text) => ({ text })),
    ...[amount, parts.commissions, parts.earnings].map((part) => ({ number: decimalMoney(part, currency) })),
    { text: currency },
    { number: String(count) },
    ...[status, reference ?? '', reason ?? '', carriedOf(payout, of) ?? '', carriedTo ?? ''].map((text) => ({ text })),
  ];
}
