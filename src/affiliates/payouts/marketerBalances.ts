import type { Accounts } from '../../accounts/accounts.ts';
import { realMilliseconds } from '../../kernel/clock.ts';
import type { MinorUnits } from '../../kernel/money.ts';
import type { Ledger } from '../../ledger/journal.ts';
import type { CycleDate } from './payoutCycle.ts';

const ACCOUNTS_PER_BATCH = 500;
/** So far the clocks of two processes may be apart, in milliseconds of real time. */
const SKEW_MS = 10_000;

/** What was found when somebody last looked, in a cycle that had begun, at so many ledger entries. */
type Look = { begun: CycleDate; any: boolean; entries: number; atMs: number };

/** Marketers whose balances are to be paid out (rules 6.5). */
export function createMarketerBalances(deps: {
  accounts: Pick<Accounts, 'idsOfRole'>;
  ledger: Pick<Ledger, 'balances' | 'count' | 'postedSince'>;
}) {
  let last: Look | undefined;

  /** Positive balances by account, in batches in the order of the ids. */
  async function* positive(): AsyncGenerator<Map<string, MinorUnits>> {
    const ids = await deps.accounts.idsOfRole('marketer');
    for (let from = 0; from < ids.length; from += ACCOUNTS_PER_BATCH) {
      const batch = ids.slice(from, from + ACCOUNTS_PER_BATCH);
      const balances = await deps.ledger.balances(batch.map((accountId) => `marketer:${accountId}`));
      const owed = batch.map((accountId): [string, MinorUnits] => [
        accountId,
        balances.get(`marketer:${accountId}`) ?? 0,
      ]);
      yield new Map(owed.filter(([, balance]) => balance > 0));
    }
  }

  /**
   * Whether any marketer has a positive balance since the last cycle begun. Asked with every beat, so it remembers: what
   * was owed is taken for owed until the next cycle begins, and it is only looked again when something was posted.
   */
  async function areOwed(begun: CycleDate): Promise<boolean> {
    const entries = await deps.ledger.count();
    if (last?.begun === begun) {
      if (last.any || last.entries === entries) return last.any;
      if (!(await deps.ledger.postedSince('marketer:', new Date(last.atMs - SKEW_MS)))) {
        last = { ...last, entries };
        return false;
      }
    }
    const atMs = realMilliseconds();
    last = { begun, any: await anyPositive(), entries, atMs };
    return last.any;
  }

  async function anyPositive(): Promise<boolean> {
    for await (const balances of positive()) if (balances.size > 0) return true;
    return false;
  }

  return { positive, areOwed };
}
