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
    'amount',
    'commissionsAmount',
    'earningsAmount',
    'currency',
    'commissions',
    'status',
    'reference',
    'reason',
  ],
];

/** A payout as a row. */
export function cycleRow(payout: PayoutView, name: string, currency: string): Cell[] {
  const { payoutId, cycle, accountId, amount, parts, count, status, reference, reason } = payout;
  return [
    ...[payoutId, cycle, accountId, name].map((text) => ({ text })),
    ...[amount, parts.commissions, parts.earnings].map((part) => ({ number: decimalMoney(part, currency) })),
    { text: currency },
    { number: String(count) },
    ...[status, reference ?? '', reason ?? ''].map((text) => ({ text })),
  ];
}
