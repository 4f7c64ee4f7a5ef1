import { type Cell, csv, csvRows } from '../kernel/csv.ts';
import { decimalMoney } from '../kernel/money.ts';
import type { AccountMonth, TrialBalance } from './trialBalance.ts';

const PIECE = 500;

/** A trial balance as a table, piece by piece: a row for each account, one for each class, then the total of the classes. */
export async function* trialBalanceCsv(
  balance: TrialBalance & { rows: () => AsyncIterable<AccountMonth> | AccountMonth[] },
  currency: string,
): AsyncGenerator<string, undefined> {
  const { month, state, classes, totals } = balance;
  const row = (kind: string, name: string, sums: Omit<AccountMonth, 'account'>): Cell[] => [
    ...[month, state, kind, name].map((text) => ({ text })),
    ...[sums.opening, sums.debits, sums.credits, sums.closing].map((amount) => ({
      number: decimalMoney(amount, currency),
    })),
    { text: currency },
  ];
  yield csv(COLUMNS, []);
  let rows: Cell[][] = [];
  for await (const one of balance.rows()) {
    rows.push(row('account', one.account, one));
    if (rows.length < PIECE) continue;
    yield csvRows(rows);
    rows = [];
  }
  yield csvRows([...rows, ...classes.map((one) => row('class', one.class, one)), row('total', '', totals)]);
}

const COLUMNS = ['month', 'state', 'row', 'name', 'opening', 'debits', 'credits', 'closing', 'currency'];
