import type { Calendar, MonthId } from '../kernel/calendar.ts';
import { linesOn } from '../kernel/lines.ts';
import type { Ledger } from '../ledger/journal.ts';
import { type BooksStore, rowsOf, type StoredTrialBalance } from './store.ts';
import { type AccountMonth, createTrialBalance, hashOfRows, sumsOf, totalsOf } from './trialBalance.ts';

/**
 * Adds up the ledger again, month by month, and says where a month that was closed has other sums, or sums that are none, or
 * where a month before it is not stored and has entries: somebody changed it, or the past. Memory grows with the number of accounts.
 */
export async function verifyMonths(
  store: Pick<BooksStore, 'balances' | 'pages'>,
  ledger: Pick<Ledger, 'recordedWithin'>,
  calendar: Pick<Calendar, 'monthPeriod' | 'monthOf'>,
): Promise<string[]> {
  const lines: string[] = [];
  const balance = createTrialBalance();
  let from = new Date(0);
  for await (const closed of store.balances.find({}).sort({ _id: 1 })) {
    const nameOf = ({ _id }: StoredTrialBalance) => `trial_balances/${_id}`;
    const compared = await linesOn([closed], nameOf, async () => {
      const { start, end } = calendar.monthPeriod(closed._id);
      const unstored = new Map<MonthId, number>();
      for await (const { postings, recordedAt } of ledger.recordedWithin({ start: from, end: start })) {
        balance.post(postings);
        const month = calendar.monthOf(recordedAt);
        unstored.set(month, (unstored.get(month) ?? 0) + 1);
      }
      balance.carry();
      for await (const { postings } of ledger.recordedWithin({ start, end })) balance.post(postings);
      from = end;
      const stored = await rowsOf(store, closed);
      return [
        ...[...unstored].map(
          ([month, entries]) => `trial_balances/${month} is missing, and the ledger has entries of it: ${entries}`,
        ),
        ...sumDifferences(closed, stored),
        ...rowDifferences(closed._id, stored, balance.rows()),
        ...(closed.entries === balance.entries()
          ? []
          : [`trial_balances/${closed._id}: ${closed.entries} entries, and the ledger has ${balance.entries()}`]),
      ];
    });
    lines.push(...compared);
  }
  return lines;
}

/** What a month says of itself. */
function sumDifferences(closed: StoredTrialBalance, rows: AccountMonth[]): string[] {
  const where = `trial_balances/${closed._id}`;
  const { opening, debits, credits, closing } = totalsOf(closed.classes);
  const isSame = JSON.stringify(sumsOf(rows, 0).classes) === JSON.stringify(closed.classes);
  return [
    ...(opening === 0 && closing === 0 && debits === credits
      ? []
      : [`${where}: it sums to ${closing} from ${opening}, by debits of ${debits} and credits of ${credits}`]),
    ...(isSame ? [] : [`${where}: its classes are not what its accounts come to`]),
    ...(hashOfRows(rows) === closed.hash ? [] : [`${where}: its accounts are not those that it was closed with`]),
  ];
}

function rowDifferences(month: string, stored: AccountMonth[], ledger: AccountMonth[]): string[] {
  const [known, due] = [byAccount(stored), byAccount(ledger)];
  return [...new Set([...known.keys(), ...due.keys()])].sort().flatMap((account) => {
    const [is, should] = [wordsOf(known.get(account)), wordsOf(due.get(account))];
    return is === should ? [] : [`trial_balances/${month}: ${account} has ${is}, and the ledger ${should}`];
  });
}

function byAccount(rows: AccountMonth[]): Map<string, AccountMonth> {
  return new Map(rows.map((row) => [row.account, row]));
}

function wordsOf(row: AccountMonth | undefined): string {
  return row === undefined
    ? 'nothing'
    : `${row.closing} from ${row.opening}, by debits of ${row.debits} and credits of ${row.credits}`;
}
