import type { Accounts } from '../accounts/accounts.ts';
import { csv } from '../kernel/csv.ts';
import { decimalMoney } from '../kernel/money.ts';
import type { Preview } from './preview.ts';

const COLUMNS = [
  ...['run', 'period', 'accountId', 'name', 'amount', 'commissionsAmount', 'earningsAmount'],
  ...['currency', 'count', 'outcome', 'why'],
];

/** A preview as a table; amounts as decimals. */
export async function previewCsv(
  { run, period, rows }: Preview,
  accounts: Pick<Accounts, 'namesOf'>,
  currency: string,
): Promise<string> {
  const names = await accounts.namesOf(rows.map(({ accountId }) => accountId));
  return csv(
    COLUMNS,
    rows.map(({ accountId, amount, parts, count, outcome, why }) => [
      ...[run, period, accountId, names.get(accountId) ?? ''].map((text) => ({ text })),
      { number: decimalMoney(amount, currency) },
      // An invoice has no parts, and what is carried over is not paid.
      ...[parts?.commissions, parts?.earnings].map((part) =>
        part === undefined ? { text: '' } : { number: decimalMoney(part, currency) },
      ),
      { text: currency },
      { number: String(count) },
      ...[outcome, why ?? ''].map((text) => ({ text })),
    ]),
  );
}
