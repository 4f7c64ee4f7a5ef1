import { groupBy } from '../kernel/group.ts';
import type { MinorUnits } from '../kernel/money.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { Summed } from './guards.ts';
import type { createLedgerStore } from './store.ts';
import { type Sum, sumsOf, sumsWritten } from './sums.ts';

type Store = ReturnType<typeof createLedgerStore>;

/** A balance as it is, and as it stood at an instant of the service's clock. */
export type BalanceSince = { now: MinorUnits; before: MinorUnits };

export type Balances = ReturnType<typeof createBalances>;

/**
 * Balances: the last checkpoint of an account plus what was posted to it later. `entriesPerCheckpoint` are summed up again
 * each time before a checkpoint is worth its writes.
 */
export function createBalances(
  store: Store,
  checkpoints: Pick<Checkpoints, 'read' | 'advance'>,
  entriesPerCheckpoint: number,
) {
  async function balance(account: string): Promise<MinorUnits> {
    return (await balances([account])).get(account) ?? 0;
  }

  /** The balances of many accounts; 0 for an account without entries. */
  async function balances(accounts: string[]): Promise<Map<string, MinorUnits>> {
    const summed = await sums(accounts);
    return new Map([...summed].map(([account, sum]) => [account, sum.balance]));
  }

  /** The same, with what numbered entries of the accounts' own books have taken. */
  async function sums(accounts: string[]): Promise<Map<string, Summed>> {
    const known = await checkpoints.read(accounts);
    const answer = new Map(
      accounts.map((account): [string, Summed] => {
        const { balance: had = 0, taken = 0 } = known.get(account) ?? {};
        return [account, { balance: had, taken }];
      }),
    );
    for (const [from, group] of groupBy(answer.keys(), (account) => known.get(account)?.through.getTime() ?? 0)) {
      const posted = await sumsWritten(store, group, { after: new Date(from) });
      for (const { account, total, taken } of posted) {
        const before = answer.get(account) ?? NOTHING;
        answer.set(account, { balance: before.balance + total, taken: before.taken + taken });
      }
      const many = posted.filter(({ count }) => count >= entriesPerCheckpoint).map(({ account }) => account);
      if (many.length > 0) await checkpoints.advance(many, known);
    }
    return answer;
  }

  /** The same from every entry that there is, whatever checkpoints say. */
  async function wholeSums(accounts: string[]): Promise<Map<string, Summed>> {
    if (accounts.length === 0) return new Map();
    const found = await sumsWritten(store, accounts);
    return new Map(found.map(({ account, total, taken }) => [account, { balance: total, taken }]));
  }

  /**
   * The balances of accounts as they are, and as they stood at `at` by the service's clock: without what was recorded at
   * that instant or later (rules 0: money counts from arrival). What the service took itself counts from its effective
   * time, because a late job moves no money (rules 0).
   */
  async function balancesSince(accounts: string[], at: Date): Promise<Map<string, BalanceSince>> {
    const answer = new Map<string, BalanceSince>();
    for (let left = accounts; left.length > 0; left = left.filter((account) => !answer.has(account))) {
      const first = await recordedSince(left, at);
      const now = await balances(left);
      const later = await recordedSince(left, at);
      for (const account of left) {
        // What was written between the reads may be in one of them alone: such an account is read again.
        if (first.get(account)?.count !== later.get(account)?.count) continue;
        const balanceNow = now.get(account) ?? 0;
        answer.set(account, { now: balanceNow, before: balanceNow - (later.get(account)?.total ?? 0) });
      }
    }
    return answer;
  }

  async function recordedSince(accounts: string[], at: Date): Promise<Map<string, Sum>> {
    const takenBefore = { guard: { $exists: true }, effectiveAt: { $lt: at } };
    const rows = await sumsOf(store, accounts, { recordedAt: { $gte: at }, $nor: [takenBefore] });
    return new Map(rows.map((row) => [row.account, row]));
  }

  return { balance, balances, balancesSince, sums, wholeSums };
}

const NOTHING: Summed = { balance: 0, taken: 0 };
