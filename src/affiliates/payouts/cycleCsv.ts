import type { Cell } from '../../kernel/csv.ts';
import { decimalMoney } from '../../kernel/money.ts';
import type { PayoutView } from './payout.ts';

/** The columns of a cycle's table: `payoutId` is what a bank should give back as the reference. */
export const CYCLE_COLUMNS = [
  ...[
    'payoutId',
    'cycle',
    'accountId',
    'name',
    'role',
    'amount',
    'currency',
    'commissions',
    'status',
    'reference',
    'reason',
  ],
];

/** A payout as a row. */
export function cycleRow(payout: PayoutView, name: string, currency: string): Cell[] {
  const { payoutId, cycle, accountId, role, amount, count, status, reference, reason } = payout;
  return [
    ...[payoutId, cycle, accountId, name, role].map((text) => ({ text })),
    { number: decimalMoney(amount, currency) },
    { text: currency },
    { number: String(count) },
    ...[status, reference ?? '', reason ?? ''].map((text) => ({ text })),
  ];
}
