import type { MonthId } from '../kernel/calendar.ts';
import { hashOf } from '../kernel/ids.ts';
import { type MinorUnits, sum } from '../kernel/money.ts';
import type { Posting } from '../ledger/entry.ts';

/**
 * What was posted to an account in a month, in minor units. `opening` and `closing` are balances as the ledger has them: what
 * an account gets is a credit, what is taken from it a debit. So `closing` is `opening` and the credits, less the debits.
 */
export type AccountMonth = {
  account: string;
  opening: MinorUnits;
  debits: MinorUnits;
  credits: MinorUnits;
  closing: MinorUnits;
};

/** The accounts of a class together; `platform:` and `world:` accounts each have a meaning of their own, and stand alone. */
export type ClassMonth = Omit<AccountMonth, 'account'> & { class: string; accounts: number };

/** What all accounts of a month come to; `hash` of them in their order. */
export type MonthSums = { entries: number; accounts: number; classes: ClassMonth[]; hash: string };

/** Adds up months, one after the other: what an account has at the end of one it has at the beginning of the next. */
export function createTrialBalance() {
  const accounts = new Map<string, { opening: MinorUnits; debits: MinorUnits; credits: MinorUnits }>();
  let entries = 0;

  function post(postings: readonly Posting[]): void {
    entries += 1;
    for (const { account, amount } of postings) {
      const row = rowOf(account);
      if (amount < 0) row.debits -= amount;
      else row.credits += amount;
    }
  }

  /** An account that had this at the beginning. */
  function open(account: string, balance: MinorUnits): void {
    rowOf(account).opening += balance;
  }

  function rowOf(account: string) {
    const known = accounts.get(account);
    if (known !== undefined) return known;
    const row = { opening: 0, debits: 0, credits: 0 };
    accounts.set(account, row);
    return row;
  }

  /** The next month begins. */
  function carry(): void {
    entries = 0;
    for (const [account, { opening, debits, credits }] of accounts) {
      const balance = opening + credits - debits;
      if (balance === 0) accounts.delete(account);
      else accounts.set(account, { opening: balance, debits: 0, credits: 0 });
    }
  }

  /** In the order of their names. */
  function rows(): AccountMonth[] {
    return [...accounts.keys()].sort().map((account) => {
      const { opening, debits, credits } = rowOf(account);
      return { account, opening, debits, credits, closing: opening + credits - debits };
    });
  }

  return { post, open, carry, rows, entries: () => entries };
}

/** What the accounts of a month come to, by class. */
export function sumsOf(rows: readonly AccountMonth[], entries: number): MonthSums {
  const classes = new Map<string, ClassMonth>();
  for (const row of rows) {
    const name = classOf(row.account);
    const known = classes.get(name) ?? { class: name, accounts: 0, opening: 0, debits: 0, credits: 0, closing: 0 };
    classes.set(name, {
      ...{ class: name, accounts: known.accounts + 1, opening: known.opening + row.opening },
      ...{ debits: known.debits + row.debits, credits: known.credits + row.credits },
      closing: known.closing + row.closing,
    });
  }
  const byName = [...classes.values()].sort((one, other) => (one.class < other.class ? -1 : 1));
  return { entries, accounts: rows.length, classes: byName, hash: hashOfRows(rows) };
}

/** What all classes come to: opening and closing are zero, and the debits as much as the credits. */
export function totalsOf(classes: readonly ClassMonth[]): Omit<AccountMonth, 'account'> {
  const of = (field: 'opening' | 'debits' | 'credits' | 'closing') => sum(classes.map((one) => one[field]));
  return { opening: of('opening'), debits: of('debits'), credits: of('credits'), closing: of('closing') };
}

/** `model` of `model:ava`, and `world:topups` whole. */
function classOf(account: string): string {
  return /^(platform|world):/.test(account) ? account : account.slice(0, Math.max(0, account.indexOf(':')));
}

/** Account by account, so that no text grows with their number. */
export function hashOfRows(rows: readonly AccountMonth[]): string {
  let hash = '';
  for (const { account, opening, debits, credits, closing } of rows) {
    hash = hashOf(`${hash}\n${account} ${opening} ${debits} ${credits} ${closing}`);
  }
  return hash;
}

/** The trial balance of a month: of one that is open, as far as it has come. */
export type TrialBalance = MonthSums & {
  month: MonthId;
  state: 'open' | 'closed';
  closedAt: Date | null;
  /** When a month that is open was added up; null of one that is closed. */
  asOf: Date | null;
  totals: Omit<AccountMonth, 'account'>;
};
